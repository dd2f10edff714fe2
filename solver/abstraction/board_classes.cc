// A board is described by what it does to hole cards: for each of the 169 classes the mean strength
// of its pairs that the board leaves. Scaled by the class's size over 12, the largest, the sum of
// absolute differences of two boards is how differently a random hand fares on them.
//
// Rows are rounded to bytes once, here, from exact sums; a class of which the board leaves no pair
// counts as a half. Everything after that is the clustering that hands go through, too.
#include "solver/abstraction/board_classes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/cards/preflop_class.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;
constexpr uint64_t kClassHandsMax = 12;
static_assert(kPreflopClasses <= kBoardRowBytes);

}  // namespace

std::vector<uint8_t> BoardRow(const HandStrengths& strengths, int street, uint32_t board) {
  std::array<uint64_t, kPreflopClasses> sums{};
  std::array<uint64_t, kPreflopClasses> counts{};
  LivePairs pairs;
  pairs.Find(strengths.deck(), strengths.boards(street).board(board));
  for (int i = 0; i < pairs.size(); ++i) {
    const int c = PreflopClassOf(pairs.low[i], pairs.high[i]);
    sums[c] += strengths.Value(street, board, PairIndex(pairs.low[i], pairs.high[i]));
    ++counts[c];
  }
  std::vector<uint8_t> row(kBoardRowBytes);
  for (int c = 0; c < kPreflopClasses; ++c) {
    const uint64_t scale = 255 * PreflopClassHands(c);
    const unsigned __int128 whole =
        counts[c] == 0 ? 2 : static_cast<unsigned __int128>(counts[c]) * strengths.ValueMax(street);
    const unsigned __int128 part = counts[c] == 0 ? 1 : sums[c];
    const unsigned __int128 divisor = 2 * kClassHandsMax * whole;
    row[c] = static_cast<uint8_t>((2 * scale * part + kClassHandsMax * whole) / divisor);
  }
  return row;
}

absl::StatusOr<std::vector<uint16_t>> ClassifyBoards(const HandStrengths& strengths, int street,
                                                     const ClusterTask& task,
                                                     const BuildOptions& options,
                                                     ClusterJournal* journal) {
  const BoardSet& boards = strengths.boards(street);
  std::vector<uint8_t> rows(size_t{boards.size()} * kBoardRowBytes);
  std::vector<uint8_t> weights(boards.size());
  ParallelFor(
      boards.size(), kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        for (uint64_t b = begin; b < end && !options.should_stop(); ++b) {
          const uint32_t board = static_cast<uint32_t>(b);
          const std::vector<uint8_t> row = BoardRow(strengths, street, board);
          std::copy(row.begin(), row.end(), rows.begin() + b * kBoardRowBytes);
          weights[b] = static_cast<uint8_t>(boards.Multiplicity(board));
        }
      },
      [&](uint64_t done) {
        options.progress({absl::StrCat(kStreetNames[street], " textures"), done, boards.size()});
      });
  if (options.should_stop()) return StoppedStatus();
  ClusterTask board_task = task;
  board_task.rows = {rows.data(), weights.data(), boards.size(), kBoardRowBytes};
  board_task.metric = RowMetric::kAbsolute192;
  ASSIGN_OR_RETURN(Clusters clusters, Cluster(board_task, options, journal));
  return std::move(clusters.assigned);
}

}  // namespace nash
