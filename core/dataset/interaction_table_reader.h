#ifndef RIDGELINE_CORE_DATASET_INTERACTION_TABLE_READER_H_
#define RIDGELINE_CORE_DATASET_INTERACTION_TABLE_READER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/dataset/interaction_table.h"
#include "core/interactions/block_reader.h"

namespace ridgeline {

/// Adds an interaction, whose texts live for the call, to a part of a table, or leaves it out; a status other
/// than OK ends the reading and is returned by it. Called on several threads at once, for different parts.
using PartAdder =
    std::function<absl::Status(const InteractionView& interaction, InteractionTableBuilder* part)>;

/// Reads the interactions of `path` into `builder` on the threads of `arena`: what ReadInteractions with a
/// sink that calls `add` for the builder does, rows of ids in order of first appearance included. Errors as
/// ReadInteractions and of `add`; then the builder holds a part of what is before the error.
absl::StatusOr<ReadReport> ReadInteractionTable(const std::string& path, const BlockReaderOptions& options,
                                                Arena& arena, const PartAdder& add,
                                                InteractionTableBuilder* builder);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_INTERACTION_TABLE_READER_H_
