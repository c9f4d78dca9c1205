#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/backup/backup_manifest.h"
#include "client/backup/backup_writer.h"
#include "client/backup/file_checksum.h"
#include "client/backup/restore.h"
#include "core/base/file.h"
#include "google/protobuf/util/time_util.h"
#include "tests/fuzz/backup_path.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using Message = v1::CreateBackupResponse;
using Stream = std::vector<Message>;
using Files = std::map<std::string, std::string>;  // bytes by path

constexpr size_t kMostMessages = 60;

// The messages of an input, on the wire one after another.
Stream TakeStream(InputCutter& cutter) {
  Stream stream;
  while (!cutter.empty() && stream.size() < kMostMessages) {
    Message message;
    if (message.ParseFromString(std::string(cutter.TakeText(255)))) stream.push_back(message);
  }
  return stream;
}

// Begin and end, with all that they say otherwise.
template <typename Part>
void SetTotals(int64_t files, int64_t bytes, Part* part) {
  part->set_file_count(files);
  part->set_byte_count(bytes);
}

// The stream with the sizes and checksums of what it sends, as a server's has.
Stream Honest(Stream stream) {
  int64_t total_files = 0;
  int64_t total_bytes = 0;
  v1::BackupFile* file = nullptr;
  std::string bytes;
  for (Message& message : stream) {
    if (message.has_file()) {
      file = message.mutable_file();
      bytes.clear();
    }
    bytes += message.chunk();
    if (!message.has_file_end()) continue;
    FileChecksum checksum;
    checksum.Add(bytes);
    message.mutable_file_end()->set_xxh3(checksum.Hex());
    if (file != nullptr) file->set_byte_count(static_cast<int64_t>(bytes.size()));
    ++total_files;
    total_bytes += static_cast<int64_t>(bytes.size());
  }
  for (Message& message : stream) {
    if (message.has_begin()) SetTotals(total_files, total_bytes, message.mutable_begin());
    if (message.has_end()) SetTotals(total_files, total_bytes, message.mutable_end());
  }
  return stream;
}

bool AreSame(const Stream& a, const Stream& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Message& x, const Message& y) {
    return x.SerializeAsString() == y.SerializeAsString();
  });
}

// The grammar of proto/ridgeline/v1/backup_service.proto.
bool IsInOrder(const Stream& stream) {
  static const auto& grammar = *new std::regex("b(fc*e)*z");
  std::string letters;
  for (const Message& message : stream) letters += "?bfcez"[message.part_case()];
  return std::regex_match(letters, grammar);
}

// Whether one folder can hold files of these paths.
bool CanLieInAFolder(const Stream& stream) {
  std::set<std::string> paths;
  for (const Message& message : stream) {
    if (!message.has_file()) continue;
    if (!MayBeInABackup(message.file().path()) || !paths.insert(message.file().path()).second) return false;
  }
  paths.insert(kBackupManifestName);
  return std::none_of(paths.begin(), paths.end(), [&](const std::string& path) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& other) {
      return absl::StartsWith(other, absl::StrCat(path, "/"));
    });
  });
}

// JSON has texts for the years 1 to 9999.
bool HasTime(const Stream& stream) {
  using google::protobuf::util::TimeUtil;
  const auto& time = stream.front().begin().create_time();
  return time.seconds() >= TimeUtil::kTimestampMinSeconds &&
         time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0 && time.nanos() <= 999'999'999;
}

bool IsABackup(const Stream& stream) {
  return IsInOrder(stream) && CanLieInAFolder(stream) && HasTime(stream) && AreSame(stream, Honest(stream));
}

Files FilesOf(const Stream& stream) {
  Files files;
  std::string path;
  for (const Message& message : stream) {
    if (message.has_file()) path = message.file().path();
    if (!path.empty()) files[path] += message.chunk();
  }
  return files;
}

Files FilesBelow(const std::string& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) continue;
    files[entry.path().lexically_relative(folder).string()] = ReadFile(entry.path().string()).value();
  }
  return files;
}

std::set<std::string> NamesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

absl::Status Write(const Stream& stream, const std::string& directory) {
  const auto writer = BackupWriter::Create(directory);
  if (!writer.ok()) return writer.status();
  for (const Message& message : stream) {
    absl::Status added = (*writer)->Add(message);
    if (!added.ok()) return added;
    Require(!message.has_file() || StaysInside(message.file().path()), "no file leads out of the folder");
  }
  return (*writer)->Finish().status();
}

// The backup in `directory` and what `data_dir` is restored to are the files that were sent.
void CheckRestored(const std::string& directory, const std::string& data_dir, const Files& sent) {
  const auto nobody = [](int64_t, int64_t) {};
  Files kept = FilesBelow(directory);
  Require(kept.erase(kBackupManifestName) == 1 && kept == sent, "a backup has the files that were sent");
  Require(VerifyBackup(directory, nobody).ok(), "a backup that was made is whole");
  Require(RestoreBackup(directory, data_dir, nobody).ok() && FilesBelow(data_dir) == sent,
          "what is restored is what was sent");
}

// The stream of a server, whatever it sends: a folder of just these files, or nothing at all.
void CheckStream(const Stream& stream) {
  const TempDir outside;
  const std::string inside = outside.File("in");
  fs::create_directory(inside);
  const absl::Status written = Write(stream, absl::StrCat(inside, "/backup"));
  RequireExplained(written);
  Require(written.ok() == IsABackup(stream),
          absl::StrCat("just a whole stream is a backup, got ", written.ToString()));
  Require(NamesIn(inside).count("backup") == (written.ok() ? 1 : 0), "what fails leaves no backup");
  if (written.ok())
    CheckRestored(absl::StrCat(inside, "/backup"), absl::StrCat(inside, "/data"), FilesOf(stream));
  fs::remove_all(absl::StrCat(inside, "/backup"));
  fs::remove_all(absl::StrCat(inside, "/data"));
  Require(NamesIn(inside).empty() && NamesIn(outside.path()).size() == 1, "nothing is written elsewhere");
}

// As it came, and with the sizes and checksums that let it past those checks.
RIDGELINE_FUZZ_TARGET(backup_stream) {
  google::protobuf::SetLogHandler(nullptr);
  InputCutter cutter(input);
  const Stream stream = TakeStream(cutter);
  CheckStream(stream);
  CheckStream(Honest(stream));
}

}  // namespace
}  // namespace ridgeline
