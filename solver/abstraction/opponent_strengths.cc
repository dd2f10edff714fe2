// For each board of the street: all run-outs, each swept once for all pairs and all clusters
// (ShowdownSweep::AddByCluster), and the sums turned into one byte a cluster. So a turn costs 48
// sweeps for all of its hands together, a flop 1,176.
//
// Points and opponents are summed apart and divided at the end: the share of all points that could
// be won, over all run-outs together, which weights a run-out by the opponents that it leaves. A
// cluster whose pairs all share a card with the hand is rounded to a half: no one can win or lose
// to it.
//
// A byte is exact to 1/510, and that rounding is the only one. hand_features_test.cc compares with
// every run-out and every opponent.
#include "solver/abstraction/opponent_strengths.h"

#include <mutex>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/run_outs.h"
#include "solver/abstraction/showdown_sweep.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 8;
constexpr uint64_t kLastBoardsPerStep = 256;

// A cluster of which every pair is dead counts as a tie.
uint8_t StrengthByte(uint64_t points, uint64_t opponents) {
  if (opponents == 0) return 128;
  const uint64_t points_max = 2 * opponents;
  return static_cast<uint8_t>((2 * 255 * points + points_max) / (2 * points_max));
}

struct RowSums {
  std::array<uint64_t, kOpponentClusters> points{};
  std::array<uint64_t, kOpponentClusters> opponents{};
};

// Before the flop there is one board and two million run-outs: by canonical last board instead,
// each as often as it stands for others. Rows hold all renamings of their pairs, so sums agree.
std::vector<RowSums> SumBeforeTheFlop(const HandRows& rows, const DeckShape& deck,
                                      const BoardSet& last_boards, const OpponentClusters& clusters,
                                      const BuildOptions& options) {
  std::vector<HandRow> hands;
  rows.FindHands(0, &hands);
  std::vector<RowSums> total(rows.size());
  std::mutex mutex;
  ParallelFor(
      last_boards.size(), kLastBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options.should_stop()) return;
        ShowdownSweep sweep(deck);
        ClusterSums sums;
        std::vector<RowSums> part(rows.size());
        for (uint64_t b = begin; b < end; ++b) {
          const uint64_t multiplicity = last_boards.Multiplicity(static_cast<uint32_t>(b));
          sums.Clear();
          sweep.AddByCluster(last_boards.board(static_cast<uint32_t>(b)), clusters, &sums);
          for (const HandRow& hand : hands) {
            for (int c = 0; c < kOpponentClusters; ++c) {
              part[hand.row].points[c] += multiplicity * sums.points[hand.pair()][c];
              part[hand.row].opponents[c] += multiplicity * sums.opponents[hand.pair()][c];
            }
          }
        }
        const std::lock_guard<std::mutex> lock(mutex);
        for (size_t r = 0; r < total.size(); ++r) {
          for (int c = 0; c < kOpponentClusters; ++c) {
            total[r].points[c] += part[r].points[c];
            total[r].opponents[c] += part[r].opponents[c];
          }
        }
      },
      [&](uint64_t done) {
        options.progress({"preflop strengths by opponent", done, last_boards.size()});
      });
  return total;
}

void WriteBoard(const HandRows& rows, uint32_t board, const ClusterSums& sums,
                std::vector<HandRow>* hands, uint8_t* out) {
  rows.FindHands(board, hands);
  for (const HandRow& hand : *hands) {
    uint8_t* const row = out + uint64_t{hand.row} * kOpponentClusters;
    for (int c = 0; c < kOpponentClusters; ++c) {
      row[c] = StrengthByte(sums.points[hand.pair()][c], sums.opponents[hand.pair()][c]);
    }
  }
}

}  // namespace

absl::StatusOr<HugeArray> MakeOpponentStrengths(const GameDefinition& game, int street,
                                                const HandRows& rows, const BoardSet& last_boards,
                                                const OpponentClusters& clusters,
                                                const BuildOptions& options) {
  const DeckShape deck{game.num_ranks, game.num_suits, game.ranking};
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Make(rows.size() * kOpponentClusters));
  uint8_t* const out = reinterpret_cast<uint8_t*>(memory.data());
  if (street == 0) {
    const std::vector<RowSums> sums = SumBeforeTheFlop(rows, deck, last_boards, clusters, options);
    for (size_t r = 0; r < sums.size(); ++r) {
      for (int c = 0; c < kOpponentClusters; ++c) {
        out[r * kOpponentClusters + c] = StrengthByte(sums[r].points[c], sums[r].opponents[c]);
      }
    }
  } else {
    const int num_cards = game.TotalBoardCards() - game.BoardCardsOn(street);
    const RunOuts run_outs(deck);
    ParallelFor(
        rows.boards().size(), kBoardsPerStep, options.threads,
        [&](uint64_t begin, uint64_t end) {
          ShowdownSweep sweep(deck);
          ClusterSums sums;
          std::vector<HandRow> hands;
          for (uint64_t b = begin; b < end && !options.should_stop(); ++b) {
            const uint32_t board = static_cast<uint32_t>(b);
            sums.Clear();
            run_outs.Visit(rows.boards().board(board), num_cards, [&](const RunOut& run_out) {
              sweep.AddByCluster(run_out.board, clusters, &sums);
            });
            WriteBoard(rows, board, sums, &hands, out);
          }
        },
        [&](uint64_t done) {
          options.progress({absl::StrCat(kStreetNames[street], " strengths by opponent"), done,
                            rows.boards().size()});
        });
  }
  if (options.should_stop()) return StoppedStatus();
  return memory;
}

}  // namespace nash
