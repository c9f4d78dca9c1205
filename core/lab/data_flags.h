#ifndef RIDGELINE_CORE_LAB_DATA_FLAGS_H_
#define RIDGELINE_CORE_LAB_DATA_FLAGS_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/dataset/interaction_table.h"
#include "core/dataset/split.h"
#include "core/interactions/interaction_reader.h"

namespace ridgeline {

/// The flags that say how files of interactions are read. A plain value; CLI11 writes into it.
struct DataFlags {
  std::string format = "auto";
  int64_t max_bad_lines = 0;
  std::optional<double> positive_threshold = std::nullopt;
};

/// How files of interactions are read, checked.
struct DataOptions {
  InteractionReaderOptions reader;
  Feedback feedback = Feedback::kImplicit;
  /// Interactions below it are left out, the others count with weight 1; implicit only.
  std::optional<float> positive_threshold;
  /// Of the model: the factors by type are applied on reading.
  EventWeight event_weight = {};
};

/// Binds --format, --max-bad-lines and --positive-threshold of `command` to `flags`, which must outlive the
/// parse.
void AddDataFlags(CLI::App& command, DataFlags* flags);

/// kInvalidArgument beginning with the flag's field name.
absl::StatusOr<DataOptions> ResolveDataFlags(const DataFlags& flags, Feedback feedback);

/// Adds the interactions of `path` to `builder`, read on the threads of `arena`; tolerated bad lines are told
/// to `remarks`. The errors of ReadInteractions, and kInvalidArgument for an implicit weight that is not
/// positive.
absl::Status ReadInto(const std::string& path, const DataOptions& options, Arena& arena,
                      std::ostream& remarks, InteractionTableBuilder* builder);

/// Reads `path`, lets weights decay as `weight` says, aggregates and splits. The errors of ReadInto.
absl::StatusOr<Split> ReadAndSplit(const std::string& path, const DataOptions& options,
                                   const SplitOptions& split, Arena& arena, std::ostream& remarks,
                                   EventWeight* weight);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_DATA_FLAGS_H_
