// kill -9 at moments drawn from a seed, while clients record, import, train and publish: no interaction that
// was acknowledged and no model that was told of is lost.

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include "core/base/file.h"
#include "core/base/mutex.h"
#include "core/base/random.h"
#include "gtest/gtest.h"
#include "tests/integration/movielens_server.h"
#include "tests/integration/numbered_events.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

constexpr int kBatchesOfStream = 3;

// A user whose interactions are older than every model, so that each model knows it.
constexpr char kTrainedUser[] = "trained";

// How often a server is killed.
int Kills() {
  return Repetitions("RIDGELINE_KILLS", 5);
}

// What a kill waits for.
enum class Aim { kBatches, kTraining, kPublishing, kLoading, kSucceeded };

// When a server is killed: `delay` after it has acknowledged `count` batches, or after it has told that the
// `count`th training of its life is in the phase, or has succeeded.
struct Moment {
  Aim aim = Aim::kBatches;
  int count = 0;
  absl::Duration delay;
};

Moment DrawMoment(Random& random) {
  Moment moment;
  // The shortest phase twice, since most kills miss it.
  constexpr Aim kAims[] = {Aim::kBatches,    Aim::kTraining, Aim::kPublishing,
                           Aim::kPublishing, Aim::kLoading,  Aim::kSucceeded};
  moment.aim = kAims[random.Below(std::size(kAims))];
  moment.count = static_cast<int>(moment.aim == Aim::kBatches ? random.Below(60) : 1 + random.Below(2));
  moment.delay = absl::Microseconds(random.Below(moment.aim == Aim::kTraining ? 5000 : 800));
  return moment;
}

bool IsAt(Aim aim, const v1::Training& training) {
  if (aim == Aim::kSucceeded) return training.state() == v1::TRAINING_STATE_SUCCEEDED;
  if (training.state() != v1::TRAINING_STATE_RUNNING) return false;
  return (aim == Aim::kTraining && training.phase() == v1::TRAINING_PHASE_TRAINING) ||
         (aim == Aim::kPublishing && training.phase() == v1::TRAINING_PHASE_PUBLISHING) ||
         (aim == Aim::kLoading && training.phase() == v1::TRAINING_PHASE_LOADING);
}

// None should: too few users are in what is held out for a model to be held back.
bool EndedWithoutModel(const v1::Training& training) {
  return training.state() == v1::TRAINING_STATE_FAILED || training.state() == v1::TRAINING_STATE_CANCELLED ||
         training.state() == v1::TRAINING_STATE_HELD_BACK;
}

// Hears what the clients of one life of the server are told. Thread-safe.
class Witness {
 public:
  explicit Witness(const Moment& moment) : moment_(moment) {}

  // Returns when the next batch may be sent. While a training is waited for the clients leave it the
  // processors, which it has the least claim to, the more the longer it takes: what it has to read must not
  // grow without end.
  void OnBatches(int batches) {
    MutexLock lock(&mutex_);
    batches_ += batches;
    changed_.SignalAll();
    if (moment_.aim == Aim::kBatches) return;
    const absl::Time end = absl::Now() + absl::Milliseconds(1 + batches_ / 4);
    while (!killed_ && absl::Now() < end) changed_.WaitWithTimeout(&mutex_, end - absl::Now());
  }

  void OnTraining(const v1::Training& training) {
    MutexLock lock(&mutex_);
    latest_ = training;
    if (training.state() == v1::TRAINING_STATE_SUCCEEDED) published_.push_back(training.model_version());
    if (EndedWithoutModel(training)) ADD_FAILURE() << training.ShortDebugString();
    if (IsAt(moment_.aim, training)) trainings_.insert(training.id());
    changed_.SignalAll();
  }

  // A call has failed, as all do after the kill.
  void OnFailure(const absl::Status& status) {
    MutexLock lock(&mutex_);
    if (killed_) return;
    ADD_FAILURE() << "before the kill: " << status;
    failed_ = true;
    changed_.SignalAll();
  }

  // Returns at the moment to kill the server, and whether it is that; before it when `patience` ends, or a
  // call fails. From then on calls may fail.
  bool AwaitMoment(absl::Duration patience) {
    const absl::Time deadline = absl::Now() + patience;
    MutexLock lock(&mutex_);
    while (!Reached() && !failed_ && absl::Now() < deadline) {
      changed_.WaitWithTimeout(&mutex_, deadline - absl::Now());
    }
    // Nothing tells of a moment within a phase but the time.
    const absl::Time end = absl::Now() + moment_.delay;
    while (absl::Now() < end) changed_.WaitWithTimeout(&mutex_, end - absl::Now());
    killed_ = true;
    changed_.SignalAll();
    return Reached();
  }

