// Games for tests of the abstraction: only what deals and buckets depend on.
#ifndef NASHVILLE_TESTS_ABSTRACTION_SMALL_GAMES_H_
#define NASHVILLE_TESTS_ABSTRACTION_SMALL_GAMES_H_

#include <algorithm>
#include <vector>

#include "solver/game/game_definition.h"

namespace nash {

struct DealShape {
  int num_players = 2;
  int num_ranks = 13;
  int num_suits = 4;
  int num_hole_cards = 2;
  std::vector<int> boards;  // by street
  Ranking ranking = Ranking::kStandard;
};

inline GameDefinition GameOf(const DealShape& shape) {
  GameDefinition game;
  game.num_players = shape.num_players;
  game.num_ranks = shape.num_ranks;
  game.num_suits = shape.num_suits;
  game.num_hole_cards = shape.num_hole_cards;
  game.ranking = shape.ranking;
  game.num_streets = static_cast<int>(shape.boards.size());
  std::copy(shape.boards.begin(), shape.boards.end(), game.num_board_cards.begin());
  return game;
}

inline GameDefinition KuhnGame() {
  return GameOf({.num_ranks = 3, .num_suits = 1, .num_hole_cards = 1, .boards = {0}});
}
inline GameDefinition LeducGame() {
  return GameOf({.num_ranks = 3, .num_suits = 2, .num_hole_cards = 1, .boards = {0, 1}});
}
// Hold'em whose showdown is on the flop: everything of hold'em in 1,755 boards.
inline GameDefinition FlopGame(int num_players = 2) {
  return GameOf({.num_players = num_players, .boards = {0, 3}});
}
inline GameDefinition TurnGame(int num_players = 2) {
  return GameOf({.num_players = num_players, .boards = {0, 3, 1}});
}
inline GameDefinition RiverGame(int num_players = 2) {
  return GameOf({.num_players = num_players, .boards = {0, 3, 1, 1}});
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_ABSTRACTION_SMALL_GAMES_H_
