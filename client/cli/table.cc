#include "client/cli/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/display_width.h"

namespace ridgeline {
namespace {

constexpr int kGap = 2;

}  // namespace

Table Table::OfProperties() {
  return Table({Column{}, Column{}});
}

void Table::AddRow(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = Printable(cells[i]);
    if (columns_[i].max_width > 0) cells[i] = TruncateToWidth(cells[i], columns_[i].max_width);
  }
  rows_.push_back(std::move(cells));
}

// 0 for columns to leave out.
std::vector<int> Table::Widths() const {
  std::vector<int> widths(columns_.size(), 0);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], DisplayWidth(columns_[i].title));
  }
  return widths;
}

std::string Table::RenderLine(const std::vector<std::string>& cells, const std::vector<int>& widths) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string padding(widths[i] - DisplayWidth(cells[i]), ' ');
    const bool right = columns_[i].align == Align::kRight;
    absl::StrAppend(&line, right ? padding : "", cells[i], right ? "" : padding, std::string(kGap, ' '));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return absl::StrCat(line, "\n");
}

std::string Table::Render() const {
  const std::vector<int> widths = Widths();
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  const bool titled =
      std::any_of(titles.begin(), titles.end(), [](const auto& title) { return !title.empty(); });
  std::string text;
  if (titled && !rows_.empty()) text = RenderLine(titles, widths);
  for (const std::vector<std::string>& row : rows_) absl::StrAppend(&text, RenderLine(row, widths));
  return text;
}

}  // namespace ridgeline
