// Public trees; see kHelp.
#include <glog/logging.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "solver/game/public_tree.h"
#include "tests/bench/begin_bench.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr int kRepeats = 5;

struct Case {
  std::string game;
  std::string sizes_text;
  std::vector<std::string> sizes;
  int raises_max;
};

void Measure(const Case& c, bool is_last) {
  const GameDefinition game = ShippedGame(c.game);
  const ActionMenu menu = MenuOf(c.sizes, c.raises_max);
  std::vector<double> seconds;
  uint64_t nodes = 0, edges = 0, terminals = 0, bytes = 0;
  for (int i = 0; i < kRepeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto tree = PublicTree::Build(game, menu);
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    CHECK(tree.ok()) << tree.status();
    nodes = tree->nodes().size();
    edges = tree->edges().size();
    terminals = tree->terminals().size();
    bytes = tree->bytes();
  }
  std::sort(seconds.begin(), seconds.end());
  const double hot_bytes = 8.0 * nodes + 8.0 * edges;
  std::printf(
      "  {\"game\": \"%s\", \"sizes\": \"%s\", \"raises_max\": %d, \"nodes\": %lu, "
      "\"edges\": %lu, \"terminals\": %lu, \"seconds\": %.3f, "
      "\"nodes_per_second\": %.3g, \"bytes_per_node\": %.1f, "
      "\"hot_bytes_per_node\": %.1f}%s\n",
      c.game.c_str(), c.sizes_text.c_str(), c.raises_max, nodes, edges, terminals,
      seconds[kRepeats / 2], nodes / seconds[kRepeats / 2], static_cast<double>(bytes) / nodes,
      hot_bytes / nodes, is_last ? "" : ",");
  std::fflush(stdout);
}

constexpr char kHelp[] =
    R"(tree measures how fast public trees are built and what they weigh. Prints JSON, an object a
menu.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  const std::vector<nash::Case> cases = {
      {"limit_2p", "", {}, 255},
      {"limit_3p", "", {}, 255},
      {"nolimit_2p", "0.5pot pot allin", {"0.5pot", "pot", "allin"}, 3},
      {"nolimit_2p",
       "0.33pot 0.75pot pot 2pot allin",
       {"0.33pot", "0.75pot", "pot", "2pot", "allin"},
       2},
      {"nolimit_6p", "pot", {"pot"}, 1},
      {"nolimit_6p_100bb", "pot allin", {"pot", "allin"}, 1},
  };
  std::printf("[\n");
  for (size_t i = 0; i < cases.size(); ++i) Measure(cases[i], i + 1 == cases.size());
  std::printf("]\n");
  return 0;
}
