// A board at a time: for each of its run-outs the last street's row of values is looked up under
// renamed suits, and each live pair's bin is counted up in counts_[pair][bin]. After all run-outs
// the table of a board is written out, one row of bytes a canonical hand, and used again for the
// next.
//
// A row is the running sum of its counts (earth mover's distance is then a sum of absolute
// differences), scaled to 255 through a table, since all hands of a board have the same number of
// run-outs. Bins are looked up by value as well, so that no hand is divided.
//
// Before the flop there is one board and 2.1 million run-outs for each hand; there the loop goes
// over canonical last boards instead, each counted as often as it stands for others.
// hand_features_test.cc compares with histograms of every run-out played.
#include "solver/abstraction/equity_histograms.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/run_outs.h"
#include "solver/cards/preflop_class.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 8;

// The bin of every value, so that none is divided twice.
std::vector<uint8_t> BinsByValue(uint64_t value_max) {
  std::vector<uint8_t> bins(value_max + 1);
  for (uint64_t v = 0; v <= value_max; ++v) bins[v] = static_cast<uint8_t>(EquityBin(v, value_max));
  return bins;
}

// Counts of one board's pairs, by bin. Run-outs of a pair are at most 1,081, so 16 bits hold them.
class BoardHistograms {
 public:
  BoardHistograms(const HandStrengths& strengths, const std::vector<uint8_t>& bins)
      : strengths_(strengths), bins_(bins), counts_(size_t{kPairs} * kEquityBins) {}

  void Count(const RunOuts& run_outs, CardSet board, int num_cards) {
    std::fill(counts_.begin(), counts_.end(), uint16_t{0});
    run_outs.Visit(board, num_cards, [&](const RunOut& run_out) { AddRunOut(run_out); });
  }
  // row: [kEquityBins], written.
  void WriteRow(int pair, const std::vector<uint8_t>& scaled, uint8_t* row) const {
    const uint16_t* const counts = counts_.data() + size_t(pair) * kEquityBins;
    uint32_t sum = 0;
    for (int b = 0; b < kEquityBins; ++b) row[b] = scaled[sum += counts[b]];
  }
  uint32_t NumRunOuts(int pair) const {
    const uint16_t* const counts = counts_.data() + size_t(pair) * kEquityBins;
    uint32_t sum = 0;
    for (int b = 0; b < kEquityBins; ++b) sum += counts[b];
    return sum;
  }

 private:
  void AddRunOut(const RunOut& run_out) {
    const uint16_t* const values = strengths_.LastRow(run_out.canonical);
    // Only live pairs are counted: a pair that hits the board has the value 0 in its row, which is
    // also the value of the worst hand.
    std::array<Card, kCardsMax> live;
    int num_live = 0;
    for (Card card : strengths_.deck()) {
      if ((run_out.board & SetOf(card)) == 0) live[num_live++] = card;
    }
    for (int j = 1; j < num_live; ++j) {
      const int first = PairIndex(0, live[j]);
      for (int i = 0; i < j; ++i) {
        const int pair = first + live[i];
        ++counts_[size_t(pair) * kEquityBins + bins_[values[run_out.renamed[pair]]]];
      }
    }
  }

  const HandStrengths& strengths_;
  const std::vector<uint8_t>& bins_;
  std::vector<uint16_t> counts_;  // [kPairs][kEquityBins]
};

uint8_t Scale(uint64_t part, uint64_t whole) {
  return static_cast<uint8_t>((2 * 255 * part + whole) / (2 * whole));
}

std::vector<uint8_t> ScaledCounts(uint32_t num_run_outs) {
  std::vector<uint8_t> scaled(num_run_outs + 1);
  for (uint32_t n = 0; n <= num_run_outs; ++n) scaled[n] = Scale(n, num_run_outs);
  return scaled;
}

}  // namespace

void CumulateHistogram(absl::Span<const uint64_t> counts, uint8_t* row) {
  uint64_t total = 0;
  for (uint64_t count : counts) total += count;
  CHECK_GT(total, 0u);
  uint64_t sum = 0;
  for (size_t b = 0; b < counts.size(); ++b) row[b] = Scale(sum += counts[b], total);
}

absl::StatusOr<HugeArray> MakeEquityHistograms(const GameDefinition& game, int street,
                                               const HandRows& rows, const HandStrengths& strengths,
                                               const BuildOptions& options) {
  const int last = strengths.last_street();
  CHECK_GE(street, 1);
  CHECK_LT(street, last);
  const int num_cards = game.BoardCardsOn(last) - game.BoardCardsOn(street);
  const std::vector<uint8_t> bins = BinsByValue(strengths.ValueMax(last));
  const RunOuts run_outs(strengths.deck_shape());
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Make(rows.size() * kEquityBins));
  uint8_t* const out = reinterpret_cast<uint8_t*>(memory.data());
  ParallelFor(
      rows.boards().size(), kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options.should_stop()) return;
        BoardHistograms histograms(strengths, bins);
        std::vector<HandRow> hands;
        for (uint64_t b = begin; b < end; ++b) {
          const uint32_t board = static_cast<uint32_t>(b);
          histograms.Count(run_outs, rows.boards().board(board), num_cards);
          rows.FindHands(board, &hands);
          const std::vector<uint8_t> scaled = ScaledCounts(histograms.NumRunOuts(hands[0].pair()));
          for (const HandRow& hand : hands) {
            histograms.WriteRow(hand.pair(), scaled, out + uint64_t{hand.row} * kEquityBins);
          }
        }
      },
      [&](uint64_t done) {
        options.progress(
            {absl::StrCat(kStreetNames[street], " histograms"), done, rows.boards().size()});
      });
  if (options.should_stop()) return StoppedStatus();
  return memory;
}

std::vector<uint8_t> MakePreflopHistograms(const HandStrengths& strengths) {
  const int last = strengths.last_street();
  const BoardSet& boards = strengths.boards(last);
  const std::vector<uint8_t> bins = BinsByValue(strengths.ValueMax(last));
  // All boards that a canonical one stands for have its histogram, with renamed pairs: summed over
  // a class, which holds all renamings of its pairs, they count as often as there are of them.
  std::vector<std::array<uint64_t, kEquityBins>> counts(kPreflopClasses);
  LivePairs pairs;
  for (uint32_t b = 0; b < boards.size(); ++b) {
    const uint64_t multiplicity = boards.Multiplicity(b);
    pairs.Find(strengths.deck(), boards.board(b));
    for (int i = 0; i < pairs.size(); ++i) {
      const uint64_t value = strengths.Value(last, b, PairIndex(pairs.low[i], pairs.high[i]));
      counts[PreflopClassOf(pairs.low[i], pairs.high[i])][bins[value]] += multiplicity;
    }
  }
  std::vector<uint8_t> rows(size_t{kPreflopClasses} * kEquityBins);
  for (int c = 0; c < kPreflopClasses; ++c) {
    if (std::all_of(counts[c].begin(), counts[c].end(), [](uint64_t n) { return n == 0; })) {
      continue;
    }
    CumulateHistogram(counts[c], rows.data() + size_t(c) * kEquityBins);
  }
  return rows;
}

}  // namespace nash
