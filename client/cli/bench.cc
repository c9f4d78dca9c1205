#include <sys/resource.h>

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/address_list.h"
#include "client/cli/bench/bench_report.h"
#include "client/cli/bench/grpc_bench_caller.h"
#include "client/cli/bench/load.h"
#include "client/cli/commands.h"
#include "client/cli/duration_flag.h"
#include "client/cli/exit_code.h"
#include "client/cli/filter_flags.h"
#include "client/cli/subject_flags.h"

namespace ridgeline {
namespace {

constexpr char kBenchExamples[] =
    "ridgeline bench --in-flight 64 --users 'u[0-99999]'                      # as fast as 64 callers get\n"
    "ridgeline bench --rate 2000 --users @users.txt --timeout 200ms           # at 2,000 calls a second\n"
    "ridgeline bench --rate 500 --mix recommend=90,record=5,similar=5 --users @users.txt --items @items.txt\n"
    "ridgeline bench --in-flight 8 --users 'u[0-99999]' --users-zipf 1 -k 50 --tag-any Comedy --json\n"
    "ridgeline bench --in-flight 1 --mix vector --vector @vector.txt --calls 1000";

struct IdFlags {
  std::optional<std::string> ids;
  double zipf = 0;
};

struct BenchFlags {
  std::optional<double> rate;
  std::optional<int> in_flight;
  Arrivals arrivals = Arrivals::kPoisson;
  absl::optional<absl::Duration> warm_up;
  absl::optional<absl::Duration> duration;
  std::optional<int64_t> calls;
  int channels = 1;
  IdFlags users;
  IdFlags items;
  std::optional<std::string> vector;
  std::optional<int32_t> k;
  FilterFlags filter;
  RequestOptions requests;
};

void DeclareLoopFlags(CLI::App& command, BenchFlags& flags) {
  command.add_option("--rate", flags.rate, "Open loop: calls due a second, however long answers take")
      ->type_name("CALLS");
  command.add_option("--in-flight", flags.in_flight, "Closed loop: callers that wait for each answer")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N");
  command.add_option("--arrivals", flags.arrivals, "Of an open loop: poisson (the default) or constant")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Arrivals>{{"poisson", Arrivals::kPoisson},
                                                                          {"constant", Arrivals::kConstant}})
                      .description(""))
      ->type_name("NAME");
  AddDurationFlag(command, "--warm-up", flags.warm_up, "Time before calls count; default 2s", /*zero=*/true);
  AddDurationFlag(command, "--duration", flags.duration,
                  "Time for which they count; default 10s, or as --calls has it");
  command.add_option("--calls", flags.calls, "Number of calls that count, at most")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--channels", flags.channels, "Connections to each server, used in turn; default 1")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
}

void DeclareIdFlags(CLI::App& command, const std::string& name, IdFlags& flags) {
  command.add_option(name, flags.ids, absl::StrCat("Ids to draw from: LIST, or a range as u[0-999]"))
      ->type_name("IDS");
  command
      .add_option(absl::StrCat(name, "-zipf"), flags.zipf,
                  "How much more often the first of them are drawn; default 0: all alike")
      ->check(CLI::Range(0.0, 10.0))
      ->type_name("EXPONENT");
}

void DeclareRequestFlags(CLI::App& command, BenchFlags& flags) {
  RequestOptions& requests = flags.requests;
  command
      .add_option("--mix", requests.mix,
                  absl::StrCat(
                      "Kinds of calls with weights, as recommend=90,record=10; default recommend. There are ",
                      absl::StrJoin(RequestMaker::Kinds(), ", ")))
      ->type_name("MIX");
  DeclareIdFlags(command, "--users", flags.users);
  DeclareIdFlags(command, "--items", flags.items);
  command.add_option("--vector", flags.vector, "Of vector: factors, numbers separated by commas, or @FILE")
      ->type_name("LIST");
  command.add_option("-k,--k", flags.k, "Of recommend, history, vector, batch and similar: how many items")
      ->type_name("N");
  command.add_option("--items-per-call", requests.items_per_call, "Items of history and score; default 5")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  command.add_option("--users-per-call", requests.users_per_call, "Users of batch; default 100")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  AddFilterFlags(command, flags.filter);
  command.add_option("--seed", requests.seed, "The same seed makes the same calls; default 1");
}

absl::Status CheckLoop(const BenchFlags& flags) {
  if (flags.rate.has_value() == flags.in_flight.has_value()) {
    return UsageError("bench: give either --rate (open loop) or --in-flight (closed loop)");
  }
  if (flags.rate.has_value() && !(*flags.rate > 0 && std::isfinite(*flags.rate))) {
    return UsageError(absl::StrCat("--rate: must be a finite number above 0, got ", *flags.rate));
  }
  return absl::OkStatus();
}

