#include "core/lab/npz.h"

#include <zip.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/lab/npy.h"

namespace ridgeline {
namespace {

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

absl::StatusOr<Archive> OpenArchive(const std::string& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (archive != nullptr) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string message = absl::StrCat(path, ": ", zip_error_strerror(&error));
  zip_error_fini(&error);
  if (code == ZIP_ER_NOENT) return absl::NotFoundError(message);
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::string> ReadMember(zip_t* archive, zip_uint64_t index) {
  zip_stat_t stat;
  const bool known = zip_stat_index(archive, index, 0, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0;
  const std::unique_ptr<zip_file_t, CloseMember> member(zip_fopen_index(archive, index, 0));
  if (!known || member == nullptr) return absl::InvalidArgumentError(zip_strerror(archive));
  // Grown by what comes, not by what the archive says: a lie would take all memory.
  std::string bytes;
  std::string buffer(size_t{1} << 20, '\0');
  while (true) {
    const zip_int64_t size = zip_fread(member.get(), buffer.data(), buffer.size());
    if (size < 0) return absl::InvalidArgumentError(zip_file_strerror(member.get()));
    if (size == 0) break;
    bytes.append(buffer, 0, static_cast<size_t>(size));
  }
  if (bytes.size() != stat.size) return absl::InvalidArgumentError("it is cut off");
  return bytes;
}

absl::StatusOr<FloatTensor> ReadArray(zip_t* archive, zip_uint64_t index) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::string bytes, ReadMember(archive, index));
  return ParseNpy(bytes);
}

}  // namespace

absl::StatusOr<std::map<std::string, FloatTensor>> ReadNpz(const std::string& path,
                                                           const std::vector<std::string>& names) {
  RIDGELINE_ASSIGN_OR_RETURN(const Archive archive, OpenArchive(path));
  std::map<std::string, FloatTensor> tensors;
  for (const std::string& name : names) {
    const zip_int64_t index = zip_name_locate(archive.get(), absl::StrCat(name, ".npy").c_str(), 0);
    if (index < 0) continue;
    absl::StatusOr<FloatTensor> tensor = ReadArray(archive.get(), static_cast<zip_uint64_t>(index));
    if (!tensor.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", name, ": ", tensor.status().message()));
    }
    tensors[name] = *std::move(tensor);
  }
  return tensors;
}

}  // namespace ridgeline
