#include "core/serving/page_token.h"

#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/checksum.h"

namespace ridgeline {
namespace {

constexpr uint8_t kFormatVersion = 1;
constexpr size_t kLongestToken = 1024;  // characters; version names are far shorter

template <typename Integer>
void Put(Integer value, std::string& bytes) {
  std::array<char, sizeof(Integer)> encoded;
  for (size_t i = 0; i < sizeof(Integer); ++i) encoded[i] = static_cast<char>(value >> (8 * i));
  bytes.append(encoded.data(), encoded.size());
}

void PutFloat(float value, std::string& bytes) {
  Put(std::bit_cast<uint32_t>(value), bytes);
}

// The length before the text keeps ("ab", "c") apart from ("a", "bc").
void PutText(absl::string_view text, std::string& bytes) {
  Put(static_cast<uint64_t>(text.size()), bytes);
  bytes.append(text.data(), text.size());
}

template <typename Text>
void PutTexts(const std::vector<Text>& texts, std::string& bytes) {
  Put(static_cast<uint64_t>(texts.size()), bytes);
  for (const Text& text : texts) PutText(text, bytes);
}

template <typename Integer>
bool Take(absl::string_view& bytes, Integer& value) {
  if (bytes.size() < sizeof(Integer)) return false;
  value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>(value | static_cast<Integer>(static_cast<uint8_t>(bytes[i])) << (8 * i));
  }
  bytes.remove_prefix(sizeof(Integer));
  return true;
}

absl::Status Malformed() {
  return absl::InvalidArgumentError("page_token: is not one that this server gave out");
}

// The bytes of a token without their checksum, which matched.
absl::StatusOr<std::string> CheckedBytes(absl::string_view text) {
  std::string bytes;
  if (text.size() > kLongestToken || !absl::WebSafeBase64Unescape(text, &bytes)) return Malformed();
  if (absl::WebSafeBase64Escape(bytes) != text || bytes.size() < sizeof(uint64_t)) return Malformed();
  absl::string_view tail = absl::string_view(bytes).substr(bytes.size() - sizeof(uint64_t));
  uint64_t checksum = 0;
  Take(tail, checksum);
  bytes.resize(bytes.size() - sizeof(uint64_t));
  if (Checksum64(bytes) != checksum) return Malformed();
  return bytes;
}

void PutSubject(const Subject& subject, std::string& bytes) {
  Put(static_cast<uint8_t>(subject.index()), bytes);
  if (const auto* user = std::get_if<UserSubject>(&subject)) {
    PutText(user->user_id, bytes);
  } else if (const auto* history = std::get_if<HistorySubject>(&subject)) {
    for (const HistorySubject::Entry& entry : history->entries) {
      PutText(entry.item_id, bytes);
      PutFloat(entry.value, bytes);
    }
  } else {
    const UserVector& vector = std::get<VectorSubject>(subject).vector;
    for (float value : vector.factors) PutFloat(value, bytes);
    PutFloat(vector.bias, bytes);
  }
}

void PutSelection(const ItemSelection& selection, std::string& bytes) {
  PutTexts(selection.exclude_item_ids, bytes);
  PutTexts(selection.candidate_item_ids, bytes);
  PutTexts(selection.tags.any, bytes);
  PutTexts(selection.tags.all, bytes);
  PutTexts(selection.tags.none, bytes);
  Put(static_cast<uint8_t>(selection.include_unavailable), bytes);
}

void PutBoosts(const std::vector<Boost>& boosts, std::string& bytes) {
  for (const Boost& boost : boosts) {
    PutText(boost.tag, bytes);
    PutText(boost.item_id, bytes);
    PutFloat(boost.multiply, bytes);
    PutFloat(boost.add, bytes);
  }
}

void PutTagCaps(const std::vector<TagCap>& caps, std::string& bytes) {
  Put(static_cast<uint64_t>(caps.size()), bytes);
  for (const TagCap& cap : caps) {
    PutText(cap.tag, bytes);
    Put(static_cast<uint8_t>(cap.is_prefix), bytes);
    Put(cap.max_count, bytes);
  }
}

}  // namespace

std::string EncodePageToken(const PageToken& token) {
  std::string bytes;
  Put(kFormatVersion, bytes);
  Put(static_cast<uint8_t>(token.popular), bytes);
  Put(token.rank, bytes);
  Put(token.last.row, bytes);
  PutFloat(token.last.score, bytes);
  Put(token.query_fingerprint, bytes);
  bytes.append(token.model_version);
  Put(Checksum64(bytes), bytes);
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = CheckedBytes(text);
  if (!bytes.ok()) return bytes.status();
  absl::string_view rest = *bytes;
  PageToken token;
  uint8_t format = 0;
  uint8_t popular = 0;
  uint32_t score_bits = 0;
  const bool complete = Take(rest, format) && Take(rest, popular) && Take(rest, token.rank) &&
                        Take(rest, token.last.row) && Take(rest, score_bits) &&
                        Take(rest, token.query_fingerprint);
  token.last.score = std::bit_cast<float>(score_bits);
  if (!complete || format != kFormatVersion || popular > 1 || std::isnan(token.last.score))
    return Malformed();
  token.popular = popular == 1;
  token.model_version = std::string(rest);
  return token;
}

uint64_t QueryFingerprint(const RecommendQuery& query) {
  std::string bytes;
  PutSubject(query.subject, bytes);
  Put(static_cast<uint8_t>(query.include_seen), bytes);
  PutSelection(query.selection, bytes);
  PutBoosts(query.boosts, bytes);
  PutTagCaps(query.tag_caps, bytes);
  PutFloat(query.diversity, bytes);
  Put(static_cast<uint8_t>(query.minimum_score.has_value()), bytes);
  PutFloat(query.minimum_score.value_or(0.0f), bytes);
  PutFloat(query.exploration.scale, bytes);
  Put(query.exploration.seed, bytes);
  return Checksum64(bytes);
}

}  // namespace ridgeline
