#include "client/cli/command.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// Two commands, one of them in a group, on an app of their own.
struct App {
  App() {
    CommandScope scope{app, chosen};
    CLI::App& top = AddCommand(scope, "top", "At the top", "first\nsecond",
                               [](Session&) { return absl::NotFoundError("top was chosen"); });
    AddListFlag(top, "--list", lists, "Some ids");
    AddLimitFlag(top, limit);
    top.add_option("NAME", name, "A name");
    AddCommand(AddCommandGroup(scope, "group", "A group"), "inner", "Inside", "third",
               [](Session&) { return absl::AbortedError("inner was chosen"); });
  }

  // False when the command line is refused.
  bool Parse(std::vector<std::string> arguments) {
    try {
      app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  }

  CLI::App app;
  Command chosen;
  std::vector<std::string> lists;
  int64_t limit = 7;
  std::string name;
};

TEST(AddCommand, StoresTheCommandThatWasNamed) {
  Session* none = nullptr;
  App app;
  ASSERT_TRUE(app.Parse({"top"}));
  EXPECT_TRUE(absl::IsNotFound(app.chosen(*none)));
  ASSERT_TRUE(app.Parse({"group", "inner"}));
  EXPECT_TRUE(absl::IsAborted(app.chosen(*none)));
}

TEST(AddCommand, EndsTheHelpWithItsExamples) {
  App app;
  EXPECT_THAT(app.app.get_subcommand("top")->help(), HasSubstr("Examples:\n  first\n  second"));
}

TEST(AddCommandGroup, DoesNothingByItself) {
  App app;
  EXPECT_FALSE(app.Parse({"group"}));
}

TEST(AddListFlag, TakesOneListATimeSoThatArgumentsMayFollow) {
  App app;
  ASSERT_TRUE(app.Parse({"top", "--list", "a,b", "--list", "[c]", "me"}));
  EXPECT_THAT(app.lists, testing::ElementsAre("a,b", "[c]"));
  EXPECT_EQ(app.name, "me");
}

TEST(AddLimitFlag, TakesPositiveNumbersOnly) {
  App app;
  EXPECT_FALSE(app.Parse({"top", "--limit", "0"}));
  EXPECT_FALSE(app.Parse({"top", "--limit", "many"}));
  ASSERT_TRUE(app.Parse({"top", "--limit", "12"}));
  EXPECT_EQ(app.limit, 12);
}

TEST(PageSize, IsAThousandUntilTheEnd) {
  EXPECT_EQ(PageSize(1000000000000), 1000);
  EXPECT_EQ(PageSize(12), 12);
}

}  // namespace
}  // namespace ridgeline
