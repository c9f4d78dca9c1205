#include "server/rpc_import.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "core/base/cancellation.h"
#include "core/base/clock.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "server/call_info.h"
#include "server/rpc_codec.h"
#include "server/rpc_status.h"

namespace ridgeline {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(10);
constexpr int kMostPauses = 50;  // of one message

}  // namespace

// Reads, perhaps pauses, records, reads on. One of these steps is under way at any time; what they share with
// Close has the lock.
class ImportMethod::Call final : public grpc::ServerReadReactor<grpc::ByteBuffer>, public OpenStream {
 public:
  Call(ImportMethod* method, grpc::CallbackServerContext* context, grpc::ByteBuffer* response)
      : method_(method),
        context_(context),
        response_(response),
        call_(DeadlineOf(*context), &cancellation_, method->observer_.clock()),
        import_(method->recorder_) {
    method_->observer_.Begin();
    decision_ = method_->observer_.guard().Admit(*context);
  }

  // `self` keeps the object alive until gRPC is done with it.
  void Begin(std::shared_ptr<Call> self) {
    self_ = std::move(self);
    if (!decision_.status.ok()) return End(decision_.status);
    method_->streams_->Add(self_);
    Read();
  }

  void Close() override {
    {
      MutexLock lock(&mutex_);
      closing_ = true;
      CancelAlarm();
      if (step_ != Step::kReading) return;  // the step under way sees to it
      step_ = Step::kBusy;
    }
    EndClosing();
  }

 private:
  enum class Step {
    kBusy,         // it ends the call or reads on; so it stays once the call has ended
    kBeginToRead,  // gRPC is being told; OnReadDone may come before that returns
    kReading,      // until OnReadDone, or Close
  };

  void Read() {
    const std::shared_ptr<Call> self = self_;  // the call may be over when StartRead returns
    const absl::optional<int64_t> read = BeginToRead();
    if (!read.has_value()) return EndClosing();
    StartRead(&message_);
    if (!WaitForRead(*read)) EndClosing();
  }

  // The number of the read; nothing, and the call is the caller's to end, when it is to be closed.
  absl::optional<int64_t> BeginToRead() {
    MutexLock lock(&mutex_);
    if (closing_) return absl::nullopt;
    step_ = Step::kBeginToRead;
    return ++reads_;
  }

  // From now on Close may end the call, if this read is still the step under way. False as above.
  bool WaitForRead(int64_t read) {
    MutexLock lock(&mutex_);
    if (reads_ != read || step_ != Step::kBeginToRead) return true;
    step_ = closing_ ? Step::kBusy : Step::kReading;
    return !closing_;
  }

  // False when Close has ended the call.
  bool LeaveReading() {
    MutexLock lock(&mutex_);
    const bool left = step_ != Step::kBusy;
    step_ = Step::kBusy;
    return left;
  }

  void OnReadDone(bool ok) override {
    if (!LeaveReading()) return;
    if (!ok) return End(Acknowledge());
    pauses_ = 0;
    SubmitWhenDue();
  }

  void SubmitWhenDue() {
    const absl::Duration pause = MustGiveWay() ? kPause : TakeBytes();
    if (pause <= absl::ZeroDuration()) return Submit();
    const std::shared_ptr<Call> self = self_;  // the alarm may go off, and the call end, before this returns
    MutexLock lock(&mutex_);
    alarm_ = std::make_unique<grpc::Alarm>();  // an alarm is not set again before its callback has returned
    alarm_->Set(absl::ToChronoTime(absl::Now() + pause), [this](bool /*elapsed*/) { GoOnAfterPause(); });
    if (closing_ || cancellation_.cancelled()) alarm_->Cancel();
  }

  // Whether others are to be answered first. A server that is never idle imports all the same.
  bool MustGiveWay() {
    if (pauses_ == kMostPauses || method_->urgent_ == nullptr || !method_->urgent_->busy()) return false;
    ++pauses_;
    return true;
  }

  // Counts the message, unless what other messages of the client took, on any of its streams, is not paid
  // off yet: then, how long that takes at least. A message that is given up meanwhile has cost nothing.
  absl::Duration TakeBytes() const {
    if (decision_.client == nullptr) return absl::ZeroDuration();
    ClientLimiter& limiter = *decision_.client->limiter;
    const absl::Duration now = SteadyNow();
    const absl::Duration debt = limiter.TakeImportBytes(now, 0);
    if (debt <= absl::ZeroDuration()) limiter.TakeImportBytes(now, message_.Length());
    return debt;
  }

  void GoOnAfterPause() {
    const absl::Status alive = call_.CheckAlive();
    if (!alive.ok()) return End(alive);
    if (IsClosing()) return EndClosing();
    SubmitWhenDue();
  }

  bool IsClosing() {
    MutexLock lock(&mutex_);
    return closing_;
  }

  void Submit() {
    if (!method_->pool_->TrySubmit([this] { Run(); }, message_.Length())) End(import_.Annotate(QueueFull()));
  }

  void Run() {
    const absl::Status status = Record();
    if (!status.ok()) return End(status);
    Read();
  }

  void CancelAlarm() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (alarm_ != nullptr) alarm_->Cancel();
  }

  absl::Status Record() {
    RIDGELINE_RETURN_IF_ERROR(call_.CheckAlive());
    const absl::Status allowed = method_->observer_.guard().CheckStillAllowed(*context_);
    if (!allowed.ok()) return import_.Annotate(allowed);
    v1::ImportInteractionsRequest message;
    const absl::Status parsed = ParseMessage(message_, &message);
    if (!parsed.ok()) return import_.Annotate(parsed);
    return import_.Add(message);
  }

  // A read fails when the client has sent everything, or is gone.
  absl::Status Acknowledge() {
    RIDGELINE_RETURN_IF_ERROR(call_.CheckAlive());
    return SerializeMessage(import_.summary(), response_);
  }

  void EndClosing() { End(import_.Annotate(absl::UnavailableError("the server is shutting down"))); }

  // The object may be gone when Finish returns.
  void End(const absl::Status& status) {
    method_->observer_.guard().AuditStream(decision_, *context_, status, import_.summary());
    method_->observer_.End(status, absl::FromChrono(std::chrono::steady_clock::now() - start_));
    decision_.slot.Release();
    Finish(ToGrpcStatus(status));
  }

  void OnCancel() override {
    cancellation_.Cancel();
    MutexLock lock(&mutex_);
    CancelAlarm();
  }

  void OnDone() override {
    const std::shared_ptr<Call> self = std::move(self_);
    method_->streams_->Remove(this);
  }

  ImportMethod* const method_;
  const grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  CancellationToken cancellation_;
  const CallInfo call_;
  AccessDecision decision_;
  InteractionImport import_;
  std::shared_ptr<Call> self_;
  grpc::ByteBuffer message_;
  int pauses_ = 0;  // that gave way, of the message read last
  Mutex mutex_;
  Step step_ ABSL_GUARDED_BY(mutex_) = Step::kBusy;
  int64_t reads_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);  // of the last pause
};

grpc::ServerReadReactor<grpc::ByteBuffer>* ImportMethod::Start(grpc::CallbackServerContext* context,
                                                               grpc::ByteBuffer* response) {
  auto call = std::make_shared<Call>(this, context, response);
  Call* const reactor = call.get();
  reactor->Begin(std::move(call));
  return reactor;
}

}  // namespace ridgeline
