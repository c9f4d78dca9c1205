#ifndef RIDGELINE_CORE_BASE_STATUS_MACROS_H_
#define RIDGELINE_CORE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

/// Returns from the enclosing function when `expression`, an absl::Status, is not OK.
#define RIDGELINE_RETURN_IF_ERROR(expression)            \
  do {                                                   \
    absl::Status ridgeline_status = (expression);        \
    if (!ridgeline_status.ok()) return ridgeline_status; \
  } while (false)

/// Evaluates `expression`, an absl::StatusOr; returns its status when it is not OK, else assigns its value
/// to `target`, which may declare a variable.
#define RIDGELINE_ASSIGN_OR_RETURN(target, expression) \
  RIDGELINE_ASSIGN_OR_RETURN_IMPL_(RIDGELINE_CONCAT_(ridgeline_statusor_, __LINE__), target, expression)

#define RIDGELINE_ASSIGN_OR_RETURN_IMPL_(statusor, target, expression) \
  auto statusor = (expression);                                        \
  if (!statusor.ok()) return std::move(statusor).status();             \
  target = *std::move(statusor)

#define RIDGELINE_CONCAT_(a, b) RIDGELINE_CONCAT_IMPL_(a, b)
#define RIDGELINE_CONCAT_IMPL_(a, b) a##b

#endif  // RIDGELINE_CORE_BASE_STATUS_MACROS_H_
