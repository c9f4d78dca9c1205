#include "core/evaluation/evaluator.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "core/als/fold_in.h"
#include "core/base/status_macros.h"
#include "core/base/thread_priority.h"
#include "core/evaluation/top_rows.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

// Users scored together: enough that a tile of items is read from memory for all of them at once, few enough
// that their scores stay small and threads share the work evenly.
constexpr int64_t kUsersPerBlock = 16;

// Bytes of item factors that stay in a core's own cache while every user of a block is scored against them.
constexpr size_t kTileBytes = size_t{128} << 10;

absl::Status Invalid(absl::string_view problem) {
  return absl::InvalidArgumentError(problem);
}

absl::Status CheckShape(absl::string_view name, const CsrMatrix& matrix, const FactorModel& model) {
  if (matrix.rows == model.users().rows() && matrix.columns == model.items().rows()) return absl::OkStatus();
  return Invalid(absl::StrCat(name, ": is ", matrix.rows, " x ", matrix.columns, ", the model has ",
                              model.users().rows(), " users and ", model.items().rows(), " items"));
}

std::vector<uint32_t> UsersWithEntries(const CsrMatrix& matrix) {
  std::vector<uint32_t> users;
  for (uint32_t user = 0; user < matrix.rows; ++user) {
    if (matrix.RowEntries(user) > 0) users.push_back(user);
  }
  return users;
}

int LargestCutOff(const EvaluationOptions& options) {
  int largest = 0;
  for (const RankingMetricAt& metric : options.ranking) largest = std::max(largest, metric.k);
  return largest;
}

// Measures users against one model. Thread-safe: each user has a result of its own, answered items are atomic
// flags.
class UserEvaluator {
 public:
  UserEvaluator(const FactorModel& model, const HeldOut& held_out, const EvaluationOptions& options)
      : model_(model),
        held_out_(held_out),
        options_(options),
        largest_cut_off_(LargestCutOff(options)),
        answered_(options.ranking.size() * model.items().rows()) {
    for (uint32_t item = 0; item < model.items().rows(); ++item) {
      if (!IsKnownItem(item)) unknown_items_.push_back(item);
    }
  }

  // Measures each of `users`; `statuses` and `results` [users].
  void EvaluateBlock(absl::Span<const uint32_t> users, absl::Span<absl::Status> statuses,
                     absl::Span<UserFigures> results) {
    std::vector<UserVector> vectors(users.size());
    for (size_t i = 0; i < users.size(); ++i) {
      absl::StatusOr<UserVector> vector = VectorOf(users[i]);
      statuses[i] = vector.status();
      // A failed fold-in ends the evaluation; until then a zero vector stands in for it.
      vectors[i] = vector.ok() ? *std::move(vector) : UserVector{std::vector<float>(Factors(), 0.0f)};
      if (options_.rmse || options_.mae) AddErrors(users[i], vectors[i], &results[i]);
    }
    if (!options_.ranking.empty()) RankBlock(users, vectors, results);
  }

  // Distinct items answered under the `metric`-th ranking metric, over those that can be answered at all.
  double Coverage(size_t metric) const {
    const size_t items = model_.items().rows();
    const size_t answerable = items - unknown_items_.size();
    int64_t answered = 0;
    for (size_t item = 0; item < items; ++item) {
      answered += answered_[metric * items + item].load(std::memory_order_relaxed) ? 1 : 0;
    }
    return answerable == 0 ? 0.0 : static_cast<double>(answered) / static_cast<double>(answerable);
  }

 private:
  size_t Factors() const { return static_cast<size_t>(model_.factors()); }

  // Whether the item was in the training data: a served model has others only where they were placed.
  bool IsKnownItem(size_t item) const { return model_.item_popularity()[item] > 0.0f; }
  bool IsKnownUser(uint32_t user) const { return held_out_.known.RowEntries(user) > 0; }

  absl::StatusOr<UserVector> VectorOf(uint32_t user) const {
    if (!held_out_.fold_in_known || !IsKnownUser(user)) return model_.User(user);
    const auto columns = held_out_.known.RowColumns(user);
    const auto values = held_out_.known.RowValues(user);
    return FoldInUser(model_, {{columns.begin(), columns.end()}, {values.begin(), values.end()}});
  }

