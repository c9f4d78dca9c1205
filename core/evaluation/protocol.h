#ifndef RIDGELINE_CORE_EVALUATION_PROTOCOL_H_
#define RIDGELINE_CORE_EVALUATION_PROTOCOL_H_

#include <cstdint>

#include "core/dataset/csr_matrix.h"
#include "core/dataset/dataset.h"
#include "core/dataset/split.h"
#include "core/evaluation/evaluator.h"

namespace ridgeline {

/// A split laid out for training and measuring. A plain value.
///
/// Weak generalization (every split but users): the users are in the training data; `held_out.known` is empty
/// until FinishTraining moves the training matrix there. Strong generalization (users): the held-out users
/// are in no training row; `held_out.known` is what they are folded in with.
struct EvaluationData {
  Dataset train;
  HeldOut held_out;
  int64_t train_users = 0;         ///< users with a training entry
  int64_t train_items = 0;         ///< items with one
  int64_t train_interactions = 0;  ///< distinct pairs trained on
};

/// Rows of `matrix` that have an entry.
int64_t RowsWithEntries(const CsrMatrix& matrix);

/// Lays `split` out; its tables are released one by one, so that the memory of a table and its matrices is
/// not needed for all parts at once.
EvaluationData BuildEvaluationData(Split split, Feedback feedback);

/// Releases what only training needs, after the last model of `data` was trained, and makes `data.held_out`
/// ready for Evaluate.
void FinishTraining(EvaluationData* data);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_EVALUATION_PROTOCOL_H_
