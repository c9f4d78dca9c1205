#include "server/access/client_limiter.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "server/access/retry_delay.h"

namespace ridgeline {
namespace {

// A call in flight ends when it ends; to ask sooner than this would only be more work for all.
constexpr absl::Duration kInFlightRetry = absl::Milliseconds(100);

constexpr int64_t kMostHeldRefusals = 256;

constexpr char kLimitedClient[] = "ridgeline/limited-client";

absl::Status Exceeded(absl::string_view client, absl::string_view limit, absl::Duration retry) {
  absl::Status status =
      absl::ResourceExhaustedError(absl::StrCat("API key '", client, "' is at its limit of ", limit));
  status.SetPayload(kRetryInfoUrl, absl::Cord(PackRetryDelay(retry)));
  status.SetPayload(kLimitedClient, absl::Cord(client));
  return status;
}

}  // namespace

absl::optional<std::string> LimitedClient(const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) return absl::nullopt;
  const absl::optional<absl::Cord> client = status.GetPayload(kLimitedClient);
  if (!client.has_value()) return absl::nullopt;
  return std::string(*client);
}

void CallSlot::Release() {
  if (count_ == nullptr) return;
  count_->fetch_sub(1, std::memory_order_relaxed);
  count_.reset();
}

void ClientLimiter::Set(const ClientLimits& limits) {
  calls_.Set(limits.calls_per_second, limits.burst > 0.0 ? limits.burst : limits.calls_per_second);
  // A second's worth at once: a message of any size goes through, the next one waits.
  import_bytes_.Set(limits.import_bytes_per_second, limits.import_bytes_per_second);
  most_in_flight_.store(limits.calls_in_flight, std::memory_order_relaxed);
}

absl::StatusOr<CallSlot> ClientLimiter::Admit(absl::string_view client, absl::Duration now) {
  const int64_t most = most_in_flight_.load(std::memory_order_relaxed);
  CallSlot slot({shared_from_this(), &in_flight_});
  if (most > 0 && in_flight() > most) {
    return Exceeded(client, absl::StrCat(most, " calls in flight"), kInFlightRetry);
  }
  const absl::Duration wait = calls_.TryTake(now);
  if (wait > absl::ZeroDuration()) return Exceeded(client, "calls a second", wait);
  return slot;
}

CallSlot ClientLimiter::HoldRefusal() {
  if (held_refusals_.load(std::memory_order_relaxed) >= kMostHeldRefusals) return {};
  return CallSlot({shared_from_this(), &held_refusals_});
}

absl::Duration ClientLimiter::TakeImportBytes(absl::Duration now, size_t bytes) {
  return import_bytes_.Take(now, static_cast<double>(bytes));
}

}  // namespace ridgeline
