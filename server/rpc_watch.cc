#include "server/rpc_watch.h"

#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "ridgeline/v1/model_service.pb.h"
#include "server/convert_training.h"
#include "server/rpc_codec.h"
#include "server/rpc_status.h"

namespace ridgeline {

// One watching call. One step is under way at a time, to subscribe or to write; what changes meanwhile waits
// in `next_`, newest only.
class WatchMethod::Call final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public TrainingWatcher {
 public:
  Call(WatchMethod* method, const grpc::CallbackServerContext& context, const grpc::ByteBuffer* request)
      : method_(method),
        context_(context),
        request_(request),
        decision_(method->observer_.guard().Admit(context)) {
    method_->observer_.Begin();
  }

  // `self` keeps the object alive until gRPC is done with it.
  void Begin(std::shared_ptr<Call> self) {
    self_ = std::move(self);
    if (!decision_.status.ok()) return EndStep(decision_.status);
    // The call may be over before the step has ended.
    const auto subscribe = [this, kept = self_] { EndStep(Subscribe()); };
    if (!method_->pool_->TrySubmit(subscribe)) EndStep(QueueFull());
  }

  void Notify(const TrainingRun& run) override {
    {
      MutexLock lock(&mutex_);
      if (run.revision <= newest_revision_ || end_.has_value()) return;
      newest_revision_ = run.revision;
      next_ = run;
    }
    Advance();
  }

  // What waits to be written still is: at shutdown that is how the training ended.
  void Close() override {
    {
      MutexLock lock(&mutex_);
      if (!end_.has_value()) end_ = absl::UnavailableError("the server is shutting down");
    }
    Advance();
  }

 private:
  // Subscribes before it looks, so that no change falls between.
  absl::Status Subscribe() {
    v1::WatchTrainingRequest request;
    RIDGELINE_RETURN_IF_ERROR(ParseMessage(*request_, &request));
    RIDGELINE_ASSIGN_OR_RETURN(const TrainingRun found, method_->retrainer_->Get(request.training_id()));
    RIDGELINE_RETURN_IF_ERROR(method_->watchers_->Add(found.id, self_));
    RIDGELINE_ASSIGN_OR_RETURN(const TrainingRun run, method_->retrainer_->Get(found.id));
    Notify(run);
    return absl::OkStatus();
  }

  // The step under way is done: goes on, or ends the call with what went wrong, also when the run has ended
  // and that was what could not be told.
  void EndStep(const absl::Status& status) {
    {
      MutexLock lock(&mutex_);
      busy_ = false;
      if (!status.ok()) {
        end_ = status;
        next_.reset();
      }
    }
    Advance();
  }

  // Takes the next step unless one is under way, whose end calls this again.
  void Advance() {
    absl::optional<TrainingRun> run;
    absl::Status end;
    {
      MutexLock lock(&mutex_);
      if (busy_ || (!next_.has_value() && !end_.has_value())) return;
      busy_ = true;  // and stays so once the call has ended
      run = std::exchange(next_, absl::nullopt);
      if (run.has_value() && run->ended()) end_ = absl::OkStatus();
      if (!run.has_value()) end = *end_;
    }
    if (run.has_value()) return Write(*run);
    End(end);
  }

  absl::Status Serialize(const TrainingRun& run) {
    RIDGELINE_RETURN_IF_ERROR(method_->observer_.guard().CheckStillAllowed(context_));
    return SerializeMessage(ToProto(run, method_->retrainer_->options().als), &message_);
  }

  void Write(const TrainingRun& run) {
    const absl::Status status = Serialize(run);
    if (!status.ok()) return EndStep(status);
    StartWrite(&message_);
  }

  void OnWriteDone(bool ok) override {
    EndStep(ok ? absl::OkStatus() : absl::CancelledError("the caller is gone"));
  }

  // The object may be gone when Finish returns.
  void End(const absl::Status& status) {
    method_->observer_.guard().Audit(decision_, context_, status, *request_, grpc::ByteBuffer());
    method_->observer_.End(status, absl::FromChrono(std::chrono::steady_clock::now() - start_));
    decision_.slot.Release();
    Finish(ToGrpcStatus(status));
  }

  // Ends the call once the step under way is done, and writes nothing more.
  void OnCancel() override {
    {
      MutexLock lock(&mutex_);
      if (!end_.has_value()) end_ = absl::CancelledError("the caller cancelled the call");
      next_.reset();
    }
    Advance();
  }

  void OnDone() override {
    const std::shared_ptr<Call> self = std::move(self_);
    method_->watchers_->Remove(this);
  }

  WatchMethod* const method_;
  const grpc::CallbackServerContext& context_;
  const grpc::ByteBuffer* const request_;
  AccessDecision decision_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::shared_ptr<Call> self_;
  grpc::ByteBuffer message_;  // being written
  Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // a step is under way; the first is to subscribe
  int64_t newest_revision_ ABSL_GUARDED_BY(mutex_) = -1;
  absl::optional<TrainingRun> next_ ABSL_GUARDED_BY(mutex_);  // to be written
  absl::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);  // once set: how the call ends after next_
};

grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchMethod::Start(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request) {
  auto call = std::make_shared<Call>(this, *context, request);
  Call* const reactor = call.get();
  reactor->Begin(std::move(call));
  return reactor;
}

}  // namespace ridgeline
