#ifndef RIDGELINE_CORE_LAB_INSPECT_COMMAND_H_
#define RIDGELINE_CORE_LAB_INSPECT_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `inspect`: verifies a model's files and prints what they hold. The command must outlive
/// the parse of `app`.
std::unique_ptr<Command> AddInspectCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_INSPECT_COMMAND_H_
