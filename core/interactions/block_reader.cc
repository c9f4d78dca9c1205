#include "core/interactions/block_reader.h"

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/interactions/bad_lines.h"
#include "core/interactions/block_parser.h"
#include "core/interactions/block_source.h"

namespace ridgeline {
namespace {

// The blocks of a file in their order, and the parser that its first lines settle. Thread-safe.
class BlockInput {
 public:
  BlockInput(BlockSource source, const BlockReaderOptions& options, const BlockLimits& limits)
      : limits_(limits), source_(std::move(source)), parser_(options.reader) {}

  // What a thread works on.
  struct Block {
    int64_t number = 0;  // in the file, from 0
    absl::StatusOr<absl::string_view> text;
    std::optional<ParsedBlock> parsed;  // if it had to be parsed here
  };

  // The next block; nullopt after the last. Until the file's first lines have settled how lines are read, it
  // is parsed into `sink` at once; afterwards the thread gets its own `parser`.
  std::optional<Block> Next(BlockSink& sink, std::vector<char>* buffer, std::optional<FileParser>* parser) {
    MutexLock lock(&mutex_);
    if (ended_) return std::nullopt;
    Block block{next_, source_.Next(buffer), std::nullopt};
    ended_ = !block.text.ok() || block.text->empty();
    if (block.text.ok() && block.text->empty()) return std::nullopt;
    ++next_;
    if (!block.text.ok()) return block;
    if (parser_.IsSettled()) {
      if (!parser->has_value()) parser->emplace(parser_.Clone());
    } else {
      block.parsed = ParseBlock(*block.text, block.number == 0, limits_, &parser_,
                                [&](const InteractionView& interaction) { return sink.Add(interaction); });
    }
    return block;
  }

  // Gives out no more blocks.
  void End() {
    MutexLock lock(&mutex_);
    ended_ = true;
  }

  InteractionFormat format() {
    MutexLock lock(&mutex_);
    return parser_.format();
  }

  int64_t stored_bytes() {
    MutexLock lock(&mutex_);
    return source_.stored_bytes();
  }

 private:
  const BlockLimits& limits_;
  Mutex mutex_;
  BlockSource source_ ABSL_GUARDED_BY(mutex_);
  FileParser parser_ ABSL_GUARDED_BY(mutex_);
  int64_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

// Takes parsed blocks in file order. Thread-safe.
class BlockOutput {
 public:
  BlockOutput(const std::string& path, int64_t max_bad_lines)
      : path_(path), bad_lines_(path, max_bad_lines) {}

  // Waits for the turn of block `number`, then takes it and flushes `sink`. False when the reading has ended.
  bool Take(int64_t number, const ParsedBlock& block, BlockSink& sink) {
    MutexLock lock(&mutex_);
    while (next_ != number) turn_.Wait(&mutex_);
    if (status_.ok()) status_ = Add(block);
    if (status_.ok()) sink.Flush();
    ++next_;
    turn_.SignalAll();
    return status_.ok();
  }

  // The result without what only the input knows.
  absl::StatusOr<ReadReport> Finish() {
    MutexLock lock(&mutex_);
    RIDGELINE_RETURN_IF_ERROR(status_);
    report_.bad_lines = bad_lines_.count();
    report_.bad_line_messages = bad_lines_.messages();
    return std::move(report_);
  }

 private:
  absl::Status Add(const ParsedBlock& block) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [line, why] : block.bad_lines) {
      RIDGELINE_RETURN_IF_ERROR(bad_lines_.Add(report_.lines + line, why));
    }
    report_.lines += block.lines;
    report_.interactions += block.interactions;
    if (block.fatal_line.ok()) return block.failure;
    return absl::InvalidArgumentError(
        absl::StrCat(path_, ":", report_.lines, ": ", block.fatal_line.message()));
  }

  const std::string& path_;
  Mutex mutex_;
  CondVar turn_;
  int64_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  BadLines bad_lines_ ABSL_GUARDED_BY(mutex_);
  ReadReport report_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

ParsedBlock FailedBlock(absl::Status why) {
  ParsedBlock failed;
  failed.failure = std::move(why);
  return failed;
}

// What one thread does. A thread waits only for blocks that were given out before its own, whose threads are
// at work, so there is no deadlock however many threads the arena really has.
void ReadBlocks(const BlockLimits& limits, BlockSink& sink, BlockInput& input, BlockOutput& output) {
  const InteractionViewSink add = [&](const InteractionView& interaction) { return sink.Add(interaction); };
  std::vector<char> buffer;
  std::optional<FileParser> parser;
  while (std::optional<BlockInput::Block> block = input.Next(sink, &buffer, &parser)) {
    if (!block->text.ok()) {
      block->parsed = FailedBlock(block->text.status());
    } else if (!block->parsed.has_value()) {
      block->parsed = ParseBlock(*block->text, block->number == 0, limits, &*parser, add);
    }
    if (!output.Take(block->number, *block->parsed, sink)) input.End();
  }
}

}  // namespace

absl::StatusOr<ReadReport> ReadInteractionBlocks(
    const std::string& path, const BlockReaderOptions& options, Arena& arena,
    const std::function<std::unique_ptr<BlockSink>()>& make_sink) {
  RIDGELINE_ASSIGN_OR_RETURN(BlockSource source,
                             BlockSource::Open(path, options.block_bytes, options.max_line_bytes));
  const BlockLimits limits = {options.max_line_bytes, options.reader.max_bad_lines};
  BlockInput input(std::move(source), options, limits);
  BlockOutput output(path, options.reader.max_bad_lines);
  arena.ParallelFor(arena.threads(), 1, [&](int64_t, int64_t) {
    const std::unique_ptr<BlockSink> sink = make_sink();
    ReadBlocks(limits, *sink, input, output);
  });
  RIDGELINE_ASSIGN_OR_RETURN(ReadReport report, output.Finish());
  report.format = input.format();
  report.bytes = input.stored_bytes();
  return report;
}

}  // namespace ridgeline
