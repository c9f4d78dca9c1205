#include "server/server_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/als/row_system.h"
#include "core/als/solver.h"
#include "core/base/status_macros.h"
#include "core/model/hyperparameter_overrides.h"
#include "core/model/hyperparameters.h"
#include "server/version.h"

namespace ridgeline {
namespace {

constexpr char kAbout[] =
    "The recommendation server: answers over gRPC, records interactions, trains in the background.\n"
    "Each option is a flag, an environment variable RIDGELINE_NAME and a key of the --config file; the first "
    "of\n"
    "these that is given counts.";

// Options whose text needs reading beyond what CLI11 does.
struct RawText {
  std::string feedback = "implicit";
  std::string retrain_every = "0";
  std::string drain_timeout = "8s";
  std::string reload_interval = "1s";
  std::string log_level = "info";
  std::string solver = "auto";
  std::string cold_items = "tags";
  std::string config;
};

std::string CheckDuration(const std::string& text) {
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::ZeroDuration() &&
      duration < absl::InfiniteDuration()) {
    return "";
  }
  return absl::StrCat("'", text, "' is not a duration such as 90s, 15m or 6h");
}

std::string CheckPositiveDuration(const std::string& text) {
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::Milliseconds(1)) return CheckDuration(text);
  return absl::StrCat("'", text, "' is not a duration of at least 1ms");
}

// CLI::Range would let NaN pass.
std::string CheckFraction(const std::string& text) {
  double value = -1.0;
  if (absl::SimpleAtod(text, &value) && value >= 0.0 && value <= 0.5) return "";
  return absl::StrCat("'", text, "' is not between 0 and 0.5");
}

std::string CheckTolerance(const std::string& text) {
  double value = -1.0;
  if (absl::SimpleAtod(text, &value) && value >= 0.0 && value <= 1.0) return "";
  return absl::StrCat("'", text, "' is not between 0 and 1");
}

// Adds options that are also environment variables.
class Adder {
 public:
  explicit Adder(CLI::App* app) : app_(app) {}

  void Group(std::string group) { group_ = std::move(group); }

  template <class Value>
  CLI::Option* Add(const std::string& name, Value& value, const std::string& help) {
    return Finish(name, app_->add_option("--" + name, value, help)->capture_default_str());
  }

  template <class Value>
  void AddFlag(const std::string& name, Value& value, const std::string& help) {
    Finish(name, app_->add_flag("--" + name, value, help));
  }

 private:
  CLI::Option* Finish(const std::string& name, CLI::Option* option) {
    const std::string variable = absl::StrReplaceAll(absl::AsciiStrToUpper(name), {{"-", "_"}});
    return option->envname("RIDGELINE_" + variable)->group(group_);
  }

  CLI::App* const app_;
  std::string group_;
};

void AddPlaces(ServerOptions& options, Adder& adder) {
  adder.Group("Places");
  adder.Add("data-dir", options.data_dir, "Folder for interactions, catalogue and models; made when absent")
      ->type_name("DIR");
  adder.Add("grpc-address", options.grpc_address, "host:port of gRPC; port 0 takes a free one")
      ->type_name("HOST:PORT");
  adder
      .Add("http-address", options.http_address,
           "host:port of /metrics, /healthz, /readyz; port 0 takes a free one")
      ->type_name("HOST:PORT");
  adder.Add("ports-file", options.ports_file, "Write {\"grpc\": port, \"http\": port} here once listening")
      ->type_name("FILE");
}

void AddSecurity(ServerOptions& options, RawText& text, Adder& adder) {
  adder.Group("Security");
  adder
      .Add("api-keys", options.api_keys,
           "File of API keys, one JSON object a line as `ridgeline keys create` prints it; without it "
           "everybody "
           "may do everything")
      ->type_name("FILE");
  adder
      .Add(
          "audit-log", options.audit_log,
          "Append who changed what, and who was denied, to this file; without it to the log on stderr, while "
          "there are API keys")
      ->type_name("FILE");
  adder
      .Add("tls-certificate", options.tls.certificate,
           "PEM file of the gRPC port's certificate and those between it and the root; clients must use TLS "
           "then")
      ->type_name("FILE");
  adder.Add("tls-key", options.tls.key, "PEM file of the certificate's key, without passphrase")
      ->type_name("FILE");
  adder
      .Add("tls-client-ca", options.tls.client_ca,
           "PEM file of the authorities whose clients are let in; clients need a certificate then")
      ->type_name("FILE");
  adder.AddFlag("insecure-listen", options.insecure_listen,
                "Listen where others than this machine could reach it, also without keys or encryption");
  adder
      .Add("reload-interval", text.reload_interval,
           "How often the files named here are looked at; a change counts from the second look on")
      ->check(CheckPositiveDuration, "DURATION")
      ->type_name("");
}

