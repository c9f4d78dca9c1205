#ifndef RIDGELINE_SERVER_ACCESS_AUDIT_LOG_H_
#define RIDGELINE_SERVER_ACCESS_AUDIT_LOG_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// One thing that somebody did, or was not let do.
struct AuditRecord {
  std::string method;               ///< "/ridgeline.v1.ModelService/ActivateModel", or "GET /metrics"
  std::string client;               ///< name of the API key; "" when it is not known
  std::string peer;                 ///< the address that the call came from
  absl::Status outcome;             ///< how it ended
  nlohmann::ordered_json request;   ///< what it was about, see AuditedRequest
  nlohmann::ordered_json response;  ///< what came of it
};

/// Whether a call ended so because somebody may not make it: denials are audited, whatever the method.
bool IsDenial(const absl::Status& outcome);

/// Writes who did what, one JSON object a line, while the call it is about still waits for its answer:
///
///   {"time": "2026-01-02T03:04:05.678Z", "level": "info", "event": "audit", "audit": true, "method": ...,
///    "client": "nightly", "peer": "ipv4:10.0.0.7:51312", "code": "OK", "message": "",
///    "request": {"version": "v000003"}, "response": {"version": "v000003"}}
///
/// Refusals cost the server little, and their lines would fill a disk: of each client, and of all strangers
/// together, who have no key in force, the first kMostRefusals of a minute get lines of their own, and those
/// beyond one line together, whose method is "*" and whose response counts them, {"refusals": 4711}.
///
/// A line that cannot be written is lost and counted; calls go on. Thread-safe.
class AuditLog {
 public:
  static constexpr int64_t kMostRefusals = 100;

  /// Takes one line without its end; false when it could not be written.
  using Writer = std::function<bool(const std::string& line)>;

  /// Appends to the file `path`, made when absent, readable by its owner and group. kUnavailable when it
  /// cannot be opened. `clock` must outlive the log.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(const std::string& path, const Clock* clock);

  /// Hands the lines to `writer`, from several threads at once.
  AuditLog(Writer writer, const Clock* clock);

  /// Sums up.
  ~AuditLog();

  /// To be asked about each call before its record is made: false when its outcome is a refusal of `client`,
  /// "" for a stranger, beyond those that have lines, which is counted then.
  bool HasRoomFor(absl::string_view client, const absl::Status& outcome);

  void Write(const AuditRecord& record);

  /// Writes how many refusals of a minute that is over had no lines, of each client. To be called from time
  /// to time.
  void SumUp();

  /// Opens the file anew when it was moved away, as log rotation does. To be called from time to time.
  void Reopen();

  /// Lines lost so far.
  int64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  explicit AuditLog(const Clock* clock) : clock_(clock) {}

  void WriteSums();
  bool Append(const std::string& line);
  absl::Status OpenFile() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock* const clock_;
  Writer writer_;
  std::string path_;
  Mutex mutex_;
  int file_ ABSL_GUARDED_BY(mutex_) = -1;
  bool torn_ ABSL_GUARDED_BY(mutex_) = false;  // the last line has no end
  Mutex counting_;
  absl::Time minute_ ABSL_GUARDED_BY(counting_) = absl::InfinitePast();            // since when is counted
  absl::flat_hash_map<std::string, int64_t> refusals_ ABSL_GUARDED_BY(counting_);  // by client
  std::atomic<int64_t> lost_{0};
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_AUDIT_LOG_H_
