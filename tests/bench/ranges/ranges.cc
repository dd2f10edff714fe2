// The kernel of exact evaluation; see kHelp. Buckets are quantiles of the strength on the board and
// strategies are drawn, so that nothing has to be trained or built.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "glog/logging.h"
#include "solver/cards/hand_rank.h"
#include "solver/ranges/block_walk.h"
#include "solver/run/run_definition.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/cards/random_cards.h"

namespace nash {
namespace {

constexpr int kRuns = 7;
constexpr int kBoards = 4;
constexpr int kSubtrees = 256;
constexpr int kRiver = 3;
// Of the river: as the quick start has, whose rows stay in a core's cache, and as nolimit_2p_medium
// has, whose rows come from further away.
constexpr uint32_t kFewBuckets = 100;
constexpr uint32_t kManyBuckets = 1500;

struct RiverBoard {
  BoardHands hands = BoardHands(MakeDeck(kRanksMax, kSuitsMax), 2);
  std::vector<int32_t> strengths;

  explicit RiverBoard(RandomCards* cards) {
    CardSet board = 0;
    HandKey key;
    for (Card card : cards->Draw(5)) {
      board |= SetOf(card);
      key.Add(card);
    }
    hands.Set(board);
    for (int i = 0; i < hands.size(); ++i) {
      strengths.push_back(
          SharedHandRanker().Rank<7>(key.With(hands.low()[i]).With(hands.high()[i])));
    }
    hands.SortByStrength(strengths);
    std::sort(strengths.begin(), strengths.end());
  }

  // Quantiles of the strength on the board.
  std::vector<uint32_t> Buckets(uint32_t num_buckets) const {
    std::vector<uint32_t> buckets(hands.size());
    for (int g = 0; g < hands.num_groups(); ++g) {
      const int begin = hands.groups()[g];
      const int end = hands.groups()[g + 1];
      for (int i = begin; i < end; ++i) {
        buckets[i] = (begin + end) / 2 * num_buckets / hands.size();
      }
    }
    return buckets;
  }
};

void DrawProbabilities(NodeIndex node, uint32_t bucket, absl::Span<double> probabilities) {
  std::minstd_rand random(node * 2654435761u + bucket * 40503u + 1);
  double sum = 0;
  for (double& p : probabilities) sum += p = 1 + random() % 1000;
  for (double& p : probabilities) p /= sum;
}

template <typename P>
class River {
 public:
  River(const PublicTree& tree, uint32_t num_buckets, const std::vector<RiverBoard>& boards)
      : streets_(StreetBlocks::Build(tree, P::kLanes)),
        strategies_(*StrategyBlocks<P>::Make(streets_, {0, 0, 0, num_buckets})),
        walk_(streets_),
        vectors_(2 * kVectorStride<P>, P::Broadcast(0.5)) {
    for (const RiverBoard& board : boards) buckets_.push_back(board.Buckets(num_buckets));
    const StreetBlocks& river = streets_[kRiver];
    // Full blocks, as many subtrees for any number of lanes, from all over the street.
    std::vector<const SubtreeBlock*> full;
    for (const SubtreeBlock& block : river.blocks()) {
      if (block.num_lanes == P::kLanes && !river.shape_of(block).nodes.empty()) {
        full.push_back(&block);
      }
    }
    const size_t wanted = kSubtrees / P::kLanes;
    for (size_t k = 0; k < wanted; ++k) {
      chosen_.push_back(full[k * full.size() / wanted]);
      strategies_.FillBlock(river, kRiver, *chosen_.back(), DrawProbabilities);
    }
  }

  double SlotsOf(const RiverBoard& board) const {
    double edges = 0;
    for (const SubtreeBlock* block : chosen_) {
      edges += streets_[kRiver].shape_of(*block).edges.size() - 1;
    }
    return edges * P::kLanes * board.hands.size();
  }

  uint64_t Walk(const RiverBoard& board, size_t b, int responder) {
    double sum = 0;
    for (const SubtreeBlock* block : chosen_) {
      const BlockOnBoard<P> at = {&streets_[kRiver],  block,     &strategies_, kRiver, &board.hands,
                                  buckets_[b].data(), responder, true};
      P* const values = vectors_.data() + kVectorStride<P>;
      walk_.Up(at, vectors_.data(), values, [](uint32_t, P*) {});
      sum += values[board.hands.size() / 2][0];
    }
    return static_cast<uint64_t>(std::abs(sum));
  }

