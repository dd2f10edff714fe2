// Suit-isomorphic indices; see kHelp. The straightforward way takes the smallest of 24 renamings
// (tests/cards/reference_canonical_hand.h) and looks nothing up. `tools/dev bench cards` has the
// perfect-recall shapes beside these.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "glog/logging.h"
#include "solver/cards/board_index.h"
#include "solver/cards/hand_index.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/cards/random_cards.h"
#include "tests/cards/reference_canonical_hand.h"

namespace nash {
namespace {

constexpr int kRuns = 9;
constexpr int kRandomHands = 1 << 16;
constexpr int kPasses = 16;
constexpr int kSlowHands = 1 << 12;
constexpr int kBoards = 2000;

struct Street {
  const char* name;
  HandShape shape;
};
constexpr Street kStreets[] = {
    {"flop", HandShape::kFlop}, {"turn", HandShape::kTurn}, {"river", HandShape::kRiver}};

constexpr char kHelp[] =
    R"(index measures suit-isomorphic indices, by street: of random hands and of all hands of a
board. Prints JSON: millions a second of processor time on one core, medians of interleaved runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  using namespace nash;
  RandomCards cards(1);
  std::vector<std::vector<Card>> hands;
  CardSlots slots(7, kRandomHands);
  for (int i = 0; i < kRandomHands; ++i) {
    hands.push_back(cards.Draw(7));
    slots.Set(i, hands.back());
  }
  std::vector<uint32_t> out(kRandomHands);
  std::vector<std::unique_ptr<HandIndexer>> indexers;
  std::vector<Measure> measures;
  for (const Street& street : kStreets) {
    indexers.push_back(std::make_unique<HandIndexer>(street.shape));
    const HandIndexer& indexer = *indexers.back();
    measures.push_back({"random", double{kPasses} * kRandomHands, [&] {
                          for (int pass = 0; pass < kPasses; ++pass) {
                            indexer.IndexBatch(slots.pointers(), kRandomHands, out.data());
                          }
                          uint64_t sum = 0;
                          for (uint32_t index : out) sum += index;
                          return sum;
                        }});
    const int num_board = PartsOf(street.shape).num_board();
    measures.push_back(
        {"one_board", double{kBoards} * HolePairs(kCardsMax - num_board), [&, num_board] {
           const BoardIndexer boards(&indexer);
           std::vector<uint32_t> indices(boards.num_hole_pairs());
           uint64_t sum = 0;
           for (int i = 0; i < kBoards; ++i) {
             boards.IndexAll(absl::MakeConstSpan(hands[i]).subspan(2, num_board),
                             absl::MakeSpan(indices));
             sum += indices[i % indices.size()];
           }
           return sum;
         }});
    measures.push_back({"straightforward", kSlowHands, [&, num_board, shape = street.shape] {
                          uint64_t sum = 0;
                          for (int i = 0; i < kSlowHands; ++i) {
                            const std::vector<Card> hand(hands[i].begin(),
                                                         hands[i].begin() + 2 + num_board);
                            sum += ReferenceCanonicalHand(hand, PartsOf(shape));
                          }
                          return sum;
                        }});
  }
  RunInterleaved(kRuns, ThreadSeconds, &measures);
  nlohmann::ordered_json report;
  uint64_t sum = 0;
  for (size_t s = 0; s < std::size(kStreets); ++s) {
    const double random = measures[3 * s].MillionsPerSecond();
    const double board = measures[3 * s + 1].MillionsPerSecond();
    const double slow = measures[3 * s + 2].MillionsPerSecond();
    report[kStreets[s].name] = {{"random_millions_per_second", random},
                                {"one_board_millions_per_second", board},
                                {"straightforward_millions_per_second", slow},
                                {"random_ratio", random / slow},
                                {"one_board_ratio", board / slow}};
    for (int m = 0; m < 3; ++m) sum += measures[3 * s + m].sum;
  }
  report["goals"]["river"] = {{"random_millions_per_second", 40},
                              {"one_board_millions_per_second", 150}};
  report["runs"] = kRuns;
  report["checksum"] = sum;
  std::cout << report.dump(2) << std::endl;
}
