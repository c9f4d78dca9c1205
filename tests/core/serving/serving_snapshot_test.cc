#include "core/serving/serving_snapshot.h"

#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

TEST(ServingSnapshot, FindsTheRowsOfTheCataloguesItems) {
  FakeCatalog catalog;
  catalog.Put("not in the model", "");
  catalog.Put("i7", "seven");
  const auto snapshot = ServingSnapshot::Create(MakeStoredModel({}), catalog);
  ASSERT_EQ(snapshot->items(), 50u);
  const OrdinalRows::View rows = snapshot->ordinal_rows().Through(1, catalog);
  EXPECT_EQ(rows.Row(0), OrdinalRows::kNoRow);
  EXPECT_EQ(rows.Row(1), 7u);
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
