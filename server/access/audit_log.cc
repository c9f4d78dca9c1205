#include "server/access/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

std::string LineOf(const AuditRecord& record, absl::Time time) {
  nlohmann::ordered_json line;
  line["time"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone());
  line["level"] = "info";
  line["event"] = "audit";
  line["audit"] = true;
  line["method"] = record.method;
  line["client"] = record.client;
  line["peer"] = record.peer;
  line["code"] = absl::StatusCodeToString(record.outcome.code());
  line["message"] = std::string(record.outcome.message());
  line["request"] = record.request.is_object() ? record.request : nlohmann::ordered_json::object();
  line["response"] = record.response.is_object() ? record.response : nlohmann::ordered_json::object();
  // Bytes that are not UTF-8 are replaced, ends of lines escaped: nobody can forge a line.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path, const Clock* clock) {
  std::unique_ptr<AuditLog> log(new AuditLog(clock));
  AuditLog* const self = log.get();
  log->path_ = path;
  log->writer_ = [self](const std::string& line) { return self->Append(line); };
  MutexLock lock(&log->mutex_);
  RIDGELINE_RETURN_IF_ERROR(log->OpenFile());
  return log;
}

AuditLog::AuditLog(Writer writer, const Clock* clock) : clock_(clock), writer_(std::move(writer)) {}

AuditLog::~AuditLog() {
  if (file_ >= 0) close(file_);
}

void AuditLog::Write(const AuditRecord& record) {
  if (!writer_(LineOf(record, clock_->Now()))) lost_.fetch_add(1, std::memory_order_relaxed);
}

void AuditLog::Reopen() {
  MutexLock lock(&mutex_);
  if (path_.empty()) return;
  struct stat opened = {};
  struct stat named = {};
  const bool same = file_ >= 0 && fstat(file_, &opened) == 0 && stat(path_.c_str(), &named) == 0 &&
                    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  // The old file is better than none; the next visit tries again.
  if (!same) OpenFile().IgnoreError();
}

absl::Status AuditLog::OpenFile() {
  const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("audit log ", path_, ": ", std::strerror(errno)));
  }
  if (file_ >= 0) close(file_);
  file_ = file;
  return absl::OkStatus();
}

bool AuditLog::Append(const std::string& line) {
  MutexLock lock(&mutex_);
  // A disk that became full may have taken the first part of the line before.
  const std::string bytes = absl::StrCat(torn_ ? "\n" : "", line, "\n");
  const ssize_t written = write(file_, bytes.data(), bytes.size());
  if (written > 0) torn_ = bytes[written - 1] != '\n';
  return written == static_cast<ssize_t>(bytes.size());
}

}  // namespace ridgeline
