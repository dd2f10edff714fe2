// nashconv of two players: by ranges, at any size, with what it takes told first.
#ifndef NASHVILLE_TOOLS_EVALUATION_RANGES_H_
#define NASHVILLE_TOOLS_EVALUATION_RANGES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "solver/evaluation/range_response.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/card_model.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/stored_walks.h"

namespace nash {

// Above this many slots the value of the strategy itself is left out: it takes half as long again.
inline constexpr double kValueSlotsMax = 1e12;

struct RangeEvaluation {
  int from_street = 0;
  // Over all boards. values_chips: empty where they were left out.
  NashConvResult result;
  // Over drawn boards instead.
  std::optional<ChipsInterval> bound;
  uint32_t boards = 0;      // that were walked
  bool is_stopped = false;  // by a signal, with fewer boards than were asked for
  bool is_single = false;   // computed in floats, else in doubles
  // To be removed once the result is told; null: nothing is kept.
  std::unique_ptr<StoredWalks> walks;
};

// The street of --from; empty: the first. Error: InvalidArgument, with those that the game has.
absl::StatusOr<int> ParseFromStreet(const std::string& from, int num_streets);

// Of two players with one or two hole cards. Tells plan and progress on stderr. strategy: which it
// is, of all that there are: a long evaluation that was killed goes on (stored_walks.h).
// Errors: InvalidArgument (--from, --boards, --precision), ResourceExhausted.
absl::StatusOr<RangeEvaluation> EvaluateByRanges(const NashConvRequest& request,
                                                 const PublicTree& tree, const CardModel& cards,
                                                 const Policy& policy, const std::string& strategy);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_RANGES_H_
