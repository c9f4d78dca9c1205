#ifndef RIDGELINE_CORE_LAB_TUNE_COMMAND_H_
#define RIDGELINE_CORE_LAB_TUNE_COMMAND_H_

#include <CLI/CLI.hpp>
#include <memory>

#include "core/lab/command.h"

namespace ridgeline {

/// `tune`: looks for hyperparameters of ALS by successive halving on held-out interactions.
std::unique_ptr<Command> AddTuneCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TUNE_COMMAND_H_
