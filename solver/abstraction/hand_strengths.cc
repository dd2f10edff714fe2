// From the last street backwards, one canonical board at a time:
//
//   last street   values[board][pair] = 2 * pairs beaten + pairs tied           ShowdownSweep
//   before        values[board][pair] = sum over next cards of
//                                       values[canonical next board][renamed pair]
//
// Boards that differ by the names of suits have the same values under renamed pairs, so that
// 134,459 boards of five cards stand for 2,598,960, and a sweep over a board's 1,081 pairs costs
// little more than ranking them. Each street costs one addition for every (board, next cards,
// pair).
//
// For kSquare the values are squared on their way from the last street to the one before it, and
// summed from then on: the sum of squares over complete run-outs. All stay whole numbers below 2^48
// (the full deck before the flop: 1980^2 * 46 * 47 * 19,600), so that sorting by them is exact, on
// any machine and any number of threads, and equal hands are equal.
//
// There is no opponent model in it: every pair is as likely. hand_strengths_test.cc compares with
// an enumerator that plays every run-out and every opponent (slow_strength.h),
// known_equities_test.cc with published equities.
#include "solver/abstraction/hand_strengths.h"

#include <glog/logging.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/run_outs.h"
#include "solver/abstraction/showdown_sweep.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;  // of one thread, between two reports

uint64_t Choose(uint64_t n, uint64_t k) {
  uint64_t result = 1;
  for (uint64_t i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

}  // namespace

HandStrengths::HandStrengths(const GameDefinition& game, int first_street, StrengthMoment moment)
    : deck_shape_{game.num_ranks, game.num_suits, game.ranking},
      deck_(MakeDeck(game.num_ranks, game.num_suits)),
      last_street_(game.num_streets - 1),
      moment_(moment) {
  const uint64_t cards = uint64_t(game.num_ranks) * game.num_suits;
  for (int s = last_street_; s >= first_street; --s) {
    const uint64_t seen = game.BoardCardsOn(s) + 2;
    streets_[s].boards.emplace(deck_shape_, game.BoardCardsOn(s));
    if (s == last_street_) {
      streets_[s].value_max = 2 * Choose(cards - seen, 2);
      continue;
    }
    const uint64_t next_max = streets_[s + 1].value_max;
    const bool is_squared = moment == StrengthMoment::kSquare && s + 1 == last_street_;
    streets_[s].value_max =
        next_max * (is_squared ? next_max : 1) * Choose(cards - seen, game.num_board_cards[s + 1]);
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
                                                   StrengthMoment moment,
                                                   const BuildOptions& options) {
  CHECK(IsHoldemFamily(game));
  CHECK_GE(options.threads, 1);
  HandStrengths strengths(game, first_street, moment);
  for (int s = first_street; s < game.num_streets; ++s) {
    const uint64_t value_bytes = s == game.num_streets - 1 ? sizeof(uint16_t) : sizeof(uint64_t);
    Street& street = strengths.streets_[s];
    ASSIGN_OR_RETURN(street.values, HugeArray::Make(street.boards->size() * value_bytes * kPairs));
  }
  strengths.SweepLastStreet(options);
  for (int s = game.num_streets - 2; s >= first_street; --s) {
    strengths.AverageStreet(s, game.num_board_cards[s + 1], options);
  }
  if (options.should_stop()) return StoppedStatus();
  return strengths;
}

void HandStrengths::SweepLastStreet(const BuildOptions& options) {
  const BoardSet& boards = *streets_[last_street_].boards;
  uint16_t* const values = Values<uint16_t>(last_street_);
  ParallelFor(
      boards.size(), kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options.should_stop()) return;
        ShowdownSweep sweep(deck_shape_);
        for (uint64_t i = begin; i < end; ++i) {
          sweep.Run(boards.board(i), absl::MakeSpan(values + i * kPairs, kPairs));
        }
      },
      [&](uint64_t done) {
        options.progress(
            {absl::StrCat(kStreetNames[last_street_], " strengths"), done, boards.size()});
      });
}

void HandStrengths::AverageStreet(int street, int num_cards, const BuildOptions& options) {
  const BoardSet& boards = *streets_[street].boards;
  const BoardSet& next_boards = *streets_[street + 1].boards;
  uint64_t* const values = Values<uint64_t>(street);
  const RunOuts run_outs(deck_shape_);
  const bool next_is_last = street + 1 == last_street_;
  const bool is_squared = moment_ == StrengthMoment::kSquare;
  ParallelFor(
      boards.size(), kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options.should_stop()) return;
        for (uint64_t i = begin; i < end; ++i) {
          uint64_t* const row = values + i * kPairs;
          run_outs.Visit(boards.board(i), num_cards, [&](const RunOut& run_out) {
            const size_t next = size_t{next_boards.Find(run_out.canonical)} * kPairs;
            if (!next_is_last) {
              run_out.AddValues(Values<uint64_t>(street + 1) + next, row);
            } else if (is_squared) {
              run_out.AddSquares(Values<uint16_t>(street + 1) + next, row);
            } else {
              run_out.AddValues(Values<uint16_t>(street + 1) + next, row);
            }
          });
        }
      },
      [&](uint64_t done) {
        options.progress({absl::StrCat(kStreetNames[street], " strengths"), done, boards.size()});
      });
}

}  // namespace nash
