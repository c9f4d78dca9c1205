#include "server/access/audit_target.h"

#include <nlohmann/json.hpp>
#include <string>

#include "gtest/gtest.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/model_service.pb.h"

namespace ridgeline {
namespace {

grpc::ByteBuffer Bytes(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

TEST(AuditTarget, TellsFieldsOfOneValueAndCountsOthers) {
  v1::SetExperimentRequest experiment;
  experiment.set_candidate_version("v000007");
  experiment.set_share(0.25);
  EXPECT_EQ(AuditedFields(experiment).dump(), R"({"candidate_version":"v000007","share":0.25})");
  v1::UpsertItemsRequest items;
  items.add_items()->set_id("a");
  items.add_items()->set_id("b");
  EXPECT_EQ(AuditedFields(items).dump(), R"({"items":2})");
  v1::StartTrainingRequest training;
  training.set_mode(v1::TRAINING_MODE_FULL);
  training.set_seed(UINT64_MAX);
  training.mutable_hyperparameters()->set_factors(8);
  EXPECT_EQ(AuditedFields(training)["seed"], UINT64_MAX);
  EXPECT_EQ(AuditedFields(training)["mode"], v1::TrainingMode_Name(v1::TRAINING_MODE_FULL));
  EXPECT_FALSE(AuditedFields(training).contains("hyperparameters"));
}

TEST(AuditTarget, CutsLongTexts) {
  v1::DeleteUserRequest request;
  request.set_user_id(std::string(100'000, 'x'));
  EXPECT_EQ(AuditedFields(request)["user_id"], std::string(kMaxAuditedText, 'x'));
}

TEST(AuditTarget, ReadsRequestsOfAMethodFromBytes) {
  v1::DeleteUserRequest request;
  request.set_user_id("u7");
  const char* path = "/ridgeline.v1.InteractionService/DeleteUser";
  EXPECT_EQ(AuditedRequest(path, Bytes(request)).dump(), R"({"user_id":"u7"})");
  const grpc::Slice broken("\x0a\x7f");
  EXPECT_EQ(AuditedRequest(path, grpc::ByteBuffer(&broken, 1)).dump(), "{}");
  EXPECT_EQ(AuditedRequest(path, grpc::ByteBuffer()).dump(), "{}");
  for (const char* unknown : {"/ridgeline.v1.InteractionService/Nothing", "", "/", "GET /metrics"}) {
    EXPECT_EQ(AuditedRequest(unknown, Bytes(request)).dump(), "{}") << unknown;
  }
}

TEST(AuditTarget, OfAResourceTellsItsNameAlone) {
  v1::Model model;
  model.set_version("v000003");
  model.set_user_count(12);
  EXPECT_EQ(AuditedResponse("/ridgeline.v1.ModelService/ActivateModel", Bytes(model)).dump(),
            R"({"version":"v000003"})");
  v1::DeleteUserResponse deleted;
  deleted.set_deleted_interaction_count(5);
  EXPECT_EQ(AuditedResponse("/ridgeline.v1.InteractionService/DeleteUser", Bytes(deleted)).dump(),
            R"({"deleted_interaction_count":5})");
}

}  // namespace
}  // namespace ridgeline
