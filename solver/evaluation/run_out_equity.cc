// Equities are counts: over the boards that may come, of a win two halves, of a tie one, and of
// boards that leave both hands possible. Counting is the same loop for boards that are enumerated
// and for those that are drawn; FindStrengths() ranks all hands of a board together, which is what
// makes it fast.
//
// Before the flop 1,712,304 boards may come. There each hand of the hero is counted once over
// boards that are drawn, and only those whose suits are in their first names: the deck is the same
// for all suits, so that a pair of hands with other suits has the equity of the pair renamed. 169
// times 4,000 boards take seconds; an equity is then off by about 0.5 / sqrt(4,000), or 0.8 of a
// hundredth.
#include "solver/evaluation/run_out_equity.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/rng.h"
#include "solver/cards/combinations.h"
#include "solver/evaluation/board_fill.h"

namespace nash {
namespace {

// Keeps these boards apart from all others of one seed.
constexpr uint64_t kRunOutRound = (uint64_t{1} << 40) + 1;

int NumberOf(absl::Span<const Card> hole) {
  return hole.size() == 1 ? HandNumber(hole[0]) : HandNumber(hole[0], hole[1]);
}

// Suits renamed so that hands that differ by names of suits only become one: those of the hand come
// first, in the order of its cards.
class SuitNames {
 public:
  explicit SuitNames(absl::Span<const Card> hole) {
    names_.fill(kNone);
    for (Card card : hole) Name(SuitOf(card));
    for (int suit = 0; suit < kSuitsMax; ++suit) Name(suit);
  }
  // The number of a hand by its new name.
  int NumberOf(Card low, Card high) const {
    const Card a = Renamed(low);
    const Card b = Renamed(high);
    if (low == high) return HandNumber(a);
    return HandNumber(std::min(a, b), std::max(a, b));
  }

 private:
  static constexpr int kNone = -1;
  void Name(int suit) {
    if (names_[suit] == kNone) names_[suit] = next_++;
  }
  Card Renamed(Card card) const { return MakeCard(RankOf(card), names_[SuitOf(card)]); }

  std::array<int, kSuitsMax> names_;
  int next_ = 0;
};

}  // namespace

RunOutEquity::Workspace::Workspace(const GameDefinition& game)
    : hands_(MakeDeck(game.num_ranks, game.num_suits), game.num_hole_cards),
      strengths_(kRangeHandsMax),
      half_wins_(kRangeHandsMax),
      boards_(kRangeHandsMax) {}

RunOutEquity::RunOutEquity(const GameDefinition& game, const CardModel& cards, uint64_t seed)
    : game_(game), cards_(cards), seed_(seed), deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  CHECK_LE(game.num_hole_cards, kRangeHoleCardsMax);
}

bool RunOutEquity::IsExact(int street) const {
  const int to_come = game_.TotalBoardCards() - game_.BoardCardsOn(street);
  const int left =
      static_cast<int>(deck_.size()) - game_.num_hole_cards - game_.BoardCardsOn(street);
  return Choose(left, to_come) <= kRunOutsMax;
}

// The deck as it is has the suits 0 to 3; one of fewer suits has the last ones, so that a renamed
// hand need not be in it: hands of such games are each counted as they are.
void RunOutEquity::Prepare(ThreadPool* pool) {
  if (IsExact(0)) return;
  first_street_.resize(kRangeHandsMax);
  const bool are_renamed = cards_.SuitsAreAlike() && game_.num_suits == kSuitsMax;
  const BoardHands hands(deck_, game_.num_hole_cards);
  std::vector<int> positions;
  for (int i = 0; i < hands.size(); ++i) {
    const std::array<Card, 2> hole = {hands.low()[i], hands.high()[i]};
    const SuitNames names(absl::MakeConstSpan(hole.data(), game_.num_hole_cards));
    if (are_renamed && names.NumberOf(hole[0], hole[1]) != hands.numbers()[i]) continue;
    positions.push_back(i);
  }
  std::vector<Workspace> workspaces(pool->num_threads(), Workspace(game_));
  pool->ForEach(positions.size(), [&](size_t k, int thread) {
    const int i = positions[k];
    const std::array<Card, 2> hole = {hands.low()[i], hands.high()[i]};
    Workspace& work = workspaces[thread];
    Count(0, {}, absl::MakeConstSpan(hole.data(), game_.num_hole_cards), &work);
    std::vector<float>& equities = first_street_[hands.numbers()[i]];
    equities.resize(kRangeHandsMax);
    for (int number = 0; number < kRangeHandsMax; ++number) {
      if (work.boards_[number] == 0) continue;
      equities[number] = 0.5f * work.half_wins_[number] / work.boards_[number];
    }
  });
}

