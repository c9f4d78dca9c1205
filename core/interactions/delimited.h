#ifndef RIDGELINE_CORE_INTERACTIONS_DELIMITED_H_
#define RIDGELINE_CORE_INTERACTIONS_DELIMITED_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace ridgeline {

/// What stands between the fields of a line.
enum class Separator {
  kComma,
  kTab,
  kDoubleColon,  ///< "::", MovieLens' own; knows no quotes
};

/// The separator that comes first in `line` outside of quotes; nullopt when there is none.
absl::optional<Separator> FindSeparator(absl::string_view line);

/// Splits lines into fields and keeps the memory that this takes from line to line. Thread-compatible.
class FieldSplitter {
 public:
  explicit FieldSplitter(Separator separator) : separator_(separator) {}

  /// Splits `line`; fields() then has at least one. With a comma or a tab, a field that begins with a quote
  /// ends with one and may hold separators, and quotes written twice (RFC 4180); it ends on the same line.
  /// Blanks belong to the field. kInvalidArgument when a quote is not closed or something follows a closing
  /// one.
  absl::Status Split(absl::string_view line);

  /// The fields of the last line. They live as long as that line, and until the next Split.
  const std::vector<absl::string_view>& fields() const { return fields_; }

 private:
  // False, with fields_ spoilt, when there is a quote.
  bool SplitPlain(absl::string_view line, char separator);
  void SplitAtDoubleColons(absl::string_view line);
  absl::Status SplitQuoted(absl::string_view line, char separator);

  // Takes a quoted field off the front of `rest`, up to the separator or the end.
  absl::Status TakeQuotedField(absl::string_view* rest);

  const Separator separator_;
  std::vector<absl::string_view> fields_;
  std::string unquoted_;  // what fields without their doubled quotes point into
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_DELIMITED_H_
