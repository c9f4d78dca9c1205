#include "core/interactions/delimited.h"

#include <cstring>

#include "absl/strings/match.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

absl::string_view TextOf(Separator separator) {
  switch (separator) {
    case Separator::kTab:
      return "\t";
    case Separator::kDoubleColon:
      return "::";
    default:
      return ",";
  }
}

}  // namespace

absl::optional<Separator> FindSeparator(absl::string_view line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted) continue;
    for (const Separator separator : {Separator::kComma, Separator::kTab, Separator::kDoubleColon}) {
      if (absl::StartsWith(line.substr(i), TextOf(separator))) return separator;
    }
  }
  return absl::nullopt;
}

absl::Status FieldSplitter::Split(absl::string_view line) {
  fields_.clear();
  if (separator_ == Separator::kDoubleColon) {
    SplitAtDoubleColons(line);
    return absl::OkStatus();
  }
  const char separator = TextOf(separator_)[0];
  if (SplitPlain(line, separator)) return absl::OkStatus();
  fields_.clear();
  return SplitQuoted(line, separator);
}

// One pass: for fields of a few bytes each, searches by memchr would cost more to call than to run.
bool FieldSplitter::SplitPlain(absl::string_view line, char separator) {
  size_t begin = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == separator) {
      fields_.emplace_back(line.data() + begin, i - begin);
      begin = i + 1;
    } else if (line[i] == '"') {
      return false;
    }
  }
  fields_.emplace_back(line.data() + begin, line.size() - begin);
  return true;
}

void FieldSplitter::SplitAtDoubleColons(absl::string_view line) {
  constexpr absl::string_view kSeparator = "::";
  size_t begin = 0;
  for (size_t end = line.find(kSeparator); end != absl::string_view::npos;
       end = line.find(kSeparator, begin)) {
    fields_.push_back(line.substr(begin, end - begin));
    begin = end + kSeparator.size();
  }
  fields_.push_back(line.substr(begin));
}

absl::Status FieldSplitter::SplitQuoted(absl::string_view line, char separator) {
  unquoted_.clear();
  unquoted_.reserve(line.size());  // never more is needed, so views into it stay
  for (absl::string_view rest = line;; rest.remove_prefix(1)) {
    if (absl::StartsWith(rest, "\"")) {
      RIDGELINE_RETURN_IF_ERROR(TakeQuotedField(&rest));
    } else {
      fields_.push_back(rest.substr(0, rest.find(separator)));
      rest.remove_prefix(fields_.back().size());
    }
    if (rest.empty()) return absl::OkStatus();
    if (rest[0] != separator) return absl::InvalidArgumentError("text follows a closing quote");
  }
}

absl::Status FieldSplitter::TakeQuotedField(absl::string_view* rest) {
  const size_t begin = unquoted_.size();
  for (size_t i = 1; i < rest->size(); ++i) {
    if ((*rest)[i] != '"') {
      unquoted_.push_back((*rest)[i]);
    } else if (i + 1 < rest->size() && (*rest)[i + 1] == '"') {
      unquoted_.push_back('"');
      ++i;
    } else {
      rest->remove_prefix(i + 1);
      fields_.push_back(absl::string_view(unquoted_).substr(begin));
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError("a quote is not closed on its line");
}

}  // namespace ridgeline