  void AddErrors(uint32_t user, const UserVector& vector, UserFigures* result) const {
    const auto items = held_out_.test.RowColumns(user);
    const auto ratings = held_out_.test.RowValues(user);
    for (size_t i = 0; i < items.size(); ++i) {
      const double error = double{ratings[i]} - double{model_.Score(vector, items[i])};
      result->squared_error += error * error;
      result->absolute_error += std::abs(error);
    }
  }

  // Scores of all items for ranking; what all items of a user share, mu and b_u, is left out. [users x items]
  std::vector<float> ScoreBlock(const std::vector<UserVector>& vectors) const {
    const FactorMatrix& items = model_.items();
    std::vector<float> scores(vectors.size() * items.rows());
    if (Factors() == 0) {
      for (size_t i = 0; i < vectors.size(); ++i) {
        std::copy(items.biases.begin(), items.biases.end(), scores.begin() + i * items.rows());
      }
      return scores;
    }
    const size_t tile = std::max<size_t>(1, kTileBytes / (Factors() * sizeof(float)));
    for (size_t begin = 0; begin < items.rows(); begin += tile) {
      const auto rows = static_cast<int64_t>(std::min(tile, items.rows() - begin));
      for (size_t i = 0; i < vectors.size(); ++i) {
        GiveWay();
        kernels::Scores(items.values.data() + begin * Factors(), items.biases.data() + begin, rows,
                        items.factors, vectors[i].factors.data(), scores.data() + i * items.rows() + begin);
      }
    }
    return scores;
  }

  void RankBlock(absl::Span<const uint32_t> users, const std::vector<UserVector>& vectors,
                 absl::Span<UserFigures> results) {
    std::vector<float> scores = ScoreBlock(vectors);
    const size_t items = model_.items().rows();
    for (size_t i = 0; i < users.size(); ++i) {
      Rank(users[i], absl::MakeSpan(scores).subspan(i * items, items), &results[i]);
      GiveWay();
    }
  }

  // Leaves only what may be answered, by popularity to users of whom nothing is known.
  void ExcludeItems(uint32_t user, absl::Span<float> scores) const {
    const std::vector<float>& popularity = model_.item_popularity();
    if (!IsKnownUser(user)) std::copy(popularity.begin(), popularity.end(), scores.begin());
    for (const uint32_t item : unknown_items_) scores[item] = kExcluded;
    for (const uint32_t item : held_out_.known.RowColumns(user)) scores[item] = kExcluded;
  }

  void Rank(uint32_t user, absl::Span<float> scores, UserFigures* result) {
    ExcludeItems(user, scores);
    std::vector<uint32_t> top;
    TopRows(scores, largest_cut_off_, &top);
    const auto test = held_out_.test.RowColumns(user);
    for (size_t m = 0; m < options_.ranking.size(); ++m) {
      const RankingMetricAt& metric = options_.ranking[m];
      result->ranking.push_back(RankingMetricOfUser(metric, options_.recall_denominator, top, test));
      if (metric.metric == RankingMetric::kCoverage) MarkAnswered(m, top);
    }
  }

  void MarkAnswered(size_t metric, const std::vector<uint32_t>& top) {
    const size_t count = std::min(top.size(), static_cast<size_t>(options_.ranking[metric].k));
    for (size_t rank = 0; rank < count; ++rank) {
      answered_[metric * model_.items().rows() + top[rank]].store(true, std::memory_order_relaxed);
    }
  }

  const FactorModel& model_;
  const HeldOut& held_out_;
  const EvaluationOptions& options_;
  const int largest_cut_off_;
  std::vector<uint32_t> unknown_items_;      // rows, ascending
  std::vector<std::atomic<bool>> answered_;  // [ranking metrics x items]
};

