#ifndef RIDGELINE_CORE_LAB_COLD_ITEMS_COMMAND_H_
#define RIDGELINE_CORE_LAB_COLD_ITEMS_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `cold-items`: how well items that training has not seen are recommended by their tags, by the first
/// interactions with them, and by both.
std::unique_ptr<Command> AddColdItemsCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_COLD_ITEMS_COMMAND_H_
