#include "server/server_options.h"

#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ridgeline-server");
  return ParseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

ServerOptions ParseOptions(const std::vector<const char*>& arguments) {
  const auto line = Parse(arguments);
  EXPECT_TRUE(line.ok()) << line.status();
  return line.ok() ? line->options : ServerOptions();
}

std::string ErrorOf(const std::vector<const char*>& arguments) {
  const auto line = Parse(arguments);
  EXPECT_TRUE(absl::IsInvalidArgument(line.status()));
  return std::string(line.status().message());
}

// An environment variable for the length of a test.
class Variable {
 public:
  Variable(std::string name, const char* value) : name_(std::move(name)) { setenv(name_.c_str(), value, 1); }
  ~Variable() { unsetenv(name_.c_str()); }

 private:
  const std::string name_;
};

TEST(ServerOptions, HaveTheirDefaultsWithoutArguments) {
  const ServerOptions options = ParseOptions({});
  const ServerOptions defaults;
  EXPECT_EQ(options.grpc_address, "127.0.0.1:50051");
  EXPECT_EQ(options.http_address, "127.0.0.1:8080");
  EXPECT_EQ(options.drain_timeout, absl::Seconds(8));
  EXPECT_EQ(options.retrainer.trigger_interval, absl::ZeroDuration());
  EXPECT_EQ(options.retrainer.als.hyperparameters.feedback, Feedback::kImplicit);
  EXPECT_EQ(options.retrainer.als.hyperparameters.factors, defaults.retrainer.als.hyperparameters.factors);
  EXPECT_FALSE(options.allow_empty_start);
  EXPECT_TRUE(options.retrainer.place_cold_items);
}

TEST(ServerOptions, EveryFlagReachesItsOption) {
  const ServerOptions options =
      ParseOptions({"--data-dir", "/d", "--grpc-address=[::1]:1", "--http-address", "h:2", "--ports-file",
                    "/p", "--allow-empty-start", "--serving-threads", "3", "--max-queue", "4",
                    "--cached-users", "5", "--drain-timeout", "6s", "--log-level", "warning"});
  EXPECT_EQ(options.data_dir, "/d");
  EXPECT_EQ(options.grpc_address, "[::1]:1");
  EXPECT_EQ(options.http_address, "h:2");
  EXPECT_EQ(options.ports_file, "/p");
  EXPECT_TRUE(options.allow_empty_start);
  EXPECT_EQ(options.serving_threads, 3);
  EXPECT_EQ(options.max_queue, 4);
  EXPECT_EQ(options.cached_users, 5);
  EXPECT_EQ(options.drain_timeout, absl::Seconds(6));
  EXPECT_EQ(options.log_level, LogLevel::kWarning);
}

TEST(ServerOptions, EverySecurityFlagReachesItsOption) {
  const ServerOptions options =
      ParseOptions({"--api-keys", "/k", "--audit-log", "/a", "--tls-certificate", "/c", "--tls-key", "/tk",
                    "--tls-client-ca", "/ca", "--insecure-listen", "--reload-interval", "250ms"});
  EXPECT_EQ(options.api_keys, "/k");
  EXPECT_EQ(options.audit_log, "/a");
  EXPECT_EQ(options.tls.certificate, "/c");
  EXPECT_EQ(options.tls.key, "/tk");
  EXPECT_EQ(options.tls.client_ca, "/ca");
  for (const std::vector<const char*>& half : {std::vector<const char*>{"--tls-certificate", "/c"},
                                               {"--tls-key", "/k"},
                                               {"--tls-client-ca", "/a"}}) {
    EXPECT_THAT(ErrorOf(half), HasSubstr("--tls-certificate and --tls-key"));
  }
  EXPECT_TRUE(options.insecure_listen);
  EXPECT_EQ(options.reload_interval, absl::Milliseconds(250));
  EXPECT_THAT(ErrorOf({"--reload-interval", "0"}), HasSubstr("at least 1ms"));
  const ServerOptions defaults = ParseOptions({});
  EXPECT_EQ(defaults.api_keys, "");
  EXPECT_FALSE(defaults.insecure_listen);
  // As the container image sets it.
  const Variable variable("RIDGELINE_INSECURE_LISTEN", "true");
  EXPECT_TRUE(ParseOptions({}).insecure_listen);
}

