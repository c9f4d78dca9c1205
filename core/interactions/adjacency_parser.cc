#include "core/interactions/adjacency_parser.h"

#include <algorithm>

namespace ridgeline {
namespace {

constexpr absl::string_view kBlanks = " \t";

// Takes the next word off the front of `rest`; empty when there is none.
absl::string_view TakeWord(absl::string_view* rest) {
  rest->remove_prefix(std::min(rest->find_first_not_of(kBlanks), rest->size()));
  const absl::string_view word = rest->substr(0, rest->find_first_of(kBlanks));
  rest->remove_prefix(word.size());
  return word;
}

}  // namespace

absl::Status AdjacencyParser::Parse(absl::string_view line, std::vector<InteractionView>* interactions) {
  interactions->clear();
  const absl::string_view user = TakeWord(&line);
  for (absl::string_view item = TakeWord(&line); !item.empty(); item = TakeWord(&line)) {
    InteractionView& interaction = interactions->emplace_back();
    interaction.user_id = user;
    interaction.item_id = item;
    interaction.time = default_time_;
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
