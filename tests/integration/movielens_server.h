#ifndef RIDGELINE_TESTS_INTEGRATION_MOVIELENS_SERVER_H_
#define RIDGELINE_TESTS_INTEGRATION_MOVIELENS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/recommender_client.h"
#include "tests/integration/server_process.h"

namespace ridgeline {

/// `../shared/data/ml-latest-small` beside the project, "" where it is absent.
std::string MovieLensDirectory();

/// A server that imported ml-latest-small through the command line client: ratings of 4 and more as implicit
/// feedback, titles and genres as catalogue.
absl::StatusOr<ServerProcess> StartMovieLensServer(const std::string& data_directory);

/// The same, trained once: v000001 is live.
absl::StatusOr<ServerProcess> StartTrainedMovieLensServer(const std::string& data_directory);

/// A client of `server` that does not retry, so that every failure is seen.
std::unique_ptr<RecommenderClient> ClientOf(const ServerProcess& server);

/// A request for the 10 best items of `user_id`.
v1::RecommendRequest RecommendTo(absl::string_view user_id);

/// The item ids of an answer, best first.
std::vector<std::string> ItemIds(const v1::RecommendResponse& response);

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_INTEGRATION_MOVIELENS_SERVER_H_
