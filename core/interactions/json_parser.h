#ifndef RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/interactions/interaction_fields.h"
#include "core/interactions/line_parser.h"
#include "nlohmann/json.hpp"

namespace ridgeline {

/// One JSON object a line. Keys are the names that a header may have; others are ignored, null counts as
/// absent. Ids are strings or whole numbers; values and times are numbers or strings.
class JsonParser final : public LineParser {
 public:
  explicit JsonParser(absl::Time default_time) : default_time_(default_time) {}

  absl::Status Parse(absl::string_view line, std::vector<InteractionView>* interactions) override;
  bool IsSettled() const override { return true; }
  std::unique_ptr<LineParser> Clone() const override { return std::make_unique<JsonParser>(default_time_); }

 private:
  absl::Status SetFromJson(const std::string& key, InteractionField field, const nlohmann::json& value,
                           InteractionView* interaction);

  const absl::Time default_time_;
  nlohmann::json object_;              // the last line, which what is text there points into
  std::deque<std::string> spellings_;  // of its numbers
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_JSON_PARSER_H_
