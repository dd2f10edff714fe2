// Best responses in games of short decks; see kHelp. Every action is played alike. Pairs go once,
// ranges --runs times; a table of lossless hands is built beforehand and counts for nobody.
#include <gflags/gflags.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/thread_pool.h"
#include "solver/abstraction/abstraction.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/best_response.h"
#include "solver/evaluation/range_response.h"
#include "tests/abstraction/lossless.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/game/shipped_games.h"

DEFINE_int32(runs, 5, "of each walk by ranges; the median counts");
DEFINE_bool(pairs, true, "walk pairs of hands as well: minutes");

namespace nash {
namespace {

struct Case {
  std::string name;
  GameDefinition game;
  ActionMenu menu;
};

std::vector<Case> Cases() {
  const std::string twenty_cards =
      "GAMEDEF\nnolimit\nnumPlayers = 2\nnumRounds = 3\nstack = 20 20\nblind = 2 1\n"
      "firstPlayer = 2 1 1\nnumSuits = 4\nnumRanks = 5\nnumHoleCards = 2\n"
      "numBoardCards = 0 3 1\nEND GAMEDEF\n";
  return {{"limit, 24 cards to the turn",
           LoadGameDefinition("tests/abstraction/short.game").value(), MenuOf({}, 2)},
          {"no limit, 20 cards to the turn", ParseGameDefinition(twenty_cards, "20 cards").value(),
           MenuOf({"pot"}, 2)}};
}

struct Answers {
  double seconds = 0;
  double chips[2] = {};
};

class Game {
 public:
  explicit Game(const Case& c)
      : definition_(c.game),
        tree_(PublicTree::Build(definition_, c.menu).value()),
        abstraction_(Abstraction::Open(Lossless(definition_), definition_, "").value()),
        hands_(abstraction_) {}

  const PublicTree& tree() const { return tree_; }

  template <typename P>
  Answers ByRanges() {
    Answers answers;
    std::vector<double> seconds;
    for (int run = 0; run < FLAGS_runs; ++run) {
      seconds.push_back(SecondsOf(
          [&] {
            const auto response = RangeResponse<P>::Make(tree_, hands_, policy_, &pool_).value();
            for (int player : {0, 1}) {
              answers.chips[player] = response->Response(player, 0, [](double) {});
            }
          },
          ProcessSeconds));
    }
    answers.seconds = Median(seconds);
    return answers;
  }

  Answers ByPairs() {
    Answers answers;
    answers.seconds = SecondsOf(
        [&] {
          const ProgressCallback no_progress = [](const StageProgress&) {};
          const HandSpace space = HandSpace::Make(definition_, hands_, &pool_, no_progress).value();
          const LeafTerms terms(tree_);
          StageCounter counter({"best responses", 0, 1, "terms"}, no_progress);
          for (int player : {0, 1}) {
            answers.chips[player] =
                EvaluatePlayer({tree_, space, policy_, terms}, player, &pool_, &counter)
                    .best_response_chips;
          }
        },
        ProcessSeconds);
    return answers;
  }

 private:
  const GameDefinition definition_;
  const PublicTree tree_;
  const Abstraction abstraction_;
  const AbstractionHands hands_;
  const UniformPolicy policy_;
  ThreadPool pool_{1};
};

double Apart(const Answers& a, const Answers& b) {
  return std::max(std::abs(a.chips[0] / b.chips[0] - 1), std::abs(a.chips[1] / b.chips[1] - 1));
}

void Run() {
  nlohmann::ordered_json out;
  for (const Case& c : Cases()) {
    Game game(c);
    const Answers doubles = game.ByRanges<ResponsePack>();
    const Answers floats = game.ByRanges<FastResponsePack>();
    nlohmann::ordered_json row = {{"decisions", game.tree().nodes().size()},
                                  {"ranges_double_seconds", doubles.seconds},
                                  {"ranges_single_seconds", floats.seconds},
                                  {"single_apart", Apart(floats, doubles)}};
    if (FLAGS_pairs) {
      const Answers pairs = game.ByPairs();
      row["pairs_seconds"] = pairs.seconds;
      row["times_as_fast"] = pairs.seconds / doubles.seconds;
      row["double_apart"] = Apart(doubles, pairs);
    }
    out[c.name] = row;
  }
  std::cout << out.dump(2) << std::endl;
}

constexpr char kHelp[] =
    R"(responses measures exact best responses in games of short decks: by ranges, in doubles and
floats, and by pairs of hands.

  responses --pairs=false                        without the pairs, which take minutes

Prints JSON: processor seconds of both seats on one thread, and how far results are apart.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Run();
  return 0;
}
