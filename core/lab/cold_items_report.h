#ifndef RIDGELINE_CORE_LAB_COLD_ITEMS_REPORT_H_
#define RIDGELINE_CORE_LAB_COLD_ITEMS_REPORT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "core/lab/item_placer.h"

namespace ridgeline {

/// One way of placing held-out items, measured. A plain value.
struct MeasuredPlacement {
  Placement placement = Placement::kNone;
  int known = 0;  ///< interactions known of each item
  PlacementMetrics metrics;
};

/// What `ridgeline-lab cold-items` found. A plain value.
struct ColdItemsReport {
  int64_t items = 0;               ///< held out
  int64_t tagged_items = 0;        ///< of those, with a tag that is mapped
  int64_t tags = 0;                ///< mapped
  int64_t test_interactions = 0;   ///< of held-out items
  int64_t test_users = 0;          ///< who have them
  int64_t other_interactions = 0;  ///< tested ones of the other items
  double mapping_regularization = 0.0;
  std::vector<std::string> metrics;  ///< names, in the order to print
  std::vector<MeasuredPlacement> placements;
};

/// Prints a table for people.
void PrintTable(const ColdItemsReport& report, std::ostream& out);

/// Prints one JSON object on one line.
void PrintJson(const ColdItemsReport& report, std::ostream& out);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_COLD_ITEMS_REPORT_H_
