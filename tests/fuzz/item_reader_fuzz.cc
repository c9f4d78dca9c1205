#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/catalog/item_encoding.h"
#include "core/catalog/item_reader.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

struct ItemReading {
  std::vector<Item> items;
  absl::StatusOr<ItemReadReport> report;
};

ItemReading Read(const std::string& path, int64_t max_bad_lines) {
  ItemReading reading;
  ItemReaderOptions options;
  options.max_bad_lines = max_bad_lines;
  reading.report = ReadItems(path, options, [&](Item&& item) {
    reading.items.push_back(std::move(item));
    return absl::OkStatus();
  });
  return reading;
}

std::string ToJsonLine(const Item& item) {
  const nlohmann::json object = {{"id", item.id},
                                 {"title", item.title},
                                 {"tags", item.tags},
                                 {"available", item.available},
                                 {"attributes", item.attributes}};
  return absl::StrCat(object.dump(), "\n");
}

bool Same(const Item& a, const Item& b) {
  return a.id == b.id && EncodeItem(a) == EncodeItem(b);
}

// The reader of the catalogue's files finds which kind of line a file has, and gives valid items only, which
// are read as the same once they are written as JSON lines.
RIDGELINE_FUZZ_TARGET(item_reader) {
  static MemoryFile& file = *new MemoryFile();
  InputCutter cutter(input);
  const int64_t max_bad_lines = cutter.TakeBelow(16);
  file.Write(cutter.rest());
  const ItemReading reading = Read(file.path(), max_bad_lines);
  RequireExplained(reading.report.status());
  for (const Item& item : reading.items)
    Require(ValidateItem(item).ok(), "no item is handed on that is not valid");
  if (reading.report.ok()) {
    Require(reading.report->items == static_cast<int64_t>(reading.items.size()),
            "the report counts what came");
    Require(reading.report->bad_lines <= max_bad_lines, "no more bad lines are skipped than may be");
  }
  if (reading.items.empty()) return;
  std::string lines;
  for (const Item& item : reading.items) lines += ToJsonLine(item);
  file.Write(lines);
  const ItemReading again = Read(file.path(), 0);
  Require(again.report.ok() && again.items.size() == reading.items.size(),
          "what was read can be written and read");
  for (size_t i = 0; i < again.items.size(); ++i) {
    Require(Same(again.items[i], reading.items[i]), "what was read, written and read again is the same");
  }
}

}  // namespace
}  // namespace ridgeline
