#ifndef RIDGELINE_CORE_INTERACTIONS_LOG_FORMAT_H_
#define RIDGELINE_CORE_INTERACTIONS_LOG_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {

// The interaction log's records, version 1:
//
//   record      := history | event | departure | counters | deletion | erasing | stamp | format
//   history     := "h" user sequence        ->  interaction      one for each interaction
//   event       := "e" event_id             ->  sequence         one for each event id in the log
//   departure   := "d" hash                 ->  nothing          for each deleted user, until no model that
//                                                                was not trained from the log has them
//   counters    := "mcounters"              ->  last size        absent until the first write
//   deletion    := "mdeletion"              ->  sequence         the last one when a user was last deleted
//   erasing     := "merasing"               ->  nothing          while the disk may have traces of deleted
//                                                                records
//   stamp       := "mstamp"                 ->  time             the newest that the log's writer gave to an
//                                                                interaction; absent until then, and in what
//                                                                release 0.1.0 wrote
//   format      := "mformat"                ->  "interaction-log 1"
//
//   user        := length16 byte*           the length keeps users apart of whom one's id begins another's
//   sequence    := uint64, big-endian       so that a user's interactions sort in recording order
//   hash        := uint64, big-endian       of the user id: XXH3, 64 bits
//   length16    := uint16, big-endian
//   last        := fixed64                  the highest sequence ever given
//   size        := fixed64                  how many history records there are
//   interaction := value time item_id event_id event_type recommendation_id
//   value       := fixed32                  the bits of an IEEE 754 single
//   time        := fixed64                  Unix microseconds, two's complement
//   item_id, event_id, event_type, recommendation_id := fixed32 byte*
//
// fixed32 and fixed64 are little-endian. Example: the first interaction of user "ann", with item "x", value 1
// and the Unix time of 1 s, without more:
//
//   "h" 00 03 "ann" 00 00 00 00 00 00 00 01
//   ->  00 00 80 3f  40 42 0f 00 00 00 00 00  01 00 00 00 "x"  00 00 00 00  00 00 00 00  00 00 00 00

inline constexpr StoreFormat kLogFormat = {"interaction-log", 1};

/// Between which keys all history records are: [kHistoryBegin, kHistoryEnd).
inline constexpr char kHistoryBegin[] = "h";
inline constexpr char kHistoryEnd[] = "i";

/// Between which keys all departures are: [kDepartureBegin, kDepartureEnd).
inline constexpr char kDepartureBegin[] = "d";
inline constexpr char kDepartureEnd[] = "e";

inline constexpr char kCountersKey[] = "mcounters";
inline constexpr char kDeletionKey[] = "mdeletion";
inline constexpr char kErasingKey[] = "merasing";
inline constexpr char kStampKey[] = "mstamp";

struct LogCounters {
  uint64_t last_sequence = 0;
  int64_t size = 0;
};

std::string HistoryKey(absl::string_view user_id, uint64_t sequence);
std::string EventKey(absl::string_view event_id);
std::string DepartureKey(uint64_t user_hash);

std::string EncodeInteraction(const Interaction& interaction);
std::string EncodeSequence(uint64_t sequence);
std::string EncodeCounters(const LogCounters& counters);
std::string EncodeTime(absl::Time time);

/// The interaction of one history record. kDataLoss when the bytes are not one.
absl::StatusOr<LoggedInteraction> DecodeHistory(absl::string_view key, absl::string_view value);

/// The hash of one departure. kDataLoss when the bytes are not its key.
absl::StatusOr<uint64_t> DecodeDeparture(absl::string_view key);

/// kDataLoss when the bytes are not counters.
absl::StatusOr<LogCounters> DecodeCounters(absl::string_view value);

/// The time of the stamp record. kDataLoss when the bytes are not one.
absl::StatusOr<absl::Time> DecodeStamp(absl::string_view value);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_LOG_FORMAT_H_
