#ifndef RIDGELINE_CORE_CATALOG_ITEM_ENCODING_H_
#define RIDGELINE_CORE_CATALOG_ITEM_ENCODING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalog/item.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {

// The catalogue's records, version 1:
//
//   record     := item | format
//   item       := "i" id                  ->  available update_time title tags attributes
//   format     := "mformat"               ->  "catalog 1"
//
//   id         := byte*                   to the end of the key, so that items sort by id
//   available  := fixed32                 0 or 1
//   update_time:= fixed64                 Unix microseconds, two's complement
//   title      := text
//   tags       := fixed32 text*           their number, then each
//   attributes := fixed32 (text text)*    their number, then key and value of each
//   text       := fixed32 byte*           its size, then its bytes
//
// fixed32 and fixed64 are little-endian. Example, item "x" of title "X" with tag "a", available since 1 s:
//
//   "i" "x"  ->  01 00 00 00  40 42 0f 00 00 00 00 00  01 00 00 00 "X"  01 00 00 00 01 00 00 00 "a"  00 00 00
//   00

inline constexpr StoreFormat kCatalogFormat = {"catalog", 1};

/// Between which keys all item records are: [kItemBegin, kItemEnd).
inline constexpr char kItemBegin[] = "i";
inline constexpr char kItemEnd[] = "j";

std::string ItemKey(absl::string_view item_id);
std::string EncodeItem(const Item& item);

/// The item of one record. kDataLoss when the bytes are not one.
absl::StatusOr<Item> DecodeItem(absl::string_view key, absl::string_view value);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_ITEM_ENCODING_H_
