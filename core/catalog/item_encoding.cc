#include "core/catalog/item_encoding.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/base/byte_coding.h"

namespace ridgeline {

std::string ItemKey(absl::string_view item_id) {
  return absl::StrCat(kItemBegin, item_id);
}

std::string EncodeItem(const Item& item) {
  std::string bytes;
  AppendFixed32(item.available ? 1 : 0, &bytes);
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixMicros(item.update_time)), &bytes);
  AppendSized(item.title, &bytes);
  AppendFixed32(static_cast<uint32_t>(item.tags.size()), &bytes);
  for (const std::string& tag : item.tags) AppendSized(tag, &bytes);
  AppendFixed32(static_cast<uint32_t>(item.attributes.size()), &bytes);
  for (const auto& [name, value] : item.attributes) {
    AppendSized(name, &bytes);
    AppendSized(value, &bytes);
  }
  return bytes;
}

absl::StatusOr<Item> DecodeItem(absl::string_view key, absl::string_view value) {
  Item item;
  ByteReader key_reader(key);
  const bool is_item = key_reader.Take(1) == kItemBegin;
  item.id = std::string(key.substr(key.empty() ? 0 : 1));
  ByteReader reader(value);
  item.available = reader.Fixed32() != 0;
  item.update_time = absl::FromUnixMicros(static_cast<int64_t>(reader.Fixed64()));
  item.title = std::string(reader.Sized());
  // A damaged count cannot ask for more than the bytes hold: the reader stops being ok first.
  for (uint32_t left = reader.Fixed32(); left > 0 && reader.ok(); --left) {
    item.tags.emplace_back(reader.Sized());
  }
  for (uint32_t left = reader.Fixed32(); left > 0 && reader.ok(); --left) {
    std::string name(reader.Sized());
    item.attributes[std::move(name)] = std::string(reader.Sized());
  }
  if (is_item && reader.done()) return item;
  return absl::DataLossError(absl::StrCat("the catalogue's record of item \"", item.id, "\" is damaged"));
}

}  // namespace ridgeline
