// Lossless classes of small games, by enumeration: which (hole cards, boards by street) of one
// player cannot be told apart by any rule of the game. With imperfect recall the board is one set,
// whatever street its cards came on.
//
// A player who sees fewer than five cards in the whole game can make neither a straight nor a
// flush, so only ranks count there; otherwise two hands are one class when a renaming of suits
// turns one into the other. Memory: 4 bytes a raw hand. Immutable once built, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_SMALL_DECK_CLASSES_H_
#define NASHVILLE_SOLVER_ABSTRACTION_SMALL_DECK_CLASSES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {

// (hole cards, boards by street) of one street; 64 MiB of table.
inline constexpr uint64_t kRawHandsMax = uint64_t{1} << 24;

class SmallDeckClasses {
 public:
  // Classes of `street`. Error: ResourceExhausted where the deck is too large to enumerate.
  static absl::StatusOr<SmallDeckClasses> Build(const GameDefinition& game, int street,
                                                BoardRecall recall = BoardRecall::kPerfect);

  uint32_t num_classes() const { return static_cast<uint32_t>(representatives_.size()); }
  // cards: the hole cards, then the board in the order it is dealt, up to this street; all of the
  // game's deck and distinct. The order within a street's cards does not matter.
  uint32_t ClassOf(absl::Span<const Card> cards) const { return classes_[RawIndex(cards)]; }
  // slots: [num_cards()] arrays of [n] cards, the k-th cards of n hands. classes: [n], written.
  void FindClasses(const Card* const* slots, int n, uint32_t* classes) const;
  // Of hands of one board. board: the cards dealt by this street. low, high: [n] hole cards; of
  // hands of one card both are that card. classes: [n], written.
  void FindClasses(absl::Span<const Card> board, absl::Span<const Card> low,
                   absl::Span<const Card> high, absl::Span<uint32_t> classes) const;
  int num_cards() const { return num_cards_; }
  // One hand of a class: [num_cards()] cards.
  std::vector<Card> Representative(uint32_t class_index) const;
  uint64_t bytes() const { return (classes_.size() + representatives_.size()) * sizeof(uint32_t); }
  // "K|Q" where only ranks count, else "KhQh|Qs".
  std::string Name(uint32_t class_index) const;

 private:
  // Cards that are dealt together: order does not matter within a group.
  struct Group {
    int num_cards;
    uint32_t num_sets;  // of the deck
  };

  SmallDeckClasses(const GameDefinition& game, int street, BoardRecall recall);
  // [sum of group sizes] cards to a number below num_raw_, and back. Sorts nothing in place.
  uint32_t RawIndex(absl::Span<const Card> cards) const;
  std::vector<Card> RawCards(uint32_t raw) const;
  void EnumerateBySuits();
  void EnumerateByRanks();
  uint32_t SetRank(const Card* const* slots, int deal, int num_cards) const;

  int num_ranks_;
  int num_suits_;
  bool only_ranks_count_;
  std::vector<Card> deck_;
  std::array<uint8_t, kCardsMax> deck_places_{};  // of the deck's cards
  std::vector<Group> groups_;
  int num_cards_ = 0;
  uint64_t num_raw_ = 1;
  std::array<std::array<uint32_t, kBoardCardsMax + 1>, kCardsMax + 1> choose_;
  std::vector<uint32_t> classes_;          // by raw index
  std::vector<uint32_t> representatives_;  // by class: its lowest raw index
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_SMALL_DECK_CLASSES_H_
