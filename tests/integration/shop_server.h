#ifndef RIDGELINE_TESTS_INTEGRATION_SHOP_SERVER_H_
#define RIDGELINE_TESTS_INTEGRATION_SHOP_SERVER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/recommender_client.h"
#include "tests/integration/server_process.h"

namespace ridgeline {

/// How many batches a user's recorder was told are recorded, 10 interactions each.
constexpr int kShopBatch = 10;

/// A server on `data_directory` as the tests of backups have it.
absl::StatusOr<ServerProcess> StartShopServer(const std::string& data_directory);

/// The same on a new folder: a catalogue, users whose tastes differ, two models in an experiment, and users
/// who have events newer than these.
absl::StatusOr<ServerProcess> StartTrainedShopServer(const std::string& data_directory);

/// What the server answers to each of the shop's users, to nobody known, and about its catalogue, models and
/// experiment; without what names a single answer. By question.
std::map<std::string, std::string> AnswersOf(RecommenderClient& client);

/// Which of the `expected` answers `answers` differ from, as "question: answer, not: expected".
std::vector<std::string> Differences(const std::map<std::string, std::string>& answers,
                                     const std::map<std::string, std::string>& expected);

/// Batch `batch` of `user_id`, with event ids.
v1::RecordInteractionsRequest ShopBatch(const std::string& user_id, int batch);

/// How many whole batches of `user_id` are there, each event once and in order; -1 when it is otherwise.
int BatchesOf(RecommenderClient& client, const std::string& user_id);

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_INTEGRATION_SHOP_SERVER_H_
