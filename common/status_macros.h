// RETURN_IF_ERROR and ASSIGN_OR_RETURN for absl::Status and absl::StatusOr.
#ifndef NASHVILLE_COMMON_STATUS_MACROS_H_
#define NASHVILLE_COMMON_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define NASH_CONCAT_INNER(a, b) a##b
#define NASH_CONCAT(a, b) NASH_CONCAT_INNER(a, b)

// Returns from the enclosing function when `expr` (an absl::Status) is not OK.
#define RETURN_IF_ERROR(expr)                    \
  do {                                           \
    absl::Status nash_status_ = (expr);          \
    if (!nash_status_.ok()) return nash_status_; \
  } while (false)

// ASSIGN_OR_RETURN(auto x, F()): assigns the value of a StatusOr or returns its status.
#define ASSIGN_OR_RETURN(lhs, expr) \
  NASH_ASSIGN_OR_RETURN(NASH_CONCAT(nash_status_or_, __LINE__), lhs, expr)
#define NASH_ASSIGN_OR_RETURN(temporary, lhs, expr)          \
  auto temporary = (expr);                                   \
  if (!temporary.ok()) return std::move(temporary).status(); \
  lhs = *std::move(temporary)

#endif  // NASHVILLE_COMMON_STATUS_MACROS_H_
