// Each card is a query of its own (DecisionViewer::At()), 52 at most, and all of them read the same
// nodes: the card changes buckets and not the way through the tree. Cards that the board has
// already are left out; cards of players are not known here. tests/tools/browse_test.sh asks for
// each decision by itself and compares.
#include "tools/inspection/next_cards.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/street_names.h"
#include "tools/inspection/inspected_run.h"

namespace nash {

absl::StatusOr<std::vector<NextCard>> NextCardsOf(const DecisionViewer& viewer,
                                                  const std::string& betting,
                                                  absl::string_view board) {
  const PublicTree& tree = viewer.run().tree();
  const GameDefinition& game = tree.game();
  ASSIGN_OR_RETURN(const NodeIndex node, FindNode(tree, betting));
  const int street = tree.nodes()[node].street;
  if (game.num_board_cards[street] != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--betting=", betting, ": the ", kStreetNames[street], " brings ",
                     game.num_board_cards[street], " cards, not one"));
  }
  // At() says what is wrong with the cards before, once the last one is there.
  const size_t before = 2 * (game.BoardCardsOn(street) - 1);
  std::vector<NextCard> cards;
  for (const Card card : MakeDeck(game.num_ranks, game.num_suits)) {
    const std::string prefix(board.substr(0, before));
    const absl::StatusOr<std::vector<Card>> dealt = ParseCards(prefix);
    if (dealt.ok() && std::count(dealt->begin(), dealt->end(), card) != 0) continue;
    ASSIGN_OR_RETURN(Decision decision, viewer.At(betting, absl::StrCat(prefix, CardName(card))));
    cards.push_back({card, std::move(decision.mean)});
  }
  return cards;
}

}  // namespace nash
