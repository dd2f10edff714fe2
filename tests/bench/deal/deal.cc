// Drawing cards; see kHelp.
#include "solver/game/deal.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr int kRepeats = 9;
constexpr int kBatch = 1024;
constexpr int kBatches = 300;

void DrawAsInTextbooks(const GameDefinition& game, const StreamName& name, uint32_t first_deal,
                       int n, CardBatch* cards) {
  for (int d = 0; d < n; ++d) {
    std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
    for (int slot = 0; slot < cards->num_slots(); ++slot) {
      const uint32_t word = Draw(name, DrawPurpose::kCards, first_deal + d, slot / 4)[slot % 4];
      std::swap(deck[slot], deck[slot + UniformBelow(word, deck.size() - slot)]);
      cards->slot(slot)[d] = deck[slot];
    }
  }
}

template <typename DrawFunction>
double NanosecondsPerDeal(const GameDefinition& game, DrawFunction draw, CardBatch* cards) {
  const double seconds = SecondsOf([&] {
    for (int b = 0; b < kBatches; ++b) draw(game, {.seed = 1}, b * kBatch, kBatch, cards);
  });
  return seconds * 1e9 / (double{kBatch} * kBatches);
}

void MeasureGame(const std::string& name, bool is_last) {
  const GameDefinition game = ShippedGame(name);
  CardBatch cards(game.CardsPerDeal(), kBatch);
  std::vector<double> ours, textbook;
  for (int i = 0; i < kRepeats; ++i) {
    ours.push_back(NanosecondsPerDeal(game, DrawCards, &cards));
    textbook.push_back(NanosecondsPerDeal(game, DrawAsInTextbooks, &cards));
  }
  std::printf(
      "  {\"game\": \"%s\", \"cards\": %d, \"ns_per_deal\": %.1f, "
      "\"textbook_ns_per_deal\": %.1f}%s\n",
      name.c_str(), game.CardsPerDeal(), Median(ours), Median(textbook), is_last ? "" : ",");
}

constexpr char kHelp[] =
    R"(deal measures how fast cards are drawn, beside the textbook shuffle over the same random
words. Prints JSON: ns a deal, medians of interleaved runs.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  std::printf("[\n");
  nash::MeasureGame("kuhn_2p", false);
  nash::MeasureGame("leduc_2p", false);
  nash::MeasureGame("nolimit_2p", false);
  nash::MeasureGame("nolimit_6p", true);
  std::printf("]\n");
  return 0;
}