void AddServing(ServerOptions& options, RawText& text, Adder& adder) {
  adder.Group("Serving");
  adder.AddFlag("allow-empty-start", options.allow_empty_start, "Count as ready while there is no model yet");
  adder.Add("serving-threads", options.serving_threads, "Threads that compute answers; 0: one a processor")
      ->check(CLI::Range(0, 1024));
  adder.Add("max-queue", options.max_queue, "Calls that may wait for a thread; more are refused")
      ->check(CLI::Range(1, 1'000'000));
  adder.Add("cached-users", options.cached_users, "Users whose vectors and histories are kept in memory")
      ->check(CLI::Range(int64_t{0}, int64_t{1'000'000'000}));
  adder.Add("drain-timeout", text.drain_timeout, "Time that calls under way have to end at shutdown")
      ->check(CheckDuration, "DURATION")
      ->type_name("");
  adder.Add("log-level", text.log_level, "Least level to log")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->type_name("");
}

// "default 1.2 explicit, 0.3 implicit", or one number where they agree.
std::string DefaultText(double Hyperparameters::*field) {
  const double of_explicit = DefaultHyperparameters(Feedback::kExplicit).*field;
  const double of_implicit = DefaultHyperparameters(Feedback::kImplicit).*field;
  if (of_explicit == of_implicit) return absl::StrCat("; default ", of_explicit);
  return absl::StrCat("; default ", of_explicit, " explicit, ", of_implicit, " implicit");
}

void AddWeights(HyperparameterOverrides& model, Adder& adder) {
  adder
      .Add("confidence-scaling", model.confidence_scaling,
           "How values become weights, in proportion or by a logarithm; implicit only; default linear")
      ->check(CLI::IsMember({"linear", "log"}))
      ->type_name("");
  adder.Add("confidence-epsilon", model.confidence_epsilon,
            "Value from which on the logarithm bends, above 0; confidence-scaling log only" +
                DefaultText(&Hyperparameters::confidence_epsilon));
  adder.Add("event-type-weights", model.event_type_weights,
            "Factors of events by type, at least 0, as click=1,purchase=5; implicit only; default none");
  adder.Add("half-life-days", model.half_life_days,
            "Days in which an event loses half of its weight, 0: never; implicit only; default 0");
  adder.AddFlag("implicit-biases", model.implicit_biases, "Give users and items biases; implicit only");
  adder.AddFlag("non-negative", model.non_negative,
                "Keep factors at 0 or above; trains several times slower");
}

void AddModel(HyperparameterOverrides& model, RawText& text, Adder& adder) {
  adder.Group("Model");
  adder.Add("feedback", text.feedback, "What values of interactions are: ratings, or weights of events")
      ->check(CLI::IsMember({"explicit", "implicit"}))
      ->type_name("");
  adder
      .Add("factors", model.factors,
           absl::StrCat("Factors of a user and an item; more learn finer and cost memory and time; default ",
                        Hyperparameters().factors))
      ->check(CLI::Range(1, 4096));
  adder.Add(
      "regularization", model.regularization,
      "L2 penalty of factors, above 0; larger is smoother" + DefaultText(&Hyperparameters::regularization));
  adder.Add("bias-regularization", model.bias_regularization,
            "L2 penalty of biases, above 0; explicit, or with implicit-biases" +
                DefaultText(&Hyperparameters::bias_regularization));
  adder
      .Add("regularization-scaling", model.regularization_scaling,
           "How penalties grow with a row's interactions; default frequency")
      ->check(CLI::IsMember({"none", "frequency"}))
      ->type_name("");
  adder.Add("frequency-exponent", model.frequency_exponent,
            "Exponent of the frequency scaling, 0 to 2" + DefaultText(&Hyperparameters::frequency_exponent));
  adder.Add("unobserved-weight", model.unobserved_weight,
            "Weight of every user-item pair, pulled towards 0, above 0; implicit only" +
                DefaultText(&Hyperparameters::unobserved_weight));
  adder.Add("confidence-scale", model.confidence_scale,
            "Weight of an interaction of value 1, above 0; implicit only" +
                DefaultText(&Hyperparameters::confidence_scale));
  adder
      .Add("confidence-form", model.confidence_form,
           "Form of the implicit objective: Rendle 2021 or Hu 2008; default ials")
      ->check(CLI::IsMember({"ials", "hu"}))
      ->type_name("");
  AddWeights(model, adder);
}

void AddTraining(RetrainerOptions& retrainer, RawText& text, Adder& adder) {
  adder.Group("Training");
  adder.Add("iterations", retrainer.als.iterations, "Iterations of a training from random factors")
      ->check(CLI::Range(1, 10'000));
  adder
      .Add("warm-iterations", retrainer.warm_iterations,
           "Iterations of a training from the live model's factors")
      ->check(CLI::Range(1, 10'000));
  adder
      .Add("solver", text.solver,
           "How rows are solved in all iterations but the last, which is exact; auto takes what is fastest")
      ->check(CLI::IsMember({"exact", "cg", "subspace", "auto"}))
      ->type_name("");
  adder.Add("seed", retrainer.als.seed, "Seed of the initial factors");
  adder.Add("training-threads", retrainer.threads, "Low-priority threads that train; 0: one a processor")
      ->check(CLI::Range(0, 1024));
  adder
      .Add("retrain-after-interactions", retrainer.trigger_interactions,
           "Train after so many new interactions; 0: never by count")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 62));
  adder
      .Add("retrain-every", text.retrain_every,
           "Train so long after the last training if there is news; 0: never")
      ->check(CheckDuration, "DURATION")
      ->type_name("");
  adder.Add("keep-versions", retrainer.keep_versions, "Models kept on disk")->check(CLI::Range(1, 1'000'000));
  adder
      .Add("validation-fraction", retrainer.validation_fraction,
           "Newest share of interactions held out to measure a model, up to 0.5; 0: none")
      ->check(CheckFraction, "FRACTION")
      ->type_name("");
  adder
      .Add("validation-tolerance", retrainer.validation_tolerance,
           "Share by which a new model may measure worse than the live one, or than popularity, up to 1; "
           "beyond "
           "it is held back")
      ->check(CheckTolerance, "SHARE")
      ->type_name("");
  adder
      .Add("cold-items", text.cold_items,
           "How items of the catalogue that nobody met get into a new model: by what items with their tags "
           "have in common, or not at all")
      ->check(CLI::IsMember({"tags", "none"}))
      ->type_name("");
}

// Gives each option that neither flag nor environment gave what the file says.
absl::Status ApplyFile(const std::string& path, CLI::App& app) {
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(path)) {
    if (!item.parents.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": there is no section '", item.parents.front(), "'"));
    }
    CLI::Option* option = app.get_option_no_throw("--" + item.name);
    if (option == nullptr || !option->get_configurable()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": there is no option '", item.name, "'"));
    }
    if (option->count() > 0) continue;
    option->add_result(item.inputs);
    option->run_callback();
  }
  return absl::OkStatus();
}

