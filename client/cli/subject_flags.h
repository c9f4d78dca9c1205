#ifndef RIDGELINE_CLIENT_CLI_SUBJECT_FLAGS_H_
#define RIDGELINE_CLIENT_CLI_SUBJECT_FLAGS_H_

#include <istream>
#include <optional>
#include <string>
#include <variant>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ridgeline/v1/interaction.pb.h"

namespace ridgeline {

/// For whom a command asks, as flags.
struct SubjectFlags {
  std::optional<std::string> user;
  std::optional<std::string> history;
  std::optional<std::string> vector;
  float vector_bias = 0;
};

/// For whom a command asks: a user id, a history or a vector.
using Subject = std::variant<std::string, v1::History, v1::UserVector>;

/// Declares --user and --history, and with `vectors` --vector and --vector-bias.
void AddSubjectFlags(CLI::App& command, SubjectFlags& flags, bool vectors);

/// "ITEM" or "ITEM=VALUE". What follows the last "=" is a value only if it is a number: "a=b" is an item.
v1::HistoryEntry ParseHistoryEntry(absl::string_view text);

/// The one subject that the flags name. A usage error when they name none or several, or the vector is not of
/// numbers; kNotFound when a file cannot be read.
absl::StatusOr<Subject> ReadSubject(const SubjectFlags& flags, std::istream& input);

/// Puts a subject into a request. `Request` is RecommendRequest, ScoreItemsRequest or ExplainRequest; the
/// latter takes no vector and ignores one.
template <typename Request>
void SetSubject(Subject subject, Request& request) {
  if (auto* user_id = std::get_if<std::string>(&subject)) request.set_user_id(std::move(*user_id));
  if (auto* history = std::get_if<v1::History>(&subject)) *request.mutable_history() = std::move(*history);
  if constexpr (requires { request.mutable_vector(); }) {
    if (auto* vector = std::get_if<v1::UserVector>(&subject)) *request.mutable_vector() = std::move(*vector);
  }
}

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_SUBJECT_FLAGS_H_
