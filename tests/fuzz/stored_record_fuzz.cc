#include <string>
#include <tuple>

#include "core/catalog/item_encoding.h"
#include "core/interactions/log_format.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"

namespace ridgeline {
namespace {

void CheckHistory(absl::string_view key, absl::string_view value) {
  const absl::StatusOr<LoggedInteraction> logged = DecodeHistory(key, value);
  RequireExplained(logged.status());
  if (!logged.ok()) return;
  Require(HistoryKey(logged->interaction.user_id, logged->sequence) == key,
          "a key that is read is as it is written");
  const std::string written = EncodeInteraction(logged->interaction);
  const absl::StatusOr<LoggedInteraction> again = DecodeHistory(key, written);
  Require(again.ok() && EncodeInteraction(again->interaction) == written,
          "a record is the same, written and read again");
}

void CheckItem(absl::string_view key, absl::string_view value) {
  const absl::StatusOr<Item> item = DecodeItem(key, value);
  RequireExplained(item.status());
  if (!item.ok()) return;
  Require(ItemKey(item->id) == key, "an item's key that is read is as it is written");
  const std::string written = EncodeItem(*item);
  const absl::StatusOr<Item> again = DecodeItem(key, written);
  Require(again.ok() && EncodeItem(*again) == written, "an item is the same, written and read again");
}

void CheckDeparture(absl::string_view key) {
  const absl::StatusOr<uint64_t> user_hash = DecodeDeparture(key);
  RequireExplained(user_hash.status());
  Require(!user_hash.ok() || DepartureKey(*user_hash) == key, "a departure is as it is written");
}

void CheckCounters(absl::string_view value) {
  const absl::StatusOr<LogCounters> counters = DecodeCounters(value);
  RequireExplained(counters.status());
  Require(!counters.ok() || EncodeCounters(*counters) == value, "counters are as they are written");
}

void CheckStamp(absl::string_view value) {
  const absl::StatusOr<absl::Time> stamp = DecodeStamp(value);
  RequireExplained(stamp.status());
  Require(!stamp.ok() || EncodeTime(*stamp) == value, "a stamp is as it is written");
}

// Records of the stores on disk, which a fault can have changed.
RIDGELINE_FUZZ_TARGET(stored_record) {
  InputCutter cutter(input);
  const absl::string_view key = cutter.TakeText(255);
  CheckHistory(key, cutter.rest());
  CheckItem(key, cutter.rest());
  CheckDeparture(key);
  CheckCounters(cutter.rest());
  CheckStamp(cutter.rest());
}

}  // namespace
}  // namespace ridgeline
