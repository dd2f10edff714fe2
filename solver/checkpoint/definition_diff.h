// What differs between two run definitions, for people. Thread-safe: a pure function.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_DEFINITION_DIFF_H_
#define NASHVILLE_SOLVER_CHECKPOINT_DEFINITION_DIFF_H_

#include <string>

#include "absl/strings/string_view.h"

namespace nash {

// A line diff of two canonical texts: "- line" for lines of `a` only, "+ line" for lines of `b`
// only, each run of them below up to two lines that both have ("  line"), gaps shown as "  ...".
// Empty when they are equal.
std::string DiffDefinitions(absl::string_view a, absl::string_view b);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_DEFINITION_DIFF_H_
