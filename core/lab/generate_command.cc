#include "core/lab/generate_command.h"

#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/lab/generator.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {
namespace {

// Written in pieces of this size, in bytes.
constexpr size_t kBufferBytes = size_t{1} << 20;

void AppendCsv(int64_t user, const std::vector<GeneratedInteraction>& interactions, std::string* text) {
  for (const GeneratedInteraction& interaction : interactions) {
    absl::StrAppend(text, user, ",", interaction.item, ",", interaction.value, ",", interaction.time, "\n");
  }
}

void AppendAdjacency(int64_t user, const std::vector<GeneratedInteraction>& interactions, std::string* text) {
  if (interactions.empty()) return;
  absl::StrAppend(text, user);
  for (const GeneratedInteraction& interaction : interactions) absl::StrAppend(text, " ", interaction.item);
  absl::StrAppend(text, "\n");
}

class GenerateCommand final : public Command {
 public:
  struct Flags {
    std::string output;
    std::string format = "csv";
    std::string feedback = "implicit";
    GeneratorOptions options;
  };
  Flags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(flags_.options.feedback, ParseFeedback(flags_.feedback));
    if (flags_.format != "csv" && flags_.format != "adjacency") {
      return absl::InvalidArgumentError(
          absl::StrCat("format: must be csv or adjacency, got '", flags_.format, "'"));
    }
    if (flags_.format == "adjacency" && flags_.options.feedback == Feedback::kExplicit) {
      return absl::InvalidArgumentError("format: adjacency has no place for ratings, use csv");
    }
    return ValidateGeneratorOptions(flags_.options);
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const auto generator, Generator::Create(flags_.options));
    std::ofstream file(flags_.output, std::ios::binary | std::ios::trunc);
    if (!file) return absl::UnavailableError(absl::StrCat("cannot create ", flags_.output));
    Write(*generator, file);
    file.close();
    if (!file)
      return absl::UnavailableError(absl::StrCat("cannot write ", flags_.output, "; is the disk full?"));
    console.err << "wrote " << flags_.options.interactions << " interactions to " << flags_.output << "\n";
    return absl::OkStatus();
  }

 private:
  // A failed write leaves `file` in a failed state, which Run reports.
  void Write(const Generator& generator, std::ofstream& file) const {
    const auto append = flags_.format == "csv" ? AppendCsv : AppendAdjacency;
    std::string text = flags_.format == "csv" ? "user_id,item_id,value,timestamp\n" : "";
    for (int64_t user = 0; user < flags_.options.users && file; ++user) {
      append(user, generator.UserInteractions(user), &text);
      if (text.size() < kBufferBytes) continue;
      file << text;
      text.clear();
    }
    file << text;
  }

  Flags flags_;
};

}  // namespace

std::unique_ptr<Command> AddGenerateCommand(CLI::App& app) {
  auto command = std::make_unique<GenerateCommand>();
  GenerateCommand::Flags& flags = command->flags();
  CLI::App& sub =
      *app.add_subcommand("generate", "Writes interactions with a planted structure, of any size");
  sub.add_option("--output", flags.output, "File to write; replaced when it is there")->required();
  sub.add_option("--format", flags.format, "csv or adjacency")->capture_default_str();
  sub.add_option("--users", flags.options.users, "Users")->capture_default_str();
  sub.add_option("--items", flags.options.items, "Items")->capture_default_str();
  sub.add_option("--interactions", flags.options.interactions, "Distinct user-item pairs")
      ->capture_default_str();
  sub.add_option("--factors", flags.options.factors, "Planted tastes")->capture_default_str();
  sub.add_option("--exponent", flags.options.exponent, "Of the power laws of popularity and activity")
      ->capture_default_str();
  sub.add_option("--feedback", flags.feedback, "explicit (ratings) or implicit (all values 1)")
      ->capture_default_str();
  sub.add_option("--seed", flags.options.seed, "The same seed gives the same file")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  sub.footer(
      "Example:\n  ridgeline-lab generate --users 10000 --items 2000 --interactions 500000 --output "
      "made.csv");
  return command;
}

}  // namespace ridgeline
