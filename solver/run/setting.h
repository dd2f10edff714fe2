// One key of a run definition that is set from outside of its file, as a command line does it.
//
// The definition is read as if the file had said so: by the same reader, with the same checks.
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_RUN_SETTING_H_
#define NASHVILLE_SOLVER_RUN_SETTING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

struct Setting {
  std::string key;     // dotted, as in messages: "algorithm.discount.every"
  std::string value;   // YAML, of one or several lines
  std::string origin;  // for messages: "--set algorithm.discount.every=1000"
};

// Of "KEY=VALUE". Error: InvalidArgument.
absl::StatusOr<Setting> ParseSetting(absl::string_view text);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_SETTING_H_
