#include "client/cli/key_file.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

std::string LineOf(const std::string& name) {
  return absl::StrCat("{\"name\": \"", name, "\", \"roles\": [\"reader\"], \"sha256\": \"00\"}");
}

std::string Text(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

class KeyFileTest : public testing::Test {
 protected:
  absl::Status Append(const std::string& name) { return AppendKey(path_, name, LineOf(name)); }

  // Appending `name` to a file of `text` fails and leaves it as it was.
  absl::Status Refusal(const std::string& text, const std::string& name) {
    dir_.Write("keys.jsonl", text);
    absl::Status status = Append(name);
    EXPECT_FALSE(status.ok()) << text;
    EXPECT_EQ(Text(path_), text);
    return status;
  }

  const TempDir dir_;
  const std::string path_ = dir_.File("keys.jsonl");
};

TEST_F(KeyFileTest, AFileThatIsAbsentIsMadeForItsOwnerAlone) {
  ASSERT_TRUE(Append("a").ok());
  EXPECT_EQ(Text(path_), LineOf("a") + "\n");
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(KeyFileTest, ALastLineWithoutAnEndGetsOne) {
  for (const char* end : {"", "\n", "\n\n", "\r\n"}) {
    dir_.Write("keys.jsonl", absl::StrCat(LineOf("a"), end));
    ASSERT_TRUE(Append("b").ok());
    EXPECT_EQ(Text(path_), absl::StrCat(LineOf("a"), *end == '\0' ? "\n" : end, LineOf("b"), "\n"));
  }
}

TEST_F(KeyFileTest, ANameThatIsThereIsRefusedHoweverItIsWritten) {
  const std::string spelled = "{\"roles\":[\"admin\"],\"limits\":{\"burst\":1},\"name\":\"\\u0061\"}";
  for (const std::string& line : {LineOf("a"), "  " + LineOf("a") + "\r", spelled}) {
    const absl::Status status = Refusal(absl::StrCat("# ours\n\n", line, "\n", LineOf("c")), "a");
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_EQ(status.message(), absl::StrCat(path_, ": line 3 is the key of a already"));
  }
}

TEST_F(KeyFileTest, NamesInCommentsAndOtherCaseAreFree) {
  dir_.Write("keys.jsonl", absl::StrCat("# ", LineOf("a"), "\n", LineOf("A"), "\n"));
  EXPECT_TRUE(Append("a").ok());
}

TEST_F(KeyFileTest, NothingIsAddedToAFileThatTheServerWouldRefuse) {
  const std::string glued = LineOf("a") + LineOf("b");
  for (const std::string& line : {glued, std::string("rk_1"), std::string("{}"), std::string("[\"name\"]"),
                                  std::string("{\"name\": 1}")}) {
    const absl::Status status = Refusal(absl::StrCat(LineOf("c"), "\n", line, "\n"), "d");
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_EQ(status.message(),
              absl::StrCat(path_, ": line 2 is not that of a key; the server would refuse the file"));
  }
}

TEST_F(KeyFileTest, ADiskThatTakesHalfOfALineKeepsNoneOfIt) {
  ASSERT_TRUE(Append("a").ok());
  const std::string before = Text(path_);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit full = {before.size() + 10, usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const absl::Status status = Append("b");
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(status.message(), path_ + ": No space left on device");
  EXPECT_EQ(Text(path_), before);
}

TEST_F(KeyFileTest, AFolderThatIsAbsentIsNamed) {
  const absl::Status status = AppendKey("/no/such/folder/keys", "a", LineOf("a"));
  EXPECT_EQ(status, absl::FailedPreconditionError("/no/such/folder/keys: No such file or directory"));
}

TEST_F(KeyFileTest, OfManyWhoAddANameAtOnceOneDoes) {
  constexpr int kNames = 100;
  std::atomic<int> added{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, &added] {
      for (int name = 0; name < kNames; ++name) added += Append(absl::StrCat("n", name)).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, kNames);
  std::vector<std::string> lines = absl::StrSplit(Text(path_), '\n', absl::SkipEmpty());
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(std::unique(lines.begin(), lines.end()) - lines.begin(), kNames);
}

}  // namespace
}  // namespace ridgeline
