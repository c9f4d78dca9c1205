// What users get wrong: each gets an error that names the field or the file, and nothing changes.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "tests/integration/movielens_server.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The error of an answer that must not be OK.
template <typename Response>
std::string ErrorOf(const absl::StatusOr<Response>& response, absl::StatusCode code) {
  EXPECT_EQ(response.status().code(), code) << response.status();
  return std::string(response.status().message());
}

template <typename Response>
std::string InvalidArgument(const absl::StatusOr<Response>& response) {
  return ErrorOf(response, absl::StatusCode::kInvalidArgument);
}

v1::RecordInteractionsRequest Record(const std::string& user_id, const std::string& item_id, float value) {
  v1::RecordInteractionsRequest request;
  v1::Interaction* interaction = request.add_interactions();
  interaction->set_user_id(user_id);
  interaction->set_item_id(item_id);
  interaction->set_value(value);
  return request;
}

class BadRequests : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (MovieLensDirectory().empty()) return;
    directory_ = new TempDir();
    absl::StatusOr<ServerProcess> server = StartTrainedMovieLensServer(directory_->File("data"));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = new ServerProcess(*std::move(server));
  }

  static void TearDownTestSuite() {
    delete server_;
    delete directory_;
    server_ = nullptr;
    directory_ = nullptr;
  }

  void SetUp() override {
    if (MovieLensDirectory().empty()) GTEST_SKIP() << "../shared/data/ml-latest-small is absent";
    ASSERT_NE(server_, nullptr);
    client_ = ClientOf(*server_);
    before_ = Status();
  }

  void TearDown() override {
    if (server_ == nullptr) return;
    const v1::ServerStatus after = Status();
    EXPECT_EQ(after.interaction_count(), before_.interaction_count());
    EXPECT_EQ(after.live_model().version(), before_.live_model().version());
  }

  v1::ServerStatus Status() { return client_->GetServerStatus({}).value_or(v1::ServerStatus()); }

  std::shared_ptr<grpc::Channel> Channel() const {
    return grpc::CreateChannel(server_->grpc_address(), grpc::InsecureChannelCredentials());
  }

  static TempDir* directory_;
  static ServerProcess* server_;
  std::unique_ptr<RecommenderClient> client_;
  v1::ServerStatus before_;
};

TempDir* BadRequests::directory_ = nullptr;
ServerProcess* BadRequests::server_ = nullptr;

TEST_F(BadRequests, AnUnknownUserGetsPopularItemsAndIsToldSo) {
  const auto answer = client_->Recommend(RecommendTo("nobody"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->source(), v1::SOURCE_POPULAR);
  EXPECT_EQ(answer->recommendations_size(), 10);
}

TEST_F(BadRequests, AnUnknownItemIsNamed) {
  v1::SimilarItemsRequest similar;
  similar.set_item_id("no-such-film");
  EXPECT_THAT(ErrorOf(client_->SimilarItems(similar), absl::StatusCode::kNotFound),
              HasSubstr("no-such-film"));
  v1::GetItemRequest get;
  get.set_item_id("no-such-film");
  EXPECT_THAT(ErrorOf(client_->GetItem(get), absl::StatusCode::kNotFound), HasSubstr("no-such-film"));
  v1::RecommendRequest request = RecommendTo("15");
  request.mutable_filter()->add_candidate_item_ids("no-such-film");
  const auto answer = client_->Recommend(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->unknown_item_ids(), testing::ElementsAre("no-such-film"));
}

TEST_F(BadRequests, KOutOfRangeIsRefused) {
  for (const int k : {0, -1, 10'001, std::numeric_limits<int>::max()}) {
    v1::RecommendRequest request = RecommendTo("15");
    request.set_k(k);
    EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("k: ")) << k;
    v1::SimilarItemsRequest similar;
    similar.set_item_id("260");
    similar.set_k(k);
    EXPECT_THAT(InvalidArgument(client_->SimilarItems(similar)), HasSubstr("k: ")) << k;
  }
}

TEST_F(BadRequests, NotANumberAndInfinityAreRefused) {
  for (const float bad : {kNan, kInfinity, -kInfinity}) {
    EXPECT_THAT(InvalidArgument(client_->RecordInteractions(Record("u", "260", bad))),
                HasSubstr("interactions[0].value"));
    v1::RecommendRequest request;
    v1::HistoryEntry* entry = request.mutable_history()->add_entries();
    entry->set_item_id("260");
    entry->set_value(bad);
    EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("history.entries[0].value"));
    request = RecommendTo("15");
    request.set_minimum_score(bad);
    EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("minimum_score"));
    v1::RecommendRequest by_vector;
    for (int i = 0; i < before_.live_model().hyperparameters().factors(); ++i) {
      by_vector.mutable_vector()->add_factors(bad);
    }
    EXPECT_THAT(InvalidArgument(client_->Recommend(by_vector)), HasSubstr("vector.factors"));
  }
}

