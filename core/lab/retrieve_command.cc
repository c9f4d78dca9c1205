#include "core/lab/retrieve_command.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/lab/flag_range.h"
#include "core/lab/foreign_model.h"
#include "core/lab/npy.h"
#include "core/lab/peak_memory.h"
#include "core/lab/retrieval_timing.h"
#include "core/model/model_file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

constexpr int kMostQueriesBatched = 4096;
constexpr int kMostRepeats = 1'000'000;
constexpr uint32_t kUsersAsked = 1024;  // when no queries are given

struct RetrieveFlags {
  std::string model;
  std::string queries;
  std::string allow;
  std::string exclude;
  std::string rows;
  std::string scores;
  int k = 10;
  int threads = 1;
  bool json = false;
  RetrievalTimingOptions timing;
};

// Queries and the vectors that they view.
struct QuerySet {
  FloatTensor vectors;
  std::vector<RetrievalQuery> queries;
};

struct Seconds {
  double lowest = 0.0;
  double median = 0.0;
};

// Of one query, over the rounds.
Seconds Summarize(std::vector<double> rounds, size_t queries) {
  std::sort(rounds.begin(), rounds.end());
  const auto count = static_cast<double>(queries);
  return {rounds.front() / count, rounds[rounds.size() / 2] / count};
}

// Users of the model, spread over its rows.
QuerySet QueriesOfUsers(const FactorModel& model) {
  QuerySet set;
  const auto users = static_cast<uint32_t>(model.users().rows());
  const uint32_t step = std::max(1u, users / kUsersAsked);
  for (uint32_t row = 0; row < users && set.queries.size() < kUsersAsked; row += step) {
    RetrievalQuery& query = set.queries.emplace_back();
    query.vector = model.users().Row(row);
    query.constant = static_cast<float>(model.global_mean() + model.users().biases[row]);
  }
  return set;
}

absl::StatusOr<QuerySet> QueriesOfFile(const std::string& path, const FactorModel& model) {
  QuerySet set;
  RIDGELINE_ASSIGN_OR_RETURN(set.vectors, ReadNpyFile(path));
  const auto factors = static_cast<size_t>(model.factors());
  if (set.vectors.shape.size() != 2 || set.vectors.shape[1] != model.factors()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": its shape is ", ShapeText(set.vectors.shape),
                                                   ", the model asks for [any x ", factors, "]"));
  }
  const PageVector<float>& values = set.vectors.values;
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); })) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": a number is not finite"));
  }
  for (int64_t q = 0; q < set.vectors.shape[0]; ++q) {
    RetrievalQuery& query = set.queries.emplace_back();
    query.vector = absl::MakeConstSpan(values).subspan(static_cast<size_t>(q) * factors, factors);
    query.constant = static_cast<float>(model.global_mean());
  }
  return set;
}

// The rows of the item ids in a file. kInvalidArgument naming one that the model does not have.
absl::StatusOr<std::vector<uint32_t>> ReadItemRows(const std::string& path, const IdMap& items) {
  std::vector<uint32_t> rows;
  if (path.empty()) return rows;
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const IdMap> ids, ReadIdFile("item_id", path));
  for (uint32_t i = 0; i < ids->size(); ++i) {
    const absl::optional<uint32_t> row = items.Find(ids->Id(i));
    if (!row.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": the model has no item '", ids->Id(i), "'"));
    }
    rows.push_back(*row);
  }
  return rows;
}

