#include "tests/integration/shop_server.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "tests/integration/movielens_server.h"

namespace ridgeline {
namespace {

constexpr int kShopUsers = 60;
constexpr int kShopItems = 80;

std::string ShopUser(int user) {
  return absl::StrCat("user-", user);
}
std::string ShopItem(int item) {
  return absl::StrCat("item-", item);
}

absl::Status MakeCatalog(RecommenderClient& client) {
  v1::UpsertItemsRequest request;
  for (int i = 0; i < kShopItems; ++i) {
    v1::Item* item = request.add_items();
    item->set_id(ShopItem(i));
    item->set_title(absl::StrCat("Title ", i));
    item->add_tags(i % 2 == 0 ? "even" : "odd");
  }
  return client.UpsertItems(request).status();
}

// Each user likes every third item, beginning elsewhere.
absl::Status RecordTastes(RecommenderClient& client) {
  v1::RecordInteractionsRequest request;
  for (int user = 0; user < kShopUsers; ++user) {
    for (int n = 0; n < 15; ++n) {
      v1::Interaction* interaction = request.add_interactions();
      interaction->set_user_id(ShopUser(user));
      interaction->set_item_id(ShopItem((user % 3 + 3 * (n + user)) % kShopItems));
      interaction->set_event_id(absl::StrCat("taste-", user, "-", n));
    }
  }
  return client.RecordInteractions(std::move(request)).status();
}

absl::Status TrainShop(const ServerProcess& server) {
  RIDGELINE_ASSIGN_OR_RETURN(const CommandResult result, server.Client({"train", "--watch"}));
  return result.exit_code == 0 ? absl::OkStatus() : absl::InternalError(result.standard_error);
}

// Every fourth user does something that the models have not seen.
absl::Status RecordNews(RecommenderClient& client) {
  v1::RecordInteractionsRequest request;
  for (int user = 0; user < kShopUsers; user += 4) {
    v1::Interaction* interaction = request.add_interactions();
    interaction->set_user_id(ShopUser(user));
    interaction->set_item_id(ShopItem((7 * user) % kShopItems));
    interaction->set_event_id(absl::StrCat("news-", user));
  }
  return client.RecordInteractions(std::move(request)).status();
}

absl::Status Furnish(const ServerProcess& server) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  RIDGELINE_RETURN_IF_ERROR(MakeCatalog(*client));
  RIDGELINE_RETURN_IF_ERROR(RecordTastes(*client));
  RIDGELINE_RETURN_IF_ERROR(TrainShop(server));
  RIDGELINE_RETURN_IF_ERROR(TrainShop(server));
  v1::SetExperimentRequest experiment;
  experiment.set_candidate_version("v000001");
  experiment.set_share(0.5);
  RIDGELINE_RETURN_IF_ERROR(client->SetExperiment(experiment).status());
  return RecordNews(*client);
}

template <typename Response>
std::string TextOf(absl::StatusOr<Response> response) {
  return response.ok() ? response->ShortDebugString() : response.status().ToString();
}

std::string RecommendedTo(RecommenderClient& client, const std::string& user_id) {
  v1::RecommendRequest request;
  request.set_user_id(user_id);
  request.set_k(20);
  absl::StatusOr<v1::RecommendResponse> response = client.Recommend(request);
  if (response.ok()) response->clear_recommendation_id();
  if (response.ok()) response->clear_next_page_token();
  return TextOf(std::move(response));
}

}  // namespace

absl::StatusOr<ServerProcess> StartShopServer(const std::string& data_directory) {
  return ServerProcess::Start(data_directory, {"--allow-empty-start", "--factors", "8", "--iterations", "4",
                                               "--drain-timeout", "1s"});
}

absl::StatusOr<ServerProcess> StartTrainedShopServer(const std::string& data_directory) {
  RIDGELINE_ASSIGN_OR_RETURN(ServerProcess server, StartShopServer(data_directory));
  RIDGELINE_RETURN_IF_ERROR(Furnish(server));
  return server;
}

std::map<std::string, std::string> AnswersOf(RecommenderClient& client) {
  std::map<std::string, std::string> answers;
  for (int user = 0; user < kShopUsers; ++user)
    answers[ShopUser(user)] = RecommendedTo(client, ShopUser(user));
  answers["nobody known"] = RecommendedTo(client, "nobody known");
  answers["the catalogue"] = TextOf(client.ListItems({}));
  answers["the models"] = TextOf(client.ListModels({}));
  answers["the experiment"] = TextOf(client.GetExperiment({}));
  return answers;
}

std::vector<std::string> Differences(const std::map<std::string, std::string>& answers,
                                     const std::map<std::string, std::string>& expected) {
  std::vector<std::string> differences;
  for (const auto& [question, answer] : expected) {
    const auto found = answers.find(question);
    const std::string other = found == answers.end() ? "" : found->second;
    if (other != answer) differences.push_back(absl::StrCat(question, ": ", other, ", not: ", answer));
  }
  return differences;
}

v1::RecordInteractionsRequest ShopBatch(const std::string& user_id, int batch) {
  v1::RecordInteractionsRequest request;
  for (int i = 0; i < kShopBatch; ++i) {
    const int number = batch * kShopBatch + i;
    v1::Interaction* interaction = request.add_interactions();
    interaction->set_user_id(user_id);
    interaction->set_item_id(ShopItem(number % kShopItems));
    interaction->set_event_id(absl::StrCat(user_id, "-", number));
  }
  return request;
}

int BatchesOf(RecommenderClient& client, const std::string& user_id) {
  v1::ListInteractionsRequest request;
  request.set_user_id(user_id);
  request.set_page_size(10'000);
  int events = 0;
  do {
    const absl::StatusOr<v1::ListInteractionsResponse> page = client.ListInteractions(request);
    if (!page.ok()) return -1;
    for (const v1::Interaction& interaction : page->interactions()) {
      if (interaction.event_id() != absl::StrCat(user_id, "-", events++)) return -1;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return events % kShopBatch == 0 ? events / kShopBatch : -1;
}

}  // namespace ridgeline
