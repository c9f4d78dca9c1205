#include "core/interactions/block_reader.h"

#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/interactions/compression.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::HasSubstr;

using FieldTuple =
    std::tuple<std::string, std::string, float, absl::Time, std::string, std::string, std::string>;

FieldTuple FieldsOf(const InteractionView& view) {
  const Interaction own = ToInteraction(view);
  return {own.user_id, own.item_id, own.value, own.time, own.event_id, own.event_type, own.recommendation_id};
}

// Refuses one item's interactions.
absl::Status RefusePoison(const InteractionView& interaction) {
  if (interaction.item_id == "poison") return absl::FailedPreconditionError("poison");
  return absl::OkStatus();
}

// Gathers blocks one after another.
class GatheringSink final : public BlockSink {
 public:
  explicit GatheringSink(std::vector<FieldTuple>* gathered) : gathered_(*gathered) {}

  absl::Status Add(const InteractionView& interaction) override {
    block_.push_back(FieldsOf(interaction));
    return RefusePoison(interaction);
  }

  void Flush() override {
    gathered_.insert(gathered_.end(), block_.begin(), block_.end());
    block_.clear();
  }

 private:
  std::vector<FieldTuple>& gathered_;
  std::vector<FieldTuple> block_;
};

// What a reader told, as text so that differences show, and what it read.
struct ReadOutcome {
  std::string told;
  bool was_read = false;
  std::vector<FieldTuple> interactions;

  void Tell(const absl::StatusOr<ReadReport>& report) {
    was_read = report.ok();
    if (!was_read) {
      told = report.status().ToString();
      return;
    }
    absl::StrAppend(&told, static_cast<int>(report->format), " ", report->lines, " ", report->interactions,
                    " ", report->bytes, " ", report->bad_lines);
    for (const std::string& message : report->bad_line_messages) absl::StrAppend(&told, "\n", message);
  }
};

ReadOutcome ReadLineByLine(const std::string& path, const InteractionReaderOptions& options) {
  ReadOutcome outcome;
  outcome.Tell(ReadInteractions(path, options, [&](Interaction&& interaction) {
    outcome.interactions.push_back(FieldsOf(interaction));
    return RefusePoison(interaction);
  }));
  return outcome;
}

ReadOutcome ReadInBlocks(const std::string& path, const BlockReaderOptions& options, Arena& arena) {
  ReadOutcome outcome;
  outcome.Tell(ReadInteractionBlocks(path, options, arena,
                                     [&] { return std::make_unique<GatheringSink>(&outcome.interactions); }));
  return outcome;
}

class BlockReaderTest : public testing::Test {
 protected:
  // Expects that a file of `stored` is read the same by both readers, whatever the blocks and the threads.
  void ExpectSameAsLineByLine(const std::string& stored, int64_t max_bad_lines,
                              InteractionFormat format = InteractionFormat::kAuto) {
    const std::string path = directory_.Write("f", stored);
    BlockReaderOptions options;
    options.reader.format = format;
    options.reader.max_bad_lines = max_bad_lines;
    const ReadOutcome expected = ReadLineByLine(path, options.reader);
    for (Arena* arena : {&one_, &two_, &three_}) {
      for (const size_t block_bytes : {1, 13, 64, 1 << 20}) {
        options.block_bytes = block_bytes;
        const ReadOutcome outcome = ReadInBlocks(path, options, *arena);
        ASSERT_EQ(outcome.told, expected.told) << block_bytes << " bytes a block of\n" << stored;
        if (!expected.was_read) continue;
        ASSERT_EQ(outcome.interactions, expected.interactions) << block_bytes << " bytes a block of\n"
                                                               << stored;
      }
    }
  }

  const TempDir directory_;
  Arena one_{1}, two_{2}, three_{3};
};