  // Versions that succeeded, oldest first.
  std::vector<std::string> published() const {
    MutexLock lock(&mutex_);
    return published_;
  }

  // What was under way when the server last told, to be asked once it is gone.
  v1::TrainingPhase phase() const {
    MutexLock lock(&mutex_);
    return latest_.state() == v1::TRAINING_STATE_RUNNING ? latest_.phase() : v1::TRAINING_PHASE_UNSPECIFIED;
  }

 private:
  bool Reached() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const int count = moment_.aim == Aim::kBatches ? batches_ : static_cast<int>(trainings_.size());
    return count >= moment_.count;
  }

  const Moment moment_;
  mutable Mutex mutex_;
  CondVar changed_;
  int batches_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::string> trainings_ ABSL_GUARDED_BY(mutex_);  // that were seen where the moment is
  std::vector<std::string> published_ ABSL_GUARDED_BY(mutex_);
  v1::Training latest_ ABSL_GUARDED_BY(mutex_);
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  bool killed_ ABSL_GUARDED_BY(mutex_) = false;
};

// Records one batch after the other; returns how many were acknowledged.
int RecordUntilKilled(const ServerProcess& server, const std::string& user_id, Witness& witness) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  for (int acknowledged = 0;; ++acknowledged) {
    const auto batch = NumberedBatch<v1::RecordInteractionsRequest>(user_id, acknowledged);
    const absl::Status status = client->RecordInteractions(batch).status();
    if (!status.ok()) {
      witness.OnFailure(status);
      return acknowledged;
    }
    witness.OnBatches(1);
  }
}

// Sends a stream of batches, from batch `begin` on.
absl::StatusOr<v1::ImportInteractionsResponse> ImportStream(RecommenderClient& client,
                                                            const std::string& user_id, int begin) {
  const std::unique_ptr<ImportWriter> writer = client.ImportInteractions();
  for (int i = 0; i < kBatchesOfStream; ++i) {
    if (!writer->Write(NumberedBatch<v1::ImportInteractionsRequest>(user_id, begin + i)).ok()) break;
  }
  return writer->Finish();
}

// Sends one stream after the other; returns how many batches were acknowledged.
int ImportUntilKilled(const ServerProcess& server, const std::string& user_id, Witness& witness) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  for (int acknowledged = 0;; acknowledged += kBatchesOfStream) {
    const absl::Status status = ImportStream(*client, user_id, acknowledged).status();
    if (!status.ok()) {
      witness.OnFailure(status);
      return acknowledged;
    }
    witness.OnBatches(kBatchesOfStream);
  }
}

// Trains and publishes one model after the other.
void TrainUntilKilled(const ServerProcess& server, Witness& witness) {
  const std::unique_ptr<RecommenderClient> client = ClientOf(server);
  absl::Status status;
  while (status.ok()) {
    status = client->StartTraining({}).status();
    if (!status.ok()) break;
    status = client->WatchTraining({}, [&](const v1::Training& training) {
      witness.OnTraining(training);
      return true;
    });
  }
  witness.OnFailure(status);
}

// What the clients of one life of the server have sent and seen acknowledged, in batches.
struct Life {
  std::string name;
  std::vector<int> recorded = {0, 0};
  int imported = 0;

  std::string Recorder(size_t i) const { return absl::StrCat(name, "-recorder-", i); }
  std::string Importer() const { return name + "-importer"; }
};

// How long all lives together wait for their moments. Trainings have the lowest priority: on a machine that
// is busy with other work there must be an end to that.
absl::Duration PatienceFor(int kills) {
  return absl::Minutes(1) + kills * absl::Seconds(1);
}

// What a life without patience left has.
constexpr absl::Duration kShortestLife = absl::Milliseconds(100);

// What all lives come to.
struct Totals {
  absl::Duration patience;  // left
  int kills = 0;
  int early = 0;                            // kills before the moment that was drawn
  std::map<v1::TrainingPhase, int> phases;  // kills by the phase of which the server told last
  int half_written = 0;                     // kills that left a model in the midst of being written
  int not_live = 0;                         // kills between the writing of a model and its going live
  int64_t acknowledged = 0;                 // interactions
  int64_t lost = 0;
  int64_t twice = 0;
  int64_t models = 0;       // that the clients were told of
  int64_t models_lost = 0;  // restarts that served an older one
};

// A data folder, its servers, and what must be in it. Thread-compatible.
class DataFolder {
 public:
  explicit DataFolder(Totals* totals) : totals_(*totals) {}