// The own hand is ranked among all; those that share a card with it are counted, and asked for by
// no one.
void RunOutEquity::CountBoard(int own_number, Workspace* work) const {
  CardSet dead = 0;
  for (Card card : work->board_) dead |= SetOf(card);
  work->hands_.Set(dead);
  const int n = work->hands_.size();
  cards_.FindStrengths(work->board_, work->hands_, absl::MakeSpan(work->strengths_).subspan(0, n));
  const int32_t own = work->strengths_[work->hands_.PositionOf(own_number)];
  const absl::Span<const uint16_t> numbers = work->hands_.numbers();
  for (int i = 0; i < n; ++i) {
    const int32_t strength = work->strengths_[i];
    work->half_wins_[numbers[i]] += (own > strength) + (own >= strength);
    ++work->boards_[numbers[i]];
  }
}

void RunOutEquity::Count(int street, absl::Span<const Card> board, absl::Span<const Card> hole,
                         Workspace* work) const {
  std::fill(work->half_wins_.begin(), work->half_wins_.end(), 0);
  std::fill(work->boards_.begin(), work->boards_.end(), 0);
  CardSet dead = 0;
  for (Card card : board) dead |= SetOf(card);
  for (Card card : hole) dead |= SetOf(card);
  std::vector<Card>& left = work->deck_;
  left.clear();
  for (Card card : deck_) {
    if ((dead & SetOf(card)) == 0) left.push_back(card);
  }
  const int known = static_cast<int>(board.size());
  const int to_come = game_.TotalBoardCards() - known;
  work->board_.assign(board.begin(), board.end());
  work->board_.resize(known + to_come);
  if (IsExact(street)) {
    ForEachFill(left, absl::MakeSpan(work->board_).subspan(known),
                [&] { CountBoard(NumberOf(hole), work); });
    return;
  }
  for (uint32_t index = 0; index < kDrawnRunOuts; ++index) {
    DrawFill(
        game_, street, absl::MakeSpan(left),
        [&](int i) {
          return Draw({seed_, kRunOutRound, 0}, DrawPurpose::kEvaluation, index, i);
        },
        absl::MakeSpan(work->board_));
    CountBoard(NumberOf(hole), work);
  }
}

void RunOutEquity::Find(int street, absl::Span<const Card> board, absl::Span<const Card> hole,
                        const BoardHands& hands, absl::Span<float> equities,
                        Workspace* work) const {
  if (street == 0 && !first_street_.empty()) {
    const SuitNames names(hole);
    const bool is_own = !first_street_[NumberOf(hole)].empty();
    const int own = is_own ? NumberOf(hole) : names.NumberOf(hole[0], hole.back());
    for (int i = 0; i < hands.size(); ++i) {
      const int number =
          is_own ? hands.numbers()[i] : names.NumberOf(hands.low()[i], hands.high()[i]);
      equities[i] = first_street_[own][number];
    }
    return;
  }
  Count(street, board, hole, work);
  for (int i = 0; i < hands.size(); ++i) {
    const int number = hands.numbers()[i];
    DCHECK_GT(work->boards_[number], 0);
    equities[i] = 0.5f * work->half_wins_[number] / work->boards_[number];
  }
}

}  // namespace nash
