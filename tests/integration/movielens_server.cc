#include "tests/integration/movielens_server.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// Runs the command line client; its failure becomes a status with what it printed.
absl::Status Run(const ServerProcess& server, const std::vector<std::string>& arguments) {
  RIDGELINE_ASSIGN_OR_RETURN(const CommandResult result, server.Client(arguments));
  if (result.exit_code == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(arguments[0], " exited with ", result.exit_code, ": ", result.standard_error));
}

}  // namespace

std::string MovieLensDirectory() {
  const std::string directory = absl::StrCat(RIDGELINE_SOURCE_DIR, "/../shared/data/ml-latest-small");
  return std::filesystem::exists(directory + "/ratings.csv") ? directory : "";
}

absl::StatusOr<ServerProcess> StartMovieLensServer(const std::string& data_directory) {
  RIDGELINE_ASSIGN_OR_RETURN(
      ServerProcess server,
      ServerProcess::Start(data_directory, {"--allow-empty-start", "--feedback", "implicit"}));
  RIDGELINE_RETURN_IF_ERROR(
      Run(server, {"import", MovieLensDirectory() + "/ratings.csv", "--positive-threshold", "4"}));
  RIDGELINE_RETURN_IF_ERROR(Run(server, {"items", "import", MovieLensDirectory() + "/movies.csv"}));
  return server;
}

absl::StatusOr<ServerProcess> StartTrainedMovieLensServer(const std::string& data_directory) {
  RIDGELINE_ASSIGN_OR_RETURN(ServerProcess server, StartMovieLensServer(data_directory));
  RIDGELINE_RETURN_IF_ERROR(Run(server, {"train", "--watch"}));
  return server;
}

std::unique_ptr<RecommenderClient> ClientOf(const ServerProcess& server) {
  RecommenderClientOptions options;
  options.address = server.grpc_address();
  options.timeout = absl::Seconds(30);
  options.retry.max_attempts = 1;
  return *RecommenderClient::Create(options);
}

v1::RecommendRequest RecommendTo(absl::string_view user_id) {
  v1::RecommendRequest request;
  request.set_user_id(std::string(user_id));
  return request;
}

std::vector<std::string> ItemIds(const v1::RecommendResponse& response) {
  std::vector<std::string> ids;
  for (const v1::Recommendation& item : response.recommendations()) ids.push_back(item.item_id());
  return ids;
}

}  // namespace ridgeline
