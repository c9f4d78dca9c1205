#include "core/training/cold_item_placement.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/als/attribute_mapping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::Each;
using testing::Ge;

constexpr uint32_t kItems = 12;
constexpr int kFactors = 3;

// A model of items "item0" to "item11" with random factors, and a catalogue beside it.
class PlaceColdItemsTest : public testing::Test {
 protected:
  static std::shared_ptr<const FactorModel> Model(Hyperparameters hyperparameters = Hyperparameters()) {
    FactorModelParts parts;
    parts.hyperparameters = hyperparameters;
    parts.hyperparameters.factors = kFactors;
    parts.user_ids = MakeIds("user", 5);
    parts.item_ids = MakeIds("item", kItems);
    parts.users = RandomFactors(5, kFactors, HasBiases(hyperparameters), 1);
    parts.items = RandomFactors(kItems, kFactors, HasBiases(hyperparameters), 2);
    MakeFeasible(hyperparameters, parts.users);
    MakeFeasible(hyperparameters, parts.items);
    parts.item_popularity.assign(kItems, 1.0f);
    return FactorModel::Create(std::move(parts)).value();
  }

  void Upsert(const std::string& id, std::vector<std::string> tags) {
    Item item;
    item.id = id;
    item.tags = std::move(tags);
    ASSERT_TRUE(catalog_->Upsert({item}).ok());
  }

  // Half of the model's items are red, the others blue; every third is round too.
  void DescribeItems() {
    for (uint32_t item = 0; item < kItems; ++item) {
      std::vector<std::string> tags = {item % 2 == 0 ? "red" : "blue"};
      if (item % 3 == 0) tags.push_back("round");
      Upsert(absl::StrCat("item", item), std::move(tags));
    }
  }

  std::shared_ptr<const FactorModel> Place(const std::shared_ptr<const FactorModel>& model) const {
    return PlaceColdItems(model, interactions_, *catalog_).value();
  }

  const TempDir directory_;
  const std::unique_ptr<Catalog> catalog_ = Catalog::Open(directory_.File("catalog")).value();
  const std::vector<float> interactions_ = std::vector<float>(kItems, 20.0f);
};

TEST_F(PlaceColdItemsTest, PutsThemWhereTheMappingOfTheModelsTagsSays) {
  DescribeItems();
  Upsert("a new one", {"red", "round"});
  Upsert("zzz", {"blue", "nobody else's"});
  const auto model = Model();
  const auto placed = Place(model);
  // Columns: blue, red, round.
  CsrMatrix tags = {kItems, 3, {0}, {}, {}};
  for (uint32_t item = 0; item < kItems; ++item) {
    tags.column_indices.push_back(item % 2 == 0 ? 1 : 0);
    if (item % 3 == 0) tags.column_indices.push_back(2);
    tags.offsets.push_back(static_cast<int64_t>(tags.column_indices.size()));
  }
  tags.values.assign(tags.column_indices.size(), 1.0f);
  const auto mapping = AttributeMapping::Fit(model->items(), tags, interactions_).value();
  ASSERT_EQ(placed->items().rows(), kItems + 2);
  EXPECT_EQ(placed->placed_items(), 2u);
  EXPECT_EQ(placed->item_ids().Id(kItems), "a new one");
  EXPECT_EQ(placed->item_ids().Id(kItems + 1), "zzz");
  EXPECT_THAT(placed->items().Row(kItems), testing::ElementsAreArray(mapping.Predict({1, 2}).factors));
  EXPECT_THAT(placed->items().Row(kItems + 1), testing::ElementsAreArray(mapping.Predict({0}).factors));
  EXPECT_EQ(placed->item_popularity()[kItems], 0.0f);
}

TEST_F(PlaceColdItemsTest, LeavesTheRestOfTheModelAsItIs) {
  DescribeItems();
  Upsert("new", {"red"});
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(kFactors)) {
    const auto model = Model(hyperparameters);
    const auto placed = Place(model);
    ASSERT_EQ(placed->placed_items(), 1u) << Describe(hyperparameters);
    EXPECT_EQ(placed->users().values, model->users().values);
    EXPECT_EQ(placed->item_gramian(), model->item_gramian());
    EXPECT_EQ(placed->item_bias_moment(), model->item_bias_moment());
    EXPECT_EQ(placed->user_gramian(), model->user_gramian());
    for (uint32_t item = 0; item < kItems; ++item) {
      EXPECT_EQ(placed->item_ids().Id(item), model->item_ids().Id(item));
      EXPECT_EQ(placed->items().Row(item), model->items().Row(item));
      EXPECT_EQ(placed->items().biases[item], model->items().biases[item]);
    }
    EXPECT_EQ(HasBiases(hyperparameters), placed->items().biases[kItems] != 0.0f);
    if (!hyperparameters.non_negative) continue;
    EXPECT_THAT(placed->items().Row(kItems), Each(Ge(0.0f)));
  }
}

TEST_F(PlaceColdItemsTest, LeavesOutItemsWithoutATagToLearnFrom) {
  DescribeItems();
  Upsert("untagged", {});
  Upsert("alien", {"unheard of"});
  Upsert("alien too", {"unheard of"});
  const auto model = Model();
  EXPECT_EQ(Place(model), model);
  Upsert("red one", {"red"});
  EXPECT_EQ(Place(model)->placed_items(), 1u);
}

TEST_F(PlaceColdItemsTest, LearnsNothingFromItemsWithoutInteractions) {
  for (uint32_t item = 0; item < kItems; ++item) Upsert(absl::StrCat("item", item), {"red"});
  Upsert("new", {"red"});
  const auto model = Model();
  EXPECT_EQ(PlaceColdItems(model, std::vector<float>(kItems, 0.0f), *catalog_).value(), model);
}

TEST_F(PlaceColdItemsTest, WithoutACatalogueIsTheModelItself) {
  const auto model = Model();
  EXPECT_EQ(Place(model), model);
}

TEST_F(PlaceColdItemsTest, ReadsACatalogueOfManyPages) {
  DescribeItems();
  std::vector<Item> items(2'500);
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].id = absl::StrFormat("new %05d", i);
    items[i].tags = {i % 2 == 0 ? "red" : "blue"};
  }
  ASSERT_TRUE(catalog_->Upsert(items).ok());
  const auto placed = Place(Model());
  ASSERT_EQ(placed->placed_items(), 2'500u);
  EXPECT_EQ(placed->item_ids().Id(kItems + 2'499), "new 02499");
  EXPECT_EQ(placed->items().Row(kItems + 1'997), placed->items().Row(kItems + 1));
  EXPECT_NE(placed->items().Row(kItems + 1'998), placed->items().Row(kItems + 1));
}

}  // namespace
}  // namespace ridgeline
