#ifndef RIDGELINE_TESTS_CORE_RETRIEVAL_RANDOM_MODEL_H_
#define RIDGELINE_TESTS_CORE_RETRIEVAL_RANDOM_MODEL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What the numbers of a random model look like.
enum class Numbers {
  kNormal,   ///< standard normal
  kCoarse,   ///< -1, 0 or 1: many equal scores and zero rows
  kExtreme,  ///< magnitudes from 1e-42 (denormal) to 1e15
};

inline float RandomNumber(Random& random, Numbers numbers) {
  if (numbers == Numbers::kCoarse) return static_cast<float>(random.Below(3)) - 1.0f;
  const auto normal = static_cast<float>(random.Normal());
  if (numbers == Numbers::kNormal) return normal;
  constexpr float kScales[] = {1e-42f, 1e-20f, 1.0f, 1e15f};
  return normal * kScales[random.Below(4)];
}

inline std::vector<float> RandomVector(Random& random, size_t size, Numbers numbers) {
  std::vector<float> values(size);
  for (float& value : values) value = RandomNumber(random, numbers);
  return values;
}

inline FactorMatrix RandomMatrix(Random& random, size_t rows, int factors, Numbers numbers) {
  FactorMatrix matrix;
  matrix.factors = factors;
  matrix.values.resize(rows * static_cast<size_t>(factors));
  for (float& value : matrix.values) value = RandomNumber(random, numbers);
  matrix.biases = RandomVector(random, rows, numbers);
  return matrix;
}

/// Ids `prefix`0, `prefix`1, ...
inline std::shared_ptr<const IdMap> NumberedIds(absl::string_view prefix, size_t count) {
  auto ids = std::make_shared<IdMap>();
  for (size_t i = 0; i < count; ++i) ids->Add(absl::StrCat(prefix, i));
  return ids;
}

/// Users u0, u1, ... and items i0, i1, ... with random factors, biases and popularity.
inline FactorModelParts RandomModelParts(uint64_t seed, size_t users, size_t items, int factors,
                                         Numbers numbers) {
  Random random(seed);
  FactorModelParts parts;
  parts.hyperparameters.factors = factors;
  parts.user_ids = NumberedIds("u", users);
  parts.item_ids = NumberedIds("i", items);
  parts.users = RandomMatrix(random, users, factors, numbers);
  parts.items = RandomMatrix(random, items, factors, numbers);
  for (size_t i = 0; i < items; ++i) parts.item_popularity.push_back(static_cast<float>(random.Below(items)));
  return parts;
}

inline std::shared_ptr<const FactorModel> RandomModel(uint64_t seed, size_t users, size_t items, int factors,
                                                      Numbers numbers) {
  return FactorModel::Create(RandomModelParts(seed, users, items, factors, numbers)).value();
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_RETRIEVAL_RANDOM_MODEL_H_
