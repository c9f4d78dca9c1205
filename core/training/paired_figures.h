#ifndef RIDGELINE_CORE_TRAINING_PAIRED_FIGURES_H_
#define RIDGELINE_CORE_TRAINING_PAIRED_FIGURES_H_

#include <cstdint>
#include <vector>

namespace ridgeline {

/// Two models measured on the same users: what tells a real difference from chance is how it varies from user
/// to user. A plain value.
struct PairedFigures {
  /// Whether the figures are squared errors, summed over a user's ratings, of which less is better; otherwise
  /// ranking metrics between 0 and 1.
  bool are_errors = false;

  std::vector<double> model;  ///< [users] of the model in question
  std::vector<double> other;  ///< [users] of the one that it is held against
  int64_t ratings = 0;        ///< that the squared errors are of; unused otherwise

  int64_t users() const { return static_cast<int64_t>(model.size()); }
};

/// With fewer users than this nothing can be told from their spread.
inline constexpr int64_t kFewestPairedUsers = 30;

/// The models' figures as they are reported: the mean, or the root of the mean squared error; 0 without
/// users.
double ModelFigure(const PairedFigures& figures);
double OtherFigure(const PairedFigures& figures);

/// Whether the model's figure is worse than the other's by more than the share `tolerance` of that, and by
/// more than twice the standard error of the difference, which one in forty equal models is by chance. False
/// with fewer than kFewestPairedUsers.
bool IsSurelyWorse(const PairedFigures& figures, double tolerance);

/// The best that the model's figure can be, at twice the standard error: the largest mean, or the smallest
/// error. 0 without users.
double BestFigure(const PairedFigures& figures);

/// How much better than the other's the model's figure can be, at twice the standard error; below 0 when it
/// is surely worse. In units of the figure.
double MostAdvantage(const PairedFigures& figures);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_PAIRED_FIGURES_H_
