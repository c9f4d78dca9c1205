#ifndef RIDGELINE_CLIENT_CLI_COMMANDS_H_
#define RIDGELINE_CLIENT_CLI_COMMANDS_H_

#include "client/cli/command.h"

namespace ridgeline {

// Each declares one command, or one group of them, and is defined in the file of that name.

void AddRecommendCommand(CommandScope scope);
void AddSimilarCommand(CommandScope scope);
void AddScoreCommand(CommandScope scope);
void AddExplainCommand(CommandScope scope);
void AddRecordCommand(CommandScope scope);
void AddImportCommand(CommandScope scope);
void AddItemsImportCommand(CommandScope scope);
void AddItemsCommands(CommandScope scope);
void AddUsersCommands(CommandScope scope);
void AddKeysCommands(CommandScope scope);
void AddTrainCommand(CommandScope scope);
void AddModelsCommands(CommandScope scope);
void AddSplitCommand(CommandScope scope);
void AddBackupCommand(CommandScope scope);
void AddRestoreCommand(CommandScope scope);
void AddStatusCommands(CommandScope scope);
void AddBenchCommand(CommandScope scope);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_COMMANDS_H_
