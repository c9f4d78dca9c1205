#include "core/lab/generator.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/lab/flag_range.h"

namespace ridgeline {
namespace {

constexpr int64_t kMaxRows = int64_t{1} << 31;
constexpr int kMaxPlantedFactors = 256;
constexpr double kMaxExponent = 3.0;

// Of a user's draws: by the first taste, by the second, by any taste, and the rest by popularity alone.
constexpr double kFirstTaste = 0.55;
constexpr double kSecondTaste = 0.30;
constexpr double kAnyTaste = 0.05;

constexpr double kMeanRating = 3.5;
constexpr double kBiasDeviation = 0.35;
constexpr double kProductDeviation = 0.6;
constexpr double kNoiseDeviation = 0.5;

constexpr int64_t kFirstTime = 1'577'836'800;  // 2020-01-01
constexpr uint64_t kYearSeconds = 31'536'000;

// Streams of the seed, so that no two parts of the plan share random numbers. Users' streams follow.
enum Stream : uint64_t { kActivityStream, kPopularityStream, kTasteStream, kRatingStream, kFirstUserStream };

// rank^-exponent of ranks 1, 2, ... dealt to rows at random. [count]
std::vector<double> ShuffledPowerLaw(int64_t count, double exponent, Random random) {
  std::vector<double> weights(static_cast<size_t>(count));
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = std::pow(static_cast<double>(i + 1), -exponent);
  for (size_t i = weights.size(); i > 1; --i) std::swap(weights[i - 1], weights[random.Below(i)]);
  return weights;
}

float Normal(Random& random, double deviation) {
  return static_cast<float>(random.Normal() * deviation);
}

std::vector<float> NormalVector(Random& random, int size, double deviation) {
  std::vector<float> vector(static_cast<size_t>(size));
  for (float& value : vector) value = Normal(random, deviation);
  return vector;
}

}  // namespace

absl::Status ValidateGeneratorOptions(const GeneratorOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(CheckRange("users", options.users, 1, kMaxRows));
  RIDGELINE_RETURN_IF_ERROR(CheckRange("items", options.items, 1, kMaxRows));
  RIDGELINE_RETURN_IF_ERROR(
      CheckRange("interactions", options.interactions, 1, options.users * options.items));
  RIDGELINE_RETURN_IF_ERROR(CheckRange("factors", options.factors, 1, kMaxPlantedFactors));
  if (options.exponent >= 0.0 && options.exponent <= kMaxExponent) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("exponent: must be between 0 and ", kMaxExponent, ", got ", options.exponent));
}

void Generator::WeightedItems::Add(int64_t item, double weight) {
  items.push_back(item);
  cumulative_weights.push_back(weight + (cumulative_weights.empty() ? 0.0 : cumulative_weights.back()));
}

int64_t Generator::WeightedItems::Draw(Random& random) const {
  const double at = random.Uniform() * cumulative_weights.back();
  const auto found = std::upper_bound(cumulative_weights.begin(), cumulative_weights.end() - 1, at);
  return items[static_cast<size_t>(found - cumulative_weights.begin())];
}

absl::StatusOr<std::unique_ptr<const Generator>> Generator::Create(const GeneratorOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(ValidateGeneratorOptions(options));
  return std::unique_ptr<const Generator>(new Generator(options));
}

Generator::Generator(const GeneratorOptions& options) : options_(options) {
  PlantActivity();
  PlantTastes();
  if (options_.feedback == Feedback::kExplicit) PlantRatings();
}

// Shares out the interactions by a power law; what exceeds a user's cap goes to the others in turn.
void Generator::PlantActivity() {
  const int64_t mean = (options_.interactions + options_.users - 1) / options_.users;
  const int64_t cap = std::max(mean, options_.items / 2);
  const auto weights =
      ShuffledPowerLaw(options_.users, options_.exponent, Random::Fork(options_.seed, kActivityStream));
  const double unit =
      static_cast<double>(options_.interactions) / std::accumulate(weights.begin(), weights.end(), 0.0);
  int64_t left = options_.interactions;
  for (double weight : weights) {
    activity_.push_back(std::min({cap, left, static_cast<int64_t>(weight * unit)}));
    left -= activity_.back();
  }
  while (left > 0) {
    const int64_t share = (left + options_.users - 1) / options_.users;
    for (int64_t& activity : activity_) {
      const int64_t added = std::min({share, left, cap - activity});
      activity += added;
      left -= added;
    }
  }
}

