#include "gmock/gmock.h"
#include "ridgeline/v1/model_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class ModelsCommandTest : public CliTest {
 protected:
  static v1::Model LiveModel() {
    v1::Model model;
    model.set_version("v000002");
    model.set_live(true);
    model.set_algorithm("als");
    model.mutable_hyperparameters()->set_feedback_kind(v1::FEEDBACK_KIND_EXPLICIT);
    model.mutable_hyperparameters()->set_factors(32);
    model.set_user_count(610);
    model.set_item_count(9724);
    model.set_interaction_count(100836);
    (*model.mutable_metrics())["validation_rmse"] = 0.86;
    return model;
  }
};

TEST_F(ModelsCommandTest, ListsModelsWithTheirValidation) {
  v1::ListModelsResponse page;
  *page.add_models() = LiveModel();
  server_.Respond(page);
  EXPECT_EQ(Run({"models", "list"}).out,
            "VERSION  STATE  ALGORITHM  FEEDBACK  FACTORS  USERS  ITEMS  INTERACTIONS  VALIDATION\n"
            "v000002  live   als        EXPLICIT       32    610  9,724       100,836  rmse 0.86\n");
}

TEST_F(ModelsCommandTest, TellsWhichModelsWereHeldBack) {
  v1::ListModelsResponse page;
  v1::Model model = LiveModel();
  model.set_live(false);
  model.set_held_back_reason("worse than the live model");
  *page.add_models() = model;
  server_.Respond(page);
  EXPECT_THAT(Run({"models", "list"}).out, HasSubstr("v000002  held back  als"));
  server_.Respond(model);
  EXPECT_THAT(Run({"models", "get", "v000002"}).out, HasSubstr("worse than the live model"));
}

TEST_F(ModelsCommandTest, SaysWhatToDoWithoutAModel) {
  EXPECT_THAT(Run({"models", "list"}).out, HasSubstr("ridgeline train"));
}

TEST_F(ModelsCommandTest, PrintsTheLiveModelByDefault) {
  server_.Respond(LiveModel());
  EXPECT_THAT(Run({"models", "get"}).out, HasSubstr("v000002 (live)"));
  EXPECT_EQ(server_.Last<v1::GetModelRequest>().version(), "");
  EXPECT_THAT(Run({"models", "get", "v000001", "--json"}).out, HasSubstr(R"("version":"v000002")"));
  EXPECT_EQ(server_.Last<v1::GetModelRequest>().version(), "v000001");
}

TEST_F(ModelsCommandTest, ActivatesAVersion) {
  server_.Respond(LiveModel());
  EXPECT_EQ(Run({"models", "activate", "v000002"}).out, "model v000002 is live\n");
  EXPECT_EQ(server_.Last<v1::ActivateModelRequest>().version(), "v000002");
  EXPECT_EQ(Run({"models", "activate"}).code, ExitCode::kUsage);
}

TEST_F(ModelsCommandTest, ReportsDamagedFiles) {
  server_.FailNext(grpc::Status(grpc::StatusCode::DATA_LOSS, "v000001: wrong checksum"));
  const CliRun run = Run({"models", "activate", "v000001"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_EQ(run.err, "ridgeline: DATA_LOSS: v000001: wrong checksum\n");
}

}  // namespace
}  // namespace ridgeline
