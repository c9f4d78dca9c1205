#include <sys/stat.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "openssl/evp.h"
#include "tests/client/cli/run_cli.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

std::string Sha256(const std::string& text) {
  unsigned char digest[32];
  EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha256(), nullptr);
  return absl::BytesToHexString(std::string(digest, digest + sizeof(digest)));
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(KeysCreate, PrintsAKeyAndTheLineOfItsHash) {
  const CliRun run = RunCli({"keys", "create", "--name", "shop", "--role", "reader", "--role", "writer"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  std::smatch found;
  ASSERT_TRUE(std::regex_search(run.out, found, std::regex("\n(rk_[A-Za-z0-9_-]{43})\n")));
  EXPECT_THAT(run.out,
              HasSubstr(absl::StrCat(R"({"name": "shop", "roles": ["reader", "writer"], "sha256": ")",
                                     Sha256(found[1]), "\"}\n")));
}

TEST(KeysCreate, NoTwoKeysAreAlike) {
  std::set<std::string> outputs;
  for (int i = 0; i < 20; ++i) {
    outputs.insert(RunCli({"keys", "create", "--name", "a", "--role", "admin"}).out);
  }
  EXPECT_EQ(outputs.size(), 20u);
}

TEST(KeysCreate, AppendsTheLineToAFileOfTheOwnerAloneAndPrintsTheKey) {
  const TempDir dir;
  const std::string path = dir.File("keys.jsonl");
  const CliRun first = RunCli({"keys", "create", "--name", "a", "--role", "admin", "--append", path});
  const CliRun second = RunCli({"keys", "create", "--name", "b", "--role", "reader", "--append", path});
  ASSERT_EQ(second.code, ExitCode::kOk) << second.err;
  const auto line = [](const char* name, const char* role, const CliRun& run) {
    return absl::StrCat("{\"name\": \"", name, "\", \"roles\": [\"", role, "\"], \"sha256\": \"",
                        Sha256(run.out.substr(0, run.out.size() - 1)), "\"}\n");
  };
  EXPECT_EQ(ReadText(path), line("a", "admin", first) + line("b", "reader", second));
  struct stat status = {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(KeysCreate, AppendsNoSecondKeyOfAName) {
  const TempDir dir;
  const std::string path = dir.File("keys.jsonl");
  const std::vector<std::string> arguments = {"keys",   "create", "--name",   "a",
                                              "--role", "admin",  "--append", path};
  ASSERT_EQ(RunCli(arguments).code, ExitCode::kOk);
  const std::string before = ReadText(path);
  const CliRun again = RunCli(arguments);
  EXPECT_EQ(again.code, ExitCode::kCallFailed);
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(again.err,
            absl::StrCat("ridgeline: ALREADY_EXISTS: --append ", path, ": line 1 is the key of a already\n"));
  EXPECT_EQ(ReadText(path), before);
}

TEST(KeysCreate, AsJsonItIsOneObject) {
  const CliRun run = RunCli({"keys", "create", "--name", "a", "--role", "admin", "--json"});
  EXPECT_TRUE(std::regex_match(
      run.out,
      std::regex(R"(\{"key": "rk_[\w-]{43}", "line": \{"name": "a", "roles": \["admin"\], .*\}\}\n)")))
      << run.out;
}

TEST(KeysCreate, RefusesWhatTheServerWould) {
  EXPECT_EQ(RunCli({"keys", "create", "--name", "a b", "--role", "admin"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCli({"keys", "create", "--name", "", "--role", "admin"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCli({"keys", "create", "--name", "a", "--role", "root"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCli({"keys", "create", "--name", "a"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCli({"keys", "create", "--role", "admin"}).code, ExitCode::kUsage);
  const CliRun run =
      RunCli({"keys", "create", "--name", "a", "--role", "admin", "--append", "/no/such/folder/keys"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("/no/such/folder/keys"));
}

}  // namespace
}  // namespace ridgeline
