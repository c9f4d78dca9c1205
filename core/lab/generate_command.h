#ifndef RIDGELINE_CORE_LAB_GENERATE_COMMAND_H_
#define RIDGELINE_CORE_LAB_GENERATE_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `generate`: writes interactions with a planted structure, of any size, from a seed. The command must
/// outlive the parse of `app`.
std::unique_ptr<Command> AddGenerateCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_GENERATE_COMMAND_H_
