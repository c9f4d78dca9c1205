#ifndef RIDGELINE_CORE_LAB_EVALUATE_COMMAND_H_
#define RIDGELINE_CORE_LAB_EVALUATE_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `evaluate`: trains on one part of the data and measures on another, beside the baselines. The command must
/// outlive the parse of `app`.
std::unique_ptr<Command> AddEvaluateCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_EVALUATE_COMMAND_H_
