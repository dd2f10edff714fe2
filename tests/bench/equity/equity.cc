// The exact strength of every river hand, and where the time goes; see kHelp. The straightforward
// way ranks the hands of a board once as well.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "solver/abstraction/hand_strengths.h"
#include "solver/abstraction/showdown_sweep.h"
#include "solver/cards/hand_rank.h"
#include "tests/abstraction/small_games.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"

DEFINE_int32(threads, 2, "threads of the whole table");
DEFINE_int32(runs, 5, "runs of each measure");

namespace nash {
namespace {

constexpr uint32_t kCanonicalHands = 123156254;
constexpr uint32_t kEveryNthBoard = 1000;  // of a sample

uint64_t SumOfRow(const std::vector<uint16_t>& row) {
  uint64_t sum = 0;
  for (uint16_t value : row) sum += value;
  return sum;
}

// Every pair against every other, by ranks found once.
void CompareAll(CardSet board, std::vector<uint16_t>* row) {
  const HandRanker& ranker = SharedHandRanker();
  LivePairs pairs;
  pairs.Find(MakeDeck(kRanksMax, kSuitsMax), board);
  HandKey key;
  for (Card card = 0; card < kCardsMax; ++card) {
    if ((board & SetOf(card)) != 0) key.Add(card);
  }
  std::vector<uint16_t> ranks(pairs.size());
  std::vector<CardSet> sets(pairs.size());
  for (int i = 0; i < pairs.size(); ++i) {
    ranks[i] = ranker.Rank(key.With(pairs.low[i]).With(pairs.high[i]));
    sets[i] = SetOf(pairs.low[i]) | SetOf(pairs.high[i]);
  }
  std::fill(row->begin(), row->end(), uint16_t{0});
  for (int i = 0; i < pairs.size(); ++i) {
    uint16_t value = 0;
    for (int j = 0; j < pairs.size(); ++j) {
      if ((sets[i] & sets[j]) != 0) continue;
      value = static_cast<uint16_t>(value + 2 * (ranks[i] > ranks[j]) + (ranks[i] == ranks[j]));
    }
    (*row)[PairIndex(pairs.low[i], pairs.high[i])] = value;
  }
}

int Main() {
  const BoardSet boards({}, 5);
  std::vector<uint16_t> row(kPairs);
  uint64_t sweep_sum = 0;
  uint64_t compare_sum = 0;
  std::vector<double> table_seconds;
  std::vector<double> sweep_seconds;
  std::vector<double> compare_seconds;
  for (int run = 0; run < FLAGS_runs; ++run) {
    table_seconds.push_back(SecondsOf([] {
      const auto strengths =
          HandStrengths::Build(RiverGame(), 3, StrengthMoment::kMean, {.threads = FLAGS_threads});
      CHECK(strengths.ok()) << strengths.status();
    }));
    sweep_sum = compare_sum = 0;
    sweep_seconds.push_back(SecondsOf([&] {
      ShowdownSweep sweep({});
      for (uint32_t b = 0; b < boards.size(); b += kEveryNthBoard) {
        sweep.Run(boards.board(b), absl::MakeSpan(row));
        sweep_sum += SumOfRow(row);
      }
    }));
    compare_seconds.push_back(SecondsOf([&] {
      for (uint32_t b = 0; b < boards.size(); b += kEveryNthBoard) {
        CompareAll(boards.board(b), &row);
        compare_sum += SumOfRow(row);
      }
    }));
    CHECK_EQ(sweep_sum, compare_sum);
  }
  const double seconds = Median(table_seconds);
  const double boards_in_sample = (boards.size() + kEveryNthBoard - 1) / kEveryNthBoard;
  const nlohmann::ordered_json report = {
      {"threads", FLAGS_threads},
      {"river_table_seconds", seconds},
      {"goals", {{"river_table_seconds", 180}}},
      {"canonical_boards", boards.size()},
      {"canonical_hands", kCanonicalHands},
      {"canonical_hands_millions_per_second", kCanonicalHands / seconds / 1e6},
      {"sweep_microseconds_per_board", Median(sweep_seconds) / boards_in_sample * 1e6},
      {"straightforward_microseconds_per_board", Median(compare_seconds) / boards_in_sample * 1e6},
      {"ratio", Median(compare_seconds) / Median(sweep_seconds)},
      {"runs", FLAGS_runs}};
  std::cout << report.dump(2) << "\n";
  return 0;
}

constexpr char kHelp[] =
    R"(equity measures how long the exact strength of every river hand takes, beside comparing every
hand with every other on a sample of boards. Prints JSON: wall-clock seconds, medians of --runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  return nash::Main();
}
