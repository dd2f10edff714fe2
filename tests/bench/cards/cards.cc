// Ranks and indices of hands; see kHelp.
//
// The straightforward ways: the best of all five-card hands by sorting
// (tests/cards/reference_hand_rank.h), one pass over counts (small_hand_rank.h), and the smallest
// of 24 renamings looked up in a hash map that holds no hands but those asked for
// (tests/cards/reference_canonical_hand.h).
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "glog/logging.h"
#include "solver/cards/board_index.h"
#include "solver/cards/hand_index.h"
#include "solver/cards/hand_rank.h"
#include "solver/cards/small_hand_rank.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/cards/random_cards.h"
#include "tests/cards/reference_canonical_hand.h"
#include "tests/cards/reference_hand_rank.h"

namespace nash {
namespace {

constexpr int kRuns = 7;
constexpr int kRandomHands = 1 << 16;
constexpr int kPasses = 16;          // over the random hands, by what takes nanoseconds a hand
constexpr int kSlowHands = 1 << 13;  // for what takes microseconds a hand
constexpr int kBoards = 1000;

uint64_t Sum(const auto& values) {
  uint64_t sum = 0;
  for (auto value : values) sum += value;
  return sum;
}

// Ranks all C(52,7) hands of seven cards, each once.
uint64_t RankAllInSequence(const HandRanker& ranker) {
  uint64_t sum = 0;
  for (Card a = 0; a < 46; ++a) {
    const HandKey one = HandKey().With(a);
    for (Card b = a + 1; b < 47; ++b) {
      const HandKey two = one.With(b);
      for (Card c = b + 1; c < 48; ++c) {
        const HandKey three = two.With(c);
        for (Card d = c + 1; d < 49; ++d) {
          const HandKey four = three.With(d);
          for (Card e = d + 1; e < 50; ++e) {
            const HandKey five = four.With(e);
            for (Card f = e + 1; f < 51; ++f) {
              const HandKey six = five.With(f);
#pragma GCC unroll 4
              for (Card g = f + 1; g < 52; ++g) sum += ranker.Rank<7>(six.With(g));
            }
          }
        }
      }
    }
  }
  return sum;
}

// The first of all hands in the same order, as many as `hands_max`.
template <typename Rank>
uint64_t RankSomeInSequence(int hands_max, Rank rank) {
  uint64_t sum = 0;
  std::array<Card, 7> hand = {0, 1, 2, 3, 4, 5, 6};
  for (int i = 0; i < hands_max; ++i) {
    sum += rank(hand);
    int k = 6;
    while (hand[k] == 52 - 7 + k) --k;
    ++hand[k];
    for (++k; k < 7; ++k) hand[k] = hand[k - 1] + 1;
  }
  return sum;
}

std::vector<Measure> RankMeasures(const std::vector<std::vector<Card>>& hands,
                                  const CardSlots& slots) {
  const auto out = std::make_shared<std::vector<int32_t>>(hands.size());
  return {
      {"random_ranks", kPasses * kRandomHands,
       [&slots, out] {
         for (int pass = 0; pass < kPasses; ++pass) {
           RankHands(slots.pointers(), 7, kRandomHands, out->data());
         }
         return Sum(*out);
       }},
      {"random_ranks_single", kRandomHands,
       [&hands] {
         const HandRanker& ranker = SharedHandRanker();
         uint64_t sum = 0;
         for (const std::vector<Card>& hand : hands) sum += ranker.Rank(hand);
         return sum;
       }},
      {"random_ranks_one_pass", kRandomHands,
       [&hands] {
         uint64_t sum = 0;
         for (const std::vector<Card>& hand : hands) sum += RankSmallHand(hand);
         return sum;
       }},
      {"random_ranks_straightforward", kSlowHands,
       [&hands] {
         uint64_t sum = 0;
         for (int i = 0; i < kSlowHands; ++i) sum += Sum(ReferenceRank(hands[i]));
         return sum;
       }},
      {"sequential_ranks", 133784560, [] { return RankAllInSequence(SharedHandRanker()); }},
      {"sequential_ranks_straightforward", kSlowHands,
       [] {
         return RankSomeInSequence(kSlowHands,
                                   [](const auto& hand) { return Sum(ReferenceRank(hand)); });
       }},
  };
}

std::vector<Measure> IndexMeasures(const std::vector<std::vector<Card>>& hands,
                                   const CardSlots& slots, const HandIndexer& river,
                                   const HandIndexer& recall) {
  const auto out = std::make_shared<std::vector<uint32_t>>(hands.size());
  const auto all_hands_of_boards = [&hands](const HandIndexer& indexer) {
    const BoardIndexer boards(&indexer);
    std::vector<uint32_t> indices(boards.num_hole_pairs());
    uint64_t sum = 0;
    for (int i = 0; i < kBoards; ++i) {
      boards.IndexAll(absl::MakeConstSpan(hands[i]).subspan(2), absl::MakeSpan(indices));
      sum += indices[i];
    }
    return sum;
  };
  const auto known = std::make_shared<std::unordered_map<uint64_t, uint32_t>>();
  for (const std::vector<Card>& hand : hands) {
    known->emplace(ReferenceCanonicalHand(hand, PartsOf(HandShape::kRiver)), known->size());
  }
  return {
      {"river_indices", kPasses * kRandomHands,
       [&slots, &river, out] {
         for (int pass = 0; pass < kPasses; ++pass) {
           river.IndexBatch(slots.pointers(), kRandomHands, out->data());
         }
         return Sum(*out);
       }},
      {"river_recall_indices", kPasses * kRandomHands,
       [&slots, &recall, out] {
         for (int pass = 0; pass < kPasses; ++pass) {
           recall.IndexBatch(slots.pointers(), kRandomHands, out->data());
         }
         return Sum(*out);
       }},
      {"river_indices_of_one_board", kBoards * 1081.0,
       [all_hands_of_boards, &river] { return all_hands_of_boards(river); }},
      {"river_recall_indices_of_one_board", kBoards * 1081.0,
       [all_hands_of_boards, &recall] { return all_hands_of_boards(recall); }},
      {"river_indices_straightforward", kSlowHands,
       [&hands, known] {
         uint64_t sum = 0;
         for (int i = 0; i < kSlowHands; ++i) {
           sum += known->at(ReferenceCanonicalHand(hands[i], PartsOf(HandShape::kRiver)));
         }
         return sum;
       }},
  };
}

nlohmann::ordered_json Report(const std::vector<Measure>& measures) {
  nlohmann::ordered_json report;
  const auto median = [&measures](const std::string& name) {
    return std::find_if(measures.begin(), measures.end(),
                        [&](const Measure& m) { return m.name == name; })
        ->MillionsPerSecond();
  };
  uint64_t sum = 0;
  for (const Measure& m : measures) {
    report[m.name + "_millions_per_second"] = m.MillionsPerSecond();
    sum += m.sum;
  }
  for (const char* name : {"random_ranks", "sequential_ranks", "river_indices"}) {
    report[std::string(name) + "_ratio"] =
        median(name) / median(std::string(name) + "_straightforward");
  }
  report["random_ranks_ratio_to_one_pass"] =
      median("random_ranks") / median("random_ranks_one_pass");
  report["river_indices_of_one_board_ratio"] =
      median("river_indices_of_one_board") / median("river_indices_straightforward");
  const std::pair<const char*, double> goals[] = {{"random_ranks", 300},
                                                  {"sequential_ranks", 1100},
                                                  {"river_indices", 40},
                                                  {"river_indices_of_one_board", 150}};
  for (const auto& [name, goal] : goals) {
    report["goals"][std::string(name) + "_millions_per_second"] = goal;
  }
  report["runs"] = kRuns;
  report["checksum"] = sum;
  return report;
}

constexpr char kHelp[] =
    R"(cards measures how fast hands are ranked and indexed, each beside a straightforward way.
Prints JSON: millions a second of processor time on one core, medians of interleaved runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  using namespace nash;
  RandomCards cards(1);
  CardSlots slots(7, kRandomHands);
  std::vector<std::vector<Card>> hands;
  for (int i = 0; i < kRandomHands; ++i) {
    hands.push_back(cards.Draw(7));
    slots.Set(i, hands.back());
  }
  const HandIndexer river(HandShape::kRiver);
  const HandIndexer recall(HandShape::kRiverRecall);
  std::vector<Measure> measures = RankMeasures(hands, slots);
  for (Measure& m : IndexMeasures(hands, slots, river, recall)) measures.push_back(std::move(m));
  RunInterleaved(kRuns, ThreadSeconds, &measures);
  std::cout << Report(measures).dump(2) << std::endl;
}
