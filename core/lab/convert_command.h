#ifndef RIDGELINE_CORE_LAB_CONVERT_COMMAND_H_
#define RIDGELINE_CORE_LAB_CONVERT_COMMAND_H_

#include <CLI/CLI.hpp>
#include <memory>

#include "core/lab/command.h"

namespace ridgeline {

/// `convert`: makes a model of factors that another program trained.
std::unique_ptr<Command> AddConvertCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_CONVERT_COMMAND_H_
