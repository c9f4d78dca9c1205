#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "client/cli/answer.h"
#include "client/cli/boost.h"
#include "client/cli/commands.h"
#include "client/cli/filter_flags.h"
#include "client/cli/format.h"
#include "client/cli/latency_histogram.h"
#include "client/cli/subject_flags.h"
#include "client/cli/tag_cap.h"

namespace ridgeline {
namespace {

constexpr char kRecommendExamples[] =
    "ridgeline recommend --user 42 -k 20\n"
    "ridgeline recommend --history 'matrix=5,titanic=1' --explain     # somebody the server never saw\n"
    "ridgeline recommend --history @installed.txt --exclude g++,gdb\n"
    "ridgeline recommend --user 42 --tag-all Comedy --tag-none Horror --boost 'tag:Drama*1.5'\n"
    "ridgeline recommend --user 42 --boost item:1210+0.2 --diversity 0.3\n"
    "ridgeline recommend --user 42 --tag-cap 'genre:*=3' --explore 0.5 --seed 7\n"
    "ridgeline recommend --user 42 --repeat 1000 > /dev/null           # latency on standard error";

struct RecommendFlags {
  SubjectFlags subject;
  FilterFlags filter;
  std::optional<int32_t> k;
  std::vector<std::string> boosts;
  std::optional<float> diversity;
  std::vector<std::string> tag_caps;
  std::optional<float> explore;
  uint64_t seed = 0;
  std::optional<float> minimum_score;
  bool include_seen = false;
  bool explain = false;
  std::optional<int32_t> max_parts;
  std::string page_token;
  int repeat = 1;
};

void DeclareFlags(CLI::App& command, RecommendFlags& flags) {
  AddSubjectFlags(command, flags.subject, /*vectors=*/true);
  command.add_option("-k,--k", flags.k, "How many items to return; default 10")->type_name("N");
  AddFilterFlags(command, flags.filter);
  command
      .add_option("--boost", flags.boosts, "Change scores: tag:TAG*FACTOR, item:ID+SUMMAND; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--diversity", flags.diversity, "Trade score for variety, 0 to 1; default 0");
  command
      .add_option(
          "--tag-cap", flags.tag_caps,
          "Most items by tag: TAG=COUNT, or PREFIX*=COUNT for each tag that begins so; may be repeated")
      ->allow_extra_args(false);
  CLI::Option* const explore =
      command.add_option("--explore", flags.explore, "Rank by a draw of this scale around what is known");
  command.add_option("--seed", flags.seed, "With --explore: the same seed draws the same; default 0")
      ->needs(explore);
  command.add_option("--minimum-score", flags.minimum_score, "Only items with at least this score");
  command.add_flag("--include-seen", flags.include_seen, "Return items of the user's history too");
  command.add_flag("--explain", flags.explain, "Say which items of the history each one rests on");
  command.add_option("--max-parts", flags.max_parts,
                     "With --explain: items of the history to name; default 5");
  command.add_option("--page-token", flags.page_token, "Go on after the page that printed this token");
  command.add_option("--repeat", flags.repeat, "Make the same call N times and report the latency")
      ->check(CLI::Range(1, 10000000))
      ->type_name("N");
}

absl::Status AddBoosts(const std::vector<std::string>& texts, v1::RecommendRequest& request) {
  for (const std::string& text : texts) {
    absl::StatusOr<v1::Boost> boost = ParseBoost(text);
    if (!boost.ok()) return boost.status();
    *request.add_boosts() = *std::move(boost);
  }
  return absl::OkStatus();
}

absl::Status AddTagCaps(const std::vector<std::string>& texts, v1::RecommendRequest& request) {
  for (const std::string& text : texts) {
    absl::StatusOr<v1::TagCap> cap = ParseTagCap(text);
    if (!cap.ok()) return cap.status();
    *request.add_tag_caps() = *std::move(cap);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RecommendRequest> BuildRequest(const RecommendFlags& flags, std::istream& input) {
  v1::RecommendRequest request;
  absl::StatusOr<Subject> subject = ReadSubject(flags.subject, input);
  if (!subject.ok()) return subject.status();
  SetSubject(*std::move(subject), request);
  if (flags.k.has_value()) request.set_k(*flags.k);
  if (flags.diversity.has_value()) request.set_diversity(*flags.diversity);
  if (flags.minimum_score.has_value()) request.set_minimum_score(*flags.minimum_score);
  if (flags.max_parts.has_value()) request.set_max_explanation_parts(*flags.max_parts);
  request.set_include_seen(flags.include_seen);
  request.set_explain(flags.explain);
  request.set_page_token(flags.page_token);
  if (flags.explore.has_value()) {
    request.mutable_exploration()->set_scale(*flags.explore);
    request.mutable_exploration()->set_seed(flags.seed);
  }
  absl::Status status = AddBoosts(flags.boosts, request);
  if (status.ok()) status = AddTagCaps(flags.tag_caps, request);
  if (status.ok() && !flags.filter.empty()) {
    status = ReadItemFilter(flags.filter, input, *request.mutable_filter());
  }
  if (!status.ok()) return status;
  return request;
}

// "title +0.31, title -0.02": what the recommendation rests on.
std::string Reasons(const v1::Recommendation& recommendation) {
  return absl::StrJoin(recommendation.parts(), ", ", [](std::string* text, const v1::ExplanationPart& part) {
    absl::StrAppend(text, part.title().empty() ? part.item_id() : part.title(),
                    absl::StrFormat(" %+.2f", part.contribution()));
  });
}

void Print(const v1::RecommendResponse& response, Output& output) {
  if (output.json()) return output.PrintJson(response);
  Table table({{"RANK", Table::Align::kRight},
               {"ITEM"},
               {"TITLE", Table::Align::kLeft, kMaxTitleWidth},
               {"SCORE", Table::Align::kRight},
               {"BECAUSE OF"}});
  for (const v1::Recommendation& item : response.recommendations()) {
    table.AddRow(
        {absl::StrCat(item.rank()), item.item_id(), item.title(), FormatScore(item.score()), Reasons(item)});
  }
  output.PrintTable(table, "no item passes the filters");
  output.PrintLine(absl::StrCat(Provenance(response.source(), response.model_version()), "; recommendation ",
                                response.recommendation_id()));
  if (!response.next_page_token().empty()) {
    output.PrintLine(absl::StrCat("next page: --page-token ", response.next_page_token()));
  }
  NoteUnknownItems(response.unknown_item_ids(), response.unknown_item_count(), output);
}

void PrintLatency(const LatencyHistogram& latencies, Output& output) {
  if (latencies.count() < 2) return;
  output.json() ? output.PrintLine(latencies.ToJson()) : output.Note(latencies.ToText());
}

absl::Status Run(const RecommendFlags& flags, Session& session) {
  const absl::StatusOr<v1::RecommendRequest> request = BuildRequest(flags, session.input);
  if (!request.ok()) return request.status();
  LatencyHistogram latencies;
  absl::StatusOr<v1::RecommendResponse> response;
  for (int call = 0; call < flags.repeat; ++call) {
    const absl::Time start = absl::Now();
    response = session.client.Recommend(*request);
    latencies.Add(absl::Now() - start);
    if (!response.ok()) return response.status();
  }
  Print(*response, session.output);
  PrintLatency(latencies, session.output);
  return absl::OkStatus();
}

}  // namespace

void AddRecommendCommand(CommandScope scope) {
  auto flags = std::make_shared<RecommendFlags>();
  CLI::App& command =
      AddCommand(scope, "recommend", "Print the best items for a user, a history or a vector",
                 kRecommendExamples, [flags](Session& session) { return Run(*flags, session); });
  DeclareFlags(command, *flags);
}

}  // namespace ridgeline
