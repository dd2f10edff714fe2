#include "solver/abstraction/hand_strengths.h"

#include <glog/logging.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/showdown_sweep.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;  // of one thread, between two reports
constexpr int kRenamingKeys = 256;

uint64_t Choose(uint64_t n, uint64_t k) {
  uint64_t result = 1;
  for (uint64_t i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

// Where each pair goes under each renaming of suits.
class PairRenamings {
 public:
  PairRenamings() : pairs_(size_t{kRenamingKeys} * kPairs) {
    SuitRenaming renaming;
    do {
      uint16_t* const row = &pairs_[size_t(renaming.Key()) * kPairs];
      for (int b = 1; b < kCardsMax; ++b) {
        for (int a = 0; a < b; ++a) {
          row[PairIndex(a, b)] = static_cast<uint16_t>(PairIndex(renaming(a), renaming(b)));
        }
      }
    } while (std::next_permutation(renaming.to.begin(), renaming.to.end()));
  }
  // [kPairs]
  const uint16_t* Of(const SuitRenaming& renaming) const {
    return &pairs_[size_t(renaming.Key()) * kPairs];
  }

 private:
  std::vector<uint16_t> pairs_;
};

// One board and the sums over its run-outs.
template <typename Value>
class RunOuts {
 public:
  RunOuts(const DeckShape& deck, const PairRenamings& renamings,
          const std::function<const Value*(CardSet)>& row_of, absl::Span<uint64_t> row)
      : deck_(deck),
        cards_(MakeDeck(deck.num_ranks, deck.num_suits)),
        renamings_(renamings),
        row_of_(row_of),
        row_(row) {}

  // Every way to add `num_cards` cards from deck place `next` on.
  void Add(CardSet board, int num_cards, size_t next) {
    if (num_cards == 0) return AddFull(board);
    for (size_t i = next; i < cards_.size(); ++i) {
      if ((board & SetOf(cards_[i])) == 0) Add(board | SetOf(cards_[i]), num_cards - 1, i + 1);
    }
  }

 private:
  void AddFull(CardSet board) {
    const SuitRenaming renaming = CanonicalRenaming(board, deck_);
    const Value* const values = row_of_(Rename(board, renaming));
    const uint16_t* const renamed = renamings_.Of(renaming);
    for (int pair = 0; pair < kPairs; ++pair) row_[pair] += values[renamed[pair]];
  }

  const DeckShape deck_;
  const std::vector<Card> cards_;
  const PairRenamings& renamings_;
  const std::function<const Value*(CardSet)>& row_of_;
  const absl::Span<uint64_t> row_;
};

}  // namespace

std::string HoldemStreetName(int street) {
  constexpr const char* kNames[kStreetsMax] = {"preflop", "flop", "turn", "river"};
  return kNames[street];
}

template <typename Value>
void AddRunOuts(const DeckShape& deck, CardSet board, int num_cards,
                const std::function<const Value*(CardSet)>& row_of, absl::Span<uint64_t> row) {
  const PairRenamings renamings;
  RunOuts<Value>(deck, renamings, row_of, row).Add(board, num_cards, 0);
}

template void AddRunOuts<uint16_t>(const DeckShape&, CardSet, int,
                                   const std::function<const uint16_t*(CardSet)>&,
                                   absl::Span<uint64_t>);
template void AddRunOuts<uint64_t>(const DeckShape&, CardSet, int,
                                   const std::function<const uint64_t*(CardSet)>&,
                                   absl::Span<uint64_t>);

HandStrengths::HandStrengths(const GameDefinition& game, int first_street)
    : deck_shape_{game.num_ranks, game.num_suits},
      deck_(MakeDeck(game.num_ranks, game.num_suits)),
      last_street_(game.num_streets - 1) {
  const uint64_t cards = uint64_t(game.num_ranks) * game.num_suits;
  for (int s = last_street_; s >= first_street; --s) {
    const uint64_t seen = game.BoardCardsOn(s) + 2;
    streets_[s].boards.emplace(deck_shape_, game.BoardCardsOn(s));
    streets_[s].value_max =
        s == last_street_
            ? 2 * Choose(cards - seen, 2)
            : streets_[s + 1].value_max * Choose(cards - seen, game.num_board_cards[s + 1]);
  }
}

uint64_t HandStrengths::BytesNeeded(const GameDefinition& game, int first_street) {
  // Canonical boards of 0 to 5 cards of a full deck; smaller decks have fewer.
  constexpr std::array<uint64_t, 6> kBoards = {1, 13, 117, 1755, 16432, 134459};
  uint64_t bytes = 0;
  for (int s = first_street; s < game.num_streets; ++s) {
    const uint64_t value_bytes = s == game.num_streets - 1 ? sizeof(uint16_t) : sizeof(uint64_t);
    bytes += kBoards[game.BoardCardsOn(s)] * (kPairs * value_bytes + sizeof(CardSet));
  }
  return bytes;
}

absl::StatusOr<HandStrengths> HandStrengths::Build(const GameDefinition& game, int first_street,
                                                   int threads, const ProgressCallback& progress) {
  CHECK(IsHoldemFamily(game));
  CHECK_GE(threads, 1);
  HandStrengths strengths(game, first_street);
  for (int s = first_street; s < game.num_streets; ++s) {
    const uint64_t value_bytes = s == game.num_streets - 1 ? sizeof(uint16_t) : sizeof(uint64_t);
    Street& street = strengths.streets_[s];
    ASSIGN_OR_RETURN(street.values, HugeArray::Make(street.boards->size() * value_bytes * kPairs));
  }
  strengths.SweepLastStreet(threads, progress);
  for (int s = game.num_streets - 2; s >= first_street; --s) {
    const int num_cards = game.num_board_cards[s + 1];
    if (s + 1 == game.num_streets - 1) {
      strengths.AverageStreet<uint16_t>(s, num_cards, threads, progress);
    } else {
      strengths.AverageStreet<uint64_t>(s, num_cards, threads, progress);
    }
  }
  return strengths;
}

void HandStrengths::SweepLastStreet(int threads, const ProgressCallback& progress) {
  const BoardSet& boards = *streets_[last_street_].boards;
  uint16_t* const values = Values<uint16_t>(last_street_);
  ParallelFor(
      boards.size(), kBoardsPerStep, threads,
      [&](uint64_t begin, uint64_t end) {
        ShowdownSweep sweep(deck_shape_);
        for (uint64_t i = begin; i < end; ++i) {
          sweep.Run(boards.board(i), absl::MakeSpan(values + i * kPairs, kPairs));
        }
      },
      [&](uint64_t done) {
        progress({HoldemStreetName(last_street_) + " strengths", done, boards.size()});
      });
}

template <typename Value>
void HandStrengths::AverageStreet(int street, int num_cards, int threads,
                                  const ProgressCallback& progress) {
  const BoardSet& boards = *streets_[street].boards;
  const BoardSet& next_boards = *streets_[street + 1].boards;
  const Value* const next_values = Values<Value>(street + 1);
  uint64_t* const values = Values<uint64_t>(street);
  const PairRenamings renamings;
  const std::function<const Value*(CardSet)> row_of = [&](CardSet board) {
    return next_values + size_t{next_boards.Find(board)} * kPairs;
  };
  ParallelFor(
      boards.size(), kBoardsPerStep, threads,
      [&](uint64_t begin, uint64_t end) {
        for (uint64_t i = begin; i < end; ++i) {
          RunOuts<Value> run_outs(deck_shape_, renamings, row_of,
                                  absl::MakeSpan(values + i * kPairs, kPairs));
          run_outs.Add(boards.board(i), num_cards, 0);
        }
      },
      [&](uint64_t done) {
        progress({HoldemStreetName(street) + " strengths", done, boards.size()});
      });
}

}  // namespace nash
