#include "core/serving/page_token.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

PageToken SomeToken() {
  PageToken token;
  token.model_version = "v000042";
  token.query_fingerprint = 0x0123456789abcdef;
  token.popular = true;
  token.rank = 70'000;
  token.last = {123'456, -1.25f};
  return token;
}

void ExpectRefused(const std::string& text) {
  const absl::Status status = DecodePageToken(text).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  EXPECT_THAT(std::string(status.message()), StartsWith("page_token: "));
}

TEST(PageToken, DecodesToWhatWasEncoded) {
  const PageToken token = DecodePageToken(EncodePageToken(SomeToken())).value();
  EXPECT_EQ(token.model_version, "v000042");
  EXPECT_EQ(token.query_fingerprint, 0x0123456789abcdefu);
  EXPECT_TRUE(token.popular);
  EXPECT_EQ(token.rank, 70'000u);
  EXPECT_EQ(token.last.row, 123'456u);
  EXPECT_EQ(token.last.score, -1.25f);
}

// A client takes its token to the server of the next release, too.
TEST(PageToken, WritesTheBytesOfVersionOne) {
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(EncodePageToken(SomeToken()), &bytes));
  EXPECT_EQ(absl::BytesToHexString(bytes),
            "0101"              // version, popular
            "70110100"          // rank
            "40e20100"          // last row
            "0000a0bf"          // last score
            "efcdab8967452301"  // fingerprint
            "76303030303432"    // model version
            "997505a8fccb26dd");
}

TEST(PageToken, IsUrlSafe) {
  for (uint64_t fingerprint = 0; fingerprint < 200; ++fingerprint) {
    PageToken token = SomeToken();
    token.query_fingerprint = fingerprint * 0x9e3779b97f4a7c15u;
    EXPECT_EQ(EncodePageToken(token).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                       "0123456789-_"),
              std::string::npos);
  }
}

TEST(PageToken, EveryChangedCharacterIsRefused) {
  const std::string text = EncodePageToken(SomeToken());
  for (size_t i = 0; i < text.size(); ++i) {
    for (char other : {'A', '9', '_', '=', ' ', '\n', '\0', '\xff'}) {
      std::string changed = text;
      if (changed[i] == other) continue;
      changed[i] = other;
      ExpectRefused(changed);
    }
  }
}

TEST(PageToken, EveryOtherLengthIsRefused) {
  const std::string text = EncodePageToken(SomeToken());
  for (size_t length = 0; length < text.size(); ++length) ExpectRefused(text.substr(0, length));
  for (const char* more : {"A", "AAAA", "=", "==", "\n"}) ExpectRefused(text + more);
  ExpectRefused(std::string(1'000'000, 'A'));
}

TEST(PageToken, AScoreThatIsNoNumberIsRefused) {
  PageToken token = SomeToken();
  token.last.score = std::numeric_limits<float>::quiet_NaN();
  ExpectRefused(EncodePageToken(token));
  token.last.score = -std::numeric_limits<float>::infinity();
  EXPECT_TRUE(DecodePageToken(EncodePageToken(token)).ok());
}

TEST(QueryFingerprint, ChangesWithEveryFieldButKAndToken) {
  RecommendQuery base;
  base.subject = UserSubject{"u"};
  std::vector<RecommendQuery> others(14, base);
  others[0].subject = UserSubject{"v"};
  others[1].subject = HistorySubject{{{"u", 1.0f}}};
  others[2].subject = HistorySubject{{{"u", 2.0f}}};
  others[3].subject = VectorSubject{{{1.0f}, 0.0f}};
  others[4].include_seen = true;
  others[5].selection.exclude_item_ids = {"a"};
  others[6].selection.candidate_item_ids = {"a"};
  others[7].boosts = {{"t", "", 1.0f, 0.0f}};
  others[8].minimum_score = 0.0f;
  others[9].selection.include_unavailable = true;
  others[10].exploration.scale = 1.0f;
  others[11].exploration.seed = 1;
  others[12].tag_caps = {{"t", false, 1}};
  others[13].tag_caps = {{"t", true, 1}};
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_NE(QueryFingerprint(others[i]), QueryFingerprint(base)) << i;
    for (size_t j = 0; j < i; ++j)
      EXPECT_NE(QueryFingerprint(others[i]), QueryFingerprint(others[j])) << i << j;
  }
  RecommendQuery same = base;
  same.k = 99;
  same.page_token = "t";
  EXPECT_EQ(QueryFingerprint(same), QueryFingerprint(base));
}

TEST(QueryFingerprint, IsTheSameInEveryRelease) {
  RecommendQuery query;
  query.subject = HistorySubject{{{"a", 1.0f}, {"b", -2.5f}}};
  query.include_seen = true;
  query.selection.exclude_item_ids = {"x", "yy"};
  query.selection.candidate_item_ids = {"c"};
  query.selection.tags.any = {"t1", "t2"};
  query.selection.tags.all = {"t3"};
  query.selection.tags.none = {"t4"};
  query.boosts = {{"t", "", 1.5f, 0.0f}, {"", "i", 1.0f, -0.5f}};
  query.tag_caps = {{"t", true, 3}, {"u", false, 70'000}};
  query.diversity = 0.25f;
  query.minimum_score = 0.125f;
  query.exploration = {0.5f, 77};
  EXPECT_EQ(QueryFingerprint(query), 9162906793520622966u);
  query.subject = UserSubject{"u"};
  EXPECT_EQ(QueryFingerprint(query), 5256586340315704109u);
  query.subject = VectorSubject{{{1.0f, 2.0f}, 0.5f}};
  EXPECT_EQ(QueryFingerprint(query), 6169494543800020382u);
}

}  // namespace
}  // namespace ridgeline
