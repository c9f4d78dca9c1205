#ifndef RIDGELINE_TESTS_FUZZ_SIGNED_MANIFEST_H_
#define RIDGELINE_TESTS_FUZZ_SIGNED_MANIFEST_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/base/checksum.h"
#include "nlohmann/json.hpp"

namespace ridgeline {

/// `text`, when it is a JSON object, as a manifest is spelled and with the checksum that it must have: what
/// one sends who knows the format. Otherwise `text`.
inline std::string SignedManifest(absl::string_view text) {
  using nlohmann::json;
  json document = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return std::string(text);
  document.erase("xxh3_64");
  const auto spelled = [&document](int indent) {
    return document.dump(indent, ' ', false, json::error_handler_t::replace);
  };
  document["xxh3_64"] = absl::StrFormat("%016x", Checksum64(spelled(-1)));
  return absl::StrCat(spelled(2), "\n");
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_SIGNED_MANIFEST_H_
