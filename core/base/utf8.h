#ifndef RIDGELINE_CORE_BASE_UTF8_H_
#define RIDGELINE_CORE_BASE_UTF8_H_

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Whether `text` is well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(absl::string_view text);

/// Whether `text` is of the characters U+0020 to U+007E only: well-formed UTF-8 without controls.
bool IsPrintableAscii(absl::string_view text);

/// Whether well-formed `text` holds a control character: U+0000 to U+001F or U+007F to U+009F.
bool HasControlCharacter(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_UTF8_H_
