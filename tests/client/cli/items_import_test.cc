#include <unistd.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ItemsImportCommandTest : public CliTest {
 protected:
  std::string File(const std::string& text) {
    const std::string path =
        absl::StrCat(testing::TempDir(), "/ridgeline_items_import_test_", getpid(), ".csv");
    std::ofstream(path) << text;
    return path;
  }

  v1::UpsertItemsRequest LastBatch() const { return server_.Last<v1::UpsertItemsRequest>(); }
};

TEST_F(ItemsImportCommandTest, UpsertsAFileInBatches) {
  v1::UpsertItemsResponse response;
  response.set_upserted_count(2);
  server_.Respond(response);
  const std::string path =
      File("movieId,title,genres\n1,Heat (1995),Action|Crime\n2,\"Net, The\",Thriller\n3,Solo,\n");
  const CliRun run = Run({"items", "import", path, "--batch", "2"});
  EXPECT_EQ(run.out, absl::StrCat("imported 4 items from ", path, "\n")) << run.err;
  EXPECT_EQ(server_.calls(), 2);
  ASSERT_EQ(LastBatch().items_size(), 1);
  EXPECT_EQ(LastBatch().items(0).title(), "Solo");
  EXPECT_TRUE(LastBatch().items(0).available());
}

TEST_F(ItemsImportCommandTest, SendsTagsAndAttributes) {
  const CliRun run = Run({"items", "import",
                          File(R"({"id": "1", "title": "Heat", "tags": ["b", "a"], "available": false, )"
                               R"("attributes": {"year": "1995"}})"
                               "\n")});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  ASSERT_EQ(LastBatch().items_size(), 1);
  const v1::Item item = LastBatch().items(0);
  EXPECT_THAT(item.tags(), testing::UnorderedElementsAre("a", "b"));
  EXPECT_FALSE(item.available());
  EXPECT_EQ(item.attributes().at("year"), "1995");
}

TEST_F(ItemsImportCommandTest, SendsNothingOfAFileWithABadLine) {
  const std::string path = File("movieId,title,genres\n1,Heat,Action\n,Nameless,\n");
  const CliRun run = Run({"items", "import", path});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr(absl::StrCat(path, ":3:")));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(ItemsImportCommandTest, SkipsAndReportsAsManyBadLinesAsAllowed) {
  const std::string path = File("movieId,title,genres\n1,Heat,Action\n,Nameless,\n");
  const CliRun run = Run({"items", "import", path, "--max-bad-lines", "1"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.err, HasSubstr(absl::StrCat("skipped ", path, ":3:")));
  EXPECT_EQ(LastBatch().items_size(), 1);
}

TEST_F(ItemsImportCommandTest, ReportsWhatTheServerRefuses) {
  server_.FailNext(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "items[0].title: too long"));
  const CliRun run = Run({"items", "import", File("1,Heat,Action\n")});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("items[0].title: too long"));
}

TEST_F(ItemsImportCommandTest, WantsAFileThatIsThere) {
  EXPECT_EQ(Run({"items", "import"}).code, ExitCode::kUsage);
  EXPECT_EQ(Run({"items", "import", "/no/such/file"}).code, ExitCode::kCallFailed);
}

}  // namespace
}  // namespace ridgeline
