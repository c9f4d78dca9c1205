#ifndef RIDGELINE_SERVER_ACCESS_TLS_IDENTITY_H_
#define RIDGELINE_SERVER_ACCESS_TLS_IDENTITY_H_

#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "server/access/file_watch.h"
#include "server/access/tls_files.h"

namespace ridgeline {

/// The server's certificate and key, and whose clients it lets in, taken up anew when the files change.
/// Connections that are open stay as they are; each new one gets what is in force. Thread-safe.
///
/// gRPC's own watcher of files hands on whatever it reads, also a certificate whose key is not there yet, and
/// then fails every handshake. Here files count only when they have settled and fit each other, and gRPC asks
/// for them, together, at each handshake.
class TlsIdentity {
 public:
  /// Errors as ReadTlsFiles.
  static absl::StatusOr<std::unique_ptr<TlsIdentity>> Open(const TlsFiles& files);
  ~TlsIdentity();

  /// Reads the files again when they were changed or replaced, see FileWatch: true when they are in force
  /// from now on, false when there was nothing to do. With an error those from before stay in force. To be
  /// called from time to time.
  absl::StatusOr<bool> Reload();

  /// Credentials for one port of a server, which this object must outlive.
  std::shared_ptr<grpc::ServerCredentials> MakeCredentials();

 private:
  class Credentials;
  struct Port;

  explicit TlsIdentity(const TlsFiles& files);

  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reading_);

  const TlsFiles files_;
  Mutex reading_;
  FileWatch watch_ ABSL_GUARDED_BY(reading_);
  Mutex mutex_;
  TlsMaterial material_ ABSL_GUARDED_BY(mutex_);  // in force
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Port>> ports_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_TLS_IDENTITY_H_
