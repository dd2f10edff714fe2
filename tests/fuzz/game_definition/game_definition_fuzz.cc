// Any bytes: the parser answers with a status of one line or with a game that its canonical form
// reads back, and a game it accepts can be played.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>

#include "solver/game/betting_state.h"
#include "solver/game/game_definition.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto game = nash::ParseGameDefinition(text, "fuzz.game");
  if (!game.ok()) {
    CHECK(game.status().message().find('\n') == absl::string_view::npos) << game.status();
    CHECK_LT(game.status().message().size(), 1000u);
    return 0;
  }
  const std::string canonical = nash::FormatGameDefinition(*game);
  const auto again = nash::ParseGameDefinition(canonical, "canonical.game");
  CHECK(again.ok()) << again.status();
  CHECK(*again == *game);
  CHECK_EQ(nash::FormatGameDefinition(*again), canonical);

  // Raise while that is possible, then call: the hand must end.
  nash::BettingState state(&*game);
  CHECK(!state.is_over());
  for (int actions = 0; !state.is_over(); ++actions) {
    CHECK_LT(actions, nash::kStreetsMax * (255 + 1) * nash::kPlayersMax);
    if (state.CanRaise()) {
      state.RaiseTo(state.MinRaiseTo());
    } else {
      state.Call();
    }
  }
  return 0;
}
