// Checks by verdict and by name.
#ifndef NASHVILLE_TESTS_EVALUATION_LITMUS_VERDICTS_H_
#define NASHVILLE_TESTS_EVALUATION_LITMUS_VERDICTS_H_

#include <algorithm>
#include <string>
#include <vector>

#include "solver/evaluation/litmus.h"

namespace nash {

using Names = std::vector<std::string>;

inline Names NamesOf(const std::vector<LitmusCheck>& checks, LitmusVerdict verdict) {
  Names names;
  for (const LitmusCheck& check : checks) {
    if (check.verdict == verdict) names.push_back(check.name);
  }
  return names;
}

inline const LitmusCheck& Find(const std::vector<LitmusCheck>& checks, const std::string& name) {
  return *std::find_if(checks.begin(), checks.end(),
                       [&](const LitmusCheck& check) { return check.name == name; });
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_EVALUATION_LITMUS_VERDICTS_H_
