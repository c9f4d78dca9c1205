#include "core/interactions/interaction_reader.h"

#include <filesystem>
#include <set>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

struct Reading {
  absl::StatusOr<ReadReport> report = absl::UnknownError("not read");
  std::vector<Interaction> interactions;
};

Reading ReadFrom(const std::string& path, const InteractionReaderOptions& options = {}) {
  Reading reading;
  reading.report = ReadInteractions(path, options, [&](Interaction&& interaction) {
    reading.interactions.push_back(std::move(interaction));
    return absl::OkStatus();
  });
  return reading;
}

InteractionReaderOptions Tolerating(int64_t bad_lines) {
  InteractionReaderOptions options;
  options.max_bad_lines = bad_lines;
  return options;
}

TEST(ReadInteractions, ReportsWhatItFound) {
  const TempDir directory;
  const Reading reading = ReadFrom(directory.Write("f", "userId,movieId,rating\n1,2,3\n\n1,3,4\n"));
  ASSERT_TRUE(reading.report.ok()) << reading.report.status();
  EXPECT_EQ(reading.report->format, InteractionFormat::kCsv);
  EXPECT_EQ(reading.report->lines, 4);
  EXPECT_EQ(reading.report->interactions, 2);
  EXPECT_EQ(reading.report->bytes, 35);
  EXPECT_EQ(reading.report->bad_lines, 0);
  ASSERT_EQ(reading.interactions.size(), 2u);
  EXPECT_EQ(reading.interactions[1].item_id, "3");
}

TEST(ReadInteractions, TheSameInEveryFormatAndCompression) {
  const TempDir directory;
  const std::string texts[] = {
      "a,x,1,5\nb,y,1,6\n",
      "\xef\xbb\xbfuser,item,value,time\r\na,x,1,5\r\nb,y,1,6",
      "a\tx\t1\t5\nb\ty\t1\t6\n",
      "a::x::1::5\nb::y::1::6\n",
      R"({"user":"a","item":"x","time":5})"
      "\n"
      R"({"user":"b","item":"y","time":6})",
  };
  for (const std::string& text : texts) {
    for (const std::string& stored : {text, GzipOf(text), ZstdOf(text)}) {
      const Reading reading = ReadFrom(directory.Write("f", stored));
      ASSERT_TRUE(reading.report.ok()) << reading.report.status();
      ASSERT_EQ(reading.interactions.size(), 2u) << text;
      EXPECT_EQ(reading.interactions[1].user_id, "b");
      EXPECT_EQ(reading.interactions[1].item_id, "y");
      EXPECT_EQ(reading.interactions[1].value, 1.0f);
      EXPECT_EQ(reading.interactions[1].time, absl::FromUnixSeconds(6));
      EXPECT_EQ(reading.report->bytes, static_cast<int64_t>(stored.size()));
    }
  }
}

TEST(ReadInteractions, AdjacencyListsAreReadWhenNamed) {
  const TempDir directory;
  const std::string path = directory.Write("f", "0 5 6\n1\n2 5\n");
  EXPECT_EQ(ReadFrom(path).report.status().code(), absl::StatusCode::kInvalidArgument);
  InteractionReaderOptions options;
  options.format = InteractionFormat::kAdjacency;
  const Reading reading = ReadFrom(path, options);
  ASSERT_TRUE(reading.report.ok());
  EXPECT_EQ(reading.report->interactions, 3);
}

TEST(ReadInteractions, ABadLineEndsTheReadingWithFileAndLine) {
  const TempDir directory;
  const Reading reading = ReadFrom(directory.Write("bad.csv", "1,2,3\n1,2,nan\n1,2,4\n"));
  EXPECT_EQ(reading.report.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(reading.report.status().message()), HasSubstr("bad.csv:2: value: "));
  EXPECT_EQ(reading.interactions.size(), 1u);
}

TEST(ReadInteractions, ToleratesAsManyBadLinesAsItWasToldAndReportsThem) {
  const TempDir directory;
  const std::string path = directory.Write("f", "1,2,3\n1\n,2,3\n1,2,4\n");
  EXPECT_FALSE(ReadFrom(path, Tolerating(1)).report.ok());
  const Reading reading = ReadFrom(path, Tolerating(2));
  ASSERT_TRUE(reading.report.ok());
  EXPECT_EQ(reading.report->bad_lines, 2);
  EXPECT_EQ(reading.report->interactions, 2);
  EXPECT_THAT(reading.report->bad_line_messages, ElementsAre(EndsWith("f:2: expected 3 fields, got 1"),
                                                             EndsWith("f:3: user_id: must not be empty")));
}

