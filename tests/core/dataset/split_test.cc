#include "core/dataset/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/dataset/aggregation.h"
#include "gtest/gtest.h"
#include "tests/core/dataset/random_table.h"

namespace ridgeline {
namespace {

using Row = std::tuple<uint32_t, uint32_t, float, int64_t>;

std::vector<Row> RowsOf(const InteractionTable& table) {
  std::vector<Row> rows;
  for (size_t i = 0; i < table.values.size(); ++i) {
    rows.emplace_back(table.user_rows[i], table.item_rows[i], table.values[i], table.times[i]);
  }
  return rows;
}

std::map<uint32_t, int> RowsPerUser(const InteractionTable& table) {
  std::map<uint32_t, int> counts;
  for (const uint32_t user : table.user_rows) ++counts[user];
  return counts;
}

InteractionTable AggregatedTable(uint64_t seed = 3) {
  return Aggregate(RandomTable(4000, 150, 80, seed), Feedback::kExplicit);
}

SplitOptions Options(SplitKind kind, double fraction = 0.2, uint64_t seed = 1) {
  SplitOptions options;
  options.kind = kind;
  options.fraction = fraction;
  options.seed = seed;
  return options;
}

class EverySplit : public testing::TestWithParam<SplitKind> {};

TEST_P(EverySplit, PartitionsTheTableExactly) {
  const InteractionTable table = AggregatedTable();
  const Split split = SplitInteractions(table, Options(GetParam()));
  std::vector<Row> rows;
  for (const InteractionTable* part : {&split.train, &split.fold_in, &split.test}) {
    const std::vector<Row> part_rows = RowsOf(*part);
    EXPECT_TRUE(std::is_sorted(part_rows.begin(), part_rows.end())) << "table order is kept";
    rows.insert(rows.end(), part_rows.begin(), part_rows.end());
    EXPECT_EQ(part->users, table.users);
    EXPECT_EQ(part->items, table.items);
  }
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, RowsOf(table));
}

TEST_P(EverySplit, RepeatsFromItsSeedAlone) {
  const InteractionTable table = AggregatedTable();
  const Split first = SplitInteractions(table, Options(GetParam()));
  const Split second = SplitInteractions(table, Options(GetParam()));
  EXPECT_EQ(RowsOf(first.train), RowsOf(second.train));
  EXPECT_EQ(RowsOf(first.test), RowsOf(second.test));
}

TEST_P(EverySplit, OfAnEmptyTableIsEmpty) {
  const Split split = SplitInteractions(InteractionTableBuilder().Build(), Options(GetParam()));
  EXPECT_EQ(split.train.size() + split.fold_in.size() + split.test.size(), 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EverySplit,
                         testing::Values(SplitKind::kNone, SplitKind::kRandom, SplitKind::kRandomPerUser,
                                         SplitKind::kLeaveLastOut, SplitKind::kByTime, SplitKind::kUsers));

TEST(Split, NoneKeepsEverythingForTraining) {
  const InteractionTable table = AggregatedTable();
  EXPECT_EQ(SplitInteractions(table, Options(SplitKind::kNone)).train.size(), table.size());
}

TEST(Split, RandomHoldsOutAboutItsFractionAndDependsOnTheSeed) {
  const InteractionTable table = AggregatedTable();
  const Split one = SplitInteractions(table, Options(SplitKind::kRandom, 0.2, 1));
  const Split two = SplitInteractions(table, Options(SplitKind::kRandom, 0.2, 2));
  const double deviation = std::sqrt(0.2 * 0.8 * static_cast<double>(table.size()));
  EXPECT_NEAR(static_cast<double>(one.test.size()), 0.2 * static_cast<double>(table.size()), 4 * deviation);
  EXPECT_NE(RowsOf(one.test), RowsOf(two.test));
}

TEST(Split, RandomPerUserHoldsOutTheRoundedShareOfEachUser) {
  const InteractionTable table = AggregatedTable();
  const Split split = SplitInteractions(table, Options(SplitKind::kRandomPerUser, 0.3));
  std::map<uint32_t, int> held_out = RowsPerUser(split.test);
  for (const auto& [user, count] : RowsPerUser(table)) EXPECT_EQ(held_out[user], std::lround(count * 0.3));
}

TEST(Split, RandomPerUserDrawsEachUserOfItsOwnStream) {
  const InteractionTable table = AggregatedTable();
  InteractionTable without_first;
  without_first.users = table.users;
  without_first.items = table.items;
  for (int64_t i = 0; i < table.size(); ++i) {
    if (table.user_rows[static_cast<size_t>(i)] != 0) without_first.AppendFrom(table, i);
  }
  std::vector<Row> all = RowsOf(SplitInteractions(table, Options(SplitKind::kRandomPerUser)).test);
  all.erase(std::remove_if(all.begin(), all.end(), [](const Row& row) { return std::get<0>(row) == 0; }),
            all.end());
  EXPECT_EQ(RowsOf(SplitInteractions(without_first, Options(SplitKind::kRandomPerUser)).test), all);
}

TEST(Split, LeaveLastOutTakesTheLatestOfEachUserWithTwo) {
  const InteractionTable table = AggregatedTable();
  const Split split = SplitInteractions(table, Options(SplitKind::kLeaveLastOut));
  std::map<uint32_t, int64_t> latest;
  for (size_t i = 0; i < table.times.size(); ++i) {
    const auto position = latest.try_emplace(table.user_rows[i], table.times[i]).first;
    position->second = std::max(position->second, table.times[i]);
  }
  std::map<uint32_t, int> held_out = RowsPerUser(split.test);
  for (const auto& [user, count] : RowsPerUser(table)) EXPECT_EQ(held_out[user], count < 2 ? 0 : 1);
  for (size_t i = 0; i < split.test.times.size(); ++i) {
    EXPECT_EQ(split.test.times[i], latest[split.test.user_rows[i]]);
  }
}

TEST(Split, LeaveLastOutKeepsUsersWithOneInteraction) {
  InteractionTableBuilder builder;
  Interaction only;
  only.user_id = "u";
  only.item_id = "i";
  builder.Add(only);
  const Split split = SplitInteractions(builder.Build(), Options(SplitKind::kLeaveLastOut));
  EXPECT_EQ(split.train.size(), 1);
  EXPECT_EQ(split.test.size(), 0);
}

TEST(Split, ByTimeTestsNothingOlderThanWhatItTrainsOn) {
  const InteractionTable table = AggregatedTable();
  const Split split = SplitInteractions(table, Options(SplitKind::kByTime, 0.25));
  EXPECT_EQ(split.test.size(), std::llround(static_cast<double>(table.size()) * 0.25));
  EXPECT_LE(*std::max_element(split.train.times.begin(), split.train.times.end()),
            *std::min_element(split.test.times.begin(), split.test.times.end()));
}

TEST(Split, HeldOutUsersAreNotTrainedOn) {
  const InteractionTable table = AggregatedTable();
  SplitOptions options = Options(SplitKind::kUsers, 0.2);
  options.holdout = 0.4;
  const Split split = SplitInteractions(table, options);
  const std::map<uint32_t, int> trained = RowsPerUser(split.train);
  std::map<uint32_t, int> known = RowsPerUser(split.fold_in);
  std::map<uint32_t, int> tested = RowsPerUser(split.test);
  std::set<uint32_t> held_out;
  for (const auto& [user, count] : RowsPerUser(table)) {
    if (trained.count(user) != 0) {
      EXPECT_EQ(known[user] + tested[user], 0);
      continue;
    }
    held_out.insert(user);
    EXPECT_EQ(tested[user], std::lround(count * 0.4));
  }
  EXPECT_EQ(static_cast<long>(held_out.size()),
            std::lround(static_cast<double>(RowsPerUser(table).size()) * 0.2));
}

TEST(ParseSplit, ReadsEverySpelling) {
  EXPECT_EQ(ParseSplit("none")->kind, SplitKind::kNone);
  EXPECT_EQ(ParseSplit("random:0.1")->kind, SplitKind::kRandom);
  EXPECT_DOUBLE_EQ(ParseSplit("random:0.25")->fraction, 0.25);
  EXPECT_EQ(ParseSplit("random-per-user:0.2")->kind, SplitKind::kRandomPerUser);
  EXPECT_EQ(ParseSplit("last")->kind, SplitKind::kLeaveLastOut);
  EXPECT_EQ(ParseSplit("time:0.2")->kind, SplitKind::kByTime);
  EXPECT_DOUBLE_EQ(ParseSplit("users:0.3")->holdout, 0.2);
  EXPECT_DOUBLE_EQ(ParseSplit("users:0.3:0.5")->holdout, 0.5);
}

TEST(ParseSplit, NamesItsFieldWhenTheTextIsWrong) {
  for (const char* text : {"", "random", "random:", "random:0", "random:1", "random:-1", "random:nan",
                           "random:inf", "random:0.1:0.2", "last:0.1", "none:0.5", "time:x",
                           "users:0.1:0.2:0.3", "users:0.1:2", "Random:0.1"}) {
    const absl::Status status = ParseSplit(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(status.message().substr(0, 6), "split:") << text;
  }
}

}  // namespace
}  // namespace ridgeline