 private:
  const std::vector<StreetBlocks> streets_;
  StrategyBlocks<P> strategies_;
  std::vector<const SubtreeBlock*> chosen_;
  std::vector<std::vector<uint32_t>> buckets_;  // by board
  BlockWalk<P> walk_;
  std::vector<P> vectors_;
};

// One kind of end on one board, many times.
template <typename P>
uint64_t RunEnds(const RiverBoard& board, bool is_fold, int times) {
  static std::vector<P> vectors(2 * kVectorStride<P>, P::Broadcast(0.5));
  const P* const reach = vectors.data();
  P* const values = vectors.data() + kVectorStride<P>;
  CardSums<P> sums;
  HandEnds<P> ends;
  ends.has_fold = is_fold;
  ends.has_showdown = !is_fold;
  ends.fold_chips = ends.showdown_chips = P::Broadcast(10);
  for (int t = 0; t < times; ++t) {
    SummedRange<P> range = {reach, &sums};
    HandValues<P>(board.hands).OwnEnds(ends, &range, [&](int i, const P& v) { values[i] = v; });
  }
  return static_cast<uint64_t>(std::abs(values[7][0]));
}

// The straightforward showdown: every hand against every hand, one subtree.
uint64_t RunQuadratic(const RiverBoard& board) {
  std::vector<double> reach(board.hands.size(), 0.5);
  double sum = 0;
  for (int i = 0; i < board.hands.size(); ++i) {
    const CardSet own = SetOf(board.hands.low()[i]) | SetOf(board.hands.high()[i]);
    double value = 0;
    for (int j = 0; j < board.hands.size(); ++j) {
      if ((own & (SetOf(board.hands.low()[j]) | SetOf(board.hands.high()[j]))) != 0) continue;
      value += reach[j] * ((board.strengths[j] < board.strengths[i]) -
                           (board.strengths[j] > board.strengths[i]));
    }
    sum += 10 * value * (i % 7);
  }
  return static_cast<uint64_t>(std::abs(sum));
}

// Additions of 32 bytes from the first-level cache.
uint64_t RunAdditions(int times) {
  using P = Pack<float, 8>;
  constexpr int kPacks = 512;
  static std::vector<P> memory(kPacks, P::Broadcast(1));
  std::array<P, 8> sums;
  sums.fill(P::Zero());
  for (int t = 0; t < times; ++t) {
    for (int i = 0; i < kPacks; i += 8) {
      for (int k = 0; k < 8; ++k) sums[k] += memory[i + k];
    }
    asm volatile("" ::: "memory");
  }
  return static_cast<uint64_t>(sums[0][0] + sums[3][0] + sums[7][0]);
}

template <typename P>
std::string NameOf() {
  return absl::StrCat(sizeof(typename P::Scalar) == 4 ? "float_" : "double_", P::kLanes);
}

// Walks of all boards for both players.
template <typename P>
void AddWalks(const PublicTree& tree, uint32_t num_buckets, const std::vector<RiverBoard>& boards,
              std::vector<Measure>* measures) {
  const auto river = std::make_shared<River<P>>(tree, num_buckets, boards);
  double slots = 0;
  for (const RiverBoard& board : boards) slots += 2 * river->SlotsOf(board);
  measures->push_back(
      {absl::StrCat(NameOf<P>(), "_", num_buckets, "_buckets"), slots, [river, &boards] {
         uint64_t sum = 0;
         for (size_t b = 0; b < boards.size(); ++b) {
           for (int player : {0, 1}) sum += river->Walk(boards[b], b, player);
         }
         return sum;
       }});
}

template <typename P>
void AddEnds(const std::vector<RiverBoard>& boards, std::vector<Measure>* measures) {
  for (const bool is_fold : {false, true}) {
    constexpr int kTimes = 400;
    measures->push_back({NameOf<P>() + (is_fold ? "_fold" : "_showdown"),
                         double{kTimes} * boards[0].hands.size() * P::kLanes,
                         [&boards, is_fold] { return RunEnds<P>(boards[0], is_fold, kTimes); }});
  }
}

template <typename P>
void AddAll(const PublicTree& tree, const std::vector<RiverBoard>& boards,
            std::vector<Measure>* measures) {
  AddWalks<P>(tree, kFewBuckets, boards, measures);
  AddWalks<P>(tree, kManyBuckets, boards, measures);
  AddEnds<P>(boards, measures);
}

// Operations of a hand and register (hand_values.h): a showdown adds it to its row and column when
// the range is summed up, again on the way up, and takes its column off; a fold does the first and
// the last, and adds its own number times the chips. What is done once a row or column is left out.
constexpr double kShowdownOperations = 5;
constexpr double kFoldOperations = 5;

nlohmann::ordered_json Report(const std::vector<Measure>& measures) {
  nlohmann::ordered_json report;
  report["unit"] = "millions a second of processor time on one core; slots, or hands and lanes";
  double additions = 0;
  for (const Measure& m : measures) {
    report[m.name] = m.MillionsPerSecond();
    if (m.name == "additions") additions = m.MillionsPerSecond();
  }
  for (const auto& [name, lanes] : {std::pair("float", 8), {"double", 4}}) {
    nlohmann::ordered_json& floor = report["floor_by_operations"];
    floor[absl::StrCat(name, "_showdown")] = additions * lanes / kShowdownOperations;
    floor[absl::StrCat(name, "_fold")] = additions * lanes / kFoldOperations;
  }
  report["goals"] = {{"float_walk", 3000}, {"double_walk", 1800}};
  report["runs"] = kRuns;
  return report;
}

constexpr char kHelp[] =
    R"(ranges measures the kernel of exact evaluation: how fast ranges are walked through the river
betting of nolimit_2p_medium, by lanes and precision; showdowns and folds alone, the quadratic way,
and the floor by operations. Prints JSON: slots a core-second (one action of one hand on one board in one
responder's walk), medians of interleaved runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  using namespace nash;
  const auto run = LoadRunDefinition("configs/nolimit_2p_medium.yaml");
  CHECK(run.ok()) << run.status();
  const auto tree = PublicTree::Build(run->game, run->menu);
  CHECK(tree.ok()) << tree.status();
  RandomCards cards(1);
  std::vector<RiverBoard> boards;
  for (int b = 0; b < kBoards; ++b) boards.emplace_back(&cards);
  std::vector<Measure> measures;
  AddAll<Pack<float, 16>>(*tree, boards, &measures);
  AddAll<Pack<double, 8>>(*tree, boards, &measures);
  measures.push_back({"quadratic_showdown", double(boards[0].hands.size()),
                      [&] { return RunQuadratic(boards[0]); }});
  constexpr int kAddTimes = 2000;
  measures.push_back({"additions", 512.0 * kAddTimes, [] { return RunAdditions(kAddTimes); }});
  RunInterleaved(kRuns, ThreadSeconds, &measures);
  std::cout << Report(measures).dump(2) << std::endl;
}
