// Clocks that jump by a day, interactions from 1970 and from the future: order and decay stay right.

#include <cmath>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "core/base/cancellation.h"
#include "core/base/status_macros.h"
#include "core/dataset/aggregation.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/recording_time.h"
#include "core/training/training_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"
#include "tests/support/long_form.h"

namespace ridgeline {
namespace {

constexpr double kHalfLifeDays = 7.0;

class Clocks : public testing::Test, protected TrainingWorld {
 protected:
  // Records an interaction that comes without a time, as the server does.
  void RecordNow(const std::string& user, const std::string& item, float value) {
    Interaction interaction = MakeInteraction(user, item, value);
    interaction.time = time_->Now().stamp;
    ASSERT_TRUE(log->Append({interaction}, interaction.time).ok());
  }

  // The same of one that brings its time.
  absl::Status RecordAt(const std::string& user, const std::string& item, absl::Time time) {
    RIDGELINE_RETURN_IF_ERROR(time_->Now().Check(time));
    Interaction interaction = MakeInteraction(user, item);
    interaction.time = time;
    return log->Append({interaction}).status();
  }

  // What a training sees of the log.
  InteractionTable Table(Feedback feedback, EventWeight weight) {
    InteractionTable table =
        ReadTrainingTable(*log, log->last_sequence(), weight, CancellationToken()).value();
    return AggregateEvidence(std::move(table), feedback).value();
  }

  // The weight of each item, by its name, after decay; 0 of those that are no evidence any more.
  double WeightOf(const std::string& item) {
    EventWeight weight;
    weight.half_life_days = kHalfLifeDays;
    const InteractionTable table = Table(Feedback::kImplicit, weight);
    for (int64_t i = 0; i < table.size(); ++i) {
      const auto at = static_cast<size_t>(i);
      if (table.items->Id(table.item_rows[at]) == item) return table.values[at];
    }
    return 0.0;
  }

  // Ends the process and begins another one on the same log.
  void Restart() {
    log.reset();
    log = InteractionLog::Open(directory.File("log")).value();
    time_.emplace(&clock, log->newest_stamp());
  }

  absl::optional<RecordingTime> time_{absl::in_place, &clock};
};

TEST_F(Clocks, TheLatestOfSeveralRatingsCountsThoughTheClockJumpsByADay) {
  for (const absl::Duration jump : {absl::Hours(24), -absl::Hours(24)}) {
    const std::string user = jump > absl::ZeroDuration() ? "forth" : "back";
    RecordNow(user, "item", 1.0f);
    clock.Advance(jump);
    RecordNow(user, "item", 2.0f);
    clock.Advance(-jump);
    RecordNow(user, "item", 3.0f);
  }
  const InteractionTable table = Table(Feedback::kExplicit, EventWeight());
  EXPECT_THAT(table.values, testing::ElementsAre(3.0f, 3.0f));
  ReportFigure("the last of 3 ratings counts over jumps of a day forth and back");
}

TEST_F(Clocks, TheLatestRatingCountsThoughTheClockIsPutBackByADayBetweenTwoProcesses) {
  RecordNow("u", "item", 1.0f);
  clock.Advance(-absl::Hours(24));
  Restart();
  RecordNow("u", "item", 2.0f);
  EXPECT_THAT(Table(Feedback::kExplicit, EventWeight()).values, testing::ElementsAre(2.0f));
  ReportFigure("and over a restart with the clock put back by a day");
}

TEST_F(Clocks, AJumpOfADayChangesTheDecayByNoMoreThanADays) {
  RecordNow("u", "before", 1.0f);
  clock.Advance(absl::Hours(24));
  RecordNow("u", "ahead", 1.0f);
  clock.Advance(-absl::Hours(24));
  RecordNow("u", "after", 1.0f);
  const double day = std::exp2(-1.0 / kHalfLifeDays);
  EXPECT_NEAR(WeightOf("after"), 1.0, 1e-6);
  EXPECT_NEAR(WeightOf("ahead"), 1.0, 1e-6);
  EXPECT_NEAR(WeightOf("before"), day, 1e-6);
}

TEST_F(Clocks, AnInteractionOf1970IsOldAndNothingElse) {
  RecordNow("u", "new", 1.0f);
  ASSERT_TRUE(RecordAt("u", "old", absl::UnixEpoch()).ok());
  ASSERT_TRUE(RecordAt("v", "older", absl::UnixEpoch() - absl::Hours(24 * 365 * 20)).ok());
  clock.Advance(absl::Hours(24 * 365 * 30));
  RecordNow("u", "newest", 1.0f);
  EXPECT_NEAR(WeightOf("newest"), 1.0, 1e-6);
  EXPECT_LT(WeightOf("old"), 1e-6);
  EXPECT_LT(WeightOf("older"), 1e-6);
  EXPECT_TRUE(std::isfinite(WeightOf("new")));
}

TEST_F(Clocks, OneFromFarAheadIsRefusedSoThatItCannotMakeAllOthersOld) {
  RecordNow("u", "today", 1.0f);
  int refused = 0;
  for (const absl::Duration ahead :
       {absl::Hours(72), absl::Hours(24 * 365), absl::Hours(24 * 365 * 7000), absl::Hours(49)}) {
    const absl::Status status = RecordAt("u", "future", clock.Now() + ahead);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), testing::StartsWith("time: is in the future"));
    ++refused;
  }
  EXPECT_NEAR(WeightOf("today"), 1.0, 1e-6);
  ASSERT_TRUE(RecordAt("u", "tomorrow", clock.Now() + absl::Hours(24)).ok());
  EXPECT_NEAR(WeightOf("today"), std::exp2(-1.0 / kHalfLifeDays), 1e-6);
  ReportFigure(absl::StrCat(refused, " of ", refused, " far-future times refused, 1970 taken"));
}

}  // namespace
}  // namespace ridgeline
