#ifndef RIDGELINE_CORE_LAB_TUNING_PLOT_H_
#define RIDGELINE_CORE_LAB_TUNING_PLOT_H_

#include <string>

#include "core/lab/tuning_report.h"

namespace ridgeline {

/// An SVG image of what was tried: the metric over the regularization, its axis logarithmic, one point a
/// candidate, its colour by the number of factors, small where it did not come to the last rung, ringed where
/// it is the best.
std::string TuningPlot(const TuningReport& report);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TUNING_PLOT_H_
