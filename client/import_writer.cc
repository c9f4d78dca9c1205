#include "client/import_writer.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "client/api_key.h"
#include "client/call_deadline.h"
#include "client/status_conversion.h"
#include "client/utf8_fields.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"

namespace ridgeline {
namespace {

// We cancel no stream that is asked how it ended: a server that shuts down does. What it attached is kept.
absl::Status EndedByServer(const absl::Status& cancelled) {
  absl::Status status = absl::UnavailableError("the server ended the stream, as one that shuts down does");
  cancelled.ForEachPayload(
      [&status](absl::string_view url, const absl::Cord& detail) { status.SetPayload(url, detail); });
  return status;
}

}  // namespace

struct ImportWriter::Stream {
  grpc::ClientContext context;
  v1::ImportInteractionsResponse response;
  std::unique_ptr<v1::InteractionService::Stub> stub;
  std::unique_ptr<grpc::ClientWriter<v1::ImportInteractionsRequest>> writer;
  bool ended = false;
  absl::Status status;
};

ImportWriter::ImportWriter(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout,
                           const std::string& api_key)
    : stream_(std::make_unique<Stream>()) {
  SetDeadline(stream_->context, timeout);
  SetApiKey(stream_->context, api_key);
  stream_->stub = v1::InteractionService::NewStub(channel);
  stream_->writer = stream_->stub->ImportInteractions(&stream_->context, &stream_->response);
}

ImportWriter::~ImportWriter() {
  if (stream_->ended) return;
  stream_->context.TryCancel();
  End();
}

absl::Status ImportWriter::Write(const v1::ImportInteractionsRequest& batch) {
  if (stream_->ended) {
    return stream_->status.ok() ? absl::FailedPreconditionError("the import is finished") : stream_->status;
  }
  absl::Status valid = ValidateUtf8Fields(batch);
  if (!valid.ok()) return valid;
  if (stream_->writer->Write(batch)) return absl::OkStatus();
  const absl::Status& status = End();
  // An OK status here means that the server closed the stream before it had read everything.
  return status.ok() ? absl::AbortedError("the server ended the import early") : status;
}

absl::StatusOr<v1::ImportInteractionsResponse> ImportWriter::Finish() {
  if (!End().ok()) return stream_->status;
  return stream_->response;
}

const absl::Status& ImportWriter::End() {
  if (!stream_->ended) {
    stream_->writer->WritesDone();
    stream_->status = FromGrpcStatus(stream_->writer->Finish());
    if (absl::IsCancelled(stream_->status)) stream_->status = EndedByServer(stream_->status);
    stream_->ended = true;
  }
  return stream_->status;
}

}  // namespace ridgeline
