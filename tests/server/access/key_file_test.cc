#include "server/access/key_file.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHash(64, 'a');

std::string Line(const std::string& name, const std::string& hash = kHash) {
  return absl::StrCat(R"({"name": ")", name, R"(", "roles": ["reader"], "sha256": ")", hash, "\"}\n");
}

TEST(KeyFile, ReadsOneKeyALine) {
  const auto entries = ParseKeyFile(absl::StrCat(
      "# who may\n\n", Line("shop"), "  ", R"({"name": "ops.2", "roles": ["admin", "trainer"], "sha256": ")",
      std::string(64, '0'), "\"}\r\n"));
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].name, "shop");
  EXPECT_EQ((*entries)[0].roles.ToString(), "reader");
  EXPECT_EQ((*entries)[0].digest[31], 0xaa);
  EXPECT_EQ((*entries)[1].name, "ops.2");
  EXPECT_EQ((*entries)[1].roles.ToString(), "trainer, admin");
}

TEST(KeyFile, ReadsLimits) {
  const auto entries = ParseKeyFile(absl::StrCat(
      R"({"name": "a", "roles": ["reader"], "sha256": ")", kHash,
      R"(", "limits": {"calls_per_second": 0.5, "burst": 3, "calls_in_flight": 16, "import_bytes_per_second": 1e6}})"));
  ASSERT_TRUE(entries.ok()) << entries.status();
  const ClientLimits& limits = entries->front().limits;
  EXPECT_EQ(limits.calls_per_second, 0.5);
  EXPECT_EQ(limits.burst, 3.0);
  EXPECT_EQ(limits.calls_in_flight, 16);
  EXPECT_EQ(limits.import_bytes_per_second, 1e6);
  EXPECT_EQ(ParseKeyFile(Line("a"))->front().limits.calls_in_flight, 0);
}

TEST(KeyFile, NamesTheLineAndFieldThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"roles": ["reader"], "sha256": "H"})", "line 2: name: is missing"},
      {R"({"name": "b", "sha256": "H"})", "line 2: roles: is missing"},
      {R"({"name": "b", "roles": ["reader"]})", "line 2: sha256: is missing"},
      {R"({"name": "", "roles": ["reader"], "sha256": "H"})", "line 2: name: must be"},
      {R"({"name": "a b", "roles": ["reader"], "sha256": "H"})", "line 2: name: must be"},
      {R"({"name": 7, "roles": ["reader"], "sha256": "H"})", "line 2: name: must be"},
      {R"({"name": "b", "roles": [], "sha256": "H"})", "line 2: roles: must be"},
      {R"({"name": "b", "roles": ["root"], "sha256": "H"})", "line 2: roles: must be"},
      {R"({"name": "b", "roles": "reader", "sha256": "H"})", "line 2: roles: must be"},
      {R"({"name": "b", "roles": [7], "sha256": "H"})", "line 2: roles: must be"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H0"})", "line 2: sha256: must be"},
      {R"({"name": "b", "roles": ["reader"], "sha256": 7})", "line 2: sha256: must be"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "x": 1})", "line 2: has a field other"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": 1})", "limits: must be an object"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"burst": 1}})", "burst needs"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"calls_in_flight": 0}})", "above 0"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"calls_in_flight": 0.5}})",
       "1 or more"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"calls_per_second": -1}})", "above 0"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"calls_per_second": "1"}})",
       "above 0"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "H", "limits": {"calls": 1}})", "limits: may have"},
      {R"({"name": "b", "roles": ["reader"], "sha2)", "line 2: is not a JSON object"},
      {R"(["b"])", "line 2: is not a JSON object"},
      {"rk_secret", "line 2: is not a JSON object"},
      {R"({"name": "first", "roles": ["reader"], "sha256": "H"})", "line 2: name: another line"},
      {R"({"name": "b", "roles": ["reader"], "sha256": "F"})", "line 2: sha256: another line"},
  };
  for (auto [line, problem] : cases) {
    for (auto [letter, digit] : {std::pair('H', 'b'), std::pair('F', 'a')}) {
      const size_t at = line.find(absl::StrCat("\"", std::string(1, letter)));
      if (at != std::string::npos) line.replace(at + 1, 1, std::string(64, digit));
    }
    const auto entries = ParseKeyFile(Line("first") + line);
    ASSERT_TRUE(absl::IsInvalidArgument(entries.status())) << line;
    EXPECT_THAT(std::string(entries.status().message()), HasSubstr(problem)) << line;
  }
}

TEST(KeyFile, AFileWithoutKeysIsAnError) {
  for (const char* text : {"", "\n\n", "# nothing\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseKeyFile(text).status())) << text;
  }
}

// A key that was pasted where its hash belongs must not get into the log with the error.
TEST(KeyFile, ErrorsRepeatNothingOfTheFile) {
  const std::string secret = "rk_planted_secret";
  for (const std::string& line :
       {secret,
        absl::StrCat("{\"", secret, "\": 1, \"name\": \"a\", \"roles\": [\"reader\"], \"sha256\": \"", kHash,
                     "\"}"),
        absl::StrCat(R"({"name": "a", "roles": ["reader"], "sha256": ")", secret, "\"}"),
        absl::StrCat(R"({"name": "a", "roles": [")", secret, R"("], "sha256": ")", kHash, "\"}"),
        absl::StrCat(R"({"name": "a )", secret, R"(", "roles": ["reader"], "sha256": ")", kHash, "\"}")}) {
    const auto entries = ParseKeyFile(line);
    ASSERT_FALSE(entries.ok()) << line;
    EXPECT_THAT(entries.status().ToString(), Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace ridgeline
