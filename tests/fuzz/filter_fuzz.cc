#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/serving/item_selection.h"
#include "core/serving/query_validation.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/serving/serving_world.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr uint32_t kItems = 130;  // more than two words of a filter
constexpr int kTags = 6;

// Item i of those that the catalogue knows, three of four, has tag t for each bit t of i; every fifth is
// unavailable.
Item ItemOf(uint32_t i) {
  Item item;
  item.id = absl::StrCat("i", i);
  for (int tag = 0; tag < kTags; ++tag) {
    if ((i >> tag & 1) != 0) item.tags.push_back(absl::StrCat("t", tag));
  }
  item.available = i % 5 != 0;
  return item;
}

bool IsKnown(uint32_t i) {
  return i % 4 != 3;
}

struct FilterWorld {
  FilterWorld() {
    std::vector<Item> items;
    for (uint32_t i = 0; i < kItems; ++i) {
      if (IsKnown(i)) items.push_back(ItemOf(i));
    }
    Require(catalog->Upsert(items).ok(), "the catalogue takes its items");
    snapshot = ServingSnapshot::Create(MakeStoredModel({.items = kItems}), *catalog);
  }

  const TempDir directory;
  const std::unique_ptr<Catalog> catalog = Catalog::Open(directory.path()).value();
  std::shared_ptr<const ServingSnapshot> snapshot;
};

// Texts that mean something here, and any others. Owns what the selection views.
class SelectionBuilder {
 public:
  explicit SelectionBuilder(absl::string_view input) : cutter_(input) {}

  ItemSelection Build() {
    ItemSelection selection;
    selection.include_unavailable = cutter_.TakeBool();
    selection.tags.any = TakeTexts("t", kTags + 1);
    selection.tags.all = TakeTexts("t", kTags + 1);
    selection.tags.none = TakeTexts("t", kTags + 1);
    excluded_ = TakeTexts("i", kItems + 3);
    candidates_ = TakeTexts("i", kItems + 3);
    selection.exclude_item_ids = {excluded_.begin(), excluded_.end()};
    selection.candidate_item_ids = {candidates_.begin(), candidates_.end()};
    return selection;
  }

 private:
  std::vector<std::string> TakeTexts(const char* prefix, int numbers) {
    std::vector<std::string> texts;
    for (int left = cutter_.TakeBelow(6); left > 0; --left) {
      texts.push_back(cutter_.TakeBelow(8) == 7 ? std::string(cutter_.TakeText(255))
                                                : absl::StrCat(prefix, cutter_.TakeBelow(numbers)));
    }
    return texts;
  }

  InputCutter cutter_;
  std::vector<std::string> excluded_;
  std::vector<std::string> candidates_;
};

template <typename Texts>
bool Has(const Texts& texts, absl::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// What a filter lets through, by looking at one item.
bool IsAllowed(const ItemSelection& selection, absl::string_view id, uint32_t i) {
  const Item item = IsKnown(i) ? ItemOf(i) : Item();
  const auto carries = [&item](const std::string& tag) { return Has(item.tags, tag); };
  const TagFilter& tags = selection.tags;
  return (selection.include_unavailable || item.available) &&
         (tags.any.empty() || std::any_of(tags.any.begin(), tags.any.end(), carries)) &&
         std::all_of(tags.all.begin(), tags.all.end(), carries) &&
         std::none_of(tags.none.begin(), tags.none.end(), carries) && !Has(selection.exclude_item_ids, id) &&
         (selection.candidate_item_ids.empty() || Has(selection.candidate_item_ids, id));
}

// A filter lets through exactly what looking at every item lets through; ids that the model does not know are
// named.
RIDGELINE_FUZZ_TARGET(filter) {
  static const FilterWorld world;
  SelectionBuilder builder(input);
  const ItemSelection selection = builder.Build();
  const absl::Status valid = ValidateSelection(selection);
  RequireExplained(valid);
  if (!valid.ok()) return;
  const IdMap& ids = world.snapshot->model().item_ids();
  ItemLookup lookup(&ids);
  const absl::StatusOr<SelectedItems> selected =
      SelectItems(selection, *world.snapshot, *world.catalog, lookup);
  RequireExplained(selected.status());
  if (!selected.ok()) return;
  for (uint32_t row = 0; row < kItems; ++row) {
    Require(selected->filter.Allows(row) == IsAllowed(selection, ids.Id(row), row),
            "a filter is what it says");
  }
  for (const std::string& id : lookup.TakeUnknown()) {
    Require(!ids.Find(id).has_value(), "only ids that the model does not know are named as unknown");
    Require(ValidateId("id", id).ok(), "ids that are named as unknown are valid");
  }
}

}  // namespace
}  // namespace ridgeline
