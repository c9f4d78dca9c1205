#include "core/interactions/log_format.h"

#include "absl/base/casts.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/byte_coding.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

absl::Time TakeTime(ByteReader& reader) {
  return absl::FromUnixMicros(static_cast<int64_t>(reader.Fixed64()));
}

struct HistoryParts {
  absl::string_view user_id;
  uint64_t sequence = 0;
};

absl::StatusOr<HistoryParts> SplitHistoryKey(absl::string_view key) {
  ByteReader reader(key);
  const bool is_history = reader.Take(1) == kHistoryBegin;
  HistoryParts parts;
  parts.user_id = reader.Take(reader.BigEndian16());
  parts.sequence = reader.BigEndian64();
  if (!is_history || !reader.done())
    return absl::DataLossError("a history key of the interaction log is damaged");
  return parts;
}

}  // namespace

std::string HistoryKey(absl::string_view user_id, uint64_t sequence) {
  std::string key = kHistoryBegin;
  AppendBigEndian16(static_cast<uint16_t>(user_id.size()), &key);
  key.append(user_id.data(), user_id.size());
  AppendBigEndian64(sequence, &key);
  return key;
}

std::string EventKey(absl::string_view event_id) {
  return absl::StrCat("e", event_id);
}

std::string DepartureKey(uint64_t user_hash) {
  std::string key = kDepartureBegin;
  AppendBigEndian64(user_hash, &key);
  return key;
}

std::string EncodeInteraction(const Interaction& interaction) {
  std::string value;
  AppendFixed32(absl::bit_cast<uint32_t>(interaction.value), &value);
  value += EncodeTime(interaction.time);
  AppendSized(interaction.item_id, &value);
  AppendSized(interaction.event_id, &value);
  AppendSized(interaction.event_type, &value);
  AppendSized(interaction.recommendation_id, &value);
  return value;
}

std::string EncodeSequence(uint64_t sequence) {
  std::string value;
  AppendBigEndian64(sequence, &value);
  return value;
}

std::string EncodeCounters(const LogCounters& counters) {
  std::string value;
  AppendFixed64(counters.last_sequence, &value);
  AppendFixed64(static_cast<uint64_t>(counters.size), &value);
  return value;
}

std::string EncodeTime(absl::Time time) {
  std::string value;
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixMicros(time)), &value);
  return value;
}

absl::StatusOr<LoggedInteraction> DecodeHistory(absl::string_view key, absl::string_view value) {
  RIDGELINE_ASSIGN_OR_RETURN(const HistoryParts parts, SplitHistoryKey(key));
  LoggedInteraction logged;
  logged.sequence = parts.sequence;
  logged.interaction.user_id = std::string(parts.user_id);
  ByteReader reader(value);
  logged.interaction.value = absl::bit_cast<float>(reader.Fixed32());
  logged.interaction.time = TakeTime(reader);
  logged.interaction.item_id = std::string(reader.Sized());
  logged.interaction.event_id = std::string(reader.Sized());
  logged.interaction.event_type = std::string(reader.Sized());
  logged.interaction.recommendation_id = std::string(reader.Sized());
  if (!reader.done()) {
    return absl::DataLossError(absl::StrCat("interaction ", parts.sequence, " of the log is damaged"));
  }
  return logged;
}

absl::StatusOr<uint64_t> DecodeDeparture(absl::string_view key) {
  ByteReader reader(key);
  const bool is_departure = reader.Take(1) == kDepartureBegin;
  const uint64_t user_hash = reader.BigEndian64();
  if (!is_departure || !reader.done())
    return absl::DataLossError("a departure of the interaction log is damaged");
  return user_hash;
}

absl::StatusOr<LogCounters> DecodeCounters(absl::string_view value) {
  ByteReader reader(value);
  LogCounters counters;
  counters.last_sequence = reader.Fixed64();
  counters.size = static_cast<int64_t>(reader.Fixed64());
  if (!reader.done()) return absl::DataLossError("the counters of the interaction log are damaged");
  return counters;
}

absl::StatusOr<absl::Time> DecodeStamp(absl::string_view value) {
  ByteReader reader(value);
  const absl::Time stamp = TakeTime(reader);
  if (!reader.done()) return absl::DataLossError("the newest stamp of the interaction log is damaged");
  return stamp;
}

}  // namespace ridgeline
