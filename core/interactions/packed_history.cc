#include "core/interactions/packed_history.h"

#include <vector>

#include "absl/base/casts.h"
#include "absl/time/time.h"
#include "core/base/byte_coding.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

void AppendText(const std::string& text, std::string* bytes) {
  AppendBigEndian16(static_cast<uint16_t>(text.size()), bytes);  // at most kMaxIdBytes
  *bytes += text;
}

absl::string_view TakeText(ByteReader& reader) {
  return reader.Take(reader.BigEndian16());
}

}  // namespace

absl::StatusOr<PackedHistory> PackedHistory::Read(const InteractionLog& log, absl::string_view user_id) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<LoggedInteraction> all, log.ReadUser(user_id));
  PackedHistory history;
  for (const LoggedInteraction& logged : all) history.Append(logged);
  history.bytes_.shrink_to_fit();
  return history;
}

void PackedHistory::Append(const LoggedInteraction& logged) {
  if (empty()) first_sequence_ = logged.sequence;
  last_sequence_ = logged.sequence;
  ++size_;
  AppendFixed32(absl::bit_cast<uint32_t>(logged.interaction.value), &bytes_);
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixMicros(logged.interaction.time)), &bytes_);
  AppendText(logged.interaction.item_id, &bytes_);
  AppendText(logged.interaction.event_type, &bytes_);
}

void PackedHistory::ForEach(absl::FunctionRef<void(const InteractionView&)> visit) const {
  ByteReader reader(bytes_);
  while (!reader.done()) {
    InteractionView interaction;
    interaction.value = absl::bit_cast<float>(reader.Fixed32());
    interaction.time = absl::FromUnixMicros(static_cast<int64_t>(reader.Fixed64()));
    interaction.item_id = TakeText(reader);
    interaction.event_type = TakeText(reader);
    visit(interaction);
  }
}

}  // namespace ridgeline
