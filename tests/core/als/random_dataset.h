#ifndef RIDGELINE_TESTS_CORE_ALS_RANDOM_DATASET_H_
#define RIDGELINE_TESTS_CORE_ALS_RANDOM_DATASET_H_

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

inline std::shared_ptr<const IdMap> MakeIds(absl::string_view prefix, uint32_t count) {
  auto ids = std::make_shared<IdMap>();
  for (uint32_t row = 0; row < count; ++row) ids->Add(absl::StrCat(prefix, row));
  return ids;
}

/// From a dense [users x items] row-major matrix in which 0 is absent.
inline Dataset MakeDataset(Feedback feedback, uint32_t users, uint32_t items,
                           const std::vector<float>& dense) {
  Dataset dataset;
  dataset.feedback = feedback;
  dataset.users = MakeIds("user", users);
  dataset.items = MakeIds("item", items);
  CsrMatrix& matrix = dataset.by_user;
  matrix.rows = users;
  matrix.columns = items;
  for (uint32_t user = 0; user < users; ++user) {
    for (uint32_t item = 0; item < items; ++item) {
      const float value = dense[size_t{user} * items + item];
      if (value == 0.0f) continue;
      matrix.column_indices.push_back(item);
      matrix.values.push_back(value);
    }
    matrix.offsets.push_back(static_cast<int64_t>(matrix.values.size()));
  }
  dataset.by_item = Transpose(matrix);
  return dataset;
}

/// `users` x `items`, each pair present with probability `density`; ratings from 1 to 5 in halves, weights
/// from 0.5 to
/// 3. The last user and the last item have no entries.
inline Dataset RandomDataset(Feedback feedback, uint32_t users, uint32_t items, double density,
                             uint64_t seed) {
  Random random(seed);
  std::vector<float> dense(size_t{users} * items, 0.0f);
  for (uint32_t user = 0; user + 1 < users; ++user) {
    for (uint32_t item = 0; item + 1 < items; ++item) {
      const uint64_t level = random.Below(feedback == Feedback::kExplicit ? 9 : 6);
      const double value = feedback == Feedback::kExplicit ? 1.0 + 0.5 * static_cast<double>(level)
                                                           : 0.5 + 0.5 * static_cast<double>(level);
      if (random.Uniform() < density) dense[size_t{user} * items + item] = static_cast<float>(value);
    }
  }
  return MakeDataset(feedback, users, items, dense);
}

/// Every form of the loss with every scaling of the regularization.
inline std::vector<Hyperparameters> AllForms(int factors) {
  std::vector<Hyperparameters> forms;
  for (const Feedback feedback : {Feedback::kExplicit, Feedback::kImplicit}) {
    for (const ConfidenceForm form : {ConfidenceForm::kIals, ConfidenceForm::kHu}) {
      if (feedback == Feedback::kExplicit && form == ConfidenceForm::kHu) continue;
      for (const RegularizationScaling scaling :
           {RegularizationScaling::kNone, RegularizationScaling::kFrequency}) {
        Hyperparameters hyperparameters;
        hyperparameters.feedback = feedback;
        hyperparameters.factors = factors;
        hyperparameters.regularization = 0.1;
        hyperparameters.bias_regularization = 0.07;
        hyperparameters.regularization_scaling = scaling;
        hyperparameters.frequency_exponent = 0.7;
        hyperparameters.unobserved_weight = 0.3;
        hyperparameters.confidence_scale = 1.5;
        hyperparameters.confidence_form = form;
        forms.push_back(hyperparameters);
      }
    }
  }
  return forms;
}

/// AllForms, and before them forms with the options that only the exact solver knows and that weigh
/// otherwise.
inline std::vector<Hyperparameters> AllFormsAndOptions(int factors) {
  std::vector<Hyperparameters> forms;
  for (Hyperparameters form : AllForms(factors)) {
    if (form.feedback == Feedback::kImplicit) {
      form.confidence_scaling = ConfidenceScaling::kLog;
      form.confidence_epsilon = 0.25;
      forms.push_back(form);
      form.implicit_biases = true;
      forms.push_back(form);
    }
    form.non_negative = true;
    forms.push_back(form);
  }
  for (const Hyperparameters& form : AllForms(factors)) forms.push_back(form);
  return forms;
}

/// For messages: which of AllFormsAndOptions it was.
inline std::string Describe(const Hyperparameters& hyperparameters) {
  return absl::StrCat(
      hyperparameters.feedback == Feedback::kExplicit ? "explicit" : "implicit", ", ",
      hyperparameters.confidence_form == ConfidenceForm::kHu ? "Hu" : "iALS", ", ",
      hyperparameters.regularization_scaling == RegularizationScaling::kNone ? "constant" : "scaled",
      hyperparameters.confidence_scaling == ConfidenceScaling::kLog ? ", log" : "",
      hyperparameters.implicit_biases ? ", biases" : "",
      hyperparameters.non_negative ? ", non-negative" : "");
}

/// Makes the factors of `matrix` a start that `hyperparameters` allow.
inline void MakeFeasible(const Hyperparameters& hyperparameters, FactorMatrix& matrix) {
  if (!hyperparameters.non_negative) return;
  for (float& value : matrix.values) value = std::abs(value);
}

/// Random factors, and biases too where `biases`, whatever the entries are.
inline FactorMatrix RandomFactors(uint32_t rows, int factors, bool biases, uint64_t seed) {
  Random random(seed);
  FactorMatrix matrix;
  matrix.factors = factors;
  matrix.values.resize(size_t{rows} * static_cast<size_t>(factors));
  matrix.biases.resize(rows, 0.0f);
  for (float& value : matrix.values) value = static_cast<float>(0.5 * random.Normal());
  for (float& bias : matrix.biases) bias = biases ? static_cast<float>(0.3 * random.Normal()) : 0.0f;
  return matrix;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_RANDOM_DATASET_H_
