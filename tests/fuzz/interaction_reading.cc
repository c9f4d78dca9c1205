#include "tests/fuzz/interaction_reading.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/interactions/block_reader.h"
#include "core/interactions/interaction.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

struct Reading {
  std::vector<Interaction> interactions;
  absl::StatusOr<ReadReport> report;
};

Reading ReadByLine(const std::string& path, const InteractionReaderOptions& options) {
  Reading reading;
  reading.report = ReadInteractions(path, options, [&](Interaction&& interaction) {
    reading.interactions.push_back(std::move(interaction));
    return absl::OkStatus();
  });
  return reading;
}

class Collector final : public BlockSink {
 public:
  explicit Collector(std::vector<Interaction>* all) : all_(all) {}

  absl::Status Add(const InteractionView& interaction) override {
    block_.push_back(ToInteraction(interaction));
    return absl::OkStatus();
  }

  void Flush() override {
    all_->insert(all_->end(), block_.begin(), block_.end());
    block_.clear();
  }

 private:
  std::vector<Interaction>* const all_;
  std::vector<Interaction> block_;
};

Reading ReadByBlock(const std::string& path, const InteractionReaderOptions& options, size_t block_bytes) {
  static Arena& arena = *new Arena(2);
  BlockReaderOptions block_options;
  block_options.reader = options;
  block_options.block_bytes = block_bytes;
  Reading reading;
  reading.report = ReadInteractionBlocks(path, block_options, arena,
                                         [&] { return std::make_unique<Collector>(&reading.interactions); });
  return reading;
}

auto FieldsOf(const Interaction& i) {
  return std::tie(i.user_id, i.item_id, i.value, i.time, i.event_id, i.event_type, i.recommendation_id);
}

bool Same(const Interaction& a, const Interaction& b) {
  return FieldsOf(a) == FieldsOf(b);
}

bool Same(const ReadReport& a, const ReadReport& b) {
  return std::tie(a.format, a.lines, a.interactions, a.bytes, a.bad_lines, a.bad_line_messages) ==
         std::tie(b.format, b.lines, b.interactions, b.bytes, b.bad_lines, b.bad_line_messages);
}

void RequireValid(const Reading& reading) {
  RequireExplained(reading.report.status());
  for (const Interaction& interaction : reading.interactions) {
    Require(ValidateInteraction(interaction).ok(), "no interaction is handed on that is not valid");
  }
  if (!reading.report.ok()) return;
  const ReadReport& report = *reading.report;
  Require(report.interactions == static_cast<int64_t>(reading.interactions.size()),
          "the report counts what came");
  Require(report.bad_lines <= report.lines, "no more lines are bad than there are");
}

void RequireSame(const Reading& by_line, const Reading& by_block) {
  Require(by_line.report.status() == by_block.report.status(), "blocks end with the error of lines");
  if (by_line.report.ok()) {
    Require(Same(*by_line.report, *by_block.report), "blocks have the report of lines");
    Require(by_line.interactions.size() == by_block.interactions.size(), "blocks have as many interactions");
  }
  // The block at which reading ended with an error is not handed on.
  Require(
      by_block.interactions.size() <= by_line.interactions.size() &&
          std::equal(by_block.interactions.begin(), by_block.interactions.end(), by_line.interactions.begin(),
                     [](const Interaction& a, const Interaction& b) { return Same(a, b); }),
      "blocks have the interactions of lines");
}

std::string ToJsonLine(const Interaction& interaction) {
  const nlohmann::json object = {
      {"user_id", interaction.user_id},
      {"item_id", interaction.item_id},
      {"value", interaction.value},
      {"time", absl::FormatTime(absl::RFC3339_full, interaction.time, absl::UTCTimeZone())},
      {"event_id", interaction.event_id},
      {"event_type", interaction.event_type},
      {"recommendation_id", interaction.recommendation_id}};
  return absl::StrCat(object.dump(), "\n");
}

void RequireRoundTrip(const std::vector<Interaction>& interactions, MemoryFile& file) {
  std::string lines;
  for (const Interaction& interaction : interactions) lines += ToJsonLine(interaction);
  file.Write(lines);
  InteractionReaderOptions options;
  options.format = InteractionFormat::kJsonLines;
  const Reading again = ReadByLine(file.path(), options);
  Require(again.report.ok(), "what was read can be written and read again");
  Require(std::equal(interactions.begin(), interactions.end(), again.interactions.begin(),
                     again.interactions.end(),
                     [](const Interaction& a, const Interaction& b) { return Same(a, b); }),
          "what was read, written and read again is the same");
}

}  // namespace

void CheckInteractionReading(InteractionFormat format, absl::string_view input) {
  static MemoryFile& file = *new MemoryFile();
  InputCutter cutter(input);
  InteractionReaderOptions options;
  options.format = format;
  const size_t block_bytes = 1 + cutter.TakeBelow(64);
  options.max_bad_lines = cutter.TakeBelow(16);
  file.Write(cutter.rest());
  const Reading by_line = ReadByLine(file.path(), options);
  RequireValid(by_line);
  RequireSame(by_line, ReadByBlock(file.path(), options, block_bytes));
  if (!by_line.interactions.empty()) RequireRoundTrip(by_line.interactions, file);
}

}  // namespace ridgeline
