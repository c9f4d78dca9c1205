#include "server/readiness.h"

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

class FakeHealth final : public grpc::HealthCheckServiceInterface {
 public:
  void SetServingStatus(const std::string& service, bool serving) override { status[service] = serving; }
  void SetServingStatus(bool serving) override {
    for (auto& [service, value] : status) value = serving;
  }

  std::map<std::string, bool> status;
};

TEST(Readiness, FollowsTheModel) {
  World world;
  Readiness readiness(&world.snapshots, false);
  FakeHealth health;
  readiness.Attach(&health);
  EXPECT_FALSE(readiness.ready());
  EXPECT_FALSE(health.status.at(""));
  EXPECT_FALSE(health.status.at("ridgeline.v1.RecommendationService"));
  world.Serve();
  readiness.Refresh();
  EXPECT_TRUE(readiness.ready());
  EXPECT_TRUE(health.status.at(""));
  EXPECT_TRUE(health.status.at("ridgeline.v1.RecommendationService"));
}

TEST(Readiness, AnEmptyStartMayBeAllowed) {
  World world;
  Readiness readiness(&world.snapshots, true);
  FakeHealth health;
  readiness.Attach(&health);
  EXPECT_TRUE(readiness.ready());
  EXPECT_TRUE(health.status.at(""));
}

TEST(Readiness, DrainingIsFinal) {
  World world;
  world.Serve();
  Readiness readiness(&world.snapshots, true);
  FakeHealth health;
  readiness.Attach(&health);
  readiness.Drain();
  readiness.Refresh();
  EXPECT_FALSE(readiness.ready());
  EXPECT_FALSE(health.status.at(""));
}

}  // namespace
}  // namespace ridgeline
