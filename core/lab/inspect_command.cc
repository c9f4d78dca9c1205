#include "core/lab/inspect_command.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/kernels/kernels.h"
#include "core/model/manifest.h"
#include "core/model/model_file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using nlohmann::ordered_json;

// How long the rows of one side are.
struct SideSummary {
  size_t rows = 0;
  size_t zero_rows = 0;  // rows whose factors are all zero: nothing is known of them but their bias
  double mean_norm = 0.0;
  double largest_norm = 0.0;
  double lowest_bias = 0.0;
  double highest_bias = 0.0;
};

SideSummary Summarize(const FactorMatrix& side) {
  SideSummary summary;
  summary.rows = side.rows();
  for (uint32_t row = 0; row < side.rows(); ++row) {
    const float* factors = side.Row(row).data();
    const double norm = std::sqrt(double{kernels::Dot(factors, factors, side.factors)});
    summary.zero_rows += norm == 0.0 ? 1 : 0;
    summary.mean_norm += norm / static_cast<double>(side.rows());
    summary.largest_norm = std::max(summary.largest_norm, norm);
  }
  if (side.biases.empty()) return summary;
  const auto [lowest, highest] = std::minmax_element(side.biases.begin(), side.biases.end());
  summary.lowest_bias = *lowest;
  summary.highest_bias = *highest;
  return summary;
}

ordered_json ToJson(const SideSummary& summary, int factors) {
  return {{"shape", {summary.rows, factors}},   {"zero_rows", summary.zero_rows},
          {"mean_norm", summary.mean_norm},     {"largest_norm", summary.largest_norm},
          {"lowest_bias", summary.lowest_bias}, {"highest_bias", summary.highest_bias}};
}

// `manifest` was verified already, so it parses.
void PrintJson(const FactorModel& model, const std::string& manifest, std::ostream& out) {
  ordered_json json = ordered_json::parse(manifest, nullptr, /*allow_exceptions=*/false);
  json["verified"] = true;
  json["user_factors"] = ToJson(Summarize(model.users()), model.factors());
  json["item_factors"] = ToJson(Summarize(model.items()), model.factors());
  out << json.dump() << "\n";
}

void PrintSide(absl::string_view name, const SideSummary& summary, int factors, std::ostream& out) {
  out << absl::StrFormat("%-6s %d x %d, %d zero; norm %.4g on average, %.4g at most; bias %.4g to %.4g\n",
                         name, summary.rows, factors, summary.zero_rows, summary.mean_norm,
                         summary.largest_norm, summary.lowest_bias, summary.highest_bias);
}

void PrintText(const FactorModel& model, const std::string& manifest, std::ostream& out) {
  out << manifest << "\n";
  PrintSide("users", Summarize(model.users()), model.factors(), out);
  PrintSide("items", Summarize(model.items()), model.factors(), out);
  out << "checksums, shapes and numbers are good\n";
}

class InspectCommand final : public Command {
 public:
  struct Flags {
    std::string directory;
    bool json = false;
  };
  Flags& flags() { return flags_; }

  absl::Status Validate() override { return absl::OkStatus(); }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, ReadModelFiles(flags_.directory));
    RIDGELINE_ASSIGN_OR_RETURN(const std::string manifest,
                               ReadFile(absl::StrCat(flags_.directory, "/", kManifestFileName)));
    flags_.json ? PrintJson(*stored.model, manifest, console.out)
                : PrintText(*stored.model, manifest, console.out);
    return absl::OkStatus();
  }

 private:
  Flags flags_;
};

}  // namespace

std::unique_ptr<Command> AddInspectCommand(CLI::App& app) {
  auto command = std::make_unique<InspectCommand>();
  CLI::App& sub = *app.add_subcommand("inspect", "Verifies a model's files and prints what they hold");
  sub.add_option("MODEL_DIR", command->flags().directory, "Folder with manifest.json and factors.safetensors")
      ->required();
  sub.add_flag("--json", command->flags().json, "Print one JSON object");
  sub.footer("Example:\n  ridgeline-lab inspect model");
  return command;
}

}  // namespace ridgeline
