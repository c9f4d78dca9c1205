#ifndef RIDGELINE_CORE_INTERACTIONS_BLOCK_READER_H_
#define RIDGELINE_CORE_INTERACTIONS_BLOCK_READER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_reader.h"
#include "core/interactions/line_source.h"

namespace ridgeline {

/// Gathers the interactions of one block of a file after another. The reader uses each on one thread at a
/// time.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  /// Takes the next interaction of the block, whose texts live for the call; a status other than OK ends the
  /// reading and is returned by it. Runs beside the other sinks' calls.
  virtual absl::Status Add(const InteractionView& interaction) = 0;

  /// Hands on the block, all of whose lines have been read. Called in file order of the blocks, one call at a
  /// time among all sinks. Not called for a block at which the reading ends with an error.
  virtual void Flush() = 0;
};

struct BlockReaderOptions {
  InteractionReaderOptions reader;
  /// Bytes of text parsed at a time, of which each thread holds one block: larger blocks repeat fewer ids,
  /// smaller ones stay in the processor's cache.
  size_t block_bytes = size_t{512} << 10;
  /// As LineSource.
  size_t max_line_bytes = kMaxLineBytes;
};

/// Reads `path` as ReadInteractions does, with its result and errors, on the threads of `arena`, each with a
/// sink of its own from `make_sink`. Only decompression and the sinks' Flush are serial.
absl::StatusOr<ReadReport> ReadInteractionBlocks(
    const std::string& path, const BlockReaderOptions& options, Arena& arena,
    const std::function<std::unique_ptr<BlockSink>()>& make_sink);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_BLOCK_READER_H_
