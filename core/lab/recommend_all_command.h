#ifndef RIDGELINE_CORE_LAB_RECOMMEND_ALL_COMMAND_H_
#define RIDGELINE_CORE_LAB_RECOMMEND_ALL_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `recommend-all`: writes the top-k of every user of a model to a file. The command must outlive the parse
/// of `app`.
std::unique_ptr<Command> AddRecommendAllCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_RECOMMEND_ALL_COMMAND_H_