void Generator::PlantTastes() {
  tastes_.resize(static_cast<size_t>(options_.factors));
  Random random = Random::Fork(options_.seed, kTasteStream);
  const auto weights =
      ShuffledPowerLaw(options_.items, options_.exponent, Random::Fork(options_.seed, kPopularityStream));
  for (int64_t item = 0; item < options_.items; ++item) {
    const double weight = weights[static_cast<size_t>(item)];
    const double share = random.Uniform();
    tastes_[random.Below(tastes_.size())].Add(item, weight * share);
    tastes_[random.Below(tastes_.size())].Add(item, weight * (1.0 - share));
    all_items_.Add(item, weight);
  }
}

void Generator::PlantRatings() {
  Random random = Random::Fork(options_.seed, kRatingStream);
  // A product of two such vectors has kProductDeviation.
  const double deviation = std::sqrt(kProductDeviation) * std::pow(options_.factors, -0.25);
  item_vectors_.reserve(static_cast<size_t>(options_.items) * static_cast<size_t>(options_.factors));
  for (int64_t item = 0; item < options_.items; ++item) {
    for (int f = 0; f < options_.factors; ++f) item_vectors_.push_back(Normal(random, deviation));
    item_biases_.push_back(Normal(random, kBiasDeviation));
  }
}

int64_t Generator::DrawItem(absl::Span<const int> tastes, Random& random) const {
  const double at = random.Uniform();
  size_t taste = random.Below(tastes_.size());
  if (at < kFirstTaste) {
    taste = static_cast<size_t>(tastes[0]);
  } else if (at < kFirstTaste + kSecondTaste) {
    taste = static_cast<size_t>(tastes[1]);
  } else if (at >= kFirstTaste + kSecondTaste + kAnyTaste) {
    return all_items_.Draw(random);
  }
  // With few items a taste may have none.
  return tastes_[taste].items.empty() ? all_items_.Draw(random) : tastes_[taste].Draw(random);
}

float Generator::DrawRating(absl::Span<const float> user_vector, float user_bias, int64_t item,
                            Random& random) const {
  const size_t row = static_cast<size_t>(item);
  const float* item_vector = item_vectors_.data() + row * user_vector.size();
  const double product = std::inner_product(user_vector.begin(), user_vector.end(), item_vector, 0.0);
  const double rating =
      kMeanRating + user_bias + item_biases_[row] + product + random.Normal() * kNoiseDeviation;
  return static_cast<float>(std::clamp(std::round(rating * 2.0) / 2.0, 0.5, 5.0));
}

std::vector<GeneratedInteraction> Generator::UserInteractions(int64_t user) const {
  Random random = Random::Fork(options_.seed, kFirstUserStream + static_cast<uint64_t>(user));
  const bool is_explicit = options_.feedback == Feedback::kExplicit;
  const uint64_t tastes = tastes_.size();
  const int user_tastes[] = {static_cast<int>(random.Below(tastes)), static_cast<int>(random.Below(tastes))};
  const double deviation = std::sqrt(kProductDeviation) * std::pow(options_.factors, -0.25);
  const std::vector<float> vector = NormalVector(random, is_explicit ? options_.factors : 0, deviation);
  const float bias = Normal(random, kBiasDeviation);
  absl::flat_hash_set<int64_t> drawn;
  std::vector<GeneratedInteraction> interactions;
  // Rare items are seldom drawn: after that many draws the next free ones are taken, so that it always ends.
  int64_t draws_left = 30 * Activity(user);
  while (static_cast<int64_t>(interactions.size()) < Activity(user)) {
    int64_t item = DrawItem(user_tastes, random);
    if (--draws_left < 0) {
      while (drawn.contains(item)) item = (item + 1) % options_.items;
    }
    if (!drawn.insert(item).second) continue;
    const float value = is_explicit ? DrawRating(vector, bias, item, random) : 1.0f;
    interactions.push_back({item, value, kFirstTime + static_cast<int64_t>(random.Below(kYearSeconds))});
  }
  return interactions;
}

}  // namespace ridgeline