TEST(ServerOptions, EveryTrainingFlagReachesItsOption) {
  const ServerOptions options = ParseOptions({"--feedback",
                                              "explicit",
                                              "--factors",
                                              "7",
                                              "--regularization",
                                              "0.5",
                                              "--bias-regularization",
                                              "0.25",
                                              "--regularization-scaling",
                                              "none",
                                              "--frequency-exponent",
                                              "0.5",
                                              "--unobserved-weight",
                                              "0.75",
                                              "--confidence-scale",
                                              "2",
                                              "--confidence-form",
                                              "hu",
                                              "--iterations",
                                              "8",
                                              "--warm-iterations",
                                              "9",
                                              "--solver",
                                              "cg",
                                              "--seed",
                                              "10",
                                              "--training-threads",
                                              "11",
                                              "--retrain-after-interactions",
                                              "12",
                                              "--retrain-every",
                                              "1h30m",
                                              "--keep-versions",
                                              "13",
                                              "--validation-fraction",
                                              "0.1",
                                              "--validation-tolerance",
                                              "0.25",
                                              "--cold-items",
                                              "none"});
  const RetrainerOptions& retrainer = options.retrainer;
  const Hyperparameters& model = retrainer.als.hyperparameters;
  EXPECT_EQ(model.feedback, Feedback::kExplicit);
  EXPECT_EQ(model.factors, 7);
  EXPECT_EQ(model.regularization, 0.5);
  EXPECT_EQ(model.bias_regularization, 0.25);
  EXPECT_EQ(model.regularization_scaling, RegularizationScaling::kNone);
  EXPECT_EQ(model.frequency_exponent, 0.5);
  EXPECT_EQ(model.unobserved_weight, 0.75);
  EXPECT_EQ(model.confidence_scale, 2.0);
  EXPECT_EQ(model.confidence_form, ConfidenceForm::kHu);
  EXPECT_EQ(retrainer.als.iterations, 8);
  EXPECT_EQ(retrainer.warm_iterations, 9);
  EXPECT_EQ(retrainer.als.solver.solver, Solver::kConjugateGradient);
  EXPECT_EQ(retrainer.als.seed, 10u);
  EXPECT_EQ(retrainer.threads, 11);
  EXPECT_EQ(retrainer.trigger_interactions, 12);
  EXPECT_EQ(retrainer.trigger_interval, absl::Minutes(90));
  EXPECT_EQ(retrainer.keep_versions, 13);
  EXPECT_EQ(retrainer.validation_fraction, 0.1);
  EXPECT_EQ(retrainer.validation_tolerance, 0.25);
  EXPECT_FALSE(retrainer.place_cold_items);
}

void ExpectWeights(const ServerOptions& options) {
  const Hyperparameters& model = options.retrainer.als.hyperparameters;
  EXPECT_EQ(model.confidence_scaling, ConfidenceScaling::kLog);
  EXPECT_EQ(model.confidence_epsilon, 0.5);
  EXPECT_EQ(model.event_weight.type_factors, (std::map<std::string, double>{{"buy", 5.0}, {"click", 1.0}}));
  EXPECT_EQ(model.event_weight.half_life_days, 30.0);
  EXPECT_TRUE(model.implicit_biases);
  EXPECT_TRUE(model.non_negative);
}

TEST(ServerOptions, WhatEventsWeighCanBeSaidByFlagsAndByFile) {
  ExpectWeights(
      ParseOptions({"--confidence-scaling", "log", "--confidence-epsilon", "0.5", "--event-type-weights",
                    "click=1,buy=5", "--half-life-days", "30", "--implicit-biases", "--non-negative"}));
  const TempDir dir;
  const std::string file = dir.Write("r.toml",
                                     "confidence-scaling = \"log\"\nconfidence-epsilon = 0.5\n"
                                     "event-type-weights = \"click=1,buy=5\"\nhalf-life-days = 30\n"
                                     "implicit-biases = true\nnon-negative = true\n");
  ExpectWeights(ParseOptions({"--config", file.c_str()}));
  const Variable weights("RIDGELINE_EVENT_TYPE_WEIGHTS", "click=2,buy=7");
  EXPECT_EQ(ParseOptions({}).retrainer.als.hyperparameters.event_weight.type_factors.at("buy"), 7.0);
  EXPECT_FALSE(ParseOptions({}).retrainer.als.hyperparameters.non_negative);
}

TEST(ServerOptions, FlagsGoBeforeEnvironmentBeforeFile) {
  const TempDir dir;
  const std::string file =
      dir.Write("r.toml", "factors = 1\niterations = 1\nseed = 1\nallow-empty-start = true\n");
  const Variable factors("RIDGELINE_FACTORS", "2");
  const Variable iterations("RIDGELINE_ITERATIONS", "2");
  const ServerOptions options = ParseOptions({"--config", file.c_str(), "--factors", "3"});
  EXPECT_EQ(options.retrainer.als.hyperparameters.factors, 3);
  EXPECT_EQ(options.retrainer.als.iterations, 2);
  EXPECT_EQ(options.retrainer.als.seed, 1u);
  EXPECT_TRUE(options.allow_empty_start);
}

