#ifndef RIDGELINE_CORE_SERVING_RECOMMENDER_H_
#define RIDGELINE_CORE_SERVING_RECOMMENDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/catalog/catalog.h"
#include "core/interactions/interaction_log.h"
#include "core/serving/item_lookup.h"
#include "core/serving/ranking.h"
#include "core/serving/recent_users.h"
#include "core/serving/recommendation.h"
#include "core/serving/snapshot_holder.h"
#include "core/serving/user_resolver.h"

namespace ridgeline {

/// Answers requests from the live snapshot, the interaction log and the catalogue; while an experiment runs,
/// users of its candidate's arm from that one. Thread-safe.
///
/// A user's vector: the trained row when the log has nothing newer than the model; otherwise the full history
/// folded in, kept until the user's next event or the next swap; the popular items when nothing of the
/// history is known to the model. All calls: kFailedPrecondition when no model is loaded, kInvalidArgument
/// beginning with the field, kUnavailable when the log cannot be read, kDataLoss when what it has of the user
/// is damaged.
class Recommender {
 public:
  /// The pointers must outlive the recommender. `cached_users` bounds the kept histories.
  Recommender(const SnapshotHolder* snapshots, const InteractionLog* log, const Catalog* catalog,
              size_t cached_users);

  /// Exactly k items when k are allowed. kFailedPrecondition also when page_token is of another model
  /// version.
  absl::StatusOr<RecommendResult> Recommend(const RecommendQuery& query);

  /// Each of `queries` as Recommend answers it, in their order, all from `snapshot`, taken from the holder
  /// once; their passes over the items are shared. Null: no model. Adds to `statistics` unless it is null.
  std::vector<absl::StatusOr<RecommendResult>> RecommendEach(
      absl::Span<const RecommendQuery> queries, const std::shared_ptr<const ServingSnapshot>& snapshot,
      ScanStatistics* statistics = nullptr);

  /// The same of the model of `served` that each query is for.
  std::vector<absl::StatusOr<RecommendResult>> RecommendEach(absl::Span<const RecommendQuery> queries,
                                                             const ServedModels& served,
                                                             ScanStatistics* statistics = nullptr);

  /// s(u, i) of each item. Of an unknown user: mu + b_i (explicit) or the popularity (implicit), source
  /// kPopular.
  absl::StatusOr<ScoreItemsResult> ScoreItems(const Subject& subject,
                                              const std::vector<std::string>& item_ids);

  /// Items by cosine of factors. kNotFound when the model does not know the item.
  absl::StatusOr<SimilarResult> SimilarItems(const SimilarQuery& query);

  /// Users of the model by cosine of factors. kNotFound when nothing is known of the user.
  absl::StatusOr<SimilarResult> SimilarUsers(const SimilarQuery& query);

  /// Takes the score of one item apart. kNotFound when the model does not know the item or neither model nor
  /// log knows the user, kFailedPrecondition when there is no history to explain by.
  absl::StatusOr<ExplainResult> Explain(const Subject& subject, const std::string& item_id);

  /// Answers, from a `snapshot` that is not live yet, a sample of the users who were asked for of late, so
  /// that those who come back right after its swap find their vectors folded in and the index in the caches.
  void WarmUp(const std::shared_ptr<const ServingSnapshot>& snapshot);

  /// To be called after a user's history changed and before that is acknowledged.
  void ForgetUser(const std::string& user_id);

 private:
  /// A query on its way to an answer.
  struct Underway;

  /// Resolves the subject and plans the ranking.
  absl::Status Prepare(const RecommendQuery& query, const ServingSnapshot& snapshot, Underway& underway,
                       std::vector<RankingPlan>& plans);

  /// The answer that `page` makes.
  absl::StatusOr<RecommendResult> Finish(const RecommendQuery& query, const ServingSnapshot& snapshot,
                                         Underway& underway, RankedPage page) const;

  /// The answer's items with ids, titles, ranks and explanations.
  absl::StatusOr<std::vector<Recommendation>> Present(const RecommendQuery& query,
                                                      const ServingSnapshot& snapshot, const UserState& state,
                                                      const RankedPage& page) const;

  /// The `k` users nearest to `state`, without the one asked about and those deleted since training.
  absl::StatusOr<std::vector<Similar>> NearestUsers(const ServingSnapshot& snapshot, const UserState& state,
                                                    const SimilarQuery& query) const;

  std::vector<std::string> Titles(const ServingSnapshot& snapshot,
                                  const std::vector<ScoredItem>& items) const;

  const SnapshotHolder* const snapshots_;
  const Catalog* const catalog_;
  UserResolver users_;
  RecentUsers recent_users_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_RECOMMENDER_H_
