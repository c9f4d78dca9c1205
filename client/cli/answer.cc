#include "client/cli/answer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

constexpr int kNamedIds = 10;

}  // namespace

std::string Provenance(v1::Source source, const std::string& model_version) {
  const std::string name = FormatEnum(v1::Source_Name(source), "SOURCE_");
  const char* note = source == v1::SOURCE_POPULAR ? " (nothing is known of this user)" : "";
  return absl::StrCat(name, note, " by model ", model_version);
}

void NoteUnknownItems(const google::protobuf::RepeatedPtrField<std::string>& ids, int64_t count,
                      Output& output) {
  if (count == 0) return;
  const int named = std::min(kNamedIds, ids.size());
  output.Note(absl::StrCat("not known to the model: ", FormatCount(count, "item", "items"), ": ",
                           absl::StrJoin(ids.begin(), ids.begin() + named, ", "),
                           count > named ? ", ..." : ""));
}

}  // namespace ridgeline
