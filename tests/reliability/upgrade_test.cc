// What the previous release left is opened; what a newer one left is refused, and says so.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/base/file.h"
#include "core/catalog/catalog.h"
#include "core/catalog/item_encoding.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_store.h"
#include "core/model/model_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A copy of the data folder that write_golden_data wrote with the programs of release 0.1.0.
class Upgrade : public testing::Test {
 protected:
  Upgrade() {
    std::filesystem::copy(RIDGELINE_RELIABILITY_TESTDATA "/release-0.1.0", directory_.File("data"),
                          std::filesystem::copy_options::recursive);
  }

  std::string Folder(const std::string& name) const { return directory_.File("data/" + name); }

  const TempDir directory_;
};

TEST_F(Upgrade, TheInteractionsOfThePreviousReleaseAreThereAndMoreAreTaken) {
  for (int start = 0; start < 2; ++start) {
    const auto log = InteractionLog::Open(Folder("interactions")).value();
    std::vector<std::string> items;
    const std::vector<LoggedInteraction> of_user = log->ReadUser("user-1").value();
    for (const LoggedInteraction& logged : of_user) {
      items.push_back(logged.interaction.item_id);
    }
    items.resize(4);
    EXPECT_THAT(items, ElementsAre("item-1", "item-3", "item-4", "item-9"));
    EXPECT_EQ(log->ReadUser("user-1")->front().interaction.time, absl::FromUnixSeconds(1'700'000'061));
    EXPECT_TRUE(log->ReadUser("user-6")->empty()) << "deleted";
    const uint64_t before = log->last_sequence();
    Interaction interaction;
    interaction.user_id = "user-1";
    interaction.item_id = "item-2";
    EXPECT_EQ(log->Append({interaction})->last_sequence, before + 1);
    EXPECT_EQ(log->size(), 18 + start);
  }
}

TEST_F(Upgrade, TheCatalogueOfThePreviousReleaseIsThere) {
  const auto catalog = Catalog::Open(Folder("catalog")).value();
  EXPECT_EQ(catalog->size(), 3);
  EXPECT_EQ(catalog->Get("item-3")->title, "Title 3");
  EXPECT_THAT(catalog->Get("item-3")->tags, ElementsAre("odd"));
}

TEST_F(Upgrade, TheModelOfThePreviousReleaseIsServed) {
  const auto store = ModelStore::Open(Folder("models")).value();
  ASSERT_EQ(store->LiveVersion().value(), "v000001");
  const StoredModel stored = store->Load("v000001").value();
  EXPECT_EQ(stored.model->factors(), 2);
  EXPECT_TRUE(stored.model->user_ids().Find("user-1").has_value());
  EXPECT_EQ(stored.model->item_ids().size(), 5u);
  ReportFigure("log, catalogue and model of release 0.1.0 open");
}

// Says that a newer release wrote it.
void ExpectRefusal(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer release"));
}

TEST_F(Upgrade, StoresOfANewerReleaseAreRefused) {
  for (const auto& [folder, format] :
       {std::pair(std::string("log"), kLogFormat), {std::string("items"), kCatalogFormat}}) {
    StoreFormat newer = format;
    ++newer.version;
    ASSERT_TRUE(OpenStore(Folder(folder), newer).ok());
  }
  ExpectRefusal(InteractionLog::Open(Folder("log")).status());
  ExpectRefusal(Catalog::Open(Folder("items")).status());
}

TEST_F(Upgrade, AModelOfANewerReleaseIsRefusedAndTheOldOnesStay) {
  const auto store = ModelStore::Open(Folder("models")).value();
  std::filesystem::copy(Folder("models/v000001"), Folder("models/v000002"));
  const std::string manifest = ReadFile(Folder("models/v000002/manifest.json")).value();
  directory_.Write("data/models/v000002/manifest.json",
                   absl::StrReplaceAll(manifest, {{"\"format_version\": 1", "\"format_version\": 99"},
                                                  {"v000001", "v000002"}}));
  ExpectRefusal(store->Load("v000002").status());
  EXPECT_TRUE(store->Load("v000001").ok());
  ReportFigure("newer ones are refused by name");
}

}  // namespace
}  // namespace ridgeline
