#include "core/dataset/interaction_table_reader.h"

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

absl::Status AddToPart(const InteractionView& interaction, InteractionTableBuilder* part) {
  part->Add(interaction);
  return absl::OkStatus();
}

std::string RandomCsv(int lines, uint64_t users, uint64_t items) {
  Random random(8);
  std::string text;
  for (int n = 0; n < lines; ++n) {
    absl::StrAppend(&text, "u", random.Below(users), ",", random.Below(items), ",", 1 + random.Below(5), ",",
                    random.Below(1000), "\n");
  }
  return text;
}

void ExpectSame(const InteractionTable& table, const InteractionTable& expected) {
  EXPECT_EQ(table.user_rows, expected.user_rows);
  EXPECT_EQ(table.item_rows, expected.item_rows);
  EXPECT_EQ(table.values, expected.values);
  EXPECT_EQ(table.times, expected.times);
  EXPECT_EQ(table.users->bytes(), expected.users->bytes());
  EXPECT_EQ(table.items->bytes(), expected.items->bytes());
}

TEST(ReadInteractionTable, NumbersIdsByFirstAppearanceWhateverTheBlocksAndThreads) {
  const TempDir directory;
  const std::string path = directory.Write("f", RandomCsv(3000, 400, 200));
  for (const Times times : {Times::kKept, Times::kDropped}) {
    InteractionTableBuilder one_by_one(times);
    ASSERT_TRUE(ReadInteractions(path, {}, [&](Interaction&& interaction) {
                  one_by_one.Add(interaction);
                  return absl::OkStatus();
                }).ok());
    const InteractionTable expected = one_by_one.Build();
    for (const int threads : {1, 2, 3}) {
      Arena arena(threads);
      for (const size_t block_bytes : {1, 200, 5000, 1 << 20}) {
        BlockReaderOptions options;
        options.block_bytes = block_bytes;
        InteractionTableBuilder builder(times);
        ASSERT_TRUE(ReadInteractionTable(path, options, arena, AddToPart, &builder).ok());
        ExpectSame(builder.Build(), expected);
      }
    }
  }
}

TEST(ReadInteractionTable, RowsOfAnEarlierModelKeepTheirNumbers) {
  const TempDir directory;
  Arena arena(2);
  InteractionTableBuilder builder(IdMap::FromIds({"b"}).value(), IdMap::FromIds({"y", "z"}).value());
  ASSERT_TRUE(ReadInteractionTable(directory.Write("f", "a,x\nb,y\n"), {}, arena, AddToPart, &builder).ok());
  const InteractionTable table = builder.Build();
  EXPECT_THAT(table.user_rows, testing::ElementsAre(1, 0));
  EXPECT_THAT(table.item_rows, testing::ElementsAre(2, 0));
}

TEST(ReadInteractionTable, WhatIsLeftOutLeavesNoIds) {
  const TempDir directory;
  Arena arena(2);
  InteractionTableBuilder builder;
  const PartAdder add = [](const InteractionView& interaction, InteractionTableBuilder* part) {
    return interaction.value < 3 ? absl::OkStatus() : AddToPart(interaction, part);
  };
  ASSERT_TRUE(ReadInteractionTable(directory.Write("f", "a,x,1\nb,y,5\n"), {}, arena, add, &builder).ok());
  EXPECT_EQ(builder.Build().users->bytes(), "b");
}

TEST(ReadInteractionTable, PassesOnWhatIsRefused) {
  const TempDir directory;
  Arena arena(2);
  InteractionTableBuilder builder;
  const PartAdder refuse = [](const InteractionView&, InteractionTableBuilder*) {
    return absl::CancelledError("enough");
  };
  const absl::Status status =
      ReadInteractionTable(directory.Write("f", "a,x\n"), {}, arena, refuse, &builder).status();
  EXPECT_EQ(status, absl::CancelledError("enough"));
}

}  // namespace
}  // namespace ridgeline
