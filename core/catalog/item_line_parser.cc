#include "core/catalog/item_line_parser.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/interactions/delimited.h"
#include "core/interactions/interaction_fields.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

constexpr absl::string_view kNoGenres = "(no genres listed)";

enum class Column { kId, kTitle, kTags, kAvailable, kOther };

// The column called `name`, whatever its case and underscores.
Column ColumnOfName(absl::string_view name) {
  const std::string plain = NormalizedFieldName(name);
  if (plain == "id" || plain == "itemid" || plain == "movieid") return Column::kId;
  if (plain == "title" || plain == "name") return Column::kTitle;
  if (plain == "tags" || plain == "genres") return Column::kTags;
  if (plain == "available") return Column::kAvailable;
  return Column::kOther;
}

std::vector<std::string> SplitTags(absl::string_view text) {
  std::vector<std::string> tags;
  for (absl::string_view tag : absl::StrSplit(text, '|')) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(tag);
    if (!stripped.empty() && stripped != kNoGenres) tags.emplace_back(stripped);
  }
  return tags;
}

// ISO 8859-1 code points are Unicode's first 256.
std::string Utf8FromLatin1(absl::string_view text) {
  std::string utf8;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x80) {
      utf8.push_back(character);
    } else {
      utf8.push_back(static_cast<char>(0xc0 | byte >> 6));
      utf8.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return utf8;
}

absl::StatusOr<bool> ParseAvailable(absl::string_view text) {
  const std::string plain = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  if (plain.empty() || plain == "1" || plain == "true" || plain == "yes") return true;
  if (plain == "0" || plain == "false" || plain == "no") return false;
  return absl::InvalidArgumentError(absl::StrCat("available: must be true or false, got '", text, "'"));
}

absl::Status SetColumn(Column column, absl::string_view text, Item* item) {
  if (column == Column::kId) item->id = std::string(absl::StripAsciiWhitespace(text));
  if (column == Column::kTitle) item->title = std::string(text);
  if (column == Column::kTags) item->tags = SplitTags(text);
  if (column == Column::kAvailable) {
    RIDGELINE_ASSIGN_OR_RETURN(item->available, ParseAvailable(text));
  }
  return absl::OkStatus();
}

class DelimitedItemParser final : public ItemLineParser {
 public:
  explicit DelimitedItemParser(Separator separator)
      : takes_latin1_(separator == Separator::kDoubleColon), splitter_(separator) {}

  absl::StatusOr<absl::optional<Item>> Parse(absl::string_view line) override {
    const std::string converted = takes_latin1_ && !IsValidUtf8(line) ? Utf8FromLatin1(line) : "";
    RIDGELINE_RETURN_IF_ERROR(splitter_.Split(converted.empty() ? line : absl::string_view(converted)));
    const std::vector<absl::string_view>& fields = splitter_.fields();
    if (std::exchange(at_first_line_, false)) {
      if (ColumnOfName(fields[0]) != Column::kOther) return TakeHeader(fields);
      if (fields.size() < columns_.size()) columns_.resize(fields.size());
    }
    if (fields.size() != columns_.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("must have ", columns_.size(), " fields, got ", fields.size()));
    }
    Item item;
    for (size_t i = 0; i < fields.size(); ++i) {
      RIDGELINE_RETURN_IF_ERROR(SetColumn(columns_[i], fields[i], &item));
    }
    return item;
  }

 private:
  absl::StatusOr<absl::optional<Item>> TakeHeader(const std::vector<absl::string_view>& names) {
    columns_.clear();
    bool has_id = false;
    for (absl::string_view name : names) {
      columns_.push_back(ColumnOfName(name));
      has_id |= columns_.back() == Column::kId;
    }
    if (!has_id) return absl::InvalidArgumentError("the header has no column id");
    return absl::optional<Item>();
  }

  const bool takes_latin1_;
  FieldSplitter splitter_;
  bool at_first_line_ = true;
  std::vector<Column> columns_ = {Column::kId, Column::kTitle, Column::kTags};
};

absl::Status WrongType(absl::string_view key, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": must be ", wanted));
}

absl::Status SetTags(const nlohmann::json& value, Item* item) {
  if (!value.is_array()) return WrongType("tags", "an array of strings");
  for (const nlohmann::json& tag : value) {
    if (!tag.is_string()) return WrongType("tags", "an array of strings");
    item->tags.push_back(tag.get<std::string>());
  }
  return absl::OkStatus();
}

absl::Status SetAttributes(const nlohmann::json& value, Item* item) {
  if (!value.is_object()) return WrongType("attributes", "an object of strings");
  for (const auto& [name, text] : value.items()) {
    if (!text.is_string()) return WrongType(absl::StrCat("attributes[", name, "]"), "a string");
    item->attributes[name] = text.get<std::string>();
  }
  return absl::OkStatus();
}

absl::Status SetKey(const std::string& key, const nlohmann::json& value, Item* item) {
  const Column column = ColumnOfName(key);
  if (column == Column::kTags) return SetTags(value, item);
  if (key == "attributes") return SetAttributes(value, item);
  if (column == Column::kAvailable) {
    if (!value.is_boolean()) return WrongType(key, "true or false");
    item->available = value.get<bool>();
    return absl::OkStatus();
  }
  if (column == Column::kOther) return absl::OkStatus();
  if (value.is_number_integer() && column == Column::kId) return SetColumn(column, value.dump(), item);
  if (!value.is_string()) return WrongType(key, "a string");
  return SetColumn(column, value.get<std::string>(), item);
}

class JsonItemParser final : public ItemLineParser {
 public:
  absl::StatusOr<absl::optional<Item>> Parse(absl::string_view line) override {
    const nlohmann::json object = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
    if (!object.is_object()) return absl::InvalidArgumentError("not a JSON object");
    Item item;
    for (const auto& [key, value] : object.items()) RIDGELINE_RETURN_IF_ERROR(SetKey(key, value, &item));
    return item;
  }
};

}  // namespace

std::unique_ptr<ItemLineParser> MakeItemLineParser(absl::string_view first_line) {
  if (absl::StripLeadingAsciiWhitespace(first_line).substr(0, 1) == "{") {
    return std::make_unique<JsonItemParser>();
  }
  return std::make_unique<DelimitedItemParser>(FindSeparator(first_line).value_or(Separator::kComma));
}

}  // namespace ridgeline
