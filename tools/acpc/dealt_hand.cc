#include "tools/acpc/dealt_hand.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/game/betting_text.h"
#include "solver/game/deal.h"

namespace nash {

MatchState DealHand(const GameDefinition& game, uint64_t seed, uint32_t hand) {
  CardBatch cards(game.CardsPerDeal(), 1);
  DrawCards(game, {seed, UINT64_MAX, UINT32_MAX}, hand, 1, &cards);
  MatchState all;
  all.hand = hand;
  int slot = 0;
  for (int p = 0; p < game.num_players; ++p) {
    for (int h = 0; h < game.num_hole_cards; ++h) all.holes[p].push_back(*cards.slot(slot++));
  }
  for (int b = 0; b < game.TotalBoardCards(); ++b) all.board.push_back(*cards.slot(slot++));
  return all;
}

std::string FormatLogState(const GameDefinition& game, const MatchState& all_cards,
                           absl::Span<const std::string> names) {
  const std::vector<double> values = HandValues(game, all_cards);
  MatchState shown = all_cards;
  shown.board.resize(BoardCardsShown(game, all_cards.actions));
  const std::string line = FormatMatchState(game, shown);
  const std::string cards = line.substr(line.rfind(':') + 1);
  std::string chips, joined;
  for (int p = 0; p < game.num_players; ++p) {
    const char* const bar = p == 0 ? "" : "|";
    absl::StrAppend(&chips, bar, FormatChips(values[p]));
    absl::StrAppend(&joined, bar, names[p]);
  }
  return absl::StrCat("STATE:", all_cards.hand, ":", FormatBetting(game, all_cards.actions), ":",
                      cards, ":", chips, ":", joined);
}

}  // namespace nash
