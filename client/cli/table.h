#ifndef RIDGELINE_CLIENT_CLI_TABLE_H_
#define RIDGELINE_CLIENT_CLI_TABLE_H_

#include <string>
#include <utility>
#include <vector>

namespace ridgeline {

/// Text in aligned columns, for people. Thread-compatible.
class Table {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    std::string title;
    Align align = Align::kLeft;
    int max_width = 0;  ///< columns of the terminal; longer cells end in an ellipsis; 0: never cut
  };

  /// A table without column titles prints no title line.
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// A table of names and values: two columns without titles.
  static Table OfProperties();

  /// Adds a row of at most one cell a column; missing ones are empty. Control characters become spaces.
  void AddRow(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  /// All lines, each ended by a newline and without trailing blanks. Columns that are empty in every row are
  /// left out.
  std::string Render() const;

 private:
  std::vector<int> Widths() const;
  std::string RenderLine(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // [rows x columns]
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_TABLE_H_
