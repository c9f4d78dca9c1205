#include "core/dataset/split.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

enum class Part : uint8_t { kTrain, kFoldIn, kTest };

using Parts = std::vector<Part>;  // one for each row of the table

// The table's indices user by user, each user's in table order.
struct UserRows {
  std::vector<int64_t> offsets;  // [users + 1]
  std::vector<int64_t> indices;  // [size]

  size_t users() const { return offsets.size() - 1; }

  absl::Span<int64_t> Of(size_t user) {
    const auto begin = static_cast<size_t>(offsets[user]);
    return absl::MakeSpan(indices).subspan(begin, static_cast<size_t>(offsets[user + 1]) - begin);
  }
};

UserRows GroupByUser(const InteractionTable& table) {
  UserRows groups;
  groups.offsets.assign(table.users->size() + 1, 0);
  for (const uint32_t user : table.user_rows) ++groups.offsets[size_t{user} + 1];
  std::partial_sum(groups.offsets.begin(), groups.offsets.end(), groups.offsets.begin());
  groups.indices.resize(table.user_rows.size());
  std::vector<int64_t> next = groups.offsets;
  for (size_t i = 0; i < table.user_rows.size(); ++i) {
    groups.indices[static_cast<size_t>(next[table.user_rows[i]]++)] = static_cast<int64_t>(i);
  }
  return groups;
}

size_t Share(size_t count, double fraction) {
  return static_cast<size_t>(std::llround(static_cast<double>(count) * fraction));
}

// Moves `count` of `values`, chosen at random, to the front (Fisher and Yates, ended early).
template <typename T>
void ChooseToFront(absl::Span<T> values, size_t count, Random random) {
  for (size_t i = 0; i < count; ++i) std::swap(values[i], values[i + random.Below(values.size() - i)]);
}

void HoldOutShare(absl::Span<int64_t> indices, double share, Random random, Parts* parts) {
  const size_t count = Share(indices.size(), share);
  ChooseToFront(indices, count, random);
  for (const int64_t index : indices.first(count)) (*parts)[static_cast<size_t>(index)] = Part::kTest;
}

void HoldOutRandom(const SplitOptions& options, Parts* parts) {
  Random random(options.seed);
  for (Part& part : *parts) {
    if (random.Uniform() < options.fraction) part = Part::kTest;
  }
}

void HoldOutRandomPerUser(const InteractionTable& table, const SplitOptions& options, Parts* parts) {
  UserRows rows = GroupByUser(table);
  for (size_t user = 0; user < rows.users(); ++user) {
    HoldOutShare(rows.Of(user), options.fraction, Random::Fork(options.seed, user), parts);
  }
}

void HoldOutLast(const InteractionTable& table, Parts* parts) {
  UserRows rows = GroupByUser(table);
  for (size_t user = 0; user < rows.users(); ++user) {
    const absl::Span<const int64_t> indices = rows.Of(user);
    if (indices.size() < 2) continue;
    auto latest = static_cast<size_t>(indices.front());
    for (const int64_t index : indices) {
      if (table.times[static_cast<size_t>(index)] >= table.times[latest]) latest = static_cast<size_t>(index);
    }
    (*parts)[latest] = Part::kTest;
  }
}

void HoldOutNewest(const InteractionTable& table, double fraction, Parts* parts) {
  std::vector<size_t> order(parts->size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return table.times[a] < table.times[b]; });
  const size_t kept = order.size() - Share(order.size(), fraction);
  for (const size_t index : absl::MakeConstSpan(order).subspan(kept)) (*parts)[index] = Part::kTest;
}

void HoldOutUsers(const InteractionTable& table, const SplitOptions& options, Parts* parts) {
  UserRows rows = GroupByUser(table);
  std::vector<size_t> users;
  for (size_t user = 0; user < rows.users(); ++user) {
    if (!rows.Of(user).empty()) users.push_back(user);
  }
  const size_t count = Share(users.size(), options.fraction);
  ChooseToFront(absl::MakeSpan(users), count, Random(options.seed));
  for (const size_t user : absl::MakeConstSpan(users).first(count)) {
    for (const int64_t index : rows.Of(user)) (*parts)[static_cast<size_t>(index)] = Part::kFoldIn;
    HoldOutShare(rows.Of(user), options.holdout, Random::Fork(options.seed, user), parts);
  }
}

Parts AssignParts(const InteractionTable& table, const SplitOptions& options) {
  Parts parts(table.user_rows.size(), Part::kTrain);
  switch (options.kind) {
    case SplitKind::kNone:
      break;
    case SplitKind::kRandom:
      HoldOutRandom(options, &parts);
      break;
    case SplitKind::kRandomPerUser:
      HoldOutRandomPerUser(table, options, &parts);
      break;
    case SplitKind::kLeaveLastOut:
      HoldOutLast(table, &parts);
      break;
    case SplitKind::kByTime:
      HoldOutNewest(table, options.fraction, &parts);
      break;
    case SplitKind::kUsers:
      HoldOutUsers(table, options, &parts);
      break;
  }
  return parts;
}

absl::Status ParseShare(absl::string_view text, double* share) {
  if (absl::SimpleAtod(text, share) && *share > 0 && *share < 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("split: a share must be a number between 0 and 1, both excluded, got '", text, "'"));
}

struct SplitName {
  absl::string_view name;
  SplitKind kind;
  size_t shares;  // the most that may follow the name; kUsers takes one or two, the others exactly this many
};

constexpr SplitName kSplitNames[] = {
    {"none", SplitKind::kNone, 0},         {"random", SplitKind::kRandom, 1},
    {"last", SplitKind::kLeaveLastOut, 0}, {"random-per-user", SplitKind::kRandomPerUser, 1},
    {"time", SplitKind::kByTime, 1},       {"users", SplitKind::kUsers, 2},
};

}  // namespace

absl::StatusOr<SplitOptions> ParseSplit(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  for (const SplitName& candidate : kSplitNames) {
    const size_t shares = parts.size() - 1;
    if (parts[0] != candidate.name || shares > candidate.shares || (shares == 0) != (candidate.shares == 0)) {
      continue;
    }
    SplitOptions options;
    options.kind = candidate.kind;
    if (shares > 0) RIDGELINE_RETURN_IF_ERROR(ParseShare(parts[1], &options.fraction));
    if (shares > 1) RIDGELINE_RETURN_IF_ERROR(ParseShare(parts[2], &options.holdout));
    return options;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "split: must be none, random:F, random-per-user:F, last, time:F or users:F[:H], got '", text, "'"));
}

Split SplitInteractions(const InteractionTable& table, const SplitOptions& options) {
  Split split;
  InteractionTable* const targets[] = {&split.train, &split.fold_in, &split.test};
  for (InteractionTable* target : targets) {
    target->users = table.users;
    target->items = table.items;
  }
  const Parts parts = AssignParts(table, options);
  for (size_t i = 0; i < parts.size(); ++i) {
    targets[static_cast<size_t>(parts[i])]->AppendFrom(table, static_cast<int64_t>(i));
  }
  return split;
}

}  // namespace ridgeline
