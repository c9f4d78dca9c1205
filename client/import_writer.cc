#include "client/import_writer.h"

#include <utility>

#include "absl/status/status.h"
#include "client/api_key.h"
#include "client/call_deadline.h"
#include "client/status_conversion.h"
#include "client/utf8_fields.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"

namespace ridgeline {

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
    // We cancel no stream that is asked how it ended: a server that shuts down does.
    if (absl::IsCancelled(stream_->status)) {
      stream_->status = absl::UnavailableError("the server ended the stream, as one that shuts down does");
    }
    stream_->ended = true;
  }
  return stream_->status;
}

}  // namespace ridgeline
