// MultiwayValue(): what the end of a hand pays.
//
// No pots are kept while a hand is played. They follow from what each player has put in: levels of
// the players in the hand cut all chips into layers, and each layer is won by the strongest of
// those who paid it in full. A layer that only one player paid comes back to that player, which is
// how an uncalled bet is returned. Dead chips are a layer of their own, at the bottom, which
// everyone in the hand has paid for. Odd chips are split exactly, as fractions, where a casino
// would give them to a seat: values are expectations.
#include <glog/logging.h>

#include <algorithm>

#include "solver/game/public_tree.h"

namespace nash {

double MultiwayValue(const GameDefinition& game, const MultiwayTerminal& terminal, int player,
                     absl::Span<const int32_t> strengths) {
  const int num_players = static_cast<int>(strengths.size());
  DCHECK_LE(num_players, kPlayersMax);
  const auto in_hand = [&](int p) { return (terminal.in_hand >> p & 1) != 0; };
  const int32_t own_chips = terminal.spent_chips[player];
  double value = -own_chips - game.dead_chips[player];
  if (!in_hand(player)) return value;

  if (const int64_t dead_chips = game.DeadChips(); dead_chips > 0) {
    int num_winners = 0;
    bool wins = true;
    for (int p = 0; p < num_players; ++p) {
      if (!in_hand(p)) continue;
      wins &= strengths[p] <= strengths[player];
      num_winners += strengths[p] == strengths[player];
    }
    if (wins) value += static_cast<double>(dead_chips) / num_winners;
  }

  // A pot is what lies between two neighbouring levels of the contributions of those in the hand;
  // folded chips fill the pots from the bottom. `player` competes up to its own level.
  int32_t from_chips = 0;
  while (from_chips < own_chips) {
    int32_t to_chips = own_chips;
    for (int p = 0; p < num_players; ++p) {
      const int32_t chips = terminal.spent_chips[p];
      if (in_hand(p) && chips > from_chips) to_chips = std::min(to_chips, chips);
    }
    int64_t pot_chips = 0;
    int num_winners = 0;
    bool wins = true;
    for (int p = 0; p < num_players; ++p) {
      pot_chips += std::clamp(terminal.spent_chips[p], from_chips, to_chips) - from_chips;
      if (!in_hand(p) || terminal.spent_chips[p] < to_chips) continue;
      wins &= strengths[p] <= strengths[player];
      num_winners += strengths[p] == strengths[player];
    }
    if (wins) value += static_cast<double>(pot_chips) / num_winners;
    from_chips = to_chips;
  }
  return value;
}

}  // namespace nash