TEST(ReadInteractions, ABadItemSpoilsItsWholeAdjacencyLine) {
  const TempDir directory;
  InteractionReaderOptions options = Tolerating(1);
  options.format = InteractionFormat::kAdjacency;
  const Reading reading = ReadFrom(directory.Write("f", "0 5 \xff 6\n1 7\n"), options);
  ASSERT_TRUE(reading.report.ok());
  ASSERT_EQ(reading.interactions.size(), 1u);
  EXPECT_EQ(reading.interactions[0].item_id, "7");
}

TEST(ReadInteractions, TimesAreTheDefaultWhereTheFileHasNone) {
  const TempDir directory;
  InteractionReaderOptions options;
  options.default_time = absl::FromUnixSeconds(42);
  EXPECT_EQ(ReadFrom(directory.Write("f", "a,b\n"), options).interactions[0].time, options.default_time);
}

TEST(ReadInteractions, AnEmptyFileHoldsNothing) {
  const TempDir directory;
  const Reading reading = ReadFrom(directory.Write("f", ""));
  ASSERT_TRUE(reading.report.ok());
  EXPECT_EQ(reading.report->interactions, 0);
}

TEST(ReadInteractions, PassesOnWhatTheSinkSays) {
  const TempDir directory;
  int calls = 0;
  const absl::Status status = ReadInteractions(directory.Write("f", "a,b\na,c\n"), {}, [&](Interaction&&) {
                                ++calls;
                                return absl::CancelledError("enough");
                              }).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(calls, 1);
}

TEST(ReadInteractions, MissingAndDamagedFilesAreTold) {
  const TempDir directory;
  EXPECT_EQ(ReadFrom(directory.File("none")).report.status().code(), absl::StatusCode::kNotFound);
  const std::string stored = GzipOf("a,b\na,c\n");
  const std::string cut = directory.Write("f", stored.substr(0, stored.size() - 4));
  EXPECT_EQ(ReadFrom(cut).report.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ReadInteractions, NoRandomBytesBreakIt) {
  const TempDir directory;
  Random random(9);
  const std::string alphabet("a1,\t:\"{} \n\r\\\xff\0.-", 17);
  for (int n = 0; n < 80; ++n) {
    std::string text;
    for (uint64_t i = random.Below(200); i > 0; --i) text += alphabet[random.Below(alphabet.size())];
    for (const char* name : {"auto", "csv", "tsv", "movielens", "adjacency", "jsonl"}) {
      InteractionReaderOptions options = Tolerating(1000);
      options.format = ParseInteractionFormat(name).value();
      const Reading reading = ReadFrom(directory.Write("f", text), options);
      for (const Interaction& interaction : reading.interactions)
        EXPECT_TRUE(ValidateInteraction(interaction).ok());
    }
  }
}

TEST(ParseInteractionFormat, RefusesUnknownNames) {
  EXPECT_EQ(ParseInteractionFormat("movielens").value(), InteractionFormat::kMovieLens);
  const absl::Status status = ParseInteractionFormat("xml").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("format: "));
}

struct RealFile {
  const char* path;
  int64_t interactions;
  size_t users;
  size_t items;
};

TEST(ReadInteractions, CountsTheSharedDataSetsRight) {
  const RealFile files[] = {{"ml-latest-small/ratings.csv", 100004, 671, 9066},
                            {"movietweetings-100k/ratings.dat", 100000, 16554, 10506}};
  for (const RealFile& file : files) {
    const std::string path = std::string(RIDGELINE_SOURCE_DIR "/../shared/data/") + file.path;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    std::set<std::string> users, items;
    for (const Interaction& interaction : ReadFrom(path).interactions) {
      users.insert(interaction.user_id);
      items.insert(interaction.item_id);
    }
    EXPECT_EQ(ReadFrom(path).report->interactions, file.interactions);
    EXPECT_EQ(users.size(), file.users);
    EXPECT_EQ(items.size(), file.items);
  }
}

}  // namespace
}  // namespace ridgeline
