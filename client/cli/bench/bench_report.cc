#include "client/cli/bench/bench_report.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

// Characters of the longest bar.
constexpr double kBarWidth = 50;

std::string MillisText(absl::Duration duration) {
  return absl::StrFormat("%.3f", absl::ToDoubleMilliseconds(duration));
}

double ProcessorMicrosPerCall(const BenchReport& report) {
  const auto calls = static_cast<double>(std::max<int64_t>(1, report.result.CallsMade()));
  return absl::ToDoubleMicroseconds(report.processor_time) / calls;
}

// --- JSON

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", c);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string RpcsJson(const BenchResult& result) {
  std::vector<std::string> members;
  for (size_t rpc = 0; rpc < result.rpcs().size(); ++rpc) {
    const LatencyHistogram& latencies = result.succeeded(rpc);
    members.push_back(absl::StrFormat(R"(%s:{"calls":%d,"failed":%d,"latency_ms":%s})",
                                      Quoted(result.rpcs()[rpc]), latencies.count() + result.failed(rpc),
                                      result.failed(rpc), latencies.MillisJson()));
  }
  return absl::StrCat("{", absl::StrJoin(members, ","), "}");
}

std::string FailuresJson(const BenchResult& result) {
  std::vector<std::string> members;
  for (const auto& [code, failures] : result.failures()) {
    members.push_back(absl::StrFormat(R"("%s":{"calls":%d,"latency_ms":%s,"message":%s})",
                                      absl::StatusCodeToString(code), failures.latencies.count(),
                                      failures.latencies.MillisJson(), Quoted(failures.message)));
  }
  return absl::StrCat("{", absl::StrJoin(members, ","), "}");
}

// --- Tables

std::string Heading(const BenchReport& report) {
  const std::string loop = report.rate.has_value()
                               ? absl::StrFormat("open loop, %g calls a second", *report.rate)
                               : absl::StrFormat("closed loop, %d in flight", report.in_flight);
  return absl::StrFormat("%s: %s in %s", loop, FormatCount(report.result.Calls(), "call", "calls"),
                         FormatSpan(report.result.Length()));
}

void AddLatencies(const LatencyHistogram& latencies, std::vector<std::string>& cells) {
  for (double percent : {50.0, 90.0, 99.0, 99.9}) cells.push_back(MillisText(latencies.Percentile(percent)));
  cells.push_back(MillisText(latencies.Max()));
  cells.push_back(MillisText(latencies.Mean()));
}

Table RpcTable(const BenchResult& result) {
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"RPC"},
               {"CALLS", kRight},
               {"FAILED", kRight},
               {"P50 ms", kRight},
               {"P90", kRight},
               {"P99", kRight},
               {"P99.9", kRight},
               {"MAX", kRight},
               {"MEAN", kRight}});
  const auto add = [&](const std::string& name, const LatencyHistogram& latencies, int64_t failed) {
    std::vector<std::string> cells = {name, FormatCount(latencies.count() + failed), FormatCount(failed)};
    AddLatencies(latencies, cells);
    table.AddRow(std::move(cells));
  };
  for (size_t rpc = 0; rpc < result.rpcs().size(); ++rpc) {
    add(result.rpcs()[rpc], result.succeeded(rpc), result.failed(rpc));
  }
  if (result.rpcs().size() > 1) add("all", result.Succeeded(), result.Failed());
  return table;
}

void PrintFailures(const BenchResult& result, Output& output) {
  if (result.failures().empty()) return;
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"FAILED WITH"}, {"CALLS", kRight}, {"P50 ms", kRight}, {"MAX", kRight}, {"FIRST MESSAGE"}});
  for (const auto& [code, failures] : result.failures()) {
    table.AddRow({absl::StatusCodeToString(code), FormatCount(failures.latencies.count()),
                  MillisText(failures.latencies.Percentile(50)), MillisText(failures.latencies.Max()),
                  failures.message});
  }
  output.PrintLine("");
  output.PrintTable(table, "");
}

