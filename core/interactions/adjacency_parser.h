#ifndef RIDGELINE_CORE_INTERACTIONS_ADJACENCY_PARSER_H_
#define RIDGELINE_CORE_INTERACTIONS_ADJACENCY_PARSER_H_

#include <memory>
#include <vector>

#include "core/interactions/line_parser.h"

namespace ridgeline {

/// Adjacency lists: a user and its items, separated by blanks. A user without items is no error and yields
/// nothing.
class AdjacencyParser final : public LineParser {
 public:
  explicit AdjacencyParser(absl::Time default_time) : default_time_(default_time) {}

  absl::Status Parse(absl::string_view line, std::vector<InteractionView>* interactions) override;
  bool IsSettled() const override { return true; }
  std::unique_ptr<LineParser> Clone() const override {
    return std::make_unique<AdjacencyParser>(default_time_);
  }

 private:
  const absl::Time default_time_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_ADJACENCY_PARSER_H_
