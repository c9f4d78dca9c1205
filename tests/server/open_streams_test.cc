#include "server/open_streams.h"

#include <memory>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

class FakeStream final : public OpenStream {
 public:
  explicit FakeStream(int* closed) : closed_(closed) {}
  void Close() override { ++*closed_; }

 private:
  int* const closed_;
};

TEST(OpenStreams, ClosesThoseThatAreOpen) {
  OpenStreams streams;
  int closed = 0, removed = 0;
  streams.Add(std::make_shared<FakeStream>(&closed));
  streams.Add(std::make_shared<FakeStream>(&closed));
  const auto gone = std::make_shared<FakeStream>(&removed);
  streams.Add(gone);
  streams.Remove(gone.get());
  streams.CloseAll();
  EXPECT_EQ(closed, 2);
  EXPECT_EQ(removed, 0);
}

TEST(OpenStreams, ClosesAtOnceThoseThatComeTooLate) {
  OpenStreams streams;
  streams.CloseAll();
  int closed = 0;
  streams.Add(std::make_shared<FakeStream>(&closed));
  EXPECT_EQ(closed, 1);
}

TEST(OpenStreams, LetsGoOfThoseThatAreRemovedOrClosed) {
  OpenStreams streams;
  int closed = 0;
  const auto removed = std::make_shared<FakeStream>(&closed);
  const auto kept = std::make_shared<FakeStream>(&closed);
  streams.Add(removed);
  streams.Add(kept);
  EXPECT_EQ(removed.use_count(), 2);
  streams.Remove(removed.get());
  EXPECT_EQ(removed.use_count(), 1);
  streams.CloseAll();
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(OpenStreams, RemovingAStrangerDoesNothing) {
  OpenStreams streams;
  int closed = 0;
  const FakeStream stranger(&closed);
  streams.Remove(&stranger);
}

}  // namespace
}  // namespace ridgeline
