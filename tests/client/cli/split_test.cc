#include "gmock/gmock.h"
#include "ridgeline/v1/model_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class SplitCommandTest : public CliTest {
 protected:
  SplitCommandTest() {
    v1::Experiment experiment;
    experiment.set_id("july");
    experiment.set_live_version("v000003");
    experiment.set_candidate_version("v000004");
    experiment.set_share(0.1);
    server_.Respond(experiment);
  }
};

TEST_F(SplitCommandTest, SetsTheExperiment) {
  EXPECT_EQ(Run({"models", "split", "v000004", "--share", "0.1", "--id", "july"}).out,
            "july: v000004 answers 10% of the users, v000003 the others\n");
  const auto request = server_.Last<v1::SetExperimentRequest>();
  EXPECT_EQ(request.candidate_version(), "v000004");
  EXPECT_EQ(request.share(), 0.1);
  EXPECT_EQ(request.id(), "july");
}

TEST_F(SplitCommandTest, ShowsWhatRunsAndEndsIt) {
  EXPECT_THAT(Run({"models", "split"}).out, HasSubstr("july: v000004"));
  EXPECT_THAT(Run({"models", "split", "--json"}).out, HasSubstr(R"("candidate_version":"v000004")"));
  EXPECT_THAT(Run({"models", "split", "--end"}).out, HasSubstr("ended: july"));
  EXPECT_EQ(server_.calls(), 3);
}

TEST_F(SplitCommandTest, RefusesFlagsThatMeanNothing) {
  EXPECT_EQ(Run({"models", "split", "v000004"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"models", "split", "v000004", "--share", "0.1", "--end"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"models", "split", "--share", "0.1"}).code, ExitCode::kUsage);
  EXPECT_EQ(server_.calls(), 0);
}

}  // namespace
}  // namespace ridgeline
