// The list that checks are written down in.
#ifndef NASHVILLE_SOLVER_EVALUATION_LITMUS_LIST_H_
#define NASHVILLE_SOLVER_EVALUATION_LITMUS_LIST_H_

#include <string>
#include <utility>
#include <vector>

#include "solver/evaluation/litmus.h"

namespace nash {

struct LitmusBand {
  double low;
  double high;
  const char* reason;
};

class LitmusList {
 public:
  void Skip(const std::string& name, const std::string& why);
  // A figure over all hands.
  void Judge(const std::string& name, double figure, const LitmusBand& band,
             const std::string& numbers);
  // The mean of a spot; skipped where it has too few decisions. what: the decisions, in the plural.
  void Judge(const std::string& name, const LitmusSpot& spot, const LitmusBand& band,
             const std::string& what, const std::string& numbers = "");

  // Hands over the list.
  std::vector<LitmusCheck> Take() { return std::move(checks_); }

 private:
  void Add(const std::string& name, double figure, double half_width, const LitmusBand& band,
           const std::string& numbers);

  std::vector<LitmusCheck> checks_;
};

// "17.3%".
std::string Percent(double share);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LITMUS_LIST_H_
