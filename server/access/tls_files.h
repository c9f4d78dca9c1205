#ifndef RIDGELINE_SERVER_ACCESS_TLS_FILES_H_
#define RIDGELINE_SERVER_ACCESS_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"

namespace ridgeline {

/// Where the server's identity lies, all in PEM.
struct TlsFiles {
  std::string certificate;  ///< the server's, then those between it and the root
  std::string key;          ///< of the first certificate, without passphrase
  std::string client_ca;    ///< roots whose clients are let in; "": clients need no certificate
};

/// What was in them.
struct TlsMaterial {
  std::string certificate;
  std::string key;
  std::string client_ca;
};

/// Reads the files and looks whether a server could use them: each whole, at least one certificate, the key
/// that of the first one, which is valid now. kInvalidArgument with the file's name when not, or as ReadFile.
/// Errors repeat nothing of the files.
absl::StatusOr<TlsMaterial> ReadTlsFiles(const TlsFiles& files);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_TLS_FILES_H_
