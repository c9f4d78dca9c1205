#ifndef RIDGELINE_CORE_LAB_TRAIN_COMMAND_H_
#define RIDGELINE_CORE_LAB_TRAIN_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `train`: trains on a whole file and writes the model's files into a folder. The command must outlive
/// the parse of `app`.
std::unique_ptr<Command> AddTrainCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TRAIN_COMMAND_H_
