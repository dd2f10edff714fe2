// A renaming of suits is one of 24 permutations, a group a mask of 24 bits. Of the sets of cards
// that a street may add, the least image stands for all (AddStep): a set with a smaller image is
// left out, since that image comes by itself. What is counted is images and not renamings, because
// several renamings may give the same one; those that give the set itself are the group below it,
// in which later streets go on.
//
//   Kh, group of 24    stands for 4 images; the 6 renamings that keep hearts are the group below
//
// hands_ says where a hand lies after each renaming, so that a vector over hands of one board
// serves all of its images. tests/ranges/suit_boards_test.cc has the known counts of the full deck.
#include "solver/ranges/suit_boards.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>

namespace nash {
namespace {

constexpr CardSet kCardsOfSuit0 = 0x1111111111111;

}  // namespace

SuitBoards::SuitBoards(const GameDefinition& game, bool suits_are_alike)
    : game_(game), deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  std::array<uint8_t, kSuitsMax> suits = {0, 1, 2, 3};
  const int first = kSuitsMax - game.num_suits;  // the deck's suits are the last ones
  int r = 0;
  do {
    suits_[r] = suits;
    bool is_of_deck = true;
    for (int s = 0; s < first; ++s) is_of_deck &= suits[s] == s;
    if (suits_are_alike && is_of_deck) root_group_ |= SuitGroup{1} << r;
    const auto renamed = [&](int card) { return MakeCard(RankOf(card), suits[SuitOf(card)]); };
    for (int high = 0; high < kCardsMax; ++high) {
      if (game.num_hole_cards == 1) hands_[r][HandNumber(high)] = renamed(high);
      for (int low = 0; game.num_hole_cards == 2 && low < high; ++low) {
        const Card a = renamed(low);
        const Card b = renamed(high);
        hands_[r][HandNumber(low, high)] =
            static_cast<uint16_t>(HandNumber(std::min(a, b), std::max(a, b)));
      }
    }
    ++r;
  } while (std::next_permutation(suits.begin(), suits.end()));
  CHECK_EQ(r, kSuitRenamings);
}

CardSet SuitBoards::Rename(CardSet cards, int renaming) const {
  CardSet out = 0;
  for (int s = 0; s < kSuitsMax; ++s) {
    out |= (cards >> s & kCardsOfSuit0) << suits_[renaming][s];
  }
  return out;
}

void SuitBoards::FindSteps(CardSet board, SuitGroup group, int num_cards,
                           std::vector<BoardStep>* steps) const {
  steps->clear();
  AddSteps(board, group, num_cards, 0, 0, steps);
}

void SuitBoards::AddSteps(CardSet board, SuitGroup group, int cards_left, size_t next,
                          CardSet chosen, std::vector<BoardStep>* steps) const {
  if (cards_left == 0) {
    AddStep(chosen, group, steps);
    return;
  }
  for (size_t i = next; i < deck_.size(); ++i) {
    const CardSet card = SetOf(deck_[i]);
    if ((board & card) == 0) {
      AddSteps(board, group, cards_left - 1, i + 1, chosen | card, steps);
    }
  }
}

// The least of its images stands for all.
void SuitBoards::AddStep(CardSet chosen, SuitGroup group, std::vector<BoardStep>* steps) const {
  BoardStep step;
  step.cards = chosen;
  std::array<CardSet, kSuitRenamings> images;
  for (SuitGroup left = group; left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    const CardSet image = Rename(chosen, r);
    if (image < chosen) return;
    if (image == chosen) step.group |= SuitGroup{1} << r;
    const auto end = images.begin() + step.num_images;
    if (std::find(images.begin(), end, image) != end) continue;
    images[step.num_images] = image;
    step.images[step.num_images++] = static_cast<uint8_t>(r);
  }
  steps->push_back(step);
}

std::vector<uint64_t> SuitBoards::CountBoards() const {
  std::vector<uint64_t> counts(game_.num_streets);
  CountBelow(0, root_group_, 0, &counts);
  return counts;
}

void SuitBoards::CountBelow(CardSet board, SuitGroup group, size_t street,
                            std::vector<uint64_t>* counts) const {
  std::vector<BoardStep> steps;
  FindSteps(board, group, game_.num_board_cards[street], &steps);
  (*counts)[street] += steps.size();
  if (street + 1 == counts->size()) return;
  for (const BoardStep& step : steps) {
    CountBelow(board | step.cards, step.group, street + 1, counts);
  }
}

}  // namespace nash