class RetrieveCommand final : public Command {
 public:
  RetrieveFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_RETURN_IF_ERROR(CheckRange("k", flags_.k, 1, std::numeric_limits<int>::max()));
    RIDGELINE_RETURN_IF_ERROR(CheckRange("batch", flags_.timing.batch, 1, kMostQueriesBatched));
    RIDGELINE_RETURN_IF_ERROR(CheckRange("repeat", flags_.timing.repeat, 1, kMostRepeats));
    return CheckThreads(flags_.threads);
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, ReadModelFiles(flags_.model));
    RIDGELINE_ASSIGN_OR_RETURN(const QuerySet set, MakeQueries(*stored.model));
    RIDGELINE_RETURN_IF_ERROR(ReadFilters(stored.model->item_ids()));
    const ItemIndex index(stored.model);
    const int64_t resident = ResidentBytes();
    Arena arena(flags_.threads);
    const auto items = static_cast<uint32_t>(stored.model->items().rows());
    const RetrievalTiming timing = TimeRetrieval(index, set.queries, items, flags_.timing, arena);
    RIDGELINE_RETURN_IF_ERROR(WriteAnswers(timing));
    const Seconds seconds = Summarize(timing.seconds, set.queries.size());
    flags_.json ? PrintJson(*stored.model, set, seconds, resident, console.out)
                : PrintText(*stored.model, set, seconds, console.out);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<QuerySet> MakeQueries(const FactorModel& model) const {
    absl::StatusOr<QuerySet> set =
        flags_.queries.empty() ? QueriesOfUsers(model) : QueriesOfFile(flags_.queries, model);
    if (!set.ok()) return set;
    if (set->queries.empty()) return absl::InvalidArgumentError("queries: there are none");
    for (RetrievalQuery& query : set->queries) query.k = flags_.k;
    return set;
  }

  absl::Status ReadFilters(const IdMap& items) {
    RIDGELINE_ASSIGN_OR_RETURN(flags_.timing.excluded, ReadItemRows(flags_.exclude, items));
    if (flags_.allow.empty()) return absl::OkStatus();
    RIDGELINE_ASSIGN_OR_RETURN(flags_.timing.allowed, ReadItemRows(flags_.allow, items));
    return absl::OkStatus();
  }

  // [queries x longest answer], padded with row -1 and score NaN.
  absl::Status WriteAnswers(const RetrievalTiming& timing) const {
    size_t columns = 1;
    for (const auto& answer : timing.answers) columns = std::max(columns, answer.size());
    std::vector<int32_t> rows(timing.answers.size() * columns, -1);
    std::vector<float> scores(rows.size(), std::numeric_limits<float>::quiet_NaN());
    for (size_t q = 0; q < timing.answers.size(); ++q) {
      for (size_t i = 0; i < timing.answers[q].size(); ++i) {
        rows[q * columns + i] = static_cast<int32_t>(timing.answers[q][i].row);
        scores[q * columns + i] = timing.answers[q][i].score;
      }
    }
    if (!flags_.rows.empty()) {
      RIDGELINE_RETURN_IF_ERROR(
          ReplaceFileDurably(flags_.rows, FormatNpy(absl::MakeConstSpan(rows), columns)));
    }
    if (flags_.scores.empty()) return absl::OkStatus();
    return ReplaceFileDurably(flags_.scores, FormatNpy(absl::MakeConstSpan(scores), columns));
  }

  void PrintJson(const FactorModel& model, const QuerySet& set, const Seconds& seconds, int64_t resident,
                 std::ostream& out) const {
    const nlohmann::ordered_json json = {
        {"items", model.items().rows()},
        {"factors", model.factors()},
        {"queries", set.queries.size()},
        {"k", flags_.k},
        {"batch", flags_.timing.batch},
        {"threads", flags_.threads},
        {"repeat", flags_.timing.repeat},
        {"seconds_per_query", {{"lowest", seconds.lowest}, {"median", seconds.median}}},
        {"queries_per_second", 1.0 / seconds.median},
        {"resident_bytes", resident},
        {"peak_rss_bytes", PeakResidentBytes()}};
    out << json.dump() << "\n";
  }

  void PrintText(const FactorModel& model, const QuerySet& set, const Seconds& seconds,
                 std::ostream& out) const {
    out << absl::StrFormat(
        "%d items of %d factors, %d queries: %.3f ms a query (lowest %.3f), %.0f a second\n",
        model.items().rows(), model.factors(), set.queries.size(), seconds.median * 1e3, seconds.lowest * 1e3,
        1.0 / seconds.median);
  }

  RetrieveFlags flags_;
};

}  // namespace

std::unique_ptr<Command> AddRetrieveCommand(CLI::App& app) {
  auto command = std::make_unique<RetrieveCommand>();
  RetrieveFlags& flags = command->flags();
  CLI::App& sub = *app.add_subcommand("retrieve", "Times exact top-k over a model's items");
  sub.add_option("--model", flags.model, "Folder of the model")->required();
  sub.add_option("--queries", flags.queries,
                 "User vectors, a .npy of [any x factors]; default: up to 1024 users of the model");
  sub.add_option("-k", flags.k, "Items a query")->capture_default_str();
  sub.add_option("--batch", flags.timing.batch, "Queries that share one pass over the items")
      ->capture_default_str();
  sub.add_option("--threads", flags.threads, "Threads; 0: one a processor")->capture_default_str();
  sub.add_option("--repeat", flags.timing.repeat, "Rounds over all queries that are timed")
      ->capture_default_str();
  sub.add_option("--allow", flags.allow, "File of item ids, one a line: nothing else is answered");
  sub.add_option("--exclude", flags.exclude, "File of item ids, one a line: none of them is answered");
  sub.add_option(
      "--rows", flags.rows,
      "Where to write the answers' item rows, a .npy of int32 [queries x k], -1 where there is none");
  sub.add_option("--scores", flags.scores, "Where to write their scores, likewise, float32");
  sub.add_flag("--json", flags.json, "Print one JSON object");
  sub.footer("Example:\n  ridgeline-lab retrieve --model model -k 10 --batch 16 --threads 2");
  return command;
}

}  // namespace ridgeline