// A wrong flag ends the program with another code than a file that cannot be read.
absl::Status OfFlag(const std::string& flag, const absl::Status& status) {
  const std::string message = absl::StrCat(flag, ": ", status.message());
  return absl::IsInvalidArgument(status) ? UsageError(message) : absl::Status(status.code(), message);
}

absl::Status ReadIds(const std::string& name, const IdFlags& flags, std::istream& input,
                     absl::optional<IdPool>& pool) {
  if (!flags.ids.has_value()) return absl::OkStatus();
  absl::StatusOr<IdPool> ids = IdPool::Read(*flags.ids, flags.zipf, input);
  if (!ids.ok()) return OfFlag(name, ids.status());
  pool = *std::move(ids);
  return absl::OkStatus();
}

absl::Status ReadVectorFlag(const BenchFlags& flags, std::istream& input, RequestOptions& options) {
  if (!flags.vector.has_value()) return absl::OkStatus();
  SubjectFlags flag;
  flag.vector = flags.vector;
  absl::StatusOr<Subject> subject = ReadSubject(flag, input);
  if (!subject.ok()) return subject.status();
  options.vector = std::get<v1::UserVector>(*std::move(subject));
  return absl::OkStatus();
}

absl::StatusOr<RequestMaker> MakeRequests(const BenchFlags& flags, std::istream& input) {
  RequestOptions options = flags.requests;
  if (flags.k.has_value()) options.k = *flags.k;
  absl::Status status = ReadIds("--users", flags.users, input, options.users);
  if (status.ok()) status = ReadIds("--items", flags.items, input, options.items);
  if (status.ok()) status = ReadVectorFlag(flags, input, options);
  if (status.ok() && !flags.filter.empty()) {
    status = ReadItemFilter(flags.filter, input, options.filter.emplace());
  }
  if (!status.ok()) return status;
  absl::StatusOr<RequestMaker> requests = RequestMaker::Create(std::move(options));
  if (!requests.ok()) return UsageError(requests.status().message());
  return requests;
}

LoadLength LengthOf(const BenchFlags& flags) {
  LoadLength length;
  length.warm_up = flags.warm_up.value_or(length.warm_up);
  if (flags.calls.has_value()) length.calls = *flags.calls;
  if (flags.duration.has_value() || !flags.calls.has_value()) {
    length.duration = flags.duration.value_or(absl::Seconds(10));
  }
  return length;
}

BenchResult RunLoad(const BenchFlags& flags, LoadTools tools) {
  if (!flags.rate.has_value()) return RunClosedLoop({*flags.in_flight}, LengthOf(flags), tools);
  return RunOpenLoop({*flags.rate, flags.arrivals, flags.requests.seed}, LengthOf(flags), tools);
}

absl::Duration ProcessorTime() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

// A server that answered nothing but errors makes the command fail like a single call would.
absl::Status Verdict(const BenchResult& result) {
  if (result.failures().empty() || result.Failed() < result.Calls()) return absl::OkStatus();
  const auto& [code, failures] = *result.failures().begin();
  return absl::Status(code, absl::StrCat("every call failed: ", failures.message));
}

absl::Status Run(const BenchFlags& flags, Session& session) {
  absl::Status status = CheckLoop(flags);
  if (!status.ok()) return status;
  absl::StatusOr<RequestMaker> requests = MakeRequests(flags, session.input);
  if (!requests.ok()) return requests.status();
  std::vector<std::string> methods;
  for (size_t rpc = 0; rpc < requests->names().size(); ++rpc) methods.push_back(requests->method(rpc));
  SteadyBenchClock clock;
  absl::StatusOr<std::vector<std::string>> addresses = ParseAddressList(session.options.address);
  if (!addresses.ok()) return OfFlag("--server", addresses.status());
  GrpcBenchCallerOptions caller_options;
  caller_options.addresses = *std::move(addresses);
  caller_options.channels = flags.channels;
  caller_options.timeout = session.options.timeout;
  caller_options.tls = session.options.tls;
  caller_options.api_key = session.options.api_key;
  GrpcBenchCaller caller(caller_options, methods, &clock);
  status = caller.Connect();
  if (!status.ok()) return status;
  const absl::Duration before = ProcessorTime();
  const BenchResult result = RunLoad(flags, {*requests, caller, clock});
  const BenchReport report{flags.rate, flags.in_flight.value_or(0), ProcessorTime() - before, result};
  session.output.json() ? session.output.PrintLine(BenchJson(report))
                        : PrintBenchReport(report, session.output);
  return Verdict(result);
}

}  // namespace

void AddBenchCommand(CommandScope scope) {
  auto flags = std::make_shared<BenchFlags>();
  CLI::App& command =
      AddCommand(scope, "bench", "Load the server and measure what it takes and how long it takes",
                 kBenchExamples, [flags](Session& session) { return Run(*flags, session); });
  DeclareLoopFlags(command, *flags);
  DeclareRequestFlags(command, *flags);
}

}  // namespace ridgeline
