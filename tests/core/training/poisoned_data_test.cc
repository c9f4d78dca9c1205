// What becomes of good and of poisoned data, by whole trainings on a log.

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/training/retrainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/taste_crowd.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

constexpr float kLargest = 3e38f;  // values that are not finite do not get into a log at all

struct PoisonCase {
  std::string name;
  Feedback feedback = Feedback::kImplicit;
  std::function<std::vector<Interaction>(TasteCrowd&)> poison;
  TrainingState end = TrainingState::kHeldBack;
  std::string because;  // a part of the verdict's reason, or of the error
};

void PrintTo(const PoisonCase& poison, std::ostream* out) {
  *out << poison.name;
}

// `count` events; `make` gets the number of each.
std::vector<Interaction> Repeat(int count, const std::function<Interaction(int)>& make) {
  std::vector<Interaction> events;
  for (int i = 0; i < count; ++i) events.push_back(make(i));
  return events;
}

// Any user of the crowd meets any item, with a value by `value`.
std::vector<Interaction> AtRandom(TasteCrowd& crowd, int count, const std::function<float()>& value) {
  return Repeat(count, [&](int) {
    return crowd.At(TasteCrowd::User(crowd.AnyUser()), TasteCrowd::ItemName(crowd.AnyItem()), value());
  });
}

std::vector<Interaction> RandomEvents(TasteCrowd& crowd) {
  return AtRandom(crowd, 6'000, [] { return 1.0f; });
}

std::vector<Interaction> RandomEventsOfBots(TasteCrowd& crowd) {
  return Repeat(10'000, [&](int i) {
    return crowd.At(absl::StrCat("bot", i % 400), TasteCrowd::ItemName(crowd.AnyItem()));
  });
}

std::vector<Interaction> OneItemByEverybody(TasteCrowd& crowd) {
  return Repeat(4'000, [&](int i) { return crowd.At(TasteCrowd::User(i % TasteCrowd::kUsers), "i7"); });
}

std::vector<Interaction> OneItemByBots(TasteCrowd& crowd) {
  return Repeat(4'000, [&](int i) { return crowd.At(absl::StrCat("bot", i), "i7", 5.0f); });
}

std::vector<Interaction> OneItemAmongOthersByBots(TasteCrowd& crowd) {
  return Repeat(8'000, [&](int i) {
    const std::string item = i % 4 == 0 ? "i7" : TasteCrowd::ItemName(crowd.AnyItem());
    return crowd.At(absl::StrCat("bot", i / 4), item);
  });
}

// So few that all of them are held out: the measured model never meets them, the final one does.
std::vector<Interaction> AFewHeavyEvents(TasteCrowd& crowd) {
  std::vector<Interaction> events;
  for (int bot = 0; bot < 6; ++bot) {
    const std::string user = absl::StrCat("bot", bot);
    events.push_back(crowd.At(user, TasteCrowd::ItemName(crowd.AnyItem())));
    events.push_back(crowd.At(user, "i7", 1e6f));
  }
  return events;
}

std::vector<Interaction> RandomRatings(TasteCrowd& crowd) {
  return AtRandom(crowd, 6'000, [&] { return 0.5f + 4.5f * static_cast<float>(crowd.Uniform()); });
}

std::vector<Interaction> InvertedRatings(TasteCrowd& crowd) {
  std::vector<Interaction> ratings = crowd.Ratings(3'000);
  for (Interaction& rating : ratings) rating.value = 6.0f - rating.value;
  return ratings;
}

std::function<std::vector<Interaction>(TasteCrowd&)> Extreme(float value) {
  return [value](TasteCrowd& crowd) { return AtRandom(crowd, 500, [value] { return value; }); };
}

std::vector<PoisonCase> Poisons() {
  constexpr Feedback kImplicit = Feedback::kImplicit;
  constexpr Feedback kExplicit = Feedback::kExplicit;
  constexpr TrainingState kHeldBack = TrainingState::kHeldBack;
  constexpr TrainingState kFailed = TrainingState::kFailed;
  return {
      {"RandomEvents", kImplicit, RandomEvents, kHeldBack, "no better than the baseline"},
      {"RandomEventsOfBots", kImplicit, RandomEventsOfBots, kHeldBack, "no better than the baseline"},
      {"OneItemByEverybody", kImplicit, OneItemByEverybody, kHeldBack, "\"i7\" floods"},
      {"OneItemByBots", kImplicit, OneItemByBots, kHeldBack, "\"i7\" floods"},
      {"OneItemAmongOthersByBots", kImplicit, OneItemAmongOthersByBots, kHeldBack, ""},
      {"AFewHeavyEvents", kImplicit, AFewHeavyEvents, kHeldBack, ""},
      {"ExtremeWeights", kImplicit, Extreme(1e6f), kHeldBack, ""},
      {"LargestWeights", kImplicit, Extreme(kLargest), kFailed, "no finite solution"},
      {"RandomRatings", kExplicit, RandomRatings, kHeldBack, "worse than"},
      {"InvertedRatings", kExplicit, InvertedRatings, kHeldBack, "worse than"},
      {"OneItemRatedByBots", kExplicit, OneItemByBots, kHeldBack, ""},
      {"ExtremeRatings", kExplicit, Extreme(1e6f), kHeldBack, ""},
      {"LargestRatings", kExplicit, Extreme(kLargest), kFailed, "no finite solution"},
  };
}

class PoisonedData : public testing::TestWithParam<PoisonCase>, protected TrainingWorld {
 protected:
  PoisonedData() {
    RetrainerOptions options;
    options.als = SmallAls(GetParam().feedback);
    options.als.hyperparameters.factors = 12;
    options.als.iterations = 6;
    options.warm_iterations = 3;
    options.validation_fraction = 0.1;
    retrainer_ = std::make_unique<Retrainer>(options, log.get(), catalog.get(), store.get(), &snapshots,
                                             nullptr, &clock, nullptr);
  }

  void RecordGood(int count) {
    Record(GetParam().feedback == Feedback::kExplicit ? crowd_.Ratings(count) : crowd_.Events(count));
  }

  TrainingRun Train() {
    TrainingRun run = retrainer_->Start({}).value();
    while (!run.ended()) run = retrainer_->WaitForChange(run.id, run.revision, absl::Minutes(5)).value();
    return run;
  }

  TasteCrowd crowd_;
  std::unique_ptr<Retrainer> retrainer_;
};

TEST_P(PoisonedData, NeverGoesLiveWhereGoodDataDoes) {
  RecordGood(5'000);
  ASSERT_EQ(Train().state, TrainingState::kSucceeded);
  for (int i = 0; i < 2; ++i) {
    RecordGood(600);
    const TrainingRun good = Train();
    ASSERT_EQ(good.state, TrainingState::kSucceeded) << good.verdict.reason;
    EXPECT_GT(good.verdict.live_users, 30) << "it was compared";
  }
  ASSERT_EQ(snapshots.Get()->version(), "v000003");

  RecordGood(400);
  Record(GetParam().poison(crowd_));
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, GetParam().end);
  EXPECT_THAT(run.state == TrainingState::kFailed ? std::string(run.error.message()) : run.verdict.reason,
              HasSubstr(GetParam().because));
  EXPECT_EQ(snapshots.Get()->version(), "v000003");
  EXPECT_EQ(store->LiveVersion().value(), "v000003") << "also after a restart";
}

INSTANTIATE_TEST_SUITE_P(OfManyKinds, PoisonedData, testing::ValuesIn(Poisons()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace ridgeline
