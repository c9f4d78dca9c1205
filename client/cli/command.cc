#include "client/cli/command.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ridgeline {

CLI::App& AddCommand(CommandScope scope, const std::string& name, const std::string& description,
                     const std::string& examples, Command command) {
  CLI::App* added = scope.app.add_subcommand(name, description);
  added->footer(absl::StrCat("Examples:\n  ", absl::StrReplaceAll(examples, {{"\n", "\n  "}})));
  added->callback([&chosen = scope.chosen, command = std::move(command)] { chosen = command; });
  return *added;
}

CommandScope AddCommandGroup(CommandScope scope, const std::string& name, const std::string& description) {
  CLI::App* group = scope.app.add_subcommand(name, description);
  group->require_subcommand(1);
  return {*group, scope.chosen};
}

CLI::Option* AddListFlag(CLI::App& command, const std::string& name, std::vector<std::string>& lists,
                         const std::string& description) {
  // One value a time: a positional argument may follow.
  return command.add_option(name, lists, description)->allow_extra_args(false)->type_name("LIST");
}

void AddLimitFlag(CLI::App& command, int64_t& limit) {
  command.add_option("--limit", limit, "How many to print at most; default 100")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
}

int32_t PageSize(int64_t left) {
  return static_cast<int32_t>(std::min<int64_t>(left, 1000));
}

}  // namespace ridgeline
