#include "server/interaction_service.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

class InteractionServiceTest : public testing::Test {
 protected:
  absl::StatusOr<v1::RecordInteractionsResponse> Record(const std::string& user_id,
                                                        const std::vector<std::string>& item_ids) {
    v1::RecordInteractionsRequest request;
    for (const std::string& item_id : item_ids) {
      v1::Interaction* interaction = request.add_interactions();
      interaction->set_user_id(user_id);
      interaction->set_item_id(item_id);
      interaction->set_event_id(absl::StrCat(user_id, "/", item_id));
    }
    return service_.RecordInteractions(request, CallInfo());
  }

  // The items of all pages of a user's interactions.
  std::vector<std::string> ListAll(const std::string& user_id, int page_size) {
    v1::ListInteractionsRequest request;
    request.set_user_id(user_id);
    request.set_page_size(page_size);
    std::vector<std::string> item_ids;
    do {
      const auto page = service_.ListInteractions(request, CallInfo());
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(page->interactions_size(), page_size);
      for (const auto& interaction : page->interactions()) item_ids.push_back(interaction.item_id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return item_ids;
  }

  World world_;
  InteractionRecorder recorder_{world_.stores.log.get(), world_.recommender.get(),
                                &world_.snapshots,       &world_.metrics,
                                &world_.clock,           Feedback::kImplicit};
  InteractionService service_{world_.stores.log.get(), world_.recommender.get(), &recorder_};
};

TEST_F(InteractionServiceTest, TellsWhatWasRecordedAndWhatWasKnown) {
  const auto first = Record("u", {"a", "b"});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->recorded_count(), 2);
  EXPECT_EQ(first->duplicate_count(), 0);
  const auto second = Record("u", {"b", "c"});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->recorded_count(), 1);
  EXPECT_EQ(second->duplicate_count(), 1);
  EXPECT_EQ(second->last_sequence(), 3);
}

TEST_F(InteractionServiceTest, AWrongInteractionRecordsNothing) {
  EXPECT_TRUE(absl::IsInvalidArgument(Record("u", {"a", ""}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Record("u", {}).status()));
  EXPECT_EQ(world_.stores.log->size(), 0);
}

TEST_F(InteractionServiceTest, PagesThroughAUsersInteractionsInOrder) {
  std::vector<std::string> item_ids;
  for (int i = 0; i < 13; ++i) item_ids.push_back(absl::StrCat("item", i));
  ASSERT_TRUE(Record("u", item_ids).ok());
  ASSERT_TRUE(Record("v", {"other"}).ok());
  for (const int page_size : {1, 4, 12, 13, 14}) EXPECT_EQ(ListAll("u", page_size), item_ids);
  EXPECT_TRUE(ListAll("nobody", 10).empty());
}

TEST_F(InteractionServiceTest, DeletingAUserLeavesNothingOfThem) {
  world_.Serve();
  ASSERT_TRUE(Record("new", {"a", "b"}).ok());
  v1::DeleteUserRequest request;
  request.set_user_id("new");
  EXPECT_EQ(service_.DeleteUser(request, CallInfo())->deleted_interaction_count(), 2);
  EXPECT_TRUE(ListAll("new", 10).empty());
  RecommendQuery query;
  query.subject = UserSubject{"new"};
  EXPECT_EQ(world_.recommender->Recommend(query)->source, RecommendationSource::kPopular);
  EXPECT_EQ(service_.DeleteUser(request, CallInfo())->deleted_interaction_count(), 0);
  EXPECT_EQ(Record("new", {"a"})->recorded_count(), 1);
}

TEST_F(InteractionServiceTest, RefusesWrongRequests) {
  v1::ListInteractionsRequest list;
  EXPECT_TRUE(absl::IsInvalidArgument(service_.ListInteractions(list, CallInfo()).status()));
  list.set_user_id("u");
  list.set_page_size(10'001);
  EXPECT_TRUE(absl::IsInvalidArgument(service_.ListInteractions(list, CallInfo()).status()));
  list.set_page_size(1);
  list.set_page_token("forged");
  EXPECT_TRUE(absl::IsInvalidArgument(service_.ListInteractions(list, CallInfo()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(service_.DeleteUser(v1::DeleteUserRequest(), CallInfo()).status()));
}

}  // namespace
}  // namespace ridgeline
