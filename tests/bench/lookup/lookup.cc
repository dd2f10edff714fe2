// Deals out of a BucketDealSource; see kHelp. Parts are measured by themselves; "gather" is what
// Lookup() takes beyond its indices and ranks.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/files.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/abstraction/deal_index.h"
#include "solver/cards/hand_index.h"
#include "solver/cards/hand_rank.h"
#include "solver/game/deal.h"
#include "tests/abstraction/small_games.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"

DEFINE_int32(buckets, 200, "buckets of flop, turn and river; more than 256 take two bytes each");

namespace nash {
namespace {

constexpr int kRuns = 9;
constexpr int kDeals = 1 << 15;
constexpr std::array<HandShape, kStreetsMax> kShapes = {HandShape::kPreflop, HandShape::kFlop,
                                                        HandShape::kTurn, HandShape::kRiver};

AbstractionDefinition Definition() {
  AbstractionDefinition definition;
  definition.streets.fill({BucketKind::kEhs, static_cast<uint32_t>(FLAGS_buckets)});
  definition.streets[0] = {BucketKind::kLossless, 0};
  return definition;
}

// Bucket files of full size that took no building.
void WriteTables(const GameDefinition& game, const std::string& folder) {
  const auto needed = NeededBucketFiles(Definition(), game);
  CHECK(needed.ok()) << needed.status();
  for (const BucketParameters& parameters : *needed) {
    const int width = BucketElementBytes(parameters.num_buckets);
    const uint64_t entries = HandIndexer(kShapes[parameters.street]).size();
    std::string file(BucketFileBytes(entries * width), '\0');
    uint8_t* const data = reinterpret_cast<uint8_t*>(file.data()) + kBucketHeaderBytes;
    for (uint64_t i = 0; i < entries; ++i) {
      const uint32_t bucket = i * 2654435761u % parameters.num_buckets;
      data[i * width] = static_cast<uint8_t>(bucket);
      if (width == 2) data[i * width + 1] = static_cast<uint8_t>(bucket >> 8);
    }
    SealBucketFile(parameters, entries * width,
                   absl::MakeSpan(reinterpret_cast<uint8_t*>(file.data()), file.size()));
    CHECK(WriteFileAtomically(JoinPath(folder, parameters.FileName()), file).ok());
  }
}

// The parts of filling a batch of deals, each by itself.
class Lookups {
 public:
  Lookups(const GameDefinition& game, const Abstraction& abstraction)
      : game_(game),
        abstraction_(abstraction),
        source_(game, abstraction),
        cards_(game.CardsPerDeal(), kDeals),
        out_(game.num_players, game.num_streets, kDeals) {
    for (HandShape shape : kShapes) indexers_.push_back(std::make_unique<HandIndexer>(shape));
    DrawCards(game_, {.seed = 1}, 0, kDeals, &cards_);
  }

  void Fill() { source_.Fill({.seed = 2}, (calls_++) * kDeals, kDeals, 0, &out_); }
  void Draw() { DrawCards(game_, {.seed = 3}, (calls_++) * kDeals, kDeals, &cards_); }
  void Lookup() { abstraction_.Lookup(cards_, 0, kDeals, &out_, 0); }
  void Index() {
    for (int first = 0; first < kDeals; first += kLookupBlock) {
      for (int s = 0; s < game_.num_streets; ++s) {
        std::array<PlayerHands, kPlayersMax> players;
        for (int p = 0; p < game_.num_players; ++p) {
          const auto slots = Slots(p, first);
          players[p] = {slots[0], slots[1], out_.buckets(s, p) + first};
        }
        const auto slots = Slots(0, first);
        IndexDeals(*indexers_[s], slots.data() + 2,
                   absl::MakeConstSpan(players.data(), game_.num_players), kLookupBlock);
      }
    }
  }
  void IndexByPlayer() {
    VisitBlocks([&](int player, int first) {
      for (int s = 0; s < game_.num_streets; ++s) {
        indexers_[s]->IndexBatch(Slots(player, first).data(), kLookupBlock,
                                 out_.buckets(s, player) + first);
      }
    });
  }
  void Rank() {
    VisitBlocks([&](int player, int first) {
      RankHands(Slots(player, first).data(), kHandCardsMax, kLookupBlock,
                out_.strengths(player) + first);
    });
  }
  void OneByOne() {
    std::array<Card, kHandCardsMax> hand;
    for (int d = 0; d < kDeals; ++d) {
      for (int p = 0; p < game_.num_players; ++p) {
        const auto slots = Slots(p, d);
        for (int c = 0; c < kHandCardsMax; ++c) hand[c] = *slots[c];
        for (int s = 0; s < game_.num_streets; ++s) {
          const int n = game_.num_hole_cards + game_.BoardCardsOn(s);
          out_.buckets(s, p)[d] = abstraction_.BucketOf(s, absl::MakeConstSpan(hand.data(), n));
        }
        out_.strengths(p)[d] = RankHand(hand);
      }
    }
  }

