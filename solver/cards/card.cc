#include "solver/cards/card.h"

#include "absl/strings/str_cat.h"

namespace nash {
namespace {
constexpr absl::string_view kRankLetters = "23456789TJQKA";
constexpr absl::string_view kSuitLetters = "cdhs";
}  // namespace

std::string CardName(Card card) { return {kRankLetters[RankOf(card)], kSuitLetters[SuitOf(card)]}; }

std::string CardNames(absl::Span<const Card> cards) {
  std::string out;
  for (Card card : cards) out += CardName(card);
  return out;
}

absl::StatusOr<std::vector<Card>> ParseCards(absl::string_view names) {
  if (names.size() % 2 != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", names, "\": cards are a rank and a suit letter each, as in AhKd"));
  }
  std::vector<Card> cards;
  for (size_t i = 0; i < names.size(); i += 2) {
    const size_t rank = kRankLetters.find(names[i]);
    const size_t suit = kSuitLetters.find(names[i + 1]);
    if (rank == absl::string_view::npos || suit == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", names.substr(i, 2), "\" in \"", names,
                       "\" is no card: ranks are 23456789TJQKA, suits cdhs"));
    }
    cards.push_back(MakeCard(static_cast<int>(rank), static_cast<int>(suit)));
  }
  return cards;
}

std::vector<Card> MakeDeck(int num_ranks, int num_suits) {
  std::vector<Card> deck;
  for (int rank = kRanksMax - num_ranks; rank < kRanksMax; ++rank) {
    for (int suit = kSuitsMax - num_suits; suit < kSuitsMax; ++suit) {
      deck.push_back(MakeCard(rank, suit));
    }
  }
  return deck;
}

}  // namespace nash
