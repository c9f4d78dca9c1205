#ifndef RIDGELINE_CLIENT_IMPORT_WRITER_H_
#define RIDGELINE_CLIENT_IMPORT_WRITER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ridgeline/v1/interaction_service.pb.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace ridgeline {

/// Sends one stream of interactions; made by RecommenderClient::ImportInteractions. Thread-compatible: one
/// thread at a time.
///
/// Only an OK Finish acknowledges anything. After an error the server keeps some first part of what was sent:
/// send all of it again with event ids to end with each interaction recorded once.
class ImportWriter {
 public:
  /// Opens the stream on `channel` with an API key, if not empty; all of it must be done within `timeout`.
  ImportWriter(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout,
               const std::string& api_key = "");

  /// Cancels the stream unless it has ended.
  ~ImportWriter();

  ImportWriter(const ImportWriter&) = delete;
  ImportWriter& operator=(const ImportWriter&) = delete;

  /// Sends a batch of 1 to 10,000 interactions; blocks while the server is behind. kInvalidArgument naming
  /// the field, with nothing sent, when a string is not UTF-8; otherwise the error with which the stream
  /// ended, which every later call returns too; kFailedPrecondition after an OK Finish.
  absl::Status Write(const v1::ImportInteractionsRequest& batch);

  /// Ends the stream and returns what the server recorded, all of it durable. Otherwise the error that ended
  /// the stream: kInvalidArgument for a wrong batch, kUnavailable, kResourceExhausted, kDeadlineExceeded.
  absl::StatusOr<v1::ImportInteractionsResponse> Finish();

 private:
  struct Stream;

  // Closes the stream once and keeps its status.
  const absl::Status& End();

  const std::unique_ptr<Stream> stream_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_IMPORT_WRITER_H_
