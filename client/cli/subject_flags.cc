#include "client/cli/subject_flags.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/exit_code.h"
#include "client/cli/id_list.h"

namespace ridgeline {
namespace {

absl::StatusOr<Subject> ReadHistory(absl::string_view argument, std::istream& input) {
  const absl::StatusOr<std::vector<std::string>> list = ReadList(argument, input);
  if (!list.ok()) return list.status();
  v1::History history;
  for (const std::string& text : *list) *history.add_entries() = ParseHistoryEntry(text);
  return Subject(std::move(history));
}

absl::StatusOr<Subject> ReadVector(const SubjectFlags& flags, std::istream& input) {
  const absl::StatusOr<std::vector<std::string>> list = ReadList(*flags.vector, input);
  if (!list.ok()) return list.status();
  v1::UserVector vector;
  for (const std::string& line : *list) {
    for (absl::string_view text : absl::StrSplit(line, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
      float factor = 0;
      if (!absl::SimpleAtof(text, &factor)) return UsageError(absl::StrCat("--vector: not a number: ", text));
      vector.add_factors(factor);
    }
  }
  vector.set_bias(flags.vector_bias);
  return Subject(std::move(vector));
}

}  // namespace

void AddSubjectFlags(CLI::App& command, SubjectFlags& flags, bool vectors) {
  command.add_option("-u,--user", flags.user, "A user by id")->type_name("ID");
  command
      .add_option("--history", flags.history,
                  "What somebody did: ITEM or ITEM=VALUE, separated by commas; @FILE or - (standard input) "
                  "has one a line")
      ->type_name("LIST");
  if (!vectors) return;
  command.add_option("--vector", flags.vector, "A user's factors, numbers separated by commas, or @FILE")
      ->type_name("LIST");
  command.add_option("--vector-bias", flags.vector_bias, "The bias that belongs to --vector; default 0");
}

v1::HistoryEntry ParseHistoryEntry(absl::string_view text) {
  v1::HistoryEntry entry;
  const size_t equals = text.rfind('=');
  float value = 0;
  if (equals != absl::string_view::npos && absl::SimpleAtof(text.substr(equals + 1), &value)) {
    entry.set_value(value);
    text = text.substr(0, equals);
  }
  entry.set_item_id(std::string(text));
  return entry;
}

absl::StatusOr<Subject> ReadSubject(const SubjectFlags& flags, std::istream& input) {
  const int given = flags.user.has_value() + flags.history.has_value() + flags.vector.has_value();
  if (given != 1)
    return UsageError("say for whom: one of --user, --history and (where the command has it) --vector");
  if (flags.history.has_value()) return ReadHistory(*flags.history, input);
  if (flags.vector.has_value()) return ReadVector(flags, input);
  return Subject(*flags.user);
}

}  // namespace ridgeline
