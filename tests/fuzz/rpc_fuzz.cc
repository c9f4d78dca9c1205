#include <google/protobuf/stubs/logging.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc_codec.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/message_filler.h"
#include "tests/fuzz/rpc_methods.h"
#include "tests/server/rpc_world.h"

namespace ridgeline {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Inputs that are run on one world: what they record and train makes it larger and slower.
constexpr int kInputsOfAWorld = 500;

// One call of any kind: sends messages, takes all that comes back.
class AnyCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  AnyCall(grpc::GenericStub* stub, const std::string& path, std::vector<grpc::ByteBuffer> messages)
      : messages_(std::move(messages)) {
    // Watching a training takes as long as that.
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(3));
    stub->PrepareBidiStreamingCall(&context_, path, grpc::StubOptions(), this);
    StartRead(&answer_);
    Send();
    StartCall();
  }

  grpc::Status Wait() { return done_.get_future().get(); }
  std::vector<grpc::ByteBuffer>& answers() { return answers_; }

 private:
  void Send() {
    if (sent_ < messages_.size()) {
      StartWrite(&messages_[sent_++]);
    } else {
      StartWritesDone();
    }
  }

  void OnWriteDone(bool ok) override {
    if (ok) Send();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    answers_.push_back(answer_);
    StartRead(&answer_);
  }

  void OnDone(const grpc::Status& status) override { done_.set_value(status); }

  grpc::ClientContext context_;
  std::vector<grpc::ByteBuffer> messages_;
  size_t sent_ = 0;
  grpc::ByteBuffer answer_;
  std::vector<grpc::ByteBuffer> answers_;
  std::promise<grpc::Status> done_;
};

// A world that serves, has a catalogue and events, and a model that can go live.
struct FuzzedWorld {
  FuzzedWorld() {
    rpc.world.Serve();
    rpc.world.Publish();
    rpc.world.Record();
    std::vector<Item> items;
    for (const char* id : {"a", "b", "c"}) {
      Item item;
      item.id = id;
      item.tags = {"tag", absl::StrCat("genre:", id)};
      items.push_back(item);
    }
    Require(rpc.world.stores.catalog->Upsert(items).ok(), "the catalogue takes its items");
  }

  RpcWorld rpc;
  grpc::GenericStub stub{rpc.channel()};
  int inputs_left = kInputsOfAWorld;
};

FuzzedWorld& CurrentWorld() {
  static std::unique_ptr<FuzzedWorld>& world = *new std::unique_ptr<FuzzedWorld>();
  if (world == nullptr || --world->inputs_left == 0) {
    world.reset();
    world = std::make_unique<FuzzedWorld>();
  }
  return *world;
}

// Trainings that take minutes, as asked, are of no use here.
void BoundTraining(Message* message) {
  auto* request = dynamic_cast<v1::StartTrainingRequest*>(message);
  if (request == nullptr) return;
  if (request->iterations() > 20) request->set_iterations(20);
  if (request->hyperparameters().factors() > 16) request->mutable_hyperparameters()->set_factors(16);
}

void RequireAnswered(const grpc::Status& status, bool has_bad_text, const MethodDescriptor& method) {
  const auto claim = [&](absl::string_view what) {
    return absl::StrCat(method.full_name(), ": ", what, ", got ", status.error_code(), " ",
                        status.error_message());
  };
  Require(status.ok() || !status.error_message().empty(), claim("an error says what is wrong"));
  switch (status.error_code()) {
    case grpc::UNKNOWN:
    case grpc::INTERNAL:
    case grpc::DATA_LOSS:
    case grpc::UNIMPLEMENTED:
    case grpc::UNAVAILABLE:
      return Require(false, claim("no request breaks the server"));
    default:
      break;
  }
  // A machine that is busy with something else lets a call's time pass.
  if (status.error_code() == grpc::DEADLINE_EXCEEDED) return;
  Require(!has_bad_text || status.error_code() == grpc::INVALID_ARGUMENT,
          claim("text that is not UTF-8 is refused"));
}

