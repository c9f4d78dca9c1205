#ifndef RIDGELINE_TESTS_INTEGRATION_NUMBERED_EVENTS_H_
#define RIDGELINE_TESTS_INTEGRATION_NUMBERED_EVENTS_H_

#include <cstdint>
#include <string>
#include <unordered_set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/recommender_client.h"
#include "gtest/gtest.h"

namespace ridgeline {

/// A user's events are numbered from 0 and sent in batches of this many, so that what must be stored of the
/// user follows from how many batches were acknowledged.
constexpr int kEventsOfBatch = 10;

/// Batch `batch` of a user: events batch * kEventsOfBatch and on. Of RecordInteractions or of a stream.
template <typename Request>
Request NumberedBatch(const std::string& user_id, int batch) {
  Request request;
  for (int i = 0; i < kEventsOfBatch; ++i) {
    const int number = batch * kEventsOfBatch + i;
    v1::Interaction* interaction = request.add_interactions();
    interaction->set_user_id(user_id);
    interaction->set_item_id(absl::StrCat("item-", number));
    interaction->set_event_id(absl::StrCat(user_id, "-", number));
  }
  return request;
}

/// What is stored of a user who sends numbered batches. A plain value.
struct StoredEvents {
  int64_t events = 0;  ///< all that are listed
  int64_t lost = 0;    ///< not listed, although acknowledged
  int64_t twice = 0;   ///< listed before
  int64_t wrong = 0;   ///< of no number, or not after the number before
};

/// Looks for the first `batches` batches of `user_id`, the acknowledged ones, among what is listed. A listing
/// that fails is a failure of the test.
inline StoredEvents LookForBatches(RecommenderClient& client, const std::string& user_id, int batches) {
  StoredEvents stored;
  std::unordered_set<int> numbers;
  v1::ListInteractionsRequest request;
  request.set_user_id(user_id);
  request.set_page_size(10'000);
  do {
    const absl::StatusOr<v1::ListInteractionsResponse> page = client.ListInteractions(request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    for (const v1::Interaction& event : page->interactions()) {
      int number = -1;
      absl::string_view text = event.event_id();
      stored.wrong += !absl::ConsumePrefix(&text, user_id + "-") || !absl::SimpleAtoi(text, &number) ||
                      number != static_cast<int>(numbers.size());
      stored.twice += !numbers.insert(number).second;
      ++stored.events;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  for (int number = 0; number < batches * kEventsOfBatch; ++number) stored.lost += numbers.count(number) == 0;
  return stored;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_INTEGRATION_NUMBERED_EVENTS_H_
