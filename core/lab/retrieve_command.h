#ifndef RIDGELINE_CORE_LAB_RETRIEVE_COMMAND_H_
#define RIDGELINE_CORE_LAB_RETRIEVE_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "core/lab/command.h"

namespace ridgeline {

/// `retrieve`: times exact top-k over a model's items. The command must outlive the parse of `app`.
std::unique_ptr<Command> AddRetrieveCommand(CLI::App& app);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_RETRIEVE_COMMAND_H_
