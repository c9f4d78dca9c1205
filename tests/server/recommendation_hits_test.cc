#include "server/recommendation_hits.h"

#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::SizeIs;

// Version and source, and their count.
std::map<std::pair<std::string, std::string>, double> Figures(const RecommendationHits& hits) {
  std::map<std::pair<std::string, std::string>, double> figures;
  for (const prometheus::ClientMetric& metric : hits.Collect().metric) {
    EXPECT_EQ(metric.label.at(0).name, "version");
    EXPECT_EQ(metric.label.at(1).name, "source");
    figures[{metric.label.at(0).value, metric.label.at(1).value}] = metric.counter.value;
  }
  return figures;
}

TEST(RecommendationHits, CountByVersionAndSource) {
  RecommendationHits hits;
  hits.Know("v000001");
  hits.Know("v000002");
  hits.Count("a-1.v000001.model", ServedModels());
  hits.Count("a-2.v000001.model", ServedModels());
  hits.Count("a-3.v000002.popular", ServedModels());
  auto figures = Figures(hits);
  EXPECT_THAT(figures, SizeIs(2 * 4 + 1)) << "those without hits are there too, so that rates start from 0";
  EXPECT_EQ((figures[{"v000001", "model"}]), 2);
  EXPECT_EQ((figures[{"v000002", "popular"}]), 1);
  EXPECT_EQ((figures[{"v000002", "model"}]), 0);
  EXPECT_EQ((figures[{"unknown", "unknown"}]), 0);
}

TEST(RecommendationHits, WhatIsServedIsKnown) {
  World world;
  world.Serve();
  world.Split(world.Publish(), 0.5);
  RecommendationHits hits;
  hits.Count("a-1.v000001.model", world.snapshots.All());
  hits.Count("a-1.v000002.vector", world.snapshots.All());
  auto figures = Figures(hits);
  EXPECT_EQ((figures[{"v000001", "model"}]), 1);
  EXPECT_EQ((figures[{"v000002", "vector"}]), 1);
}

TEST(RecommendationHits, IdsFromOutsideMakeNoFiguresOfTheirOwn) {
  RecommendationHits hits;
  hits.Know("v000001");
  const size_t before = Figures(hits).size();
  for (int i = 0; i < 1'000; ++i) {
    hits.Count(absl::StrFormat("a-1.v%06d.model", i + 2), ServedModels());
    hits.Count(absl::StrCat("a-1.v000001.source", i), ServedModels());
    hits.Count(std::string(static_cast<size_t>(i), '.'), ServedModels());
    hits.Count("a-1.v000001\"} 1\n.model", ServedModels());
  }
  auto figures = Figures(hits);
  EXPECT_THAT(figures, SizeIs(before));
  EXPECT_EQ((figures[{"unknown", "unknown"}]), 4'000);
}

TEST(RecommendationHits, KeepsTheNewestVersionsOnly) {
  RecommendationHits hits;
  for (int version = 1; version <= 100; ++version) hits.Know(absl::StrFormat("v%06d", version));
  EXPECT_THAT(Figures(hits), SizeIs(RecommendationHits::kMostVersions * 4 + 1));
  hits.Count("a-1.v000100.model", ServedModels());
  hits.Count("a-1.v000001.model", ServedModels());
  auto figures = Figures(hits);
  EXPECT_EQ((figures[{"v000100", "model"}]), 1);
  EXPECT_EQ((figures[{"unknown", "unknown"}]), 1);
  hits.Know("v000001");  // an old one is made live again
  hits.Count("a-1.v000001.model", ServedModels());
  EXPECT_EQ((Figures(hits)[{"v000001", "model"}]), 1);
  EXPECT_THAT(Figures(hits), SizeIs(RecommendationHits::kMostVersions * 4 + 1));
}

TEST(RecommendationHits, CountsOfManyThreadsAddUp) {
  RecommendationHits hits;
  hits.Know("v000001");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&hits] {
      for (int i = 0; i < 500; ++i) hits.Count("a-1.v000001.fold_in", ServedModels());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ((Figures(hits)[{"v000001", "fold_in"}]), 2'000);
}

}  // namespace
}  // namespace ridgeline
