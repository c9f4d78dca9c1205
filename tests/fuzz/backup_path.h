#ifndef RIDGELINE_TESTS_FUZZ_BACKUP_PATH_H_
#define RIDGELINE_TESTS_FUZZ_BACKUP_PATH_H_

#include <algorithm>
#include <filesystem>
#include <string>

#include "absl/strings/ascii.h"

namespace ridgeline {

/// Whether `path`, put behind that of a folder, names something inside of it, by the rules of paths alone.
inline bool StaysInside(const std::string& path) {
  if (path.find('\0') != std::string::npos) return false;
  const std::filesystem::path inner(path);
  if (!inner.is_relative() || !inner.has_filename()) return false;
  // Nothing to be left out, as "." and "//" are, and no ".." that would be left over.
  const bool is_normal = inner.lexically_normal().native() == path;
  return is_normal && *inner.begin() != ".." && *inner.begin() != ".";
}

/// Whether a file of a backup may have `path`, said a second time: it stays inside, is of names of harmless
/// characters, and is not that of the manifest.
inline bool MayBeInABackup(const std::string& path) {
  const auto harmless = [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-' || c == '/';
  };
  const std::filesystem::path inner(path);
  return StaysInside(path) && path != "backup.json" && std::all_of(path.begin(), path.end(), harmless) &&
         std::all_of(inner.begin(), inner.end(),
                     [](const auto& name) { return name.native().size() <= 255; });
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_FUZZ_BACKUP_PATH_H_
