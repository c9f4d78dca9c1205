#ifndef RIDGELINE_SERVER_VERSION_H_
#define RIDGELINE_SERVER_VERSION_H_

namespace ridgeline {

/// Version of the software, e.g. "0.1.0"; CMake passes the project's own.
inline constexpr char kSoftwareVersion[] = RIDGELINE_VERSION;

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_VERSION_H_
