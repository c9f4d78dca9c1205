#include "server/queue/admission.h"

#include <chrono>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using std::chrono::milliseconds;

class AdmissionTest : public testing::Test {
 protected:
  int EnterMany(int calls) {
    int entered = 0;
    for (int i = 0; i < calls; ++i) entered += admission_.TryEnter(1);
    return entered;
  }

  void LeaveMany(int calls) {
    for (int i = 0; i < calls; ++i) admission_.Leave(1);
  }

  std::chrono::steady_clock::time_point now_;
  Admission admission_{{.calls = 100, .standing_calls = 10, .bytes = 1'000, .patience = milliseconds(200)},
                       [this] { return now_; }};
};

TEST_F(AdmissionTest, TakesABurstUpToTheLimit) {
  EXPECT_EQ(EnterMany(150), 100);
  LeaveMany(1);
  EXPECT_EQ(EnterMany(2), 1);
}

TEST_F(AdmissionTest, TellsHowManyWait) {
  EXPECT_EQ(admission_.waiting(), 0u);
  EnterMany(3);
  LeaveMany(1);
  EXPECT_EQ(admission_.waiting(), 2u);
}

TEST_F(AdmissionTest, OfAQueueThatNeverEmptiesKeepsOnlyWhatTheThreadsNeed) {
  EnterMany(100);
  now_ += milliseconds(201);
  LeaveMany(80);
  EXPECT_EQ(EnterMany(5), 0);
  LeaveMany(15);
  EXPECT_EQ(EnterMany(20), 5);
}

TEST_F(AdmissionTest, ShedsNothingBeforeItsPatienceEnds) {
  EnterMany(50);
  now_ += milliseconds(200);
  EXPECT_EQ(EnterMany(100), 50);
}

TEST_F(AdmissionTest, TakesBurstsAgainOnceTheQueueWasEmpty) {
  EnterMany(100);
  now_ += milliseconds(500);
  EXPECT_EQ(EnterMany(1), 0);
  LeaveMany(100);
  EXPECT_EQ(EnterMany(150), 100);
}

TEST_F(AdmissionTest, AQueueNoLongerThanTheThreadsNeedMayStandForEver) {
  EnterMany(9);
  for (int second = 0; second < 100; ++second) {
    now_ += std::chrono::seconds(1);
    EXPECT_EQ(EnterMany(1), 1);
    LeaveMany(1);
  }
}

TEST_F(AdmissionTest, BoundsTheBytesThatWait) {
  EXPECT_TRUE(admission_.TryEnter(600));
  EXPECT_FALSE(admission_.TryEnter(401));
  EXPECT_TRUE(admission_.TryEnter(400));
  EXPECT_FALSE(admission_.TryEnter(1));
  admission_.Leave(600);
  EXPECT_TRUE(admission_.TryEnter(600));
}

}  // namespace
}  // namespace ridgeline
