#include "core/lab/tuning_plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ridgeline {
namespace {

constexpr double kWidth = 720, kHeight = 440;
constexpr double kLeft = 80, kRight = 600, kTop = 50, kBottom = 380;
constexpr int kMetricTicks = 5;
// Distinguishable by readers with any colour vision (Okabe and Ito 2008).
constexpr const char* kColours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                    "#56b4e9", "#d55e00", "#000000"};

// From values to pixels along one direction.
struct Axis {
  double low = 0.0, high = 1.0;    // values
  double first = 0.0, last = 1.0;  // pixels

  double At(double value) const { return first + (last - first) * (value - low) / (high - low); }
};

// The values' bounds with a twentieth of their distance around.
Axis MakeAxis(const std::vector<double>& values, double first, double last) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double margin =
      std::max((*high - *low) / 20, 1e-3 * std::max(std::abs(*low), std::abs(*high)) + 1e-12);
  return {*low - margin, *high + margin, first, last};
}

std::string Text(double x, double y, absl::string_view anchor, absl::string_view text) {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text);
}

std::string Line(double x1, double y1, double x2, double y2) {
  return absl::StrFormat("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>\n", x1, y1,
                         x2, y2);
}

std::string Circle(double x, double y, double radius, absl::string_view style) {
  return absl::StrFormat("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>\n", x, y, radius, style);
}

class Plot {
 public:
  explicit Plot(const TuningReport& report) : report_(report) {
    std::vector<double> regularizations, metrics;
    for (size_t i = 0; i < report.candidates.size(); ++i) {
      regularizations.push_back(std::log10(report.candidates[i].regularization));
      metrics.push_back(Metric(i));
      factors_[report.candidates[i].factors] = "";
    }
    x_ = MakeAxis(regularizations, kLeft, kRight);
    y_ = MakeAxis(metrics, kBottom, kTop);
    for (auto it = factors_.begin(); it != factors_.end(); ++it) {
      it->second = kColours[static_cast<size_t>(std::distance(factors_.begin(), it)) % std::size(kColours)];
    }
  }

  std::string Draw() const {
    std::string svg = absl::StrFormat(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" "
        "font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        kWidth, kHeight);
    absl::StrAppend(&svg, Text((kLeft + kRight) / 2, 28, "middle", report_.metric + " by regularization"),
                    MetricTicks(), RegularizationTicks(), Points(), Legend(), "</svg>\n");
    return svg;
  }

 private:
  double Metric(size_t candidate) const {
    return report_.Metric(report_.result.rungs[candidate].back().score);
  }

  std::string MetricTicks() const {
    std::string svg;
    for (int tick = 0; tick < kMetricTicks; ++tick) {
      const double value = y_.low + (y_.high - y_.low) * tick / (kMetricTicks - 1);
      absl::StrAppend(&svg, Line(kLeft, y_.At(value), kRight, y_.At(value)),
                      Text(kLeft - 8, y_.At(value) + 4, "end", absl::StrFormat("%.4f", value)));
    }
    return svg;
  }

  // At 1, 2 and 5 times the powers of ten.
  std::string RegularizationTicks() const {
    std::string svg = Text((kLeft + kRight) / 2, kBottom + 45, "middle", "regularization");
    for (double power = std::floor(x_.low); power <= x_.high; ++power) {
      for (const double digit : {1.0, 2.0, 5.0}) {
        const double at = power + std::log10(digit);
        if (at < x_.low || at > x_.high) continue;
        absl::StrAppend(&svg, Line(x_.At(at), kTop, x_.At(at), kBottom),
                        Text(x_.At(at), kBottom + 20, "middle", absl::StrFormat("%.4g", std::pow(10.0, at))));
      }
    }
    return svg;
  }

  std::string Points() const {
    std::string svg;
    for (size_t i = 0; i < report_.candidates.size(); ++i) {
      const double x = x_.At(std::log10(report_.candidates[i].regularization));
      const double y = y_.At(Metric(i));
      const bool finished = report_.result.rungs[i].back().iterations == report_.iterations;
      const std::string fill = absl::StrCat("fill=\"", factors_.at(report_.candidates[i].factors), "\"");
      absl::StrAppend(&svg, Circle(x, y, finished ? 6 : 3, fill));
      if (i == report_.result.best) absl::StrAppend(&svg, Circle(x, y, 10, "fill=\"none\" stroke=\"black\""));
      if (i == 0) absl::StrAppend(&svg, Text(x, y - 14, "middle", "start"));
    }
    return svg;
  }

  std::string Legend() const {
    std::string svg = Text(kRight + 20, kTop + 4, "start", "factors");
    double y = kTop + 26;
    for (const auto& [factors, colour] : factors_) {
      absl::StrAppend(&svg, Circle(kRight + 26, y - 4, 6, absl::StrCat("fill=\"", colour, "\"")),
                      Text(kRight + 40, y, "start", absl::StrCat(factors)));
      y += 20;
    }
    absl::StrAppend(&svg, Text(kRight + 20, y + 10, "start", "ring: best"),
                    Text(kRight + 20, y + 30, "start", "small: given up"));
    return svg;
  }

  const TuningReport& report_;
  std::map<int, std::string> factors_;  // to colours
  Axis x_, y_;
};

}  // namespace

std::string TuningPlot(const TuningReport& report) {
  return Plot(report).Draw();
}

}  // namespace ridgeline
