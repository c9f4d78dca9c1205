#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/model_table.h"

namespace ridgeline {
namespace {

constexpr char kSplitExamples[] =
    "ridgeline models split v000004 --share 0.1      # a tenth of the users gets v000004\n"
    "ridgeline models split                          # what runs\n"
    "ridgeline models split --end                    # all get the live model again";

struct SplitFlags {
  std::string candidate;
  std::optional<double> share;
  std::string id;
  bool end = false;
};

absl::StatusOr<v1::Experiment> Set(const SplitFlags& flags, Session& session) {
  if (flags.end) return UsageError("--end takes no version");
  if (!flags.share.has_value()) return UsageError("--share is required with a version");
  v1::SetExperimentRequest request;
  request.set_candidate_version(flags.candidate);
  request.set_share(*flags.share);
  request.set_id(flags.id);
  return session.client.SetExperiment(request);
}

absl::StatusOr<v1::Experiment> Call(const SplitFlags& flags, Session& session) {
  if (!flags.candidate.empty()) return Set(flags, session);
  if (flags.share.has_value() || !flags.id.empty()) return UsageError("--share and --id need a version");
  return flags.end ? session.client.EndExperiment({}) : session.client.GetExperiment({});
}

absl::Status Run(const SplitFlags& flags, Session& session) {
  const absl::StatusOr<v1::Experiment> experiment = Call(flags, session);
  if (!experiment.ok()) return experiment.status();
  if (session.output.json()) return session.output.PrintJson(*experiment), absl::OkStatus();
  session.output.PrintLine(absl::StrCat(flags.end ? "ended: " : "", DescribeExperiment(*experiment)));
  return absl::OkStatus();
}

}  // namespace

void AddSplitCommand(CommandScope scope) {
  auto flags = std::make_shared<SplitFlags>();
  CLI::App& command = AddCommand(scope, "split", "Give a share of the users another model than the live one",
                                 kSplitExamples, [flags](Session& session) { return Run(*flags, session); });
  command.add_option("VERSION", flags->candidate, "The model to compare with the live one");
  command.add_option("--share", flags->share, "Share of the users that it answers, above 0 and at most 1");
  command.add_option("--id", flags->id, "Name of the experiment, which decides who gets which model");
  command.add_flag("--end", flags->end, "End the experiment that runs");
}

}  // namespace ridgeline
