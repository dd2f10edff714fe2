// The games and menus that several tests use.
#ifndef NASHVILLE_TESTS_GAME_SHIPPED_GAMES_H_
#define NASHVILLE_TESTS_GAME_SHIPPED_GAMES_H_

#include <glog/logging.h>

#include <string>
#include <vector>

#include "solver/game/action_menu.h"
#include "solver/game/game_definition.h"
#include "solver/game/public_tree.h"

namespace nash {

inline const std::vector<std::string> kShippedGames = {
    "kuhn_2p",  "kuhn_3p",    "leduc_2p",         "leduc_3p",   "limit_2p",
    "limit_3p", "nolimit_2p", "nolimit_2p_100bb", "nolimit_6p", "nolimit_6p_100bb",
};

// name: without ".game".
inline GameDefinition ShippedGame(const std::string& name) {
  auto game = LoadGameDefinition("configs/games/" + name + ".game");
  CHECK(game.ok()) << game.status();
  return *game;
}

// A no-limit game of a full deck and one hole card. lines: the other keys.
inline GameDefinition SmallNoLimit(const std::string& lines) {
  const auto game = ParseGameDefinition("GAMEDEF\nnolimit\n" + lines +
                                            "\nnumSuits 4\nnumRanks 13\nnumHoleCards 1\n"
                                            "END GAMEDEF\n",
                                        "small");
  CHECK(game.ok()) << game.status();
  return *game;
}

// The same sizes after any number of raises on every street.
inline ActionMenu MenuOf(const std::vector<std::string>& sizes, int raises_max) {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes.emplace_back();
    street.raises_max = raises_max;
    for (const std::string& text : sizes) {
      const auto size = ParseBetSize(text);
      CHECK(size.ok()) << size.status();
      street.sizes[0].push_back(*size);
    }
  }
  return menu;
}

// Needs a game and a menu that Build() accepts.
inline PublicTree Built(const GameDefinition& game, const ActionMenu& menu) {
  auto tree = PublicTree::Build(game, menu);
  CHECK(tree.ok()) << tree.status();
  return *std::move(tree);
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_GAME_SHIPPED_GAMES_H_