TEST(ServerOptions, TheEnvironmentMayNameTheFile) {
  const TempDir dir;
  const std::string file =
      dir.Write("r.toml", "# a comment\ndata-dir = \"/from file\"\n\nretrain-every = \"6h\"\n");
  const Variable config("RIDGELINE_CONFIG", file.c_str());
  const Variable empty_start("RIDGELINE_ALLOW_EMPTY_START", "true");
  const ServerOptions options = ParseOptions({});
  EXPECT_EQ(options.data_dir, "/from file");
  EXPECT_EQ(options.retrainer.trigger_interval, absl::Hours(6));
  EXPECT_TRUE(options.allow_empty_start);
}

TEST(ServerOptions, ErrorsNameTheOption) {
  EXPECT_THAT(ErrorOf({"--no-such-flag"}), HasSubstr("--no-such-flag"));
  EXPECT_THAT(ErrorOf({"stray"}), HasSubstr("stray"));
  EXPECT_THAT(ErrorOf({"--factors", "0"}), HasSubstr("--factors"));
  EXPECT_THAT(ErrorOf({"--factors", "many"}), HasSubstr("--factors"));
  EXPECT_THAT(ErrorOf({"--feedback", "mixed"}), HasSubstr("--feedback"));
  EXPECT_THAT(ErrorOf({"--retrain-every", "soon"}), HasSubstr("--retrain-every"));
  EXPECT_THAT(ErrorOf({"--drain-timeout", "-1s"}), HasSubstr("--drain-timeout"));
  EXPECT_THAT(ErrorOf({"--validation-fraction", "nan"}), HasSubstr("--validation-fraction"));
  EXPECT_THAT(ErrorOf({"--validation-tolerance", "nan"}), HasSubstr("--validation-tolerance"));
  EXPECT_THAT(ErrorOf({"--validation-tolerance", "1.1"}), HasSubstr("--validation-tolerance"));
  EXPECT_THAT(ErrorOf({"--validation-tolerance", "-0.1"}), HasSubstr("--validation-tolerance"));
  EXPECT_THAT(ErrorOf({"--regularization", "0"}), HasSubstr("--regularization:"));
  EXPECT_THAT(ErrorOf({"--unobserved-weight", "nan"}), HasSubstr("--unobserved-weight:"));
  EXPECT_THAT(ErrorOf({"--event-type-weights", "buy"}), HasSubstr("--event-type-weights:"));
  EXPECT_THAT(ErrorOf({"--feedback", "explicit", "--half-life-days", "1"}), HasSubstr("--half-life-days:"));
  EXPECT_THAT(ErrorOf({"--solver", "lu"}), HasSubstr("--solver"));
  EXPECT_THAT(ErrorOf({"--solver", "cg", "--non-negative"}), HasSubstr("--solver:"));
  EXPECT_THAT(ErrorOf({"--config", "/no/such/file"}), HasSubstr("/no/such/file"));
}

TEST(ServerOptions, ErrorsAreOneLine) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"--no-such-flag"}, {"--factors", "0"}, {"--log-level", "loud"}, {"--regularization", "0"}}) {
    EXPECT_EQ(ErrorOf(arguments).find('\n'), std::string::npos);
  }
}

TEST(ServerOptions, AWrongFileIsAnErrorAndNotIgnored) {
  const TempDir dir;
  const std::string unknown = dir.Write("unknown.toml", "no-such-key = 1\n");
  EXPECT_THAT(ErrorOf({"--config", unknown.c_str()}), HasSubstr("no-such-key"));
  const std::string section = dir.Write("section.toml", "[model]\nfactors = 5\n");
  EXPECT_THAT(ErrorOf({"--config", section.c_str()}), HasSubstr("section 'model'"));
  const std::string value = dir.Write("value.toml", "factors = 99999\n");
  EXPECT_THAT(ErrorOf({"--config", value.c_str()}), HasSubstr("--factors"));
  const std::string help = dir.Write("help.toml", "help = true\n");
  EXPECT_THAT(ErrorOf({"--config", help.c_str()}), HasSubstr("help"));
}

TEST(ServerOptions, HelpAndVersionArePrintedInsteadOfRun) {
  const auto help = Parse({"--help"});
  ASSERT_TRUE(help.ok());
  for (const char* flag : {"--data-dir", "--retrain-every", "RIDGELINE_FACTORS", "127.0.0.1:50051"}) {
    EXPECT_THAT(*help->text, HasSubstr(flag));
  }
  const auto version = Parse({"--version"});
  ASSERT_TRUE(version.ok());
  EXPECT_THAT(*version->text, HasSubstr("ridgeline-server "));
}

}  // namespace
}  // namespace ridgeline
