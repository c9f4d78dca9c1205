#include "core/lab/convert_command.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/lab/foreign_model.h"
#include "core/lab/model_output.h"
#include "core/lab/npz.h"
#include "core/lab/training_flags.h"
#include "core/model/hyperparameter_overrides.h"

namespace ridgeline {
namespace {

struct ConvertFlags {
  std::string from;
  std::string model;
  // .npy files by the name of the tensor that they hold.
  std::map<std::string, std::string> files = {{"user_factors", ""},
                                              {"item_factors", ""},
                                              {"user_biases", ""},
                                              {"item_biases", ""},
                                              {"item_popularity", ""}};
  std::string user_ids;
  std::string item_ids;
  double global_mean = 0.0;
  std::optional<std::string> feedback;
  HyperparameterOverrides hyperparameters;
  ModelOutputFlags output;
};

bool IsImplicitArchive(const ConvertFlags& flags) {
  return flags.from == "implicit";
}

std::string FlagName(absl::string_view field) {
  return absl::StrCat("--", absl::StrReplaceAll(field, {{"_", "-"}}));
}

absl::Status Missing(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": must be given, ", why));
}

// Which files must be named, and which may not.
absl::Status CheckFiles(const ConvertFlags& flags) {
  const bool of_arrays = flags.from == "npy";
  if (flags.model.empty() != of_arrays) {
    return of_arrays ? absl::InvalidArgumentError("model: --from npy takes --user-factors and --item-factors")
                     : Missing("model", absl::StrCat("--from ", flags.from, " is one file"));
  }
  for (const auto& [name, path] : flags.files) {
    if (!of_arrays && !path.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": is for --from npy"));
    }
    const bool required = name == "user_factors" || name == "item_factors";
    if (of_arrays && required && path.empty()) return Missing(name, "--from npy is one file a tensor");
  }
  return absl::OkStatus();
}

// Hyperparameters that no file of factors tells and that fold-in cannot do without.
absl::Status CheckHyperparameters(const ConvertFlags& flags, Feedback feedback) {
  const HyperparameterOverrides& given = flags.hyperparameters;
  const absl::string_view why = "the files do not tell it and new users are folded in by it";
  if (!given.regularization.has_value()) return Missing("regularization", why);
  if (!given.regularization_scaling.has_value()) return Missing("regularization_scaling", why);
  if (feedback == Feedback::kExplicit) {
    return given.bias_regularization.has_value() ? absl::OkStatus() : Missing("bias_regularization", why);
  }
  if (!given.unobserved_weight.has_value()) return Missing("unobserved_weight", why);
  if (!given.confidence_scale.has_value()) return Missing("confidence_scale", why);
  return given.confidence_form.has_value() ? absl::OkStatus() : Missing("confidence_form", why);
}

absl::StatusOr<FloatTensor> TakeNumber(const std::string& path, const std::string& name,
                                       ForeignTensors& tensors) {
  const auto found = tensors.find(name);
  if (found == tensors.end() || found->second.values.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": there is no number '", name, "'"));
  }
  FloatTensor number = std::move(found->second);
  tensors.erase(found);
  return number;
}

// What implicit's own archive tells: it minimizes sum c (p - x.y)^2 with c = alpha for what was seen (its
// values being 1) and 1 for all else.
absl::Status TakeImplicitHyperparameters(const std::string& path, ForeignTensors& tensors,
                                         HyperparameterOverrides& overrides) {
  RIDGELINE_ASSIGN_OR_RETURN(const FloatTensor alpha, TakeNumber(path, "alpha", tensors));
  RIDGELINE_ASSIGN_OR_RETURN(const FloatTensor regularization, TakeNumber(path, "regularization", tensors));
  if (!overrides.confidence_scale.has_value() && !(alpha.values[0] > 1.0f)) {
    return absl::InvalidArgumentError(absl::StrCat("confidence_scale: must be given, the alpha of ", path,
                                                   " is ", alpha.values[0],
                                                   ", which weighs what was seen no more than all else"));
  }
  const auto set = [](auto& field, auto value) { field = field.value_or(value); };
  set(overrides.regularization, double{regularization.values[0]});
  set(overrides.regularization_scaling, std::string("none"));
  set(overrides.unobserved_weight, 1.0);
  set(overrides.confidence_scale, double{alpha.values[0]} - 1.0);
  set(overrides.confidence_form, std::string("hu"));
  return absl::OkStatus();
}

class ConvertCommand final : public Command {
 public:
  ConvertFlags& flags() { return flags_; }

