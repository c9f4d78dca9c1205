#ifndef RIDGELINE_TESTS_CORE_TRAINING_TRAINING_WORLD_H_
#define RIDGELINE_TESTS_CORE_TRAINING_TRAINING_WORLD_H_

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/als/als_trainer.h"
#include "core/base/clock.h"
#include "core/catalog/catalog.h"
#include "core/dataset/interaction_table.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/training_run.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {

inline Interaction MakeInteraction(const std::string& user, const std::string& item, float value = 1.0f,
                                   int64_t seconds = 0) {
  Interaction interaction;
  interaction.user_id = user;
  interaction.item_id = item;
  interaction.value = value;
  interaction.time = absl::FromUnixSeconds(seconds);
  return interaction;
}

inline InteractionTable TableOf(const std::vector<Interaction>& interactions) {
  InteractionTableBuilder builder;
  for (const Interaction& interaction : interactions) builder.Add(interaction);
  return builder.Build();
}

/// Two tastes: even users like even items, odd users odd ones; each user misses one item of its taste.
inline std::vector<Interaction> TwoTastes(int users, int items) {
  std::vector<Interaction> interactions;
  for (int user = 0; user < users; ++user) {
    for (int item = user % 2; item < items; item += 2) {
      if ((item / 2) % (items / 2) == user / 2 % (items / 2)) continue;
      interactions.push_back(MakeInteraction(absl::StrCat("u", user), absl::StrCat("i", item),
                                             1.0f + item % 3, static_cast<int64_t>(interactions.size())));
    }
  }
  return interactions;
}

/// Tags for `items` items of TwoTastes: "even" or "odd".
inline std::vector<Item> TwoTags(int items) {
  std::vector<Item> tagged(static_cast<size_t>(items));
  for (int item = 0; item < items; ++item) {
    tagged[static_cast<size_t>(item)].id = absl::StrCat("i", item);
    tagged[static_cast<size_t>(item)].tags = {item % 2 == 0 ? "even" : "odd"};
  }
  return tagged;
}

inline Item TaggedItem(const std::string& id, const std::string& tag) {
  Item item;
  item.id = id;
  item.tags = {tag};
  return item;
}

/// A log, a catalogue and a model store on disk, in a directory of their own.
struct TrainingWorld {
  void Record(const std::vector<Interaction>& interactions) { log->Append(interactions).value(); }

  /// Changes one byte in the middle of a stored version's factors.
  void DamageFactors(const std::string& version) const {
    const std::string path = directory.File("models/" + version + "/factors.safetensors");
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(middle);
    file.put(byte);
  }

  /// Options for models that train in milliseconds.
  static AlsOptions SmallAls(Feedback feedback = Feedback::kImplicit) {
    AlsOptions als;
    als.hyperparameters.feedback = feedback;
    als.hyperparameters.factors = 4;
    als.iterations = 4;
    return als;
  }

  /// The model of such options.
  static std::shared_ptr<const FactorModel> TrainSmall(const Dataset& dataset) {
    Arena arena(1);
    AlsRun run;
    run.arena = &arena;
    return TrainAls(dataset, SmallAls(dataset.feedback), run).value();
  }

  TempDir directory;
  std::unique_ptr<InteractionLog> log = InteractionLog::Open(directory.File("log")).value();
  std::unique_ptr<Catalog> catalog = Catalog::Open(directory.File("catalog")).value();
  std::unique_ptr<ModelStore> store = ModelStore::Open(directory.File("models")).value();
  SnapshotHolder snapshots;
  ManualClock clock{absl::FromUnixSeconds(1'000'000)};
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_TRAINING_TRAINING_WORLD_H_