void CheckRecommendations(const v1::RecommendRequest& request, const v1::RecommendResponse& response) {
  const int most = request.has_k() ? request.k() : 10;
  Require(response.recommendations_size() <= most, "no more is answered than asked for");
  for (int i = 0; i < response.recommendations_size(); ++i) {
    const v1::Recommendation& recommendation = response.recommendations(i);
    Require(recommendation.score() == recommendation.score(), "a score is a number");
    Require(i == 0 || recommendation.rank() == response.recommendations(i - 1).rank() + 1,
            "ranks follow one another");
  }
}

// A backup that ends with OK is whole by its own count.
void CheckBackup(const std::vector<grpc::ByteBuffer>& answers) {
  v1::BackupEnd sent;
  v1::CreateBackupResponse part;
  for (const grpc::ByteBuffer& bytes : answers) {
    Require(ParseMessage(bytes, &part).ok(), "a part of a backup is one of the schema");
    Require(part.has_begin() == (&bytes == &answers.front()), "a backup begins once");
    if (part.has_file()) sent.set_file_count(sent.file_count() + 1);
    sent.set_byte_count(sent.byte_count() + static_cast<int64_t>(part.chunk().size()));
  }
  Require(part.has_end() && part.end().SerializeAsString() == sent.SerializeAsString(),
          "a backup closes with all that it sent");
}

// One call of a method of the schema; what it answers is `known` to the next.
void MakeCall(InputCutter& cutter, FuzzedWorld& world, std::vector<std::string>* known) {
  static const auto& methods = *new auto(RpcMethods());
  const MethodDescriptor* method = methods[cutter.TakeBelow(static_cast<int>(methods.size()))];
  MessageFiller filler(&cutter, known);
  std::unique_ptr<Message> request;
  std::vector<grpc::ByteBuffer> messages;
  for (int count = method->client_streaming() ? cutter.TakeBelow(4) : 1; count > 0; --count) {
    request = NewMessage(method->input_type());
    filler.Fill(request.get());
    BoundTraining(request.get());
    const grpc::Slice slice(request->SerializeAsString());
    messages.emplace_back(&slice, 1);
  }
  const std::string path = absl::StrCat("/", method->service()->full_name(), "/", method->name());
  AnyCall call(&world.stub, path, std::move(messages));
  const grpc::Status status = call.Wait();
  // Of a stream, what came before may have ended it.
  const bool has_bad_text = !method->client_streaming() && !HasOnlyUtf8(*request);
  RequireAnswered(status, has_bad_text, *method);
  for (const grpc::ByteBuffer& bytes : call.answers()) {
    const auto answer = NewMessage(method->output_type());
    Require(ParseMessage(bytes, answer.get()).ok(), "an answer is a message of the schema");
    LearnTexts(*answer, known);
    const auto* recommendations = dynamic_cast<const v1::RecommendResponse*>(answer.get());
    if (recommendations == nullptr) continue;
    CheckRecommendations(dynamic_cast<const v1::RecommendRequest&>(*request), *recommendations);
  }
  const bool is_backup = method->output_type() == v1::CreateBackupResponse::descriptor();
  if (is_backup && status.ok()) CheckBackup(call.answers());
}

// Calls of any methods, one after another, with any messages: through gRPC, codec, checks and services, on
// stores on disk.
RIDGELINE_FUZZ_TARGET(rpc) {
  google::protobuf::SetLogHandler(nullptr);
  FuzzedWorld& world = CurrentWorld();
  std::vector<std::string> known = {"u1",     "u2",      "a",       "b",     "c",     "d",   "tag",
                                    "genre:", "v000001", "v000002", "user1", "item3", "new", ""};
  InputCutter cutter(input);
  for (int calls = 1 + cutter.TakeBelow(3); calls > 0 && !cutter.empty(); --calls)
    MakeCall(cutter, world, &known);
}

}  // namespace
}  // namespace ridgeline
