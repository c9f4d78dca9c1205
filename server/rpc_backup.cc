#include "server/rpc_backup.h"

#include <grpcpp/alarm.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "core/backup/backup_reader.h"
#include "core/base/cancellation.h"
#include "core/base/status_macros.h"
#include "ridgeline/v1/backup_service.pb.h"
#include "server/call_info.h"
#include "server/convert_backup.h"
#include "server/rpc_codec.h"
#include "server/rpc_status.h"
#include "server/unary_call.h"

namespace ridgeline {

// Reads a piece, writes it, reads on. One of these steps is under way at any time, so they need no lock. A
// write has ended when gRPC says so and its alarm, which ends one that takes too long, has gone off or been
// called off.
class BackupMethod::Call final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public OpenStream {
 public:
  Call(BackupMethod* method, grpc::CallbackServerContext* context, const grpc::ByteBuffer* request)
      : method_(method),
        context_(context),
        request_(request),
        call_(DeadlineOf(*context), &cancellation_, method->observer_.clock()),
        decision_(method->observer_.guard().Admit(*context)) {
    method_->observer_.Begin();
  }

  // `self` keeps the object alive until gRPC is done with it.
  void Begin(std::shared_ptr<Call> self) {
    self_ = std::move(self);
    if (!decision_.status.ok()) return End(decision_.status);
    method_->streams_->Add(self_);
    if (!method_->pool_->TrySubmit([this] { Write(First()); })) End(QueueFull());
  }

  // The step under way sees to it.
  void Close() override { closing_ = true; }

 private:
  absl::Status CheckGoesOn() const {
    if (closing_) return absl::UnavailableError("the server is shutting down");
    RIDGELINE_RETURN_IF_ERROR(method_->observer_.guard().CheckStillAllowed(*context_));
    return call_.CheckAlive();
  }

  absl::StatusOr<v1::CreateBackupResponse> First() {
    RIDGELINE_RETURN_IF_ERROR(CheckGoesOn());
    v1::CreateBackupRequest request;
    RIDGELINE_RETURN_IF_ERROR(ParseMessage(*request_, &request));
    RIDGELINE_ASSIGN_OR_RETURN(view_, method_->source_->Freeze());
    reader_ = std::make_unique<BackupReader>(view_.get());
    return BeginOf(*view_, method_->observer_.clock()->Now());
  }

  absl::StatusOr<v1::CreateBackupResponse> Next() {
    if (gave_up_) return absl::DeadlineExceededError("the client takes nothing more");
    RIDGELINE_RETURN_IF_ERROR(CheckGoesOn());
    if (!written_) return absl::CancelledError("the caller is gone");
    RIDGELINE_ASSIGN_OR_RETURN(BackupPiece piece, reader_->Next());
    v1::CreateBackupResponse message = ToProto(std::move(piece), *view_);
    if (message.has_end()) summary_ = message.end();
    return message;
  }

  // The object may be gone when this returns.
  void Write(const absl::StatusOr<v1::CreateBackupResponse>& message) {
    if (!message.ok()) return End(message.status());
    const absl::Status serialized = SerializeMessage(*message, &message_);
    if (!serialized.ok()) return End(serialized);
    is_last_ = message->has_end();
    awaited_ = 2;
    alarm_ = std::make_unique<grpc::Alarm>();  // an alarm is not set again before its callback has returned
    alarm_->Set(absl::ToChronoTime(absl::Now() + method_->patience_), [this](bool elapsed) {
      if (elapsed) GiveUp();
      EndPartOfWrite();
    });
    StartWrite(&message_);
  }

  void OnWriteDone(bool ok) override {
    written_ = ok;
    alarm_->Cancel();
    EndPartOfWrite();
  }

  // The write ends then.
  void GiveUp() {
    gave_up_ = true;
    context_->TryCancel();
  }

  void EndPartOfWrite() {
    if (--awaited_ > 0) return;
    // The call was admitted when it came; what it has begun it may bring to its end.
    const bool queued = method_->pool_->SubmitAdmitted([this] {
      if (is_last_ && written_) return End(absl::OkStatus());
      Write(Next());
    });
    if (!queued) End(absl::UnavailableError("the server is shutting down"));
  }

  // The object may be gone when Finish returns. Before the caller knows, the view is gone: who asks for
  // another one then gets it.
  void End(const absl::Status& status) {
    reader_.reset();
    view_.reset();
    method_->observer_.guard().AuditStream(decision_, *context_, status, summary_);
    method_->observer_.End(status, absl::FromChrono(std::chrono::steady_clock::now() - start_));
    decision_.slot.Release();
    Finish(ToGrpcStatus(status));
  }

  void OnCancel() override { cancellation_.Cancel(); }

  void OnDone() override {
    const std::shared_ptr<Call> self = std::move(self_);
    method_->streams_->Remove(this);
  }

  BackupMethod* const method_;
  grpc::CallbackServerContext* const context_;
  const grpc::ByteBuffer* const request_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  CancellationToken cancellation_;
  const CallInfo call_;
  AccessDecision decision_;
  std::shared_ptr<Call> self_;
  std::atomic<bool> closing_{false};
  std::unique_ptr<BackupView> view_;
  std::unique_ptr<BackupReader> reader_;
  v1::BackupEnd summary_;     // of what was sent, once all was
  grpc::ByteBuffer message_;  // being written
  bool is_last_ = false;      // `message_` is
  bool written_ = false;      // the client got the message before
  bool gave_up_ = false;
  std::unique_ptr<grpc::Alarm> alarm_;
  std::atomic<int> awaited_{0};  // parts of the write that have not ended; orders what each of them says
};

grpc::ServerWriteReactor<grpc::ByteBuffer>* BackupMethod::Start(grpc::CallbackServerContext* context,
                                                                const grpc::ByteBuffer* request) {
  auto call = std::make_shared<Call>(this, context, request);
  Call* const reactor = call.get();
  reactor->Begin(std::move(call));
  return reactor;
}

}  // namespace ridgeline
