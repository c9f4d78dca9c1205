#include "core/dataset/tag_matrix.h"

#include <algorithm>
#include <limits>

namespace ridgeline {
namespace {

constexpr uint32_t kLeftOut = std::numeric_limits<uint32_t>::max();

using Entries = std::vector<std::pair<uint32_t, uint32_t>>;

std::vector<int64_t> CountTeachers(const Entries& entries, const std::vector<bool>& teaches, size_t tags) {
  std::vector<int64_t> counts(tags, 0);
  for (const auto& [row, tag] : entries) counts[tag] += teaches[row] ? 1 : 0;
  return counts;
}

// The column of each tag, or kLeftOut.
std::vector<uint32_t> AssignColumns(const IdMap& tags, const std::vector<int64_t>& counts, size_t most) {
  std::vector<uint32_t> kept;
  for (uint32_t tag = 0; tag < counts.size(); ++tag) {
    if (counts[tag] >= 2) kept.push_back(tag);
  }
  const auto by_name = [&](uint32_t a, uint32_t b) { return tags.Id(a) < tags.Id(b); };
  std::sort(kept.begin(), kept.end(), [&](uint32_t a, uint32_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : by_name(a, b);
  });
  kept.resize(std::min(kept.size(), most));
  std::sort(kept.begin(), kept.end(), by_name);
  std::vector<uint32_t> columns(counts.size(), kLeftOut);
  for (size_t column = 0; column < kept.size(); ++column)
    columns[kept[column]] = static_cast<uint32_t>(column);
  return columns;
}

}  // namespace

void TagMatrixBuilder::Add(uint32_t row, absl::Span<const std::string> tags) {
  for (const std::string& tag : tags) entries_.emplace_back(row, tags_.Add(tag));
}

CsrMatrix TagMatrixBuilder::Build(const std::vector<bool>& teaches, size_t most) {
  const IdMap tags = std::exchange(tags_, IdMap());
  Entries entries = std::exchange(entries_, {});
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  const std::vector<uint32_t> columns =
      AssignColumns(tags, CountTeachers(entries, teaches, tags.size()), most);
  for (auto& [row, tag] : entries) tag = columns[tag];
  std::sort(entries.begin(), entries.end());
  CsrMatrix matrix;
  matrix.rows = static_cast<uint32_t>(teaches.size());
  matrix.columns = static_cast<uint32_t>(
      std::count_if(columns.begin(), columns.end(), [](uint32_t column) { return column != kLeftOut; }));
  matrix.offsets.assign(teaches.size() + 1, 0);
  for (const auto& [row, column] : entries) {
    if (column == kLeftOut) continue;
    ++matrix.offsets[size_t{row} + 1];
    matrix.column_indices.push_back(column);
  }
  for (size_t row = 0; row < teaches.size(); ++row) matrix.offsets[row + 1] += matrix.offsets[row];
  matrix.values.assign(matrix.column_indices.size(), 1.0f);
  return matrix;
}

}  // namespace ridgeline
