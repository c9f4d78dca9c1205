#include "client/cli/bench/arrival_schedule.h"

#include <cmath>

namespace ridgeline {

absl::Duration ArrivalSchedule::Next() {
  gaps_ += arrivals_ == Arrivals::kConstant ? 1.0 : -std::log1p(-random_.Uniform());
  return absl::Seconds(gaps_ / rate_);
}

}  // namespace ridgeline
