#include "server/training_watchers.h"

#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

class Recorder final : public TrainingWatcher {
 public:
  void Notify(const TrainingRun& run) override { iterations.push_back(run.iteration); }
  void Close() override { ++closed; }

  std::vector<int> iterations;
  int closed = 0;
};

TrainingRun RunOf(const std::string& id, int iteration) {
  TrainingRun run;
  run.id = id;
  run.iteration = iteration;
  return run;
}

TEST(TrainingWatchers, PassOnOnlyTheChangesOfTheirRun) {
  TrainingWatchers watchers(10);
  const auto first = std::make_shared<Recorder>();
  const auto second = std::make_shared<Recorder>();
  ASSERT_TRUE(watchers.Add("t1", first).ok());
  ASSERT_TRUE(watchers.Add("t2", second).ok());
  watchers.Notify(RunOf("t1", 1));
  watchers.Notify(RunOf("t2", 2));
  watchers.Notify(RunOf("t3", 3));
  watchers.Remove(first.get());
  watchers.Notify(RunOf("t1", 4));
  EXPECT_EQ(first->iterations, std::vector<int>{1});
  EXPECT_EQ(second->iterations, std::vector<int>{2});
}

TEST(TrainingWatchers, AreLimitedInNumber) {
  TrainingWatchers watchers(1);
  const auto first = std::make_shared<Recorder>();
  ASSERT_TRUE(watchers.Add("t1", first).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(watchers.Add("t1", std::make_shared<Recorder>())));
  watchers.Remove(first.get());
  EXPECT_TRUE(watchers.Add("t1", std::make_shared<Recorder>()).ok());
}

TEST(TrainingWatchers, CloseOnceAndForAll) {
  TrainingWatchers watchers(10);
  const auto watcher = std::make_shared<Recorder>();
  ASSERT_TRUE(watchers.Add("t1", watcher).ok());
  watchers.CloseAll();
  watchers.CloseAll();
  watchers.Notify(RunOf("t1", 1));
  EXPECT_EQ(watcher->closed, 1);
  EXPECT_TRUE(watcher->iterations.empty());
  EXPECT_TRUE(absl::IsUnavailable(watchers.Add("t1", watcher)));
}

TEST(TrainingWatchers, RemovingAStrangerDoesNothing) {
  TrainingWatchers watchers(10);
  Recorder stranger;
  watchers.Remove(&stranger);
}

}  // namespace
}  // namespace ridgeline