absl::Status Check(const FactorModel& model, const HeldOut& held_out) {
  RIDGELINE_RETURN_IF_ERROR(CheckShape("known", held_out.known, model));
  RIDGELINE_RETURN_IF_ERROR(CheckShape("test", held_out.test, model));
  return held_out.test.entries() == 0 ? Invalid("test: there is nothing to test") : absl::OkStatus();
}

absl::StatusOr<std::vector<UserFigures>> EvaluateAll(UserEvaluator& evaluator, const HeldOut& held_out,
                                                     Arena& arena, const CancellationToken& cancellation) {
  const std::vector<uint32_t> users = UsersWithEntries(held_out.test);
  std::vector<UserFigures> results(users.size());
  std::vector<absl::Status> statuses(users.size());
  arena.ParallelFor(static_cast<int64_t>(users.size()), kUsersPerBlock, [&](int64_t begin, int64_t end) {
    if (cancellation.cancelled()) return;
    const auto first = static_cast<size_t>(begin);
    const auto count = static_cast<size_t>(end - begin);
    evaluator.EvaluateBlock(absl::MakeConstSpan(users).subspan(first, count),
                            absl::MakeSpan(statuses).subspan(first, count),
                            absl::MakeSpan(results).subspan(first, count));
  });
  if (cancellation.cancelled()) return absl::CancelledError("cancelled while measuring");
  for (const absl::Status& status : statuses) RIDGELINE_RETURN_IF_ERROR(status);
  return results;
}

// The averages, summed in row order so that they repeat at any number of threads.
std::map<std::string, double> Average(const std::vector<UserFigures>& results, const UserEvaluator& evaluator,
                                      const EvaluationOptions& options, int64_t ratings) {
  std::vector<double> sums(options.ranking.size(), 0.0);
  double squared_error = 0.0;
  double absolute_error = 0.0;
  for (const UserFigures& result : results) {
    squared_error += result.squared_error;
    absolute_error += result.absolute_error;
    for (size_t m = 0; m < sums.size(); ++m) sums[m] += result.ranking[m];
  }
  std::map<std::string, double> metrics;
  if (options.rmse) metrics["rmse"] = std::sqrt(squared_error / static_cast<double>(ratings));
  if (options.mae) metrics["mae"] = absolute_error / static_cast<double>(ratings);
  for (size_t m = 0; m < sums.size(); ++m) {
    const bool is_coverage = options.ranking[m].metric == RankingMetric::kCoverage;
    metrics[RankingMetricName(options.ranking[m])] =
        is_coverage ? evaluator.Coverage(m) : sums[m] / static_cast<double>(results.size());
  }
  return metrics;
}

}  // namespace

absl::StatusOr<EvaluationOptions> ParseMetrics(absl::string_view text) {
  EvaluationOptions options;
  const std::vector<std::string> names = absl::StrSplit(text, ',');
  for (const std::string& name : names) {
    if (name == "rmse" || name == "mae") {
      (name == "rmse" ? options.rmse : options.mae) = true;
      continue;
    }
    RIDGELINE_ASSIGN_OR_RETURN(const RankingMetricAt metric, ParseRankingMetric(name));
    options.ranking.push_back(metric);
  }
  return options;
}

absl::StatusOr<std::vector<UserFigures>> EvaluateEachUser(const FactorModel& model, const HeldOut& held_out,
                                                          const EvaluationOptions& options, Arena& arena,
                                                          const CancellationToken& cancellation) {
  RIDGELINE_RETURN_IF_ERROR(Check(model, held_out));
  UserEvaluator evaluator(model, held_out, options);
  return EvaluateAll(evaluator, held_out, arena, cancellation);
}

absl::StatusOr<std::map<std::string, double>> Evaluate(const FactorModel& model, const HeldOut& held_out,
                                                       const EvaluationOptions& options, Arena& arena) {
  RIDGELINE_RETURN_IF_ERROR(Check(model, held_out));
  UserEvaluator evaluator(model, held_out, options);
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<UserFigures> results,
                             EvaluateAll(evaluator, held_out, arena, CancellationToken()));
  return Average(results, evaluator, options, held_out.test.entries());
}

}  // namespace ridgeline