  absl::Status Validate() override {
    if (flags_.from != "implicit" && flags_.from != "npy" && flags_.from != "safetensors") {
      return absl::InvalidArgumentError(
          absl::StrCat("from: must be implicit, npy or safetensors, got '", flags_.from, "'"));
    }
    if (!flags_.feedback.has_value() && !IsImplicitArchive(flags_)) {
      return Missing("feedback", "the files do not tell it");
    }
    RIDGELINE_ASSIGN_OR_RETURN(feedback_, ParseFeedback(flags_.feedback.value_or("implicit")));
    RIDGELINE_RETURN_IF_ERROR(CheckFiles(flags_));
    if (!IsImplicitArchive(flags_)) RIDGELINE_RETURN_IF_ERROR(CheckHyperparameters(flags_, feedback_));
    RIDGELINE_RETURN_IF_ERROR(ResolveHyperparameters(feedback_, flags_.hyperparameters).status());
    return CheckModelOutput(flags_.output);
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(ModelOutput output, ModelOutput::Open(flags_.output));
    RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> model, Convert());
    ModelInfo info;
    info.algorithm = IsImplicitArchive(flags_) ? "implicit" : "converted";
    info.create_time = SystemClock().Now();
    RIDGELINE_ASSIGN_OR_RETURN(const std::string place, output.Write(*model, info));
    console.out << absl::StrFormat("%d users, %d items, %d factors; wrote %s\n", model->users().rows(),
                                   model->items().rows(), model->factors(), place);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<ForeignTensors> ReadTensors() const {
    if (flags_.from == "safetensors") return ReadForeignSafetensors(flags_.model);
    if (IsImplicitArchive(flags_)) {
      return ReadNpz(flags_.model, {"user_factors", "item_factors", "alpha", "regularization"});
    }
    ForeignTensors tensors;
    for (const auto& [name, path] : flags_.files) {
      if (path.empty()) continue;
      RIDGELINE_ASSIGN_OR_RETURN(tensors[name], ReadNpyFile(path));
    }
    return tensors;
  }

  absl::StatusOr<Hyperparameters> Resolve(ForeignTensors& tensors) const {
    HyperparameterOverrides overrides = flags_.hyperparameters;
    if (IsImplicitArchive(flags_)) {
      RIDGELINE_RETURN_IF_ERROR(TakeImplicitHyperparameters(flags_.model, tensors, overrides));
    }
    const auto items = tensors.find("item_factors");
    if (items == tensors.end() || items->second.shape.size() != 2) {
      return absl::InvalidArgumentError("item_factors: there is no such tensor of two dimensions");
    }
    const auto factors = static_cast<int>(items->second.shape[1]);
    if (overrides.factors.value_or(factors) != factors) {
      return absl::InvalidArgumentError(absl::StrCat("factors: the item factors have ", factors));
    }
    overrides.factors = factors;
    return ResolveHyperparameters(feedback_, overrides);
  }

  absl::StatusOr<std::shared_ptr<const FactorModel>> Convert() const {
    RIDGELINE_ASSIGN_OR_RETURN(std::shared_ptr<const IdMap> users, ReadIdFile("user_ids", flags_.user_ids));
    RIDGELINE_ASSIGN_OR_RETURN(std::shared_ptr<const IdMap> items, ReadIdFile("item_ids", flags_.item_ids));
    RIDGELINE_ASSIGN_OR_RETURN(ForeignTensors tensors, ReadTensors());
    RIDGELINE_ASSIGN_OR_RETURN(const Hyperparameters hyperparameters, Resolve(tensors));
    return MakeForeignModel(std::move(tensors), hyperparameters, flags_.global_mean, std::move(users),
                            std::move(items));
  }

  ConvertFlags flags_;
  Feedback feedback_ = Feedback::kImplicit;
};

}  // namespace

std::unique_ptr<Command> AddConvertCommand(CLI::App& app) {
  auto command = std::make_unique<ConvertCommand>();
  ConvertFlags& flags = command->flags();
  CLI::App& sub = *app.add_subcommand("convert", "Makes a model of factors that another program trained");
  sub.add_option("--from", flags.from,
                 "implicit: the .npz of its save(); npy: one .npy a tensor; safetensors: one file with them")
      ->required();
  sub.add_option("--model", flags.model, "The file, for --from implicit and safetensors");
  for (auto& [name, path] : flags.files) {
    sub.add_option(FlagName(name), path, absl::StrCat("For --from npy: ", name, ".npy"));
  }
  sub.add_option("--user-ids", flags.user_ids, "The users' ids, one a line, in the order of the rows")
      ->required();
  sub.add_option("--item-ids", flags.item_ids, "The items' ids, likewise")->required();
  sub.add_option("--global-mean", flags.global_mean, "What all scores are on top of")->capture_default_str();
  sub.add_option("--feedback", flags.feedback, "explicit or implicit; --from implicit is implicit");
  AddHyperparameterFlags(sub, &flags.hyperparameters);
  AddModelOutputFlags(sub, &flags.output);
  sub.footer(
      "Example:\n  ridgeline-lab convert --from implicit --model als.npz --user-ids users.txt --item-ids "
      "items.txt --output model");
  return command;
}

}  // namespace ridgeline
