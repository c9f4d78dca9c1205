#ifndef RIDGELINE_TESTS_CORE_BACKUP_SMALL_WORLD_H_
#define RIDGELINE_TESTS_CORE_BACKUP_SMALL_WORLD_H_

#include <memory>
#include <string>

#include "core/backup/backup_source.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {

/// A data folder with open stores and a source of views of it.
struct SmallWorld {
  SmallWorld() {
    Record("first-user");
    Item item;
    item.id = "item-1";
    item.title = "title";
    EXPECT_TRUE(catalog->Upsert({item}).ok());
    EXPECT_TRUE(models->Publish(*SmallModel(), SmallModelInfo()).ok());
    EXPECT_TRUE(models->SetLive("v000001").ok());
  }

  void Record(const std::string& user) const {
    Interaction interaction;
    interaction.user_id = user;
    interaction.item_id = "item-1";
    EXPECT_TRUE(log->Append({interaction}).ok());
  }

  const TempDir temporary;
  const std::string data_dir = temporary.path();
  const std::unique_ptr<InteractionLog> log = InteractionLog::Open(data_dir + "/interactions").value();
  const std::unique_ptr<Catalog> catalog = Catalog::Open(data_dir + "/catalog").value();
  const std::unique_ptr<ModelStore> models = ModelStore::Open(data_dir + "/models").value();
  BackupSource source{data_dir, log.get(), catalog.get(), models.get()};
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_BACKUP_SMALL_WORLD_H_