LogLevel LogLevelFromText(const std::string& text) {
  if (text == "debug") return LogLevel::kDebug;
  if (text == "warning") return LogLevel::kWarning;
  if (text == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

// "unobserved_weight: must ..." about a field becomes "--unobserved-weight: must ..." about its flag.
absl::Status AboutFlag(const absl::Status& status) {
  const std::string message(status.message());
  const size_t end = std::min(message.find(':'), message.size());
  return absl::InvalidArgumentError(
      absl::StrCat("--", absl::StrReplaceAll(message.substr(0, end), {{"_", "-"}}), message.substr(end)));
}

absl::Status CheckTls(const TlsFiles& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("--tls-certificate and --tls-key: must be given together");
  }
  if (!tls.client_ca.empty() && tls.certificate.empty()) {
    return absl::InvalidArgumentError("--tls-client-ca: needs --tls-certificate and --tls-key");
  }
  return absl::OkStatus();
}

absl::Status ReadText(const RawText& text, const HyperparameterOverrides& model, ServerOptions* options) {
  const Feedback feedback = text.feedback == "explicit" ? Feedback::kExplicit : Feedback::kImplicit;
  const absl::StatusOr<Hyperparameters> resolved = ResolveHyperparameters(feedback, model);
  if (!resolved.ok()) return AboutFlag(resolved.status());
  options->retrainer.als.hyperparameters = *resolved;
  RIDGELINE_ASSIGN_OR_RETURN(const Solver solver, ParseSolver(text.solver));
  const absl::Status fits = ValidateSolverFits(solver, *resolved);
  if (!fits.ok()) return AboutFlag(fits);
  options->retrainer.als.solver.solver = solver;
  options->retrainer.place_cold_items = text.cold_items == "tags";
  absl::ParseDuration(text.retrain_every, &options->retrainer.trigger_interval);
  absl::ParseDuration(text.drain_timeout, &options->drain_timeout);
  absl::ParseDuration(text.reload_interval, &options->reload_interval);
  options->log_level = LogLevelFromText(text.log_level);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv) {
  CommandLine result;
  RawText text;
  HyperparameterOverrides model;
  CLI::App app(kAbout, "ridgeline-server");
  Adder adder(&app);
  adder.Add("config", text.config, "TOML file of options, e.g. data-dir = \"/srv/ridgeline\"")
      ->configurable(false)
      ->type_name("FILE");
  AddPlaces(result.options, adder);
  AddSecurity(result.options, text, adder);
  AddServing(result.options, text, adder);
  AddModel(model, text, adder);
  AddTraining(result.options.retrainer, text, adder);
  app.get_help_ptr()->configurable(false);
  app.set_version_flag("--version", absl::StrCat("ridgeline-server ", kSoftwareVersion))->configurable(false);
  try {
    app.parse(argc, argv);
    if (!text.config.empty()) RIDGELINE_RETURN_IF_ERROR(ApplyFile(text.config, app));
  } catch (const CLI::CallForHelp&) {
    result.text = app.help();
    return result;
  } catch (const CLI::CallForVersion&) {
    result.text = absl::StrCat("ridgeline-server ", kSoftwareVersion, "\n");
    return result;
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(error.what());
  }
  RIDGELINE_RETURN_IF_ERROR(ReadText(text, model, &result.options));
  RIDGELINE_RETURN_IF_ERROR(CheckTls(result.options.tls));
  return result;
}

}  // namespace ridgeline
