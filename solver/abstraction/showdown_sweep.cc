// On one board, pairs in order of strength, a tie at a time:
//
//   weakest [passed: below ........ ][ tie ][ not yet reached ] strongest
//
// A pair beats all that was passed, less those that hold one of its two cards, since these cannot
// be dealt against it: below - below_with[low] - below_with[high]. Nothing is taken off twice, for
// the only pair that holds both cards is the pair itself, and that is not passed yet. Within the
// tie it is, and so it is taken off twice and counted once: hence the + 1. That makes a board
// linear in its pairs, where asking pair against pair is quadratic.
//
// Sorting is two passes of counting sort, seven bits each, over the strength's bits of (strength,
// place) keys. Places of equals do not matter, and nothing allocates after the first board.
//
// AddByCluster() is the same sweep with a vector of eight counts where SweepUp() has one, a lane
// for each cluster of opponents; and it counts the opponents met, as these differ by cluster.
// showdown_sweep_test.cc plays every showdown of many boards one by one.
#include "solver/abstraction/showdown_sweep.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {
namespace {

constexpr int kPlaceBits = 11;     // C(49, 2) = 1176 live pairs at most
constexpr int kStrengthBits = 13;  // ranks go up to 7462
constexpr int kDigitBits = 7;
static_assert(kPlaceBits + kStrengthBits <= 32);

}  // namespace

void ShowdownSweep::Run(CardSet board, absl::Span<uint16_t> row) {
  DCHECK_EQ(row.size(), static_cast<size_t>(kPairs));
  std::fill(row.begin(), row.end(), uint16_t{0});
  RankPairs(board);
  SortByStrength();
  SweepUp(row);
}

void ShowdownSweep::RankPairs(CardSet board) {
  pairs_.clear();
  keys_.clear();
  HandKey board_key;
  live_.clear();
  for (Card card : deck_) {
    if ((board & SetOf(card)) != 0) {
      board_key.Add(card);
    } else {
      live_.push_back(card);
    }
  }
  for (size_t i = 0; i < live_.size(); ++i) {
    const HandKey with_high = board_key.With(live_[i]);
    for (size_t j = 0; j < i; ++j) {
      const uint32_t strength = ranker_.Rank(with_high.With(live_[j]));
      keys_.push_back(strength << kPlaceBits | static_cast<uint32_t>(pairs_.size()));
      pairs_.push_back({live_[j], live_[i]});
    }
  }
}

// Two stable counting passes. Places within a tie do not matter to the sweep.
void ShowdownSweep::SortByStrength() {
  other_.resize(keys_.size());
  for (int shift = kPlaceBits; shift < kPlaceBits + kStrengthBits; shift += kDigitBits) {
    std::array<uint32_t, 1 << kDigitBits> starts{};
    constexpr uint32_t kDigitMask = (1 << kDigitBits) - 1;
    for (uint32_t key : keys_) ++starts[(key >> shift) & kDigitMask];
    uint32_t sum = 0;
    for (uint32_t& start : starts) {
      const uint32_t count = start;
      start = sum;
      sum += count;
    }
    for (uint32_t key : keys_) other_[starts[(key >> shift) & kDigitMask]++] = key;
    keys_.swap(other_);
  }
}

void ShowdownSweep::SweepUp(absl::Span<uint16_t> row) {
  constexpr uint32_t kPlaceMask = (1 << kPlaceBits) - 1;
  // Pairs already passed, in total and by card they hold; then the same of the current tie.
  std::array<uint16_t, kCardsMax> below_with{};
  std::array<uint16_t, kCardsMax> tied_with{};
  int below = 0;
  for (size_t begin = 0; begin < keys_.size();) {
    const uint32_t strength = keys_[begin] >> kPlaceBits;
    size_t end = begin;
    for (; end < keys_.size() && keys_[end] >> kPlaceBits == strength; ++end) {
      const Pair pair = pairs_[keys_[end] & kPlaceMask];
      ++tied_with[pair.low];
      ++tied_with[pair.high];
    }
    const int tied = static_cast<int>(end - begin);
    for (size_t i = begin; i < end; ++i) {
      const Pair pair = pairs_[keys_[i] & kPlaceMask];
      const int wins = below - below_with[pair.low] - below_with[pair.high];
      // The hand itself was taken off twice and never counted against itself: hence + 1.
      const int ties = tied - tied_with[pair.low] - tied_with[pair.high] + 1;
      row[PairIndex(pair.low, pair.high)] = static_cast<uint16_t>(2 * wins + ties);
    }
    for (size_t i = begin; i < end; ++i) {
      const Pair pair = pairs_[keys_[i] & kPlaceMask];
      below_with[pair.low] += tied_with[pair.low];
      tied_with[pair.low] = 0;
      below_with[pair.high] += tied_with[pair.high];
      tied_with[pair.high] = 0;
    }
    below += tied;
    begin = end;
  }
}

void ShowdownSweep::AddByCluster(CardSet board, const OpponentClusters& clusters,
                                 ClusterSums* sums) {
  constexpr uint32_t kPlaceMask = (1 << kPlaceBits) - 1;
  RankPairs(board);
  SortByStrength();
  // As in SweepUp(), by cluster. `all` counts every pair, passed or not.
  std::array<ClusterCounts, kCardsMax> below_with{};
  std::array<ClusterCounts, kCardsMax> tied_with{};
  std::array<ClusterCounts, kCardsMax> all_with{};
  ClusterCounts below{};
  ClusterCounts all{};
  std::array<ClusterCounts, kOpponentClusters> units{};
  for (int c = 0; c < kOpponentClusters; ++c) units[c][c] = 1;
  for (const Pair& pair : pairs_) {
    const ClusterCounts& own = units[clusters[PairIndex(pair.low, pair.high)]];
    all += own;
    all_with[pair.low] += own;
    all_with[pair.high] += own;
  }
  for (size_t begin = 0; begin < keys_.size();) {
    const uint32_t strength = keys_[begin] >> kPlaceBits;
    ClusterCounts tied{};
    size_t end = begin;
    for (; end < keys_.size() && keys_[end] >> kPlaceBits == strength; ++end) {
      const Pair pair = pairs_[keys_[end] & kPlaceMask];
      const ClusterCounts& own = units[clusters[PairIndex(pair.low, pair.high)]];
      tied += own;
      tied_with[pair.low] += own;
      tied_with[pair.high] += own;
    }
    for (size_t i = begin; i < end; ++i) {
      const Pair pair = pairs_[keys_[i] & kPlaceMask];
      const int index = PairIndex(pair.low, pair.high);
      const ClusterCounts& own = units[clusters[index]];
      const ClusterCounts wins = below - below_with[pair.low] - below_with[pair.high];
      const ClusterCounts ties = tied - tied_with[pair.low] - tied_with[pair.high] + own;
      const ClusterCounts points = wins + wins + ties;
      const ClusterCounts met = all - all_with[pair.low] - all_with[pair.high] + own;
      for (int c = 0; c < kOpponentClusters; ++c) {
        sums->points[index][c] += points[c];
        sums->opponents[index][c] += met[c];
      }
    }
    for (size_t i = begin; i < end; ++i) {
      const Pair pair = pairs_[keys_[i] & kPlaceMask];
      below_with[pair.low] += tied_with[pair.low];
      tied_with[pair.low] = ClusterCounts{};
      below_with[pair.high] += tied_with[pair.high];
      tied_with[pair.high] = ClusterCounts{};
    }
    below += tied;
    begin = end;
  }
}

}  // namespace nash
