#ifndef RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_

#include <vector>

#include "core/interactions/line_parser.h"

namespace ridgeline {

/// One JSON object a line. Keys are the names that a header may have; others are ignored, null counts as
/// absent. Ids are strings or whole numbers; values and times are numbers or strings.
class JsonParser final : public LineParser {
 public:
  explicit JsonParser(absl::Time default_time) : default_time_(default_time) {}

  absl::Status Parse(absl::string_view line, std::vector<Interaction>* interactions) override;

 private:
  const absl::Time default_time_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_
