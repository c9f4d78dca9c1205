#include "core/lab/recommend_all_command.h"

#include <chrono>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "core/lab/bulk_recommender.h"
#include "core/lab/flag_range.h"
#include "core/lab/foreign_model.h"
#include "core/lab/peak_memory.h"
#include "core/lab/text_output.h"
#include "core/model/model_file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMostUsersBatched = 4096;

struct RecommendAllFlags {
  std::string model;
  std::string output;
  std::string users;
  std::string exclude_seen;
  std::string exclude_seen_format = "auto";
  std::string format = "tsv";
  BulkOptions bulk;
  int threads = 0;
  bool json = false;
};

// Whom to recommend to.
struct Audience {
  std::vector<uint32_t> users;  // rows
  size_t unknown = 0;           // users asked for that the model does not have
};

class RecommendAllCommand final : public Command {
 public:
  RecommendAllFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(flags_.bulk.format, ParseRecommendationFormat(flags_.format));
    RIDGELINE_RETURN_IF_ERROR(CheckRange("k", flags_.bulk.k, 1, std::numeric_limits<int>::max()));
    RIDGELINE_RETURN_IF_ERROR(CheckRange("batch", flags_.bulk.batch, 1, kMostUsersBatched));
    RIDGELINE_RETURN_IF_ERROR(CheckThreads(flags_.threads));
    const auto format = ParseInteractionFormat(flags_.exclude_seen_format);
    if (!format.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("exclude_seen_format: ", format.status().message()));
    }
    reader_.format = *format;
    return absl::OkStatus();
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, ReadModelFiles(flags_.model));
    RIDGELINE_ASSIGN_OR_RETURN(const Audience audience, FindAudience(*stored.model, console.err));
    RIDGELINE_ASSIGN_OR_RETURN(const SeenItems seen, ReadSeen(*stored.model));
    const BulkRecommender recommender(stored.model, flags_.exclude_seen.empty() ? nullptr : &seen,
                                      flags_.bulk);
    Arena arena(flags_.threads);
    const SteadyClock::time_point begin = SteadyClock::now();
    RIDGELINE_RETURN_IF_ERROR(Write(recommender, audience, arena));
    const std::chrono::duration<double> elapsed = SteadyClock::now() - begin;
    Report(audience, arena.threads(), elapsed.count(), console.out);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Audience> FindAudience(const FactorModel& model, std::ostream& remarks) const {
    Audience audience;
    if (flags_.users.empty()) {
      audience.users.resize(model.users().rows());
      std::iota(audience.users.begin(), audience.users.end(), 0);
      return audience;
    }
    RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const IdMap> wanted,
                               ReadIdFile("user_id", flags_.users));
    for (uint32_t w = 0; w < wanted->size(); ++w) {
      const absl::optional<uint32_t> row = model.user_ids().Find(wanted->Id(w));
      row.has_value() ? audience.users.push_back(*row) : void(++audience.unknown);
    }
    if (audience.unknown > 0) remarks << "passed over " << audience.unknown << " users not in the model\n";
    return audience;
  }

  absl::StatusOr<SeenItems> ReadSeen(const FactorModel& model) const {
    if (flags_.exclude_seen.empty()) return SeenItems(0);
    return SeenItems::Read(flags_.exclude_seen, reader_, model);
  }

  absl::Status Write(const BulkRecommender& recommender, const Audience& audience, Arena& arena) const {
    RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<TextOutput> output, TextOutput::Create(flags_.output));
    RIDGELINE_RETURN_IF_ERROR(output->Append(RecommendationHeader(flags_.bulk.format)));
    RIDGELINE_RETURN_IF_ERROR(recommender.Write(
        audience.users, arena, [&](absl::string_view text) { return output->Append(text); }));
    return output->Finish();
  }

  void Report(const Audience& audience, int threads, double seconds, std::ostream& out) const {
    const double rate = static_cast<double>(audience.users.size()) / seconds;
    if (flags_.json) {
      const nlohmann::ordered_json json = {{"output", flags_.output},
                                           {"users", audience.users.size()},
                                           {"unknown_users", audience.unknown},
                                           {"k", flags_.bulk.k},
                                           {"batch", flags_.bulk.batch},
                                           {"threads", threads},
                                           {"seconds", seconds},
                                           {"users_per_second", rate},
                                           {"peak_rss_bytes", PeakResidentBytes()}};
      out << json.dump() << "\n";
      return;
    }
    out << absl::StrFormat("%d users in %.2f s, %.0f a second; wrote %s\n", audience.users.size(), seconds,
                           rate, flags_.output);
  }

  RecommendAllFlags flags_;
  InteractionReaderOptions reader_;
};

}  // namespace

std::unique_ptr<Command> AddRecommendAllCommand(CLI::App& app) {
  auto command = std::make_unique<RecommendAllCommand>();
  RecommendAllFlags& flags = command->flags();
  CLI::App& sub = *app.add_subcommand("recommend-all", "Writes the best items of every user to a file");
  sub.add_option("--model", flags.model, "Folder of the model")->required();
  sub.add_option("--output", flags.output,
                 "File to write, replaced when complete; a name ending in .zst is compressed")
      ->required();
  sub.add_option("--format", flags.format,
                 "tsv (a line an item: user_id, item_id, score) or jsonl (a line a user)")
      ->capture_default_str();
  sub.add_option("-k", flags.bulk.k, "Items a user")->capture_default_str();
  sub.add_option("--users", flags.users, "File of user ids, one a line; default: all users of the model");
  sub.add_option("--exclude-seen", flags.exclude_seen,
                 "File of interactions: nobody is recommended what they met there");
  sub.add_option("--exclude-seen-format", flags.exclude_seen_format,
                 "Its format: auto, csv, tsv, movielens, adjacency or jsonl")
      ->capture_default_str();
  sub.add_option("--batch", flags.bulk.batch, "Users that share one pass over the items")
      ->capture_default_str();
  sub.add_option("--threads", flags.threads, "Threads; 0: one a processor")->capture_default_str();
  sub.add_flag("--json", flags.json, "Print one JSON object");
  sub.footer(
      "Example:\n  ridgeline-lab recommend-all --model model --exclude-seen ratings.csv -k 20 --output "
      "top20.tsv.zst");
  return command;
}

}  // namespace ridgeline
