#include "core/serving/ordinal_rows.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/serving/fake_catalog.h"

namespace ridgeline {
namespace {

TEST(OrdinalRows, KnowsTheRowsOfTheCataloguesItems) {
  const auto ids = NumberedIds("i", 10);
  FakeCatalog catalog;
  for (const char* id : {"other", "i7", "i0"}) catalog.Put(id, "");
  const OrdinalRows rows(ids.get(), catalog);
  const OrdinalRows::View view = rows.Through(2, catalog);
  EXPECT_EQ(view.Row(0), OrdinalRows::kNoRow);
  EXPECT_EQ(view.Row(1), 7u);
  EXPECT_EQ(view.Row(2), 0u);
  EXPECT_EQ(view.Row(3), OrdinalRows::kNoRow);
  EXPECT_EQ(view.Row(UINT32_MAX), OrdinalRows::kNoRow);
}

TEST(OrdinalRows, FollowsTheCatalogueAsItGrows) {
  const auto ids = NumberedIds("i", 10);
  FakeCatalog catalog;
  const OrdinalRows rows(ids.get(), catalog);
  const OrdinalRows::View before = rows.Through(0, catalog);
  for (const char* id : {"i3", "other", "i4"}) catalog.Put(id, "");
  EXPECT_EQ(before.Row(0), OrdinalRows::kNoRow);
  EXPECT_EQ(rows.Through(2, catalog).Row(2), 4u);
  catalog.Put("i9", "");
  const OrdinalRows::View after = rows.Through(3, catalog);
  EXPECT_EQ(after.Row(0), 3u);
  EXPECT_EQ(after.Row(1), OrdinalRows::kNoRow);
  EXPECT_EQ(after.Row(3), 9u);
}

TEST(OrdinalRows, ManyThreadsSeeWhatOneAdds) {
  constexpr uint32_t kItems = 500;
  const auto ids = NumberedIds("i", kItems);
  FakeCatalog catalog;
  const OrdinalRows rows(ids.get(), catalog);
  std::atomic<uint32_t> added{0};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      for (uint32_t seen = 0; seen < kItems; seen = added.load()) {
        if (seen > 0) {
          EXPECT_EQ(rows.Through(seen - 1, catalog).Row(seen - 1), seen - 1);
        }
      }
    });
  }
  for (uint32_t item = 0; item < kItems; ++item) {
    catalog.Put(absl::StrCat("i", item), "");
    added.store(item + 1);
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace ridgeline
