#include "core/baselines/gradient_descent.h"

#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::StartsWith;

GradientDescentOptions DescentTestOptions() {
  GradientDescentOptions options;
  options.hyperparameters = DefaultHyperparameters(Feedback::kExplicit);
  options.hyperparameters.factors = 4;
  return options;
}

std::string Refusal(const GradientDescentOptions& options) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 10, 8, 0.5, 1);
  Arena arena(1);
  return std::string(ValidateGradientDescent(dataset, options, {&arena}, Feedback::kExplicit).message());
}

TEST(GradientDescent, NamesTheOptionThatIsOutOfRange) {
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Refusal(DescentTestOptions()), "");
  for (const double bad : {0.0, -1.0, 11.0, not_a_number}) {
    GradientDescentOptions options = DescentTestOptions();
    options.learning_rate = bad;
    EXPECT_THAT(Refusal(options), StartsWith("learning_rate: "));
    options = DescentTestOptions();
    options.decay = bad;
    EXPECT_THAT(Refusal(options), StartsWith("decay: "));
  }
  GradientDescentOptions options = DescentTestOptions();
  options.iterations = 0;
  EXPECT_THAT(Refusal(options), StartsWith("iterations: "));
  options = DescentTestOptions();
  options.hyperparameters.factors = 0;
  EXPECT_THAT(Refusal(options), StartsWith("factors: "));
  options = DescentTestOptions();
  options.hyperparameters.feedback = Feedback::kImplicit;
  EXPECT_THAT(Refusal(options), StartsWith("feedback: "));
}

TEST(GradientDescent, LowersTheLearningRatePassByPass) {
  GradientDescentOptions options = DescentTestOptions();
  options.iterations = 3;
  options.learning_rate = 0.4;
  options.decay = 0.5;
  std::vector<float> rates;
  ASSERT_TRUE(Descend(
                  options, {}, [&](int, float rate) { rates.push_back(rate); }, [] { return 0.0; })
                  .ok());
  EXPECT_THAT(rates, ElementsAre(FloatNear(0.4f, 1e-6f), FloatNear(0.2f, 1e-6f), FloatNear(0.1f, 1e-6f)));
}

TEST(GradientDescent, IsCancelledBetweenPasses) {
  CancellationToken cancellation;
  int passes = 0;
  const absl::Status status = Descend(
      DescentTestOptions(), {nullptr, &cancellation},
      [&](int, float) {
        if (++passes == 2) cancellation.Cancel();
      },
      [] { return 0.0; });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(passes, 2);
}

TEST(GradientDescent, StartsRowsWithoutEntriesAtZero) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 10, 8, 0.9, 1);  // the last of both has none
  Arena arena(1);
  const BothSides sides = InitialSides(dataset, DescentTestOptions(), 3.0, arena);
  EXPECT_THAT(sides.users.Row(9), testing::Each(0.0f));
  EXPECT_THAT(sides.items.Row(7), testing::Each(0.0f));
  EXPECT_THAT(sides.users.Row(0), testing::Contains(testing::Ne(0.0f)));
}

}  // namespace
}  // namespace ridgeline
