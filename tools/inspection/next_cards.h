// What a decision looks like on each card that its street may bring.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_NEXT_CARDS_H_
#define NASHVILLE_TOOLS_INSPECTION_NEXT_CARDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/inspection/decision.h"

namespace nash {

struct NextCard {
  Card card = 0;
  std::vector<double> mean;  // of the actions there, as Decision has it
};

// betting: names a decision on a street that brings one card. board: the cards before that card;
// later ones are left out. Ascending by card. Errors: InvalidArgument, naming --betting or --board,
// where the street brings no single card too.
absl::StatusOr<std::vector<NextCard>> NextCardsOf(const DecisionViewer& viewer,
                                                  const std::string& betting,
                                                  absl::string_view board);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_NEXT_CARDS_H_
