#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ImportCommandTest : public CliTest {
 protected:
  std::string File(const std::string& text) {
    const std::string path = absl::StrCat(testing::TempDir(), "/ridgeline_import_test_", getpid(), ".csv");
    std::ofstream(path) << text;
    return path;
  }

  v1::ImportInteractionsRequest LastBatch() const { return server_.Last<v1::ImportInteractionsRequest>(); }
};

TEST_F(ImportCommandTest, StreamsAFileInBatches) {
  v1::ImportInteractionsResponse response;
  response.set_recorded_count(5);
  server_.Respond(response);
  const std::string path =
      File("userId,movieId,rating,timestamp\n1,a,4,100\n1,b,3.5,101\n2,a,1,102\n2,b,5,103\n3,a,2,104\n");
  const CliRun run = Run({"import", path, "--batch", "2"});
  EXPECT_EQ(run.out, absl::StrCat("imported 5 interactions from ", path, ", 0 duplicates\n"));
  EXPECT_THAT(server_.import_batches(), ElementsAre(2, 2, 1));
  ASSERT_EQ(LastBatch().interactions_size(), 1);
  EXPECT_EQ(LastBatch().interactions(0).user_id(), "3");
  EXPECT_EQ(LastBatch().interactions(0).value(), 2);
  EXPECT_EQ(LastBatch().interactions(0).time().seconds(), 104);
  EXPECT_THAT(run.err, HasSubstr("100%  5 of 5"));
}

TEST_F(ImportCommandTest, KeepsOnlyValuesFromTheThresholdAsWeightsOfOne) {
  const CliRun run =
      Run({"import", File("user,item,rating\n1,a,4\n1,b,3.5\n2,a,5\n"), "--positive-threshold", "4"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  ASSERT_EQ(LastBatch().interactions_size(), 2);
  EXPECT_EQ(LastBatch().interactions(1).user_id(), "2");
  EXPECT_EQ(LastBatch().interactions(1).value(), 1);
  EXPECT_THAT(run.err, HasSubstr("1 interaction below the threshold left out"));
}

TEST_F(ImportCommandTest, GivesEventIdsThatRepeatFromRunToRun) {
  const std::string path = File("user,item,rating\n1,a,4\n1,b,3\n2,a,5\n");
  Run({"import", path, "--event-id-prefix", "p"});
  EXPECT_EQ(LastBatch().interactions(2).event_id(), "p-3");
  Run({"import", path, "--event-id-prefix", "p", "--positive-threshold", "4"});
  EXPECT_EQ(LastBatch().interactions(1).event_id(), "p-3") << "numbered before the threshold";
}

TEST_F(ImportCommandTest, SendsNothingOfAFileWithABadLine) {
  const std::string path = File("user,item,rating\n1,a,4\n1,b,lots\n");
  const CliRun run = Run({"import", path});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr(absl::StrCat(path, ":3:")));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(ImportCommandTest, SkipsAndReportsAsManyBadLinesAsAllowed) {
  const std::string path = File("user,item,rating\n1,a,4\n1,b,lots\n");
  const CliRun run = Run({"import", path, "--max-bad-lines", "1"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.err, HasSubstr(absl::StrCat("skipped ", path, ":3:")));
  EXPECT_THAT(server_.import_batches(), ElementsAre(1));
}

TEST_F(ImportCommandTest, ReportsAnErrorInTheMiddleOfTheStream) {
  server_.FailNext(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams"));
  const CliRun run = Run({"import", File("user,item,rating\n1,a,4\n")});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("too many streams"));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(ImportCommandTest, RefusesUnknownFormatsAndMissingFiles) {
  EXPECT_EQ(Run({"import", File("1,a\n"), "--format", "parquet"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"import", File("1,a\n"), "--batch", "10001"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"import", "/no/such/file"}).code, ExitCode::kCallFailed);
  EXPECT_EQ(Run({"import"}).code, ExitCode::kUsage);
  EXPECT_EQ(server_.calls(), 0);
}

}  // namespace
}  // namespace ridgeline
