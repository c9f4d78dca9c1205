#include "core/serving/page_token.h"

#include <bit>
#include <cmath>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/byte_coding.h"
#include "core/base/checksum.h"

namespace ridgeline {
namespace {

constexpr uint8_t kFormatVersion = 1;
constexpr size_t kLongestToken = 1024;  // characters; version names are far shorter

void PutByte(uint8_t value, std::string& bytes) {
  bytes.push_back(static_cast<char>(value));
}

void PutFloat(float value, std::string& bytes) {
  AppendFixed32(std::bit_cast<uint32_t>(value), &bytes);
}

// The length before the text keeps ("ab", "c") apart from ("a", "bc").
void PutText(absl::string_view text, std::string& bytes) {
  AppendFixed64(text.size(), &bytes);
  bytes.append(text.data(), text.size());
}

template <typename Text>
void PutTexts(const std::vector<Text>& texts, std::string& bytes) {
  AppendFixed64(texts.size(), &bytes);
  for (const Text& text : texts) PutText(text, bytes);
}

absl::Status Malformed() {
  return absl::InvalidArgumentError("page_token: is not one that this server gave out");
}

// The bytes of a token without their checksum, which matched.
absl::StatusOr<std::string> CheckedBytes(absl::string_view text) {
  std::string bytes;
  if (text.size() > kLongestToken || !absl::WebSafeBase64Unescape(text, &bytes)) return Malformed();
  if (absl::WebSafeBase64Escape(bytes) != text || bytes.size() < sizeof(uint64_t)) return Malformed();
  const size_t size = bytes.size() - sizeof(uint64_t);
  const uint64_t checksum = ByteReader(absl::string_view(bytes).substr(size)).Fixed64();
  bytes.resize(size);
  if (Checksum64(bytes) != checksum) return Malformed();
  return bytes;
}

void PutSubject(const Subject& subject, std::string& bytes) {
  PutByte(static_cast<uint8_t>(subject.index()), bytes);
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
  PutByte(selection.include_unavailable, bytes);
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
  AppendFixed64(caps.size(), &bytes);
  for (const TagCap& cap : caps) {
    PutText(cap.tag, bytes);
    PutByte(cap.is_prefix, bytes);
    AppendFixed64(static_cast<uint64_t>(cap.max_count), &bytes);
  }
}

}  // namespace

std::string EncodePageToken(const PageToken& token) {
  std::string bytes;
  PutByte(kFormatVersion, bytes);
  PutByte(token.popular, bytes);
  AppendFixed32(token.rank, &bytes);
  AppendFixed32(token.last.row, &bytes);
  PutFloat(token.last.score, bytes);
  AppendFixed64(token.query_fingerprint, &bytes);
  bytes.append(token.model_version);
  AppendFixed64(Checksum64(bytes), &bytes);
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = CheckedBytes(text);
  if (!bytes.ok()) return bytes.status();
  ByteReader reader(*bytes);
  PageToken token;
  const uint8_t format = reader.Byte();
  const uint8_t popular = reader.Byte();
  token.rank = reader.Fixed32();
  token.last.row = reader.Fixed32();
  token.last.score = std::bit_cast<float>(reader.Fixed32());
  token.query_fingerprint = reader.Fixed64();
  token.model_version = std::string(reader.Rest());
  if (!reader.ok() || format != kFormatVersion || popular > 1 || std::isnan(token.last.score))
    return Malformed();
  token.popular = popular == 1;
  return token;
}

uint64_t QueryFingerprint(const RecommendQuery& query) {
  std::string bytes;
  PutSubject(query.subject, bytes);
  PutByte(query.include_seen, bytes);
  PutSelection(query.selection, bytes);
  PutBoosts(query.boosts, bytes);
  PutTagCaps(query.tag_caps, bytes);
  PutFloat(query.diversity, bytes);
  PutByte(query.minimum_score.has_value(), bytes);
  PutFloat(query.minimum_score.value_or(0.0f), bytes);
  PutFloat(query.exploration.scale, bytes);
  AppendFixed64(query.exploration.seed, &bytes);
  return Checksum64(bytes);
}

}  // namespace ridgeline