  // Starts the first server, which has no model.
  void Begin() {
    Start();
    if (testing::Test::HasFatalFailure()) return;
    const std::unique_ptr<RecommenderClient> client = ClientOf(*server_);
    EXPECT_EQ(client->CheckHealth().value_or(""), "NOT_SERVING");
    // Somebody else has met what the trained user can be recommended.
    v1::RecordInteractionsRequest request = NumberedBatch<v1::RecordInteractionsRequest>(kTrainedUser, 0);
    request.MergeFrom(NumberedBatch<v1::RecordInteractionsRequest>("another", 0));
    request.MergeFrom(NumberedBatch<v1::RecordInteractionsRequest>("another", 1));
    EXPECT_TRUE(client->RecordInteractions(request).ok());
  }

  // Records, imports, trains and publishes at once until the server is killed, then starts the next one and
  // looks at what it has.
  void LiveAndDie(const std::string& name, const Moment& moment) {
    Life& life = lives_.emplace_back();
    life.name = name;
    Witness witness(moment);
    std::vector<std::thread> threads;
    threads.emplace_back([&] { TrainUntilKilled(*server_, witness); });
    threads.emplace_back([&] { life.imported = ImportUntilKilled(*server_, life.Importer(), witness); });
    for (size_t i = 0; i < life.recorded.size(); ++i) {
      threads.emplace_back(
          [&, i] { life.recorded[i] = RecordUntilKilled(*server_, life.Recorder(i), witness); });
    }
    const absl::Time start = absl::Now();
    totals_.early += !witness.AwaitMoment(std::max(totals_.patience, kShortestLife));
    totals_.patience -= absl::Now() - start;
    server_->Kill();
    for (std::thread& thread : threads) thread.join();
    Note(witness);
    Start();
    if (testing::Test::HasFatalFailure()) return;
    const std::unique_ptr<RecommenderClient> client = ClientOf(*server_);
    ExpectModel(*client);
    SendAgain(*client, life);
  }

  // That all lives are there still, after all that followed.
  void ExpectAll() {
    const std::unique_ptr<RecommenderClient> client = ClientOf(*server_);
    for (const Life& life : lives_) {
      for (size_t i = 0; i < life.recorded.size(); ++i) {
        ExpectBatches(*client, life.Recorder(i), life.recorded[i]);
        totals_.acknowledged += life.recorded[i] * kEventsOfBatch;
      }
      ExpectBatches(*client, life.Importer(), life.imported);
      totals_.acknowledged += life.imported * kEventsOfBatch;
    }
  }

 private:
  // Without --allow-empty-start a server that has lost its model says so.
  void Start() {
    absl::StatusOr<ServerProcess> server = ServerProcess::Start(
        directory_.File("data"),
        {"--factors", "4", "--iterations", "2", "--warm-iterations", "1", "--keep-versions", "2"});
    ASSERT_TRUE(server.ok()) << server.status();
    server_.emplace(*std::move(server));
  }

  // Takes down what the killed server has told, and what it left half done.
  void Note(const Witness& witness) {
    ++totals_.kills;
    ++totals_.phases[witness.phase()];
    const std::vector<std::string> published = witness.published();
    totals_.models += static_cast<int64_t>(published.size());
    if (!published.empty()) newest_ = std::max(newest_, published.back());
    const std::string models = directory_.File("data/models");
    const std::string live(absl::StripSuffix(ReadFile(models + "/LIVE").value_or(""), "\n"));
    bool half_written = false, not_live = false;
    for (const fs::directory_entry& entry : fs::directory_iterator(models)) {
      const std::string name = entry.path().filename().string();
      half_written |= name.rfind("tmp.", 0) == 0 && std::isdigit(name[4]) != 0;
      not_live |= name[0] == 'v' && name > live;
    }
    totals_.half_written += half_written;
    totals_.not_live += not_live;
  }

