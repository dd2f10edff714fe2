// What deals are worth at the end of a hand is asked for whole lists of deals, and mostly answered
// once: a player who folds loses what that player put in, whatever the cards, and one who is left
// alone wins. Then the answer is one value and `true`, and callers read it with a step of 0.
//
// A showdown of two players is a product with outcomes(), which were compared when the batch was
// prepared: one load a deal, without a branch. With three and more players pots are settled deal by
// deal (MultiwayValue), which is the slow way and only taken where several players are left.
#include "solver/cfr/payoffs.h"

#include <array>
#include <bit>
#include <numeric>

namespace nash {
namespace {

bool MultiwayValues(const PublicTree& tree, const MultiwayTerminal& terminal, int traverser,
                    const PreparedBatch& batch, absl::Span<const uint16_t> deals, float* values) {
  const int num_players = tree.num_players();
  const GameDefinition& game = tree.game();
  const int64_t own = int64_t{terminal.spent_chips[traverser]} + game.dead_chips[traverser];
  const bool folded = !(terminal.in_hand >> traverser & 1);
  if (folded) {
    values[0] = static_cast<float>(-own);
    return true;
  }
  if (std::popcount(terminal.in_hand) == 1) {
    const int64_t pot =
        std::accumulate(terminal.spent_chips.begin(), terminal.spent_chips.end(), game.DeadChips());
    values[0] = static_cast<float>(pot - own);
    return true;
  }
  std::array<int32_t, kPlayersMax> strengths{};
  for (size_t i = 0; i < deals.size(); ++i) {
    for (int player = 0; player < num_players; ++player) {
      strengths[player] = batch.deals().strengths(player)[deals[i]];
    }
    values[i] = static_cast<float>(MultiwayValue(
        game, terminal, traverser, absl::MakeConstSpan(strengths.data(), num_players)));
  }
  return false;
}

}  // namespace

bool TerminalValues(const PublicTree& tree, const PublicEdge& edge, int traverser,
                    const PreparedBatch& batch, absl::Span<const uint16_t> deals, float* values) {
  const float amount = static_cast<float>(edge.amount_chips);
  switch (edge.kind()) {
    case EdgeKind::kFold:
      values[0] = static_cast<int>(edge.payload()) == traverser ? -amount : amount;
      return true;
    case EdgeKind::kShowdown: {
      const float stake = traverser == 0 ? amount : -amount;
      const float* outcomes = batch.outcomes();
      for (size_t i = 0; i < deals.size(); ++i) values[i] = stake * outcomes[deals[i]];
      return false;
    }
    case EdgeKind::kMultiway:
      return MultiwayValues(tree, tree.terminals()[edge.payload()], traverser, batch, deals,
                            values);
    case EdgeKind::kDecision:
      break;
  }
  values[0] = 0;  // not reached: decisions have no value of their own
  return true;
}

}  // namespace nash
