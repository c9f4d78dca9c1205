#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/thread_priority.h"
#include "core/serving/recommender.h"
#include "core/training/retrainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

// What went wrong in any thread; the first few, since the others mostly follow.
class Complaints {
 public:
  void Add(const std::string& text) {
    MutexLock lock(&mutex_);
    if (texts_.size() < 10) texts_.push_back(text);
  }

  std::vector<std::string> texts() const {
    MutexLock lock(&mutex_);
    return texts_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> texts_ ABSL_GUARDED_BY(mutex_);
};

// The parts of a server that threads share, and those who use them: each checks what it was promised.
class EverythingAtOnceTest : public testing::Test, protected TrainingWorld {
 protected:
  static constexpr int kUsers = 40;
  static constexpr int kItems = 20;

  EverythingAtOnceTest() {
    Record(TwoTastes(kUsers, kItems));
    EXPECT_TRUE(catalog->Upsert(TwoTags(kItems)).ok());
    RetrainerOptions options;
    options.als = SmallAls();
    options.warm_iterations = 2;
    options.threads = 2;
    retrainer_ = std::make_unique<Retrainer>(options, log.get(), catalog.get(), store.get(), &snapshots,
                                             &recommender_, &clock, nullptr);
  }

  static RecommendQuery QueryOf(const std::string& user, int64_t k) {
    RecommendQuery query;
    query.subject = UserSubject{user};
    query.k = k;
    return query;
  }

  static bool Has(const RecommendResult& result, const std::string& item) {
    for (const Recommendation& recommendation : result.recommendations) {
      if (recommendation.item_id == item) return true;
    }
    return false;
  }

  // Repeats `step` with 0, 1, ... in a thread of its own until Join, at the trainer's priority: those who
  // never rest would keep it from a processor.
  void Repeat(std::function<void(int)> step) {
    threads_.emplace_back([this, step = std::move(step)] {
      LowerThreadPriority();
      for (int i = 0; !done_; ++i) step(i);
    });
  }

  void Join() {
    done_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

  void Expect(bool promise, const std::string& text) {
    if (!promise) complaints_.Add(text);
  }

  void Expect(const absl::Status& status, const std::string& text) {
    Expect(status.ok(), absl::StrCat(text, ": ", status.ToString()));
  }

  TrainingRun Train() {
    TrainingRun run = retrainer_->Start({}).value();
    while (!run.ended()) run = retrainer_->WaitForChange(run.id, run.revision, absl::Minutes(5)).value();
    return run;
  }

  // Users who only look: several to a pass, by tags, nearest ones, scores, explanations.
  void Look(int step) {
    const std::string user = absl::StrCat("u", step % kUsers);
    const std::string item = absl::StrCat("i", step % kItems);
    std::vector<RecommendQuery> queries = {QueryOf(user, 5), QueryOf("nobody", 5), QueryOf(user, 3)};
    queries[2].selection.tags.any = {"even"};
    for (const auto& answer : recommender_.RecommendEach(queries, snapshots.Get())) {
      Expect(answer.status(), "recommend");
    }
    Expect(recommender_.ScoreItems(UserSubject{user}, {item}).status(), "score");
    Expect(recommender_.SimilarItems({.id = item, .k = 3}).status(), "similar items");
    Expect(recommender_.SimilarUsers({.id = user, .k = 3}).status(), "similar users");
    Expect(recommender_.Explain(UserSubject{user}, item).status(), "explain");
  }

  // A user who takes one item after another and then wants to be forgotten.
  void Shop(const std::string& user, int step) {
    if (step % kItems == kItems - 1) return Leave(user);
    const std::string item = absl::StrCat("i", step % kItems);
    Expect(log->Append({MakeInteraction(user, item)}).status(), "append");
    recommender_.ForgetUser(user);
    const auto answer = recommender_.Recommend(QueryOf(user, kItems));
    Expect(answer.status(), "recommend to a shopper");
    if (answer.ok()) Expect(!Has(*answer, item), absl::StrCat(item, " was taken, and recommended"));
    const auto history = log->ReadUser(user);
    Expect(history.status(), "read a history");
    if (history.ok())
      Expect(history->size() == static_cast<size_t>(step % kItems) + 1, "an event is missing");
  }

  void Leave(const std::string& user) {
    const auto deleted = log->DeleteUser(user);
    Expect(deleted.status(), "delete a user");
    recommender_.ForgetUser(user);
    if (deleted.ok()) Expect(*deleted == kItems - 1, "a deletion missed events");
    const auto answer = recommender_.Recommend(QueryOf(user, 1));
    Expect(answer.status(), "recommend to a stranger");
    if (answer.ok()) {
      Expect(answer->source == RecommendationSource::kPopular, "a deleted user is known");
    }
    ++departures_;
  }

  // Somebody who takes an item out of the shop and puts it in again.
  void Stock(int step) {
    Item item = TwoTags(kItems)[0];
    item.available = step % 2 == 1;
    Expect(catalog->Upsert({item}), "upsert");
    RecommendQuery query = QueryOf("nobody", 1);
    query.selection.candidate_item_ids = {item.id};
    const auto answer = recommender_.Recommend(query);
    Expect(answer.status(), "recommend one item");
    if (answer.ok()) {
      Expect(Has(*answer, item.id) == item.available, "what is available is not what is recommended");
    }
  }

  std::atomic<bool> done_{false};
  std::atomic<int> departures_{0};
  Complaints complaints_;
  Recommender recommender_{&snapshots, log.get(), catalog.get(), 16};
  std::unique_ptr<Retrainer> retrainer_;
  std::vector<std::thread> threads_;
};

TEST_F(EverythingAtOnceTest, PromisesHoldWhileModelsAreTrainedSwappedAndComparedAndAtTheEnd) {
  const std::string first = Train().model_version;
  Repeat([this](int step) { Look(step); });
  Repeat([this](int step) { Look(step + 7); });
  Repeat([this](int step) { Shop("shopper", step); });
  Repeat([this](int step) { Shop("other shopper", step); });
  Repeat([this](int step) { Stock(step); });
  for (int round = 0; round < 4; ++round) {
    const TrainingRun run = Train();
    EXPECT_EQ(run.state, TrainingState::kSucceeded) << run.error << run.verdict.reason;
    EXPECT_TRUE(retrainer_->Activate(first).ok());
    Experiment experiment;
    experiment.id = absl::StrCat("e", round);
    experiment.live_version = first;
    experiment.candidate_version = run.model_version;
    experiment.share = 0.5;
    EXPECT_TRUE(retrainer_->SetExperiment(experiment).ok());
    EXPECT_TRUE(retrainer_->EndExperiment().ok());
  }
  while (departures_ < 2) std::this_thread::yield();
  const TrainingRun last = retrainer_->Start({}).value();
  retrainer_->Stop();  // while the others go on
  EXPECT_TRUE(retrainer_->Get(last.id)->ended());
  Join();
  EXPECT_THAT(complaints_.texts(), testing::IsEmpty());
}

}  // namespace
}  // namespace ridgeline