  // That a model as new as any that the clients were told of is live and answers.
  void ExpectModel(RecommenderClient& client) {
    const absl::StatusOr<v1::Model> live = client.GetModel({});
    const std::string version = live.ok() ? live->version() : "";
    EXPECT_GE(version, newest_) << live.status();
    totals_.models_lost += version < newest_;
    newest_ = std::max(newest_, version);
    EXPECT_EQ(client.CheckHealth().value_or(""), version.empty() ? "NOT_SERVING" : "SERVING");
    if (version.empty()) return;
    const absl::StatusOr<v1::RecommendResponse> answer = client.Recommend(RecommendTo(kTrainedUser));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->model_version(), version);
    EXPECT_EQ(answer->source(), v1::SOURCE_MODEL);
    EXPECT_EQ(answer->recommendations_size(), 10);
  }

  // That what `life` was acknowledged is there; then sends again what was not, which ends up there once.
  void SendAgain(RecommenderClient& client, Life& life) {
    for (size_t i = 0; i < life.recorded.size(); ++i) {
      const std::string user_id = life.Recorder(i);
      const int64_t left = ExpectBatchesAtLeast(client, user_id, life.recorded[i]);
      const auto batch = NumberedBatch<v1::RecordInteractionsRequest>(user_id, life.recorded[i]++);
      const absl::StatusOr<v1::RecordInteractionsResponse> response = client.RecordInteractions(batch);
      ASSERT_TRUE(response.ok()) << response.status();
      EXPECT_EQ(response->duplicate_count(), left);
      ExpectBatches(client, user_id, life.recorded[i]);
    }
    const int64_t left = ExpectBatchesAtLeast(client, life.Importer(), life.imported);
    const absl::StatusOr<v1::ImportInteractionsResponse> response =
        ImportStream(client, life.Importer(), life.imported);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->duplicate_count(), left);
    life.imported += kBatchesOfStream;
    ExpectBatches(client, life.Importer(), life.imported);
  }

  StoredEvents LookFor(RecommenderClient& client, const std::string& user_id, int batches) {
    const StoredEvents stored = LookForBatches(client, user_id, batches);
    EXPECT_EQ(stored.lost, 0) << user_id;
    EXPECT_EQ(stored.twice, 0) << user_id;
    EXPECT_EQ(stored.wrong, 0) << user_id;
    totals_.lost += stored.lost;
    totals_.twice += stored.twice;
    return stored;
  }

  // That the user has these batches, in order, and nothing else.
  void ExpectBatches(RecommenderClient& client, const std::string& user_id, int batches) {
    EXPECT_EQ(LookFor(client, user_id, batches).events, batches * kEventsOfBatch) << user_id;
  }

  // That the user has these batches, and perhaps more whole ones; how many events those are.
  int64_t ExpectBatchesAtLeast(RecommenderClient& client, const std::string& user_id, int batches) {
    const int64_t left = LookFor(client, user_id, batches).events - batches * kEventsOfBatch;
    EXPECT_EQ(left % kEventsOfBatch, 0) << "half of a batch of " << user_id;
    return left;
  }

  const TempDir directory_;
  Totals& totals_;
  absl::optional<ServerProcess> server_;
  std::vector<Life> lives_;
  std::string newest_;  // model that must not be lost, "" before the first
};

std::string Figure(const Totals& totals) {
  std::vector<std::string> phases;
  for (const auto& [phase, kills] : totals.phases) {
    absl::string_view name = v1::TrainingPhase_Name(phase);
    absl::ConsumePrefix(&name, "TRAINING_PHASE_");
    phases.push_back(absl::StrCat(kills, " ", phase == v1::TRAINING_PHASE_UNSPECIFIED ? "none" : name));
  }
  return absl::StrCat(
      totals.kills, " kills, by the last phase told of ", absl::StrJoin(phases, ", "), ", ", totals.early,
      " before the moment drawn; ", totals.half_written, " left a model half written, ", totals.not_live,
      " one not live yet; ", totals.acknowledged, " acknowledged interactions: ", totals.lost, " lost, ",
      totals.twice, " twice; ", totals.models, " published models: ", totals.models_lost, " lost");
}

// That the kills have met training and every step of publishing.
void ExpectKillsOfEachKind(const Totals& totals) {
  for (const v1::TrainingPhase phase :
       {v1::TRAINING_PHASE_TRAINING, v1::TRAINING_PHASE_PUBLISHING, v1::TRAINING_PHASE_LOADING}) {
    EXPECT_EQ(totals.phases.count(phase), 1U) << "no kill at " << v1::TrainingPhase_Name(phase);
  }
  EXPECT_GT(totals.half_written, 0);
  EXPECT_GT(totals.not_live, 0);
  EXPECT_GT(totals.models, 0);
}

TEST(CrashRecovery, NothingAcknowledgedIsLostOrThereTwiceAfterKillsAtRandomMoments) {
  constexpr int kKillsOfFolder = 25;  // then an empty one, so that trainings stay short
  constexpr int kEnoughForEachPhase = 50;
  Random random(42);
  const int kills = Kills();
  Totals totals;
  totals.patience = PatienceFor(kills);
  while (totals.kills < kills && !HasFailure()) {
    DataFolder folder(&totals);
    folder.Begin();
    const int last = std::min(kills, totals.kills + kKillsOfFolder);
    while (totals.kills < last && !HasFailure()) {
      folder.LiveAndDie(absl::StrCat("life-", totals.kills), DrawMoment(random));
    }
    if (!HasFailure()) folder.ExpectAll();
  }
  if (HasFailure()) return;
  EXPECT_GT(totals.acknowledged, kills) << "the kills came before anything could be lost";
  if (kills >= kEnoughForEachPhase) ExpectKillsOfEachKind(totals);
  if (!HasFailure()) ReportFigure(Figure(totals));
}

}  // namespace
}  // namespace ridgeline
