#ifndef RIDGELINE_CORE_INTERACTIONS_INTERACTION_READER_H_
#define RIDGELINE_CORE_INTERACTIONS_INTERACTION_READER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

/// The shape of a line. Any of them may be compressed with gzip or zstd, found by the file's first bytes.
enum class InteractionFormat {
  kAuto,       ///< found from the first non-empty lines; never adjacency, which looks like anything
  kCsv,        ///< user,item[,value[,time]] with or without a header; quoted fields per RFC 4180
  kTsv,        ///< the same, separated by tabs
  kMovieLens,  ///< user::item::value::time
  kAdjacency,  ///< user item item ... separated by blanks; every value is 1
  kJsonLines,  ///< {"user_id": .., "item_id": .., "value": .., "time": .., "event_id": .., "event_type": ..}
};

/// Parses a format's name as the command lines spell it: auto, csv, tsv, movielens, adjacency, jsonl.
/// kInvalidArgument beginning with "format" for any other.
absl::StatusOr<InteractionFormat> ParseInteractionFormat(absl::string_view name);

struct InteractionReaderOptions {
  InteractionFormat format = InteractionFormat::kAuto;
  /// How many unreadable lines are skipped, and reported, before reading fails; each hides data, so 0 by
  /// default.
  int64_t max_bad_lines = 0;
  /// The time of interactions whose line has none.
  absl::Time default_time = absl::UnixEpoch();
};

/// What a reading found.
struct ReadReport {
  InteractionFormat format = InteractionFormat::kAuto;
  int64_t lines = 0;
  int64_t interactions = 0;
  int64_t bytes = 0;  ///< of the file, as stored
  int64_t bad_lines = 0;
  std::vector<std::string> bad_line_messages;  ///< "FILE:LINE: why", the first 10
};

/// Takes one interaction; a status other than OK ends the reading and is returned by it.
using InteractionSink = std::function<absl::Status(Interaction&&)>;

/// Reads `path` and hands every interaction, validated, to `sink` in file order. A header is recognized by
/// its names (userId, user_id, user; itemId, item_id, item, movieId; rating, value, weight, count; timestamp,
/// time) and may order the columns at will. Times are Unix seconds, milliseconds (when above 10^11) or RFC
/// 3339. kNotFound when there is no such file; kInvalidArgument with "FILE:LINE: why" at the first bad line
/// beyond `max_bad_lines`; kDataLoss when a compressed file is damaged or cut off.
absl::StatusOr<ReadReport> ReadInteractions(const std::string& path, const InteractionReaderOptions& options,
                                            const InteractionSink& sink);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_INTERACTION_READER_H_
