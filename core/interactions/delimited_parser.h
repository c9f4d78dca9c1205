#ifndef RIDGELINE_CORE_INTERACTIONS_DELIMITED_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_DELIMITED_PARSER_H_

#include <memory>
#include <vector>

#include "core/interactions/delimited.h"
#include "core/interactions/interaction_fields.h"
#include "core/interactions/line_parser.h"

namespace ridgeline {

/// Lines of separated fields. The first good line fixes the columns: a header names them, in any order, when
/// one of its fields is the name of a user or an item column; without one they are user, item, value, time,
/// as many as that line has. Every later line must have as many fields. Columns with other names are ignored.
class DelimitedParser final : public LineParser {
 public:
  DelimitedParser(Separator separator, absl::Time default_time)
      : splitter_(separator), default_time_(default_time) {}

  absl::Status Parse(absl::string_view line, std::vector<InteractionView>* interactions) override;
  bool IsSettled() const override { return !columns_.empty(); }
  std::unique_ptr<LineParser> Clone() const override { return std::make_unique<DelimitedParser>(*this); }

 private:
  absl::Status SetColumns(bool* is_header);
  absl::Status SetFields(InteractionView* interaction) const;

  FieldSplitter splitter_;
  const absl::Time default_time_;
  std::vector<InteractionField> columns_;  // empty until the first good line
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_DELIMITED_PARSER_H_
