#ifndef RIDGELINE_CORE_LAB_GENERATOR_H_
#define RIDGELINE_CORE_LAB_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/random.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// What to generate.
struct GeneratorOptions {
  int64_t users = 1000;          ///< 1 to 2^31
  int64_t items = 500;           ///< 1 to 2^31
  int64_t interactions = 20000;  ///< distinct pairs; at most users x items
  int factors = 8;               ///< planted tastes, the rank of the structure; 1 to 256
  double exponent = 0.8;         ///< of the power laws of items' popularity and users' activity; in [0, 3]
  Feedback feedback = Feedback::kImplicit;
  uint64_t seed = 1;
};

/// OK, or kInvalidArgument beginning with the option's name.
absl::Status ValidateGeneratorOptions(const GeneratorOptions& options);

/// One generated interaction.
struct GeneratedInteraction {
  int64_t item = 0;    ///< in [0, items)
  float value = 1.0f;  ///< explicit: a rating of 0.5 to 5 in half steps; implicit: 1
  int64_t time = 0;    ///< Unix seconds, within one year
};

/// Makes interactions of planted low rank: each item belongs to two of `factors` tastes, each user is a
/// mixture of them, and a user draws items by taste, then by popularity within it; a few by popularity alone.
/// Ratings add planted vectors' products to biases and noise. The same options give the same interactions on
/// every machine. Memory is O(users + items x factors), whatever the number of interactions. Immutable once
/// made, thus thread-safe.
class Generator {
 public:
  /// The errors of ValidateGeneratorOptions.
  static absl::StatusOr<std::unique_ptr<const Generator>> Create(const GeneratorOptions& options);

  /// How many interactions `user` in [0, users) has. They sum to options().interactions.
  int64_t Activity(int64_t user) const { return activity_[static_cast<size_t>(user)]; }

  /// The interactions of `user`: Activity(user) distinct items in the order in which they were drawn.
  std::vector<GeneratedInteraction> UserInteractions(int64_t user) const;

  const GeneratorOptions& options() const { return options_; }

 private:
  // Items with the running sums of their weights, to draw one by binary search.
  struct WeightedItems {
    std::vector<int64_t> items;
    std::vector<double> cumulative_weights;

    void Add(int64_t item, double weight);
    int64_t Draw(Random& random) const;
  };

  explicit Generator(const GeneratorOptions& options);

  void PlantActivity();
  void PlantTastes();
  void PlantRatings();
  int64_t DrawItem(absl::Span<const int> tastes, Random& random) const;
  float DrawRating(absl::Span<const float> user_vector, float user_bias, int64_t item, Random& random) const;

  const GeneratorOptions options_;
  std::vector<int64_t> activity_;      // [users]
  std::vector<WeightedItems> tastes_;  // [factors]
  WeightedItems all_items_;
  std::vector<float> item_vectors_;  // [items x factors], explicit only
  std::vector<float> item_biases_;   // [items], explicit only
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_GENERATOR_H_