TEST_F(BlockReaderTest, ReadsOddFilesAsTheLineReaderDoes) {
  const std::string texts[] = {
      "",
      "\n\n\r\n",
      "a,x",
      "a,x,1,5\nb,y,2,6",
      "\xef\xbb\xbfuserId,movieId,rating,timestamp\r\n1,2,3.5,9\r\n\r\n1,3,4,10\r\n",
      "\xef\xbb\xbf\n\xef\xbb\xbfu,i\n",
      "event_id,item,user,comment,event_type\ne1,\"i,\"\"1\"\"\",u,\"nice, very\",click\ne2,j,\"u\",,\n",
      "u,i,3\nu,\"i,3\nu,j,4\n",
      "lonely,\na,b,c,d,e\nu,i\nu\nv,j\n",
      "word\nu,i\n",
      "u,i\nu,poison\nbad\n",
      "u,i\nbad\nu,poison\n",
      "a::x::1::5\nb::y::1::6\nb::y\n",
      "a\tx\t1e0\t2009-12-14T02:52:24Z\nb\ty\t+2\t1260759144.25\nb\ty\t2\tnever\n",
      R"({"user":"a","item":7,"time":5,"event_id":12})"
      "\n"
      R"({"user":1234567890123456789,"item":"\u00fc","value":2.5,"event_type":"buy"})"
      "\nno json\n",
      absl::StrCat("u,i\n", std::string(300, 'x'), ",i\nu,j\n"),
  };
  for (const std::string& text : texts) {
    for (const std::string& stored : {text, GzipOf(text), ZstdOf(text)}) {
      for (const int64_t max_bad_lines : {0, 1, 100}) ExpectSameAsLineByLine(stored, max_bad_lines);
    }
  }
}

TEST_F(BlockReaderTest, ReadsRandomBytesAsTheLineReaderDoes) {
  Random random(11);
  const std::string alphabet("a1,,\t:\"{} \n\n\r\\\xff\0.-", 19);
  for (int n = 0; n < 60; ++n) {
    std::string text;
    for (uint64_t i = random.Below(200); i > 0; --i) text += alphabet[random.Below(alphabet.size())];
    for (const char* name : {"auto", "csv", "tsv", "movielens", "adjacency", "jsonl"}) {
      ExpectSameAsLineByLine(text, static_cast<int64_t>(random.Below(20)),
                             ParseInteractionFormat(name).value());
    }
  }
}

TEST_F(BlockReaderTest, ReadsALongFileAsTheLineReaderDoes) {
  Random random(12);
  std::string text = "user,item,value,time\n";
  for (int n = 0; n < 20'000; ++n) {
    absl::StrAppend(&text, "u", random.Below(500), ",", random.Below(900), ",", random.Below(50) / 10.0, ",",
                    random.Below(2'000'000'000), n % 7 == 0 ? "\r\n" : "\n", n % 999 == 0 ? "bad\n" : "");
  }
  for (const int64_t max_bad_lines : {0, 10, 100}) {
    ExpectSameAsLineByLine(text, max_bad_lines);
    ExpectSameAsLineByLine(ZstdOf(text), max_bad_lines);
  }
}

TEST_F(BlockReaderTest, TheLimitOfALineIsTheSame) {
  BlockReaderOptions options;
  options.block_bytes = 4;
  options.max_line_bytes = 8;
  const std::string path = directory_.Write("f", "u,i\n\nu,1234567\n");
  const std::string told = ReadInBlocks(path, options, two_).told;
  EXPECT_THAT(told, HasSubstr("f:3: the line is longer than 8 bytes"));
}

TEST_F(BlockReaderTest, MissingAndDamagedFilesAreTold) {
  EXPECT_THAT(ReadInBlocks(directory_.File("none"), {}, two_).told, HasSubstr("NOT_FOUND"));
  const std::string stored = GzipOf("a,b\na,c\n");
  ExpectSameAsLineByLine(stored.substr(0, stored.size() - 4), 0);
}

TEST_F(BlockReaderTest, ALowPriorityArenaReadsTheSame) {
  Arena arena(2, /*low_priority=*/true);
  const std::string path = directory_.Write("f", "a,x\nb,y\nc,z\n");
  BlockReaderOptions options;
  options.block_bytes = 5;
  const ReadOutcome outcome = ReadInBlocks(path, options, arena);
  EXPECT_EQ(outcome.told, ReadLineByLine(path, options.reader).told);
  EXPECT_EQ(outcome.interactions.size(), 3u);
}

}  // namespace
}  // namespace ridgeline