TEST_F(BadRequests, AVectorOfTheWrongLengthIsRefused) {
  v1::RecommendRequest request;
  request.mutable_vector()->add_factors(1.0f);
  EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("vector.factors"));
}

TEST_F(BadRequests, ListsThatAreTooLongAreRefused) {
  v1::RecommendRequest request = RecommendTo("15");
  for (int i = 0; i <= 100'000; ++i) request.mutable_filter()->add_exclude_item_ids("260");
  EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("filter.exclude_item_ids: "));
  request.Clear();
  for (int i = 0; i <= 100'000; ++i) request.mutable_history()->add_entries()->set_item_id("260");
  EXPECT_THAT(InvalidArgument(client_->Recommend(request)), HasSubstr("history.entries: "));
  v1::ScoreItemsRequest score;
  score.set_user_id("15");
  for (int i = 0; i <= 10'000; ++i) score.add_item_ids("260");
  EXPECT_THAT(InvalidArgument(client_->ScoreItems(score)), HasSubstr("item_ids: "));
}

TEST_F(BadRequests, ALongListOfKnownAndUnknownIdsIsHeeded) {
  const auto before = client_->Recommend(RecommendTo("15"));
  ASSERT_TRUE(before.ok()) << before.status();
  v1::RecommendRequest request = RecommendTo("15");
  for (int i = 0; i < 99'000; ++i) {
    request.mutable_filter()->add_exclude_item_ids("no-such-film-" + std::to_string(i));
  }
  for (const std::string& id : ItemIds(*before)) request.mutable_filter()->add_exclude_item_ids(id);
  const auto after = client_->Recommend(request);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->recommendations_size(), 10);
  EXPECT_EQ(after->unknown_item_count(), 99'000);
  for (const std::string& id : ItemIds(*before)) EXPECT_THAT(ItemIds(*after), Not(Contains(id)));
}

TEST_F(BadRequests, AnIdOfALongListThatIsNotUtf8IsNamed) {
  v1::RecommendRequest request = RecommendTo("15");
  for (int i = 0; i < 2'000; ++i) request.mutable_filter()->add_exclude_item_ids("260");
  request.mutable_filter()->add_exclude_item_ids("\xff\xfe");
  grpc::ClientContext context;
  v1::RecommendResponse answer;
  const auto stub = v1::RecommendationService::NewStub(Channel());
  const grpc::Status status = stub->Recommend(&context, request, &answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "filter.exclude_item_ids[2000]: must be UTF-8");
}

TEST_F(BadRequests, AnExpiredDeadlineIsSaidAtOnce) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  v1::RecommendResponse answer;
  const auto stub = v1::RecommendationService::NewStub(Channel());
  EXPECT_EQ(stub->Recommend(&context, RecommendTo("15"), &answer).error_code(), grpc::DEADLINE_EXCEEDED);
}

TEST_F(BadRequests, EmptyAndOverlongIdsAreRefused) {
  for (const std::string& bad : {std::string(), std::string(100'000, 'x'), std::string("line\nbreak")}) {
    EXPECT_THAT(InvalidArgument(client_->Recommend(RecommendTo(bad))), HasSubstr("user_id"));
    EXPECT_THAT(InvalidArgument(client_->RecordInteractions(Record(bad, "260", 1.0f))),
                HasSubstr("interactions[0].user_id"));
    EXPECT_THAT(InvalidArgument(client_->RecordInteractions(Record("u", bad, 1.0f))),
                HasSubstr("interactions[0].item_id"));
  }
}

TEST_F(BadRequests, TheClientRefusesAnIdThatIsNotUtf8) {
  EXPECT_THAT(InvalidArgument(client_->Recommend(RecommendTo("\xff\xfe"))), HasSubstr("user_id"));
}

TEST_F(BadRequests, TheServerRefusesAnIdThatIsNotUtf8) {
  grpc::ClientContext recommend_context;
  v1::RecommendResponse answer;
  const auto recommendations = v1::RecommendationService::NewStub(Channel());
  grpc::Status status = recommendations->Recommend(&recommend_context, RecommendTo("\xff\xfe"), &answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_THAT(status.error_message(), HasSubstr("UTF-8"));

  grpc::ClientContext record_context;
  v1::RecordInteractionsResponse recorded;
  const auto interactions = v1::InteractionService::NewStub(Channel());
  status = interactions->RecordInteractions(&record_context, Record("\xff\xfe", "260", 1.0f), &recorded);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
}

TEST_F(BadRequests, ARequestForNobodyIsRefused) {
  EXPECT_THAT(InvalidArgument(client_->Recommend(v1::RecommendRequest())), HasSubstr("subject"));
}

TEST_F(BadRequests, ARegularizationOfZeroIsRefused) {
  v1::StartTrainingRequest request;
  request.mutable_hyperparameters()->set_regularization(0.0);
  EXPECT_THAT(InvalidArgument(client_->StartTraining(request)), HasSubstr("regularization"));
}

TEST_F(BadRequests, AnUnknownModelVersionIsNamed) {
  v1::ActivateModelRequest request;
  request.set_version("../../etc");
  EXPECT_FALSE(client_->ActivateModel(request).ok());
  request.set_version("v999999");
  EXPECT_THAT(ErrorOf(client_->ActivateModel(request), absl::StatusCode::kNotFound), HasSubstr("v999999"));
}

TEST_F(BadRequests, ThePortOfARunningServerIsRefusedToASecond) {
  const auto second = RunCommand({ProgramPath("ridgeline-server"), "--data-dir", directory_->File("second"),
                                  "--allow-empty-start", "--http-address", "127.0.0.1:0", "--grpc-address",
                                  server_->grpc_address()});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->exit_code, 1);
  EXPECT_THAT(second->standard_error, HasSubstr(server_->grpc_address()));
}

TEST_F(BadRequests, TheDataFolderOfARunningServerIsRefusedToASecond) {
  const auto second = ServerProcess::Start(directory_->File("data"), {"--allow-empty-start"});
  EXPECT_THAT(second.status().message(), HasSubstr(directory_->File("data")));
}

// Starts a server that must end by itself; returns what it printed.
CommandResult StartThatFails(const std::string& data_directory, std::vector<std::string> flags) {
  std::vector<std::string> arguments = {ProgramPath("ridgeline-server"),
                                        "--data-dir",
                                        data_directory,
                                        "--grpc-address",
                                        "127.0.0.1:0",
                                        "--http-address",
                                        "127.0.0.1:0"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const auto result = RunCommand(arguments, absl::Seconds(30));
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(CommandResult());
}

TEST(BadStart, AnUnknownFlagIsNamed) {
  const TempDir directory;
  const CommandResult result = StartThatFails(directory.File("data"), {"--no-such-flag"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("--no-such-flag"));
}

TEST(BadStart, ARegularizationOfZeroIsRefused) {
  const TempDir directory;
  const CommandResult result =
      StartThatFails(directory.File("data"), {"--allow-empty-start", "--regularization", "0"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.standard_error, HasSubstr("regularization"));
}

TEST(BadStart, ADataFolderThatCannotBeMadeIsNamed) {
  const TempDir directory;
  std::ofstream(directory.File("file")) << "not a folder";
  const CommandResult result = StartThatFails(directory.File("file/data"), {"--allow-empty-start"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error, HasSubstr(directory.File("file/data")));
}

TEST(EmptyStart, IsReadyOnlyWhenAskedFor) {
  const TempDir directory;
  for (const bool allowed : {false, true}) {
    std::vector<std::string> flags;
    if (allowed) flags.push_back("--allow-empty-start");
    const auto server = ServerProcess::Start(directory.File(allowed ? "allowed" : "not"), flags);
    ASSERT_TRUE(server.ok()) << server.status();
    EXPECT_EQ(server->HttpGet("/readyz").ok(), allowed);
    EXPECT_TRUE(server->HttpGet("/healthz").ok());
    EXPECT_EQ(ClientOf(*server)->CheckHealth().value_or(""), allowed ? "SERVING" : "NOT_SERVING");
    EXPECT_EQ(ErrorOf(ClientOf(*server)->Recommend(RecommendTo("u")), absl::StatusCode::kFailedPrecondition),
              "no model is loaded");
  }
}

// A stopped server's data with a trained model in it.
class DamagedModel : public testing::Test {
 protected:
  void SetUp() override {
    if (MovieLensDirectory().empty()) GTEST_SKIP() << "../shared/data/ml-latest-small is absent";
    absl::StatusOr<ServerProcess> server = StartTrainedMovieLensServer(directory_.File("data"));
    ASSERT_TRUE(server.ok()) << server.status();
    ASSERT_EQ(server->Terminate(absl::Seconds(15)), 0);
    ASSERT_TRUE(std::filesystem::exists(factors_));
  }

  // A start must fail and name the file or the version.
  void ExpectRefused() {
    const CommandResult result = StartThatFails(directory_.File("data"), {});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.standard_error, HasSubstr("v000001"));
  }

  TempDir directory_;
  const std::string factors_ = directory_.File("data/models/v000001/factors.safetensors");
};

TEST_F(DamagedModel, AMissingFileIsRefused) {
  std::filesystem::remove(factors_);
  ExpectRefused();
}

TEST_F(DamagedModel, ATruncatedFileIsRefused) {
  std::filesystem::resize_file(factors_, std::filesystem::file_size(factors_) / 2);
  ExpectRefused();
}

TEST_F(DamagedModel, AFlippedBitIsRefused) {
  std::fstream file(factors_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(std::filesystem::file_size(factors_) / 2));
  const int byte = file.get();
  file.seekp(-1, std::ios::cur);
  file.put(static_cast<char>(byte ^ 0x10));
  file.close();
  ExpectRefused();
}

}  // namespace
}  // namespace ridgeline
