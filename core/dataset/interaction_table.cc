#include "core/dataset/interaction_table.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"

namespace ridgeline {
namespace {

// Appends `rows` of a part, each by its number in the whole.
void AppendRows(const std::vector<uint32_t>& rows, const std::vector<uint32_t>& numbers,
                std::vector<uint32_t>* whole) {
  for (const uint32_t row : rows) whole->push_back(numbers[row]);
}

template <typename T>
void MoveTo(std::vector<T>* part, std::vector<T>* whole) {
  whole->insert(whole->end(), part->begin(), part->end());
  part->clear();
}

}  // namespace

void InteractionTable::AppendFrom(const InteractionTable& other, int64_t index) {
  const auto from = static_cast<size_t>(index);
  user_rows.push_back(other.user_rows[from]);
  item_rows.push_back(other.item_rows[from]);
  values.push_back(other.values[from]);
  if (!other.times.empty()) times.push_back(other.times[from]);
}

InteractionTableBuilder::InteractionTableBuilder(Times times)
    : times_(times), users_(std::make_shared<IdMap>()), items_(std::make_shared<IdMap>()) {}

InteractionTableBuilder::InteractionTableBuilder(const IdMap& users, const IdMap& items)
    : users_(std::make_shared<IdMap>(users)), items_(std::make_shared<IdMap>(items)) {}

void InteractionTableBuilder::Add(const InteractionView& interaction) {
  AddValue(interaction, interaction.value);
}

void InteractionTableBuilder::AddWeighed(const InteractionView& interaction, const EventWeight& weight) {
  const float value = weight.OfType(interaction.value, interaction.event_type);
  if (value != 0.0f || interaction.value == 0.0f) AddValue(interaction, value);
}

void InteractionTableBuilder::AddValue(const InteractionView& interaction, float value) {
  // Files often hold all of a user together.
  const bool is_same_user =
      !table_.user_rows.empty() && users_->HasId(table_.user_rows.back(), interaction.user_id);
  table_.user_rows.push_back(is_same_user ? table_.user_rows.back() : users_->Add(interaction.user_id));
  table_.item_rows.push_back(items_->Add(interaction.item_id));
  table_.values.push_back(value);
  if (times_ == Times::kKept) table_.times.push_back(absl::ToUnixMicros(interaction.time));
}

void InteractionTableBuilder::AddPart(InteractionTableBuilder* part) {
  AppendRows(part->table_.user_rows, users_->AddAll(*part->users_), &table_.user_rows);
  AppendRows(part->table_.item_rows, items_->AddAll(*part->items_), &table_.item_rows);
  MoveTo(&part->table_.values, &table_.values);
  MoveTo(&part->table_.times, &table_.times);
  part->table_.user_rows.clear();
  part->table_.item_rows.clear();
  part->users_->Clear();
  part->items_->Clear();
}

InteractionTable InteractionTableBuilder::Build() {
  InteractionTable built = std::exchange(table_, InteractionTable());
  built.users = std::exchange(users_, std::make_shared<IdMap>());
  built.items = std::exchange(items_, std::make_shared<IdMap>());
  return built;
}

void DecayFromNewest(InteractionTable& table, EventWeight& weight) {
  if (weight.half_life_days == 0.0 || table.times.empty()) return;
  weight.reference_time = *std::max_element(table.times.begin(), table.times.end());
  size_t kept = 0;
  for (size_t i = 0; i < table.times.size(); ++i) {
    const float value = weight.Decayed(table.values[i], table.times[i]);
    if (value == 0.0f) continue;
    table.user_rows[kept] = table.user_rows[i];
    table.item_rows[kept] = table.item_rows[i];
    table.values[kept] = value;
    table.times[kept] = table.times[i];
    ++kept;
  }
  table.user_rows.resize(kept);
  table.item_rows.resize(kept);
  table.values.resize(kept);
  table.times.resize(kept);
}

}  // namespace ridgeline
