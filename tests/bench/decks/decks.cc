// Looking up lossless hands of small and large decks; see kHelp. Boards go through what public
// chance sampling asks for (Abstraction::FindBuckets), and are enumerated where a table holds the
// deck.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "glog/logging.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/deal_index.h"
#include "solver/abstraction/small_deck_classes.h"
#include "solver/cards/hand_index.h"
#include "solver/game/deal.h"
#include "solver/ranges/board_hands.h"
#include "tests/abstraction/small_games.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"

namespace nash {
namespace {

constexpr int kRuns = 7;
constexpr int kDeals = 1 << 13;
constexpr int kBoards = 300;

// One street of one deck.
class Lookups {
 public:
  Lookups(int num_ranks, int num_streets)
      : game_(GameOf({.num_ranks = num_ranks,
                      .boards = std::vector<int>(kHoldem.begin(), kHoldem.begin() + num_streets)})),
        street_(num_streets - 1),
        cards_(game_.CardsPerDeal(), kDeals),
        hands_(MakeDeck(num_ranks, kSuitsMax), 2),
        buckets_(kRangeHandsMax),
        indexer_(kShapes[street_], {num_ranks, kSuitsMax}) {
    AbstractionDefinition definition;
    for (int s = 0; s < num_streets; ++s) definition.streets[s].kind = BucketKind::kLossless;
    auto abstraction = Abstraction::Open(definition, game_, "");
    CHECK(abstraction.ok()) << abstraction.status();
    abstraction_ = std::make_unique<Abstraction>(*std::move(abstraction));
    auto classes = SmallDeckClasses::Build(game_, street_);
    if (classes.ok()) classes_ = std::make_unique<SmallDeckClasses>(*std::move(classes));
    DrawCards(game_, {.seed = 1}, 0, kDeals, &cards_);
  }

  bool is_enumerated() const { return classes_ != nullptr; }
  double hands_of_deals() const { return 2.0 * kDeals; }
  double hands_of_boards() const {
    const int live = game_.num_ranks * kSuitsMax - game_.BoardCardsOn(street_);
    return kBoards * live * (live - 1) / 2.0;
  }

  // Both players' hands of each deal.
  uint64_t DealsByIndex() {
    std::array<PlayerHands, 2> players;
    for (int p = 0; p < 2; ++p) {
      players[p] = {cards_.slot(2 * p), cards_.slot(2 * p + 1), out_[p].data()};
    }
    std::array<const Card*, kBoardCardsMax> board;
    for (int c = 0; c < game_.BoardCardsOn(street_); ++c) board[c] = cards_.slot(4 + c);
    IndexDeals(indexer_, board.data(), players, kDeals);
    return out_[0][7] + out_[1].back();
  }
  uint64_t DealsByClass() {
    for (int p = 0; p < 2; ++p) {
      std::array<const Card*, kHoleCardsMax + kBoardCardsMax> slots;
      for (int c = 0; c < 2; ++c) slots[c] = cards_.slot(2 * p + c);
      for (int c = 0; c < game_.BoardCardsOn(street_); ++c) slots[2 + c] = cards_.slot(4 + c);
      classes_->FindClasses(slots.data(), kDeals, out_[p].data());
    }
    return out_[0][7] + out_[1].back();
  }
  uint64_t BoardsByIndex() {
    return Boards([this](absl::Span<const Card> board, absl::Span<uint32_t> out) {
      abstraction_->FindBuckets(street_, board, hands_.low(), hands_.high(), out);
    });
  }
  uint64_t BoardsByClass() {
    return Boards([this](absl::Span<const Card> board, absl::Span<uint32_t> out) {
      classes_->FindClasses(board, hands_.low(), hands_.high(), out);
    });
  }

 private:
  static constexpr std::array<int, kStreetsMax> kHoldem = {0, 3, 1, 1};
  static constexpr std::array<HandShape, kStreetsMax> kShapes = {
      HandShape::kPreflop, HandShape::kFlop, HandShape::kTurnRecall, HandShape::kRiverRecall};

  template <typename Find>
  uint64_t Boards(const Find& find) {
    uint64_t sum = 0;
    std::vector<Card> board(game_.BoardCardsOn(street_));
    for (int b = 0; b < kBoards; ++b) {
      CardSet set = 0;
      for (size_t c = 0; c < board.size(); ++c) {
        board[c] = cards_.slot(4 + static_cast<int>(c))[b];
        set |= SetOf(board[c]);
      }
      hands_.Set(set);
      const auto out = absl::MakeSpan(buckets_).first(hands_.size());
      find(board, out);
      sum += out[b % out.size()];
    }
    return sum;
  }

  const GameDefinition game_;
  const int street_;
  CardBatch cards_;
  BoardHands hands_;
  std::vector<uint32_t> buckets_;
  const HandIndexer indexer_;
  std::array<std::vector<uint32_t>, 2> out_ = {std::vector<uint32_t>(kDeals),
                                               std::vector<uint32_t>(kDeals)};
  std::unique_ptr<Abstraction> abstraction_;
  std::unique_ptr<SmallDeckClasses> classes_;
};

constexpr char kHelp[] =
    R"(decks measures how fast lossless hands are looked up, by deck and street: of random deals and
of all hands of a board together; by index and by enumeration. Prints JSON: millions of hands a
second of processor time on one core, medians of interleaved runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  using namespace nash;
  constexpr std::array<const char*, kStreetsMax> kStreetNames = {"preflop", "flop", "turn",
                                                                 "river"};
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const int num_ranks : {5, 6, 9, 13}) {
    for (const int num_streets : {2, 3, 4}) {
      Lookups lookups(num_ranks, num_streets);
      std::vector<Measure> measures = {
          {"hands", lookups.hands_of_deals(), [&] { return lookups.DealsByIndex(); }},
          {"board", lookups.hands_of_boards(), [&] { return lookups.BoardsByIndex(); }}};
      if (lookups.is_enumerated()) {
        measures.push_back(
            {"hands_enumerated", lookups.hands_of_deals(), [&] { return lookups.DealsByClass(); }});
        measures.push_back({"board_enumerated", lookups.hands_of_boards(),
                            [&] { return lookups.BoardsByClass(); }});
      }
      RunInterleaved(kRuns, ThreadSeconds, &measures);
      nlohmann::ordered_json row = {{"cards", num_ranks * kSuitsMax},
                                    {"street", kStreetNames[num_streets - 1]}};
      for (const Measure& m : measures) row[m.name + "_millions_per_s"] = m.MillionsPerSecond();
      json.push_back(row);
    }
  }
  std::cout << json.dump(1) << std::endl;
}