// The edges of the bars: 1, 1.5, 2, 3, 5, 7, 10, ... times a power of ten.
absl::Duration NextEdge(absl::Duration edge) {
  const double nanos = std::round(absl::ToDoubleNanoseconds(edge));
  const double power = std::pow(10, std::floor(std::log10(nanos) + 1e-9));
  for (double step : {1.5, 2.0, 3.0, 5.0, 7.0}) {
    if (nanos < step * power * 0.999) return absl::Nanoseconds(step * power);
  }
  return absl::Nanoseconds(10 * power);
}

// The largest edge not above `latency`, or the first one.
absl::Duration EdgeBelow(absl::Duration latency) {
  absl::Duration edge = absl::Microseconds(1);
  for (absl::Duration next = NextEdge(edge); next <= latency; next = NextEdge(edge)) edge = next;
  return edge;
}

void PrintBars(const LatencyHistogram& latencies, Output& output) {
  if (latencies.count() == 0) return;
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"UP TO ms", kRight}, {"CALLS", kRight}, {"SHARE", kRight}, {""}});
  const auto all = static_cast<double>(latencies.count());
  int64_t below = 0;
  for (absl::Duration edge = EdgeBelow(latencies.Min()); below < latencies.count();) {
    edge = NextEdge(edge);
    const int64_t up_to = edge >= latencies.Max() ? latencies.count() : latencies.CountUpTo(edge);
    const double share = static_cast<double>(up_to - below) / all;
    const auto bar = static_cast<size_t>(std::ceil(share * kBarWidth));
    table.AddRow({absl::StrFormat("%g", absl::ToDoubleMilliseconds(edge)), FormatCount(up_to - below),
                  absl::StrFormat("%.2f%%", 100 * share), std::string(bar, '#')});
    below = up_to;
  }
  output.PrintLine("");
  output.PrintTable(table, "");
}

void NoteIfLate(const BenchReport& report, Output& output) {
  if (report.result.KeptUp()) return;
  const LatencyHistogram& delays = report.result.start_delays();
  output.Note(absl::StrFormat(
      "the generator did not keep up: 1%% of the calls were sent more than %.3f ms late, "
      "the worst %.3f ms; latencies include that",
      absl::ToDoubleMilliseconds(delays.Percentile(99)), absl::ToDoubleMilliseconds(delays.Max())));
}

}  // namespace

std::string BenchJson(const BenchReport& report) {
  const BenchResult& result = report.result;
  const bool open = report.rate.has_value();
  return absl::StrFormat(
      R"({"loop":"%s","target_rate":%s,"in_flight":%s,"seconds":%.6g,"calls":%d,"failed":%d,"rate":%.6g,)"
      R"("kept_up":%s,"processor_us_per_call":%.4g,"latency_ms":%s,"start_delay_ms":%s,"rpcs":%s,"failures":%s})",
      open ? "open" : "closed", open ? absl::StrFormat("%.6g", *report.rate) : "null",
      open ? "null" : absl::StrCat(report.in_flight), absl::ToDoubleSeconds(result.Length()), result.Calls(),
      result.Failed(), result.Rate(), result.KeptUp() ? "true" : "false", ProcessorMicrosPerCall(report),
      result.Succeeded().MillisJson(), result.start_delays().MillisJson(), RpcsJson(result),
      FailuresJson(result));
}

void PrintBenchReport(const BenchReport& report, Output& output) {
  output.PrintLine(Heading(report));
  output.PrintLine(
      absl::StrFormat("answered %.1f calls a second; the generator took %.1f us of processor time a call",
                      report.result.Rate(), ProcessorMicrosPerCall(report)));
  output.PrintLine("");
  output.PrintTable(RpcTable(report.result), "");
  PrintFailures(report.result, output);
  PrintBars(report.result.Succeeded(), output);
  NoteIfLate(report, output);
}

}  // namespace ridgeline
