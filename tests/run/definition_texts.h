// Run definitions that several tests start from.
#ifndef NASHVILLE_TESTS_RUN_DEFINITION_TEXTS_H_
#define NASHVILLE_TESTS_RUN_DEFINITION_TEXTS_H_

namespace nash {

// Every key that can stand beside the others, in the order of the documentation.
inline constexpr char kNoLimitText[] = R"(name: test-run
game: |
  GAMEDEF
  nolimit
  numPlayers = 2
  numRounds = 2
  stack = 20000 20000
  blind = 100 50
  firstPlayer = 2 1
  numSuits = 4
  numRanks = 13
  numHoleCards = 2
  numBoardCards = 0 3
  END GAMEDEF
menu:
  preflop: {raises_max: 3, sizes: [[0.5pot, pot, allin], [pot, allin]]}
  flop: {sizes: [[min, 500chips]]}
abstraction:
  preflop: lossless
  flop: {kind: ehs, buckets: 50}
algorithm:
  sampler: outcome
  exploration: 0.5
  variant: discounted
  alpha: 1.5
  beta: 0.5
  gamma: 3
  discount: {every: 131072, until: 10000000}
  quantum: 0.02
  regret_floor: -310000
  pruning: {threshold: -300000, explore: 0.1, from: 1000000}
  average: {streets: first, from: 500, snapshot_every: 655360}
round: {units: 1, batches: 64, deals: 1024}
seed: 7
iterations: 10000000
)";

// Lossless to the turn, as a person writes it; and the entries of the turn.
inline constexpr char kTurnText[] = R"(name: turn
game: |
  GAMEDEF
  limit
  numPlayers = 2
  numRounds = 3
  blind = 2 1
  raiseSize = 2 2 4
  firstPlayer = 2 1 1
  maxRaises = 1 1 1
  numSuits = 4
  numRanks = 13
  numHoleCards = 2
  numBoardCards = 0 3 1
  END GAMEDEF
abstraction:
  preflop: lossless
  flop: lossless
  turn: lossless
round: {batches: 10, deals: 32}
iterations: 1000
)";

// The least that a definition can say.
inline constexpr char kKuhnText[] = R"(name: kuhn
game: |
  GAMEDEF
  limit
  numPlayers = 2
  numRounds = 1
  blind = 1 1
  raiseSize = 1
  firstPlayer = 1
  maxRaises = 1
  numSuits = 1
  numRanks = 3
  numHoleCards = 1
  numBoardCards = 0
  END GAMEDEF
abstraction: {preflop: lossless}
round: {batches: 10, deals: 32}
iterations: 1000
)";

}  // namespace nash

#endif  // NASHVILLE_TESTS_RUN_DEFINITION_TEXTS_H_
