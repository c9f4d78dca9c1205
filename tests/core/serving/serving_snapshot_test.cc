#include "core/serving/serving_snapshot.h"

#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

TEST(ServingSnapshot, MapsRowsToTheCataloguesOrdinalsAndBack) {
  FakeCatalog catalog;
  catalog.Put("not in the model", "");
  catalog.Put("i7", "seven");
  const auto snapshot = ServingSnapshot::Create(MakeStoredModel({}), catalog);
  ASSERT_EQ(snapshot->items(), 50u);
  EXPECT_EQ(snapshot->RowOfOrdinal(0), ServingSnapshot::kNoRow);
  EXPECT_EQ(snapshot->RowOfOrdinal(1), 7u);
  for (uint32_t row = 0; row < snapshot->items(); ++row) {
    EXPECT_EQ(snapshot->RowOfOrdinal(snapshot->ordinals()[row]), row);
  }
}

TEST(ServingSnapshot, KnowsNoRowForItemsAddedToTheCatalogueLater) {
  FakeCatalog catalog;
  const auto snapshot = ServingSnapshot::Create(MakeStoredModel({}), catalog);
  EXPECT_EQ(snapshot->RowOfOrdinal(catalog.Ordinals({"new"}).front()), ServingSnapshot::kNoRow);
  EXPECT_EQ(snapshot->RowOfOrdinal(UINT32_MAX), ServingSnapshot::kNoRow);
}

TEST(ServingSnapshot, ServesAModelWithoutItems) {
  FakeCatalog catalog;
  ServedModel served;
  served.items = 0;
  const auto snapshot = ServingSnapshot::Create(MakeStoredModel(served), catalog);
  EXPECT_EQ(snapshot->items(), 0u);
  EXPECT_TRUE(snapshot->index().MostPopular(RetrievalQuery()).empty());
}

}  // namespace
}  // namespace ridgeline
