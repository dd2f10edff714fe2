#include "solver/evaluation/litmus_list.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nash {

std::string Percent(double share) { return absl::StrFormat("%.1f%%", 100 * share); }

void LitmusList::Skip(const std::string& name, const std::string& why) {
  LitmusCheck check;
  check.name = name;
  check.reason = why;
  checks_.push_back(std::move(check));
}

void LitmusList::Add(const std::string& name, double figure, double half_width,
                     const LitmusBand& band, const std::string& numbers) {
  LitmusCheck check;
  check.name = name;
  check.figure = figure;
  check.half_width = half_width;
  check.low = band.low;
  check.high = band.high;
  check.verdict = figure + half_width >= band.low && figure - half_width <= band.high
                      ? LitmusVerdict::kPass
                      : LitmusVerdict::kFail;
  check.numbers = numbers;
  check.reason = band.reason;
  checks_.push_back(std::move(check));
}

void LitmusList::Judge(const std::string& name, double figure, const LitmusBand& band,
                       const std::string& numbers) {
  Add(name, figure, 0, band, numbers);
}

void LitmusList::Judge(const std::string& name, const LitmusSpot& spot, const LitmusBand& band,
                       const std::string& what, const std::string& numbers) {
  if (spot.decisions() == 0 && spot.unlearned_share() > 0) {
    return Skip(name, absl::StrCat("training has not reached any of these decisions: ", what));
  }
  if (spot.decisions() == 0) {
    return Skip(name, absl::StrCat("the strategy never came to such a decision: ", what));
  }
  if (!spot.is_exact() && spot.decisions() < kLitmusDecisionsMin) {
    return Skip(name, absl::StrCat("only ", spot.decisions(), " decisions (", what, "), and ",
                                   kLitmusDecisionsMin, " are wanted: give more --deals"));
  }
  std::string all = absl::StrCat(spot.decisions(), " ", what);
  if (spot.unlearned_share() >= 0.0005) {
    absl::StrAppend(&all, "; ", Percent(spot.unlearned_share()),
                    " more that training has not reached");
  }
  if (!numbers.empty()) absl::StrAppend(&all, "; ", numbers);
  Add(name, spot.mean(), spot.half_width(), band, all);
  checks_.back().decisions = spot.decisions();
}

}  // namespace nash
