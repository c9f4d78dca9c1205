#ifndef RIDGELINE_TESTS_CLIENT_FAKE_SERVER_H_
#define RIDGELINE_TESTS_CLIENT_FAKE_SERVER_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"
#include "grpcpp/support/status.h"
#include "ridgeline/v1/backup_service.pb.h"
#include "ridgeline/v1/model.pb.h"

namespace ridgeline {

/// A gRPC server on a free port of the loopback that answers as a test told it to and remembers what it was
/// asked. Thread-safe.
class FakeServer {
 public:
  FakeServer();
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  const std::string& address() const { return address_; }

  /// Answers of this type are `response` from now on; without it they are empty.
  void Respond(const google::protobuf::Message& response);

  /// The next call ends with `status`; several of them queue up.
  void FailNext(const grpc::Status& status);

  /// WatchTraining streams these.
  void SetTrainings(std::vector<v1::Training> trainings);

  /// CreateBackup streams these.
  void SetBackup(std::vector<v1::CreateBackupResponse> messages);

  /// Calls wait from now on until Release, or until the object is destroyed.
  void Hold();
  void Release();

  /// What every call so far sent as `authorization`, in order; "" for none.
  std::vector<std::string> authorizations() const;

  /// Number of calls so far.
  int calls() const;

  /// The latest request, or the latest message of a stream, of type `Request`; empty when there was none.
  template <typename Request>
  Request Last() const {
    Request request;
    CopyLast(&request);
    return request;
  }

  /// Numbers of interactions of the import stream's messages, in order.
  std::vector<int> import_batches() const;

  // For the services.
  grpc::Status Answer(const google::protobuf::Message& request, google::protobuf::Message* response);
  void Remember(const google::protobuf::Message& request);
  void RememberBatch(int interactions);
  void RememberAuthorization(std::string authorization);
  std::vector<v1::Training> trainings() const;
  std::vector<v1::CreateBackupResponse> backup() const;

 private:
  class Services;

  void CopyLast(google::protobuf::Message* request) const;

  mutable Mutex mutex_;
  CondVar released_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<grpc::Status> failures_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> responses_ ABSL_GUARDED_BY(mutex_);  // type name -> serialized
  std::map<std::string, std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::Training> trainings_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::CreateBackupResponse> backup_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> import_batches_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> authorizations_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CLIENT_FAKE_SERVER_H_
