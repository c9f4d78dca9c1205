#include "core/backup/backup_source.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/backup/small_world.h"
#include "tests/support/byte_search.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

namespace fs = std::filesystem;

class BackupSourceTest : public testing::Test, protected SmallWorld {
 protected:
  std::string ViewDirectory() const { return data_dir + "/tmp.backup"; }

  std::unique_ptr<BackupView> Freeze() { return source.Freeze().value(); }

  // What a copy of the view opens as.
  static std::string CopyOf(const BackupView& view, const TempDir& elsewhere) {
    for (const BackupFile& file : view.files()) {
      const fs::path to = elsewhere.File("copy/" + file.path);
      fs::create_directories(to.parent_path());
      fs::copy_file(view.directory() + "/" + file.path, to);
    }
    return elsewhere.File("copy");
  }
};

TEST_F(BackupSourceTest, AViewOpensAsTheDataFolderThatItWas) {
  const std::unique_ptr<BackupView> view = Freeze();
  Record("second-user");
  EXPECT_TRUE(catalog->Delete("item-1").ok());
  EXPECT_TRUE(models->Publish(*SmallModel(), SmallModelInfo()).ok());
  EXPECT_TRUE(models->SetLive("v000002").ok());
  EXPECT_TRUE(models->Prune(1).ok());

  const TempDir elsewhere;
  const std::string copy = CopyOf(*view, elsewhere);
  const auto copied_log = InteractionLog::Open(copy + "/interactions").value();
  EXPECT_EQ(copied_log->size(), 1);
  EXPECT_EQ(copied_log->ReadUser("first-user")->size(), 1u);
  EXPECT_EQ(Catalog::Open(copy + "/catalog").value()->Get("item-1")->title, "title");
  const auto copied_models = ModelStore::Open(copy + "/models").value();
  EXPECT_EQ(copied_models->LiveVersion().value(), "v000001");
  EXPECT_EQ(copied_models->List()->size(), 1u);
  EXPECT_TRUE(copied_models->Load("v000001").ok());
}

TEST_F(BackupSourceTest, ListsItsFilesInOrderWithTheirSizes) {
  const std::unique_ptr<BackupView> view = Freeze();
  std::vector<std::string> paths;
  int64_t bytes = 0;
  for (const BackupFile& file : view->files()) {
    paths.push_back(file.path);
    bytes += file.bytes;
    EXPECT_EQ(fs::file_size(view->directory() + "/" + file.path), static_cast<uintmax_t>(file.bytes));
  }
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
  EXPECT_EQ(view->bytes(), bytes);
  EXPECT_THAT(paths, Contains("models/v000001/manifest.json"));
  EXPECT_THAT(paths, Contains("models/LIVE"));
  EXPECT_THAT(paths, Contains("interactions/CURRENT"));
  EXPECT_THAT(paths, Contains("catalog/CURRENT"));
  EXPECT_THAT(paths, Not(Contains("models/LOCK")));
}

TEST_F(BackupSourceTest, AViewGoesWithItsFolder) {
  Freeze();
  EXPECT_FALSE(fs::exists(ViewDirectory()));
  EXPECT_EQ(log->ReadUser("first-user")->size(), 1u);
  EXPECT_TRUE(models->Load("v000001").ok());
}

