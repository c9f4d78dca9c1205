#ifndef RIDGELINE_SERVER_ACCESS_API_KEY_H_
#define RIDGELINE_SERVER_ACCESS_API_KEY_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// The SHA-256 of an API key, all that the server keeps of it. Keys are 256 random bits, so that neither salt
/// nor a slow hash would add anything.
using KeyDigest = std::array<uint8_t, 32>;

/// Longest key that is looked at, in bytes.
inline constexpr size_t kMaxKeyBytes = 512;

/// Hashes `key`; about 0.2 microseconds.
KeyDigest DigestOfKey(absl::string_view key);

/// Reads 64 hexadecimal digits. kInvalidArgument, without repeating the text, when it is anything else.
absl::StatusOr<KeyDigest> ParseDigest(absl::string_view hex);

/// Whether the two are the same, in a time that does not depend on where they differ.
bool EqualDigests(const KeyDigest& a, const KeyDigest& b);

/// The key of an `authorization` header "Bearer KEY", a part of `header`. kUnauthenticated, without repeating
/// any of it, when it has another form.
absl::StatusOr<absl::string_view> ParseBearer(absl::string_view header);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_API_KEY_H_
