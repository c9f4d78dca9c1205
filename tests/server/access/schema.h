#ifndef RIDGELINE_TESTS_SERVER_ACCESS_SCHEMA_H_
#define RIDGELINE_TESTS_SERVER_ACCESS_SCHEMA_H_

#include <google/protobuf/descriptor.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/backup_service.pb.h"
#include "ridgeline/v1/catalog_service.pb.h"
#include "ridgeline/v1/interaction_service.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "server/access/role.h"

namespace ridgeline {

/// Every method of every schema below proto/ridgeline: a new file that is not linked here fails the test.
inline std::vector<const google::protobuf::MethodDescriptor*> MethodsOfTheSchema() {
  // So that the linker keeps their files.
  v1::CreateBackupRequest::descriptor();
  v1::GetItemRequest::descriptor();
  v1::DeleteUserRequest::descriptor();
  v1::GetModelRequest::descriptor();
  v1::RecommendRequest::descriptor();
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  const std::filesystem::path root = RIDGELINE_SOURCE_DIR "/proto";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "ridgeline")) {
    if (entry.path().extension() != ".proto") continue;
    const std::string name = std::filesystem::relative(entry.path(), root).string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    EXPECT_NE(file, nullptr) << name << " is not linked into this test: name one of its messages above";
    for (int s = 0; file != nullptr && s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

/// "/ridgeline.v1.CatalogService/GetItem".
inline std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

/// The role that a method should need, stated a second time: what changes nothing is for readers.
inline Role NeededRole(const google::protobuf::MethodDescriptor& method) {
  const std::string& name = method.name();
  for (const char* verb :
       {"Get", "List", "Watch", "Recommend", "BatchRecommend", "Similar", "Score", "Explain"}) {
    if (absl::StartsWith(name, verb)) return Role::kReader;
  }
  static const auto* const kWriters =
      new std::set<std::string>{"RecordInteractions", "ImportInteractions", "UpsertItems", "DeleteItem"};
  static const auto* const kTrainers = new std::set<std::string>{
      "StartTraining", "CancelTraining", "ActivateModel", "SetExperiment", "EndExperiment"};
  if (kWriters->count(name) > 0) return Role::kWriter;
  if (kTrainers->count(name) > 0) return Role::kTrainer;
  return Role::kAdmin;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_ACCESS_SCHEMA_H_
