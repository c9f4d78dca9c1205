#include "core/kernels/kernels.h"

namespace ridgeline::kernels {

// The build says for which level this library is; see CMakeLists.txt.
const char* InstructionSet() {
  return RIDGELINE_INSTRUCTION_SET;
}

}  // namespace ridgeline::kernels
