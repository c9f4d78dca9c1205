#ifndef RIDGELINE_TESTS_SERVER_TRAINING_WORLD_H_
#define RIDGELINE_TESTS_SERVER_TRAINING_WORLD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/training/retrainer.h"
#include "tests/server/world.h"

namespace ridgeline {

/// A World whose log can be trained on.
struct TrainingWorld : World {
  explicit TrainingWorld(std::function<void(const TrainingRun&)> on_change = [](const TrainingRun&) {}) {
    RetrainerOptions options;
    options.als.hyperparameters.factors = 2;
    options.als.iterations = 3;
    retrainer =
        std::make_unique<Retrainer>(options, stores.log.get(), stores.catalog.get(), stores.models.get(),
                                    &snapshots, recommender.get(), &clock, std::move(on_change));
  }

  /// Records a few users' tastes.
  void Record() {
    std::vector<Interaction> interactions;
    for (int i = 0; i < 60; ++i) {
      Interaction interaction;
      interaction.user_id = absl::StrCat("user", i % 10);
      interaction.item_id = absl::StrCat("item", (i * 7) % 13);
      interaction.time = clock.Now();
      interactions.push_back(interaction);
    }
    EXPECT_TRUE(stores.log->Append(interactions).ok());
  }

  /// Waits for the end of the newest run and returns it.
  TrainingRun WaitForEnd() const {
    TrainingRun run = retrainer->Get("").value();
    while (!run.ended()) run = retrainer->WaitForChange(run.id, run.revision, absl::Seconds(10)).value();
    return run;
  }

  std::unique_ptr<Retrainer> retrainer;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_TRAINING_WORLD_H_