TEST_F(BackupSourceTest, OneViewAtATime) {
  std::unique_ptr<BackupView> view = Freeze();
  EXPECT_EQ(source.Freeze().status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(fs::exists(view->directory() + "/models/LIVE")) << "the first one is left alone";
  view.reset();
  EXPECT_TRUE(source.Freeze().ok());
}

TEST_F(BackupSourceTest, AFailedViewLeavesNothingAndTheNextOneSucceeds) {
  fs::rename(data_dir + "/models/v000001/manifest.json", data_dir + "/models/elsewhere.json");
  fs::create_directory(data_dir + "/models/v000001/manifest.json");  // no file can be linked to a folder
  EXPECT_FALSE(source.Freeze().ok());
  EXPECT_FALSE(fs::exists(ViewDirectory()));
  fs::remove(data_dir + "/models/v000001/manifest.json");
  fs::rename(data_dir + "/models/elsewhere.json", data_dir + "/models/v000001/manifest.json");
  EXPECT_TRUE(source.Freeze().ok());
}

TEST_F(BackupSourceTest, SettlingLeavesAViewThatLivesAlone) {
  EXPECT_TRUE(source.Settle().ok()) << "there was none yet";
  std::unique_ptr<BackupView> view = Freeze();
  EXPECT_TRUE(source.Settle().ok());
  EXPECT_TRUE(fs::exists(view->directory() + "/models/LIVE"));
  view.reset();
  EXPECT_TRUE(source.Settle().ok());
}

TEST_F(BackupSourceTest, WhatADeadProcessLeftIsRemoved) {
  fs::create_directories(ViewDirectory() + "/models/v000001");
  EXPECT_TRUE(RemoveAbandonedView(data_dir).ok());
  EXPECT_FALSE(fs::exists(ViewDirectory()));
  EXPECT_TRUE(RemoveAbandonedView(data_dir).ok()) << "nothing is there";
}

TEST_F(BackupSourceTest, ADeletionCountsAsErasedOnlyOnceTheViewWithItsBytesIsGone) {
  std::unique_ptr<BackupView> view = Freeze();
  ASSERT_FALSE(FilesWith("first-user", view->directory() + "/interactions").empty());
  EXPECT_EQ(log->DeleteUser("first-user").value(), 1);
  // Until the log itself is free of the user, and then for as long as one likes.
  while (log->WaitForErasure().message() != "a backup under way has deleted records still") {
  }
  EXPECT_EQ(log->pending_erasures(), 1u);
  EXPECT_EQ(log->WaitForErasure().code(), absl::StatusCode::kUnavailable);
  view.reset();
  while (!log->WaitForErasure().ok()) {
  }
  EXPECT_EQ(log->pending_erasures(), 0u);
  EXPECT_THAT(FilesWith("first-user", data_dir + "/interactions"), IsEmpty());
  EXPECT_FALSE(fs::exists(ViewDirectory()));
}

TEST_F(BackupSourceTest, AViewMadeAfterAnErasureHasNothingOfTheUser) {
  EXPECT_EQ(log->DeleteUser("first-user").value(), 1);
  while (!log->WaitForErasure().ok()) {
  }
  const std::unique_ptr<BackupView> view = Freeze();
  EXPECT_THAT(FilesWith("first-user", view->directory() + "/interactions"), IsEmpty());
  EXPECT_EQ(log->pending_erasures(), 0u);
}

TEST_F(BackupSourceTest, ErasuresEndWhileViewsComeAndGo) {
  std::atomic<bool> done{false};
  std::atomic<int> views{0};
  std::thread backups([&] {
    while (!done) {
      const absl::StatusOr<std::unique_ptr<BackupView>> view = source.Freeze();
      EXPECT_TRUE(view.ok()) << view.status();
      ++views;
    }
  });
  for (int n = 0; n < 3; ++n) {
    Record("second-user");
    EXPECT_EQ(log->DeleteUser("second-user").value(), 1);
    while (!log->WaitForErasure().ok()) {
    }
  }
  while (views < 3) std::this_thread::yield();
  done = true;
  backups.join();
  EXPECT_THAT(FilesWith("second-user", data_dir), IsEmpty());
}

TEST_F(BackupSourceTest, AViewHasAllThatWasAcknowledgedBeforeItWhileOthersRecord) {
  std::atomic<int64_t> acknowledged{1};
  std::atomic<bool> done{false};
  std::thread recorder([&] {
    while (!done) {
      Record("second-user");
      ++acknowledged;
    }
  });
  for (int n = 0; n < 5; ++n) {
    const int64_t before = acknowledged;
    const std::unique_ptr<BackupView> view = Freeze();
    const TempDir elsewhere;
    const auto copy = InteractionLog::Open(CopyOf(*view, elsewhere) + "/interactions").value();
    EXPECT_GE(copy->size(), before);
    EXPECT_EQ(copy->last_sequence(), static_cast<uint64_t>(copy->size()));
    while (acknowledged < before + 5) std::this_thread::yield();
  }
  done = true;
  recorder.join();
}

}  // namespace
}  // namespace ridgeline
