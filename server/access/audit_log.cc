#include "server/access/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/access/client_limiter.h"

namespace ridgeline {
namespace {

// Messages may repeat what was sent.
constexpr size_t kMaxMessage = 1'024;

// Whether `file` ends within a line, as a full disk or a crash leaves it.
bool EndsTorn(int file) {
  struct stat status = {};
  char last = '\n';
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return false;
  return pread(file, &last, 1, status.st_size - 1) == 1 && last != '\n';
}

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
  line["message"] = std::string(record.outcome.message().substr(0, kMaxMessage));
  line["request"] = record.request.is_object() ? record.request : nlohmann::ordered_json::object();
  line["response"] = record.response.is_object() ? record.response : nlohmann::ordered_json::object();
  // Bytes that are not UTF-8 are replaced, ends of lines escaped: nobody can forge a line.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

bool IsDenial(const absl::Status& outcome) {
  return absl::IsUnauthenticated(outcome) || absl::IsPermissionDenied(outcome);
}

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
  WriteSums();
  if (file_ >= 0) close(file_);
}

bool AuditLog::HasRoomFor(absl::string_view client, const absl::Status& outcome) {
  if (!IsDenial(outcome) && !LimitedClient(outcome).has_value()) return true;
  MutexLock lock(&counting_);
  if (refusals_.empty()) minute_ = clock_->Now();
  return ++refusals_[client] <= kMostRefusals;
}

void AuditLog::SumUp() {
  {
    MutexLock lock(&counting_);
    const absl::Duration counted = clock_->Now() - minute_;
    // A clock that was set back must not make the minute longer.
    if (counted >= absl::ZeroDuration() && counted < absl::Minutes(1)) return;
  }
  WriteSums();
}

void AuditLog::WriteSums() {
  absl::flat_hash_map<std::string, int64_t> refusals;
  {
    MutexLock lock(&counting_);
    refusals.swap(refusals_);
  }
  for (const auto& [client, count] : refusals) {
    if (count <= kMostRefusals) continue;
    AuditRecord sum;
    sum.method = "*";
    sum.client = client;
    sum.outcome = absl::PermissionDeniedError("more calls were refused");
    sum.response = {{"refusals", count - kMostRefusals}};
    Write(sum);
  }
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
  const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("audit log ", path_, ": ", std::strerror(errno)));
  }
  if (file_ >= 0) close(file_);
  file_ = file;
  torn_ = EndsTorn(file);
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
