#include "core/model/strict_json.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Problem(const absl::Status& status) {
  return std::string(status.message());
}

TEST(ParseStrictJsonObject, AcceptsAnObject) {
  const auto document = ParseStrictJsonObject(R"({"a": {"b": [1, 2]}, "c": {"b": null}})");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->size(), 2u);
}

TEST(ParseStrictJsonObject, RefusesWhatIsNoObject) {
  for (const char* text : {"", " ", "[1]", "\"a\"", "null", "1e999", "{\"a\":1,}", "{\"a\":1}x", "{'a':1}"}) {
    EXPECT_EQ(ParseStrictJsonObject(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(ParseStrictJsonObject, RefusesANameGivenTwiceInOneObject) {
  EXPECT_THAT(Problem(ParseStrictJsonObject(R"({"a":{"b":1},"a":2})").status()), HasSubstr("\"a\" twice"));
  EXPECT_THAT(Problem(ParseStrictJsonObject(R"([{"b":1,"b":1}])").status()), HasSubstr("\"b\" twice"));
  EXPECT_TRUE(ParseStrictJsonObject(R"({"a":{"a":{"a":1}}})").ok());
}

TEST(ParseStrictJsonObject, RefusesDeepNesting) {
  const std::string deep = "{\"a\":" + std::string(20, '[') + std::string(20, ']') + "}";
  EXPECT_THAT(Problem(ParseStrictJsonObject(deep).status()), HasSubstr("deeply"));
}

TEST(JsonFieldReader, ReadsMembersOfTheirTypes) {
  const nlohmann::json object = nlohmann::json::parse(
      R"({"s":"x","d":1,"i":-3,"l":-9000000000,"u":18446744073709551615,"v":[1,2],"o":{"p":1},"b":true})");
  JsonFieldReader reader(object);
  std::string s;
  bool b = false;
  std::map<std::string, double> m;
  double d = 0;
  int i = 0;
  int64_t l = 0;
  uint64_t u = 0;
  std::vector<int64_t> v;
  reader.Read("s", &s);
  reader.Read("d", &d);
  reader.Read("i", &i);
  reader.Read("l", &l);
  reader.Read("u", &u);
  reader.Read("v", &v);
  reader.Read("b", &b);
  reader.Read("o", &m);
  EXPECT_TRUE(b);
  EXPECT_EQ(m, (std::map<std::string, double>{{"p", 1.0}}));
  EXPECT_EQ(reader.Object("o").size(), 1u);
  EXPECT_TRUE(reader.status().ok()) << reader.status();
  EXPECT_EQ(s, "x");
  EXPECT_EQ(d, 1.0);
  EXPECT_EQ(i, -3);
  EXPECT_EQ(l, -9'000'000'000);
  EXPECT_EQ(u, std::numeric_limits<uint64_t>::max());
  EXPECT_THAT(v, ElementsAre(1, 2));
}

TEST(JsonFieldReader, KeepsTheFirstComplaintWithItsPath) {
  const nlohmann::json object = nlohmann::json::parse(R"({"big":18446744073709551615,"s":1})");
  int64_t number = 5;
  std::string text;
  JsonFieldReader reader(object, "outer.");
  reader.Read("big", &number);
  reader.Read("s", &text);
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Problem(reader.status()), "\"outer.big\" is out of range");
  EXPECT_EQ(number, 5);
}

TEST(JsonFieldReader, ComplainsOfAbsenceAndWrongTypes) {
  const nlohmann::json object = nlohmann::json::parse(R"({"a":-1,"b":3000000000,"c":[1,-1]})");
  uint64_t u = 0;
  int i = 0;
  std::vector<int64_t> v;
  JsonFieldReader absent(object), negative(object), wide(object), list(object), type(object);
  absent.Read("z", &u);
  negative.Read("a", &u);
  wide.Read("b", &i);
  list.Read("c", &v);
  EXPECT_TRUE(type.Object("a").empty());
  EXPECT_THAT(Problem(absent.status()), HasSubstr("is missing"));
  EXPECT_THAT(Problem(negative.status()), HasSubstr("0 or more"));
  EXPECT_THAT(Problem(wide.status()), HasSubstr("out of range"));
  EXPECT_THAT(Problem(list.status()), HasSubstr("list of integers"));
  EXPECT_THAT(Problem(type.status()), HasSubstr("not an object"));
}

}  // namespace
}  // namespace ridgeline
