#ifndef RIDGELINE_CORE_SERVING_DIVERSITY_H_
#define RIDGELINE_CORE_SERVING_DIVERSITY_H_

#include <cstddef>
#include <vector>

#include "core/model/factor_model.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// How many candidates to retrieve for `k` diverse results.
size_t DiversityPool(size_t k);

/// Chooses `k` of `candidates`, given in rank order, by maximal marginal relevance (Carbonell and Goldstein
/// 1998): each step takes the one of largest
///   (1 - diversity) relevance - diversity * (largest cosine of its factors with those taken),
/// relevance being the score scaled to [0, 1] over the candidates. Ties go to the better rank. All of them
/// when there are no more than `k`. `items` are the model's, [items x K].
std::vector<ScoredItem> Diversify(const FactorMatrix& items, const std::vector<ScoredItem>& candidates,
                                  size_t k, float diversity);

/// `candidates`' scores scaled to [0, 1], the first's to 1; all 1 where they do not differ or are not finite.
std::vector<float> Relevances(const std::vector<ScoredItem>& candidates);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_DIVERSITY_H_
