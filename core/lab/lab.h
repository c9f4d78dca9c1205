#ifndef RIDGELINE_CORE_LAB_LAB_H_
#define RIDGELINE_CORE_LAB_LAB_H_

#include "core/lab/command.h"

namespace ridgeline {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

/// The whole of ridgeline-lab: parses the `argc` arguments, the program's name first, runs the subcommand and
/// returns the exit code.
int RunLab(int argc, const char* const* argv, const Console& console);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_LAB_H_
