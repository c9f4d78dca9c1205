#include "core/lab/cold_items_report.h"

#include <map>

#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using Metrics = std::map<std::string, double>;
using nlohmann::ordered_json;

void PrintCells(const Metrics& metrics, const std::vector<std::string>& names, std::ostream& out) {
  out << " ";
  for (const std::string& name : names) {
    const auto found = metrics.find(name);
    out << (found == metrics.end() ? absl::StrFormat(" %10s", "-")
                                   : absl::StrFormat(" %10.4f", found->second));
  }
}

void PrintHead(const std::vector<std::string>& names, std::ostream& out) {
  const int width = static_cast<int>(names.size()) * 11;
  out << absl::StrFormat("%-17s", "");
  for (const char* group : {"held-out alone", "among all", "other items"}) {
    out << absl::StrFormat(" %*s", width, group);
  }
  out << absl::StrFormat("\n%-11s %5s", "placement", "known");
  for (int group = 0; group < 3; ++group) {
    out << " ";
    for (const std::string& name : names) out << absl::StrFormat(" %10s", name);
  }
  out << "\n";
}

}  // namespace

void PrintTable(const ColdItemsReport& report, std::ostream& out) {
  out << absl::StrFormat(
      "%d items held out, %d of them with a tag of the %d mapped (regularization %g); tested on %d "
      "interactions of %d users, and on %d with other items\n\n",
      report.items, report.tagged_items, report.tags, report.mapping_regularization, report.test_interactions,
      report.test_users, report.other_interactions);
  PrintHead(report.metrics, out);
  for (const MeasuredPlacement& row : report.placements) {
    out << absl::StrFormat("%-11s %5d", PlacementName(row.placement), row.known);
    PrintCells(row.metrics.alone, report.metrics, out);
    PrintCells(row.metrics.among, report.metrics, out);
    PrintCells(row.metrics.others, report.metrics, out);
    out << "\n";
  }
}

void PrintJson(const ColdItemsReport& report, std::ostream& out) {
  ordered_json placements = ordered_json::array();
  for (const MeasuredPlacement& row : report.placements) {
    placements.push_back({{"placement", std::string(PlacementName(row.placement))},
                          {"known", row.known},
                          {"held_out_alone", row.metrics.alone},
                          {"among_all", row.metrics.among},
                          {"other_items", row.metrics.others}});
  }
  const ordered_json json = {{"items", report.items},
                             {"tagged_items", report.tagged_items},
                             {"tags", report.tags},
                             {"mapping_regularization", report.mapping_regularization},
                             {"test_interactions", report.test_interactions},
                             {"test_users", report.test_users},
                             {"other_interactions", report.other_interactions},
                             {"placements", placements}};
  out << json.dump() << "\n";
}

}  // namespace ridgeline