 private:
  std::array<const Card*, kHandCardsMax> Slots(int player, int first) const {
    std::array<const Card*, kHandCardsMax> slots;
    for (int c = 0; c < kHandCardsMax; ++c) {
      const int slot = c < 2 ? player * 2 + c : game_.num_players * 2 + c - 2;
      slots[c] = cards_.slot(slot) + first;
    }
    return slots;
  }
  template <typename Visitor>
  void VisitBlocks(const Visitor& visit) {
    for (int first = 0; first < kDeals; first += kLookupBlock) {
      for (int p = 0; p < game_.num_players; ++p) visit(p, first);
    }
  }

  const GameDefinition& game_;
  const Abstraction& abstraction_;
  BucketDealSource source_;
  std::vector<std::unique_ptr<HandIndexer>> indexers_;
  CardBatch cards_;
  DealBatch out_;
  uint32_t calls_ = 0;
};

nlohmann::json MeasureGame(int num_players, const std::string& folder) {
  const GameDefinition game = RiverGame(num_players);
  const auto abstraction = Abstraction::Open(Definition(), game, folder);
  CHECK(abstraction.ok()) << abstraction.status();
  Lookups lookups(game, *abstraction);
  std::vector<Measure> measures = {{"fill", kDeals,
                                    [&] {
                                      lookups.Fill();
                                      return 0;
                                    }},
                                   {"draw", kDeals,
                                    [&] {
                                      lookups.Draw();
                                      return 0;
                                    }},
                                   {"index", kDeals,
                                    [&] {
                                      lookups.Index();
                                      return 0;
                                    }},
                                   {"rank", kDeals,
                                    [&] {
                                      lookups.Rank();
                                      return 0;
                                    }},
                                   {"index_by_player", kDeals,
                                    [&] {
                                      lookups.IndexByPlayer();
                                      return 0;
                                    }},
                                   {"lookup", kDeals,
                                    [&] {
                                      lookups.Lookup();
                                      return 0;
                                    }},
                                   {"one_by_one", kDeals, [&] {
                                      lookups.OneByOne();
                                      return 0;
                                    }}};
  RunInterleaved(kRuns, WallSeconds, &measures);
  nlohmann::json report;
  std::map<std::string, double> median;
  for (const Measure& m : measures) {
    median[m.name] = m.MedianSeconds();
    report["ns_per_deal"][m.name] = m.MedianSeconds() / kDeals * 1e9;
  }
  const double gather = median["lookup"] - median["index"] - median["rank"];
  const double parts = median["draw"] + median["lookup"];
  report["players"] = num_players;
  report["deals_per_second"] = kDeals / median["fill"];
  report["share"] = {{"draw", median["draw"] / parts},
                     {"index", median["index"] / parts},
                     {"rank", median["rank"] / parts},
                     {"gather", gather / parts}};
  report["index_speedup_over_by_player"] = median["index_by_player"] / median["index"];
  report["lookup_speedup_over_one_by_one"] = median["one_by_one"] / median["lookup"];
  return report;
}

// Small decks: deals per second, all parts together.
nlohmann::json MeasureSmallGame(const std::string& name, const GameDefinition& game) {
  AbstractionDefinition definition;
  definition.streets.fill({BucketKind::kLossless, 0});
  const auto abstraction = Abstraction::Open(definition, game, "");
  CHECK(abstraction.ok()) << abstraction.status();
  const BucketDealSource source(game, *abstraction);
  CardBatch cards(game.CardsPerDeal(), kDeals);
  DealBatch out(game.num_players, game.num_streets, kDeals);
  uint32_t calls = 0;
  std::vector<Measure> measures = {{"fill", kDeals,
                                    [&] {
                                      source.Fill({.seed = 2}, calls++ * kDeals, kDeals, 0, &out);
                                      return 0;
                                    }},
                                   {"draw", kDeals,
                                    [&] {
                                      DrawCards(game, {.seed = 3}, calls++ * kDeals, kDeals,
                                                &cards);
                                      return 0;
                                    }},
                                   {"lookup", kDeals, [&] {
                                      abstraction->Lookup(cards, 0, kDeals, &out, 0);
                                      return 0;
                                    }}};
  RunInterleaved(kRuns, WallSeconds, &measures);
  nlohmann::json report = {{"game", name},
                           {"deals_per_second", kDeals / measures[0].MedianSeconds()}};
  for (const Measure& m : measures)
    report["ns_per_deal"][m.name] = m.MedianSeconds() / kDeals * 1e9;
  return report;
}

int Main() {
  std::string folder = std::filesystem::temp_directory_path() / "lookup-bench-XXXXXX";
  CHECK(mkdtemp(folder.data()) != nullptr);
  WriteTables(RiverGame(), folder);
  nlohmann::json report = {{"buckets", FLAGS_buckets}, {"games", nlohmann::json::array()}};
  for (int num_players : {2, 6}) report["games"].push_back(MeasureGame(num_players, folder));
  CHECK(RemoveAll(folder).ok());
  report["small_games"] = {MeasureSmallGame("kuhn", KuhnGame()),
                           MeasureSmallGame("leduc", LeducGame())};
  std::cout << report.dump(2) << "\n";
  return 0;
}

constexpr char kHelp[] =
    R"(lookup measures how fast deals and their buckets are made, where the time goes, and the same
hand by hand.

  lookup --buckets=5000                          tables of two bytes a hand

Prints JSON, one core, medians of interleaved runs. Tables have their real sizes and arbitrary
contents.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  return nash::Main();
}
