// Any line is either refused with a message, or a state of a match that is written as it was read,
// but for slashes that may be left out; any answer to it is refused or a legal action.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "solver/play/match_state.h"

namespace {

constexpr char kGame[] = R"(GAMEDEF
nolimit
numPlayers = 3
numRounds = 3
blind = 5 10 0
stack = 200 150 400
firstPlayer = 3 1 1
numSuits = 4
numRanks = 6
numHoleCards = 2
numBoardCards = 0 3 1
END GAMEDEF
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const nash::GameDefinition* const game =
      new nash::GameDefinition(nash::ParseGameDefinition(kGame, "fuzz").value());
  const std::string line(reinterpret_cast<const char*>(data), size);
  const auto state = nash::ParseMatchState(*game, line);
  if (!state.ok()) {
    CHECK(!state.status().message().empty());
    return 0;
  }
  const std::string written = nash::FormatMatchState(*game, *state);
  const auto again = nash::ParseMatchState(*game, written);
  CHECK(again.ok()) << again.status() << " of " << written;
  CHECK(*again == *state);
  nash::BettingState betting(game);
  for (const nash::ActionLabel action : state->actions) nash::ApplyAction(action, &betting);
  // The line's own end as an action.
  for (const std::string& action : {std::string("f"), std::string("c"), line.substr(size / 2)}) {
    const auto answer = nash::ParseAnswer(*game, state->actions, written, written + ":" + action);
    if (!answer.ok()) continue;
    CHECK(!betting.is_over());
    nash::BettingState next = betting;
    nash::ApplyAction(*answer, &next);
  }
  if (betting.is_over() && state->holes[0].size() == 2 && state->holes[1].size() == 2 &&
      state->holes[2].size() == 2) {
    double sum = 0;
    for (const double chips : nash::HandValues(*game, *state)) sum += chips;
    CHECK_LT(sum * sum, 1e-12);
  }
  return 0;
}
