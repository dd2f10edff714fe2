// The algorithm of a run: sampler, weighting, pruning, averaging, and the shape of a round.
//
// All of it is part of the run definition: every field changes the result. Schedules count
// iterations (deals), never seconds, so that they are reproducible. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CFR_OPTIONS_H_
#define NASHVILLE_SOLVER_CFR_OPTIONS_H_

#include <cstdint>

namespace nash {

// What is done about the cards.
enum class Chance : uint8_t {
  kInvalid = 0,
  kSampled = 1,     // by a Sampler
  kEnumerated = 2,  // every iteration walks all deals: Zinkevich et al. 2007, "Regret minimization
                    // in games with incomplete information", for small games
};

enum class Sampler : uint8_t {
  kInvalid = 0,
  kExternal = 1,  // Lanctot et al. 2009, "Monte Carlo sampling for regret minimization", s. 3.2
  kOutcome = 2,   // the same, s. 3.1
  kPublic = 3,    // Johanson et al. 2012, "Efficient Nash equilibrium approximation through Monte
                  // Carlo counterfactual regret minimization", s. 4; two players
};

// How old iterations are weighted. Where chance is sampled these are scheduled operations at a
// round's end, of the first three only; else they are part of every iteration (row_rules.h).
enum class Variant : uint8_t {
  kInvalid = 0,
  kVanilla = 1,
  kLinear = 2,      // Brown & Sandholm 2019, "Solving imperfect-information games via discounted
                    // regret minimization", s. 4: discounted with alpha = beta = gamma = 1
  kDiscounted = 3,  // the same, s. 3
  kPlus = 4,        // CFR+: Tammelin 2014, "Solving large imperfect information games using CFR+"
  kPredictive = 5,  // PCFR+: Farina, Kroer, Sandholm 2021, "Faster game solving via predictive
                    // Blackwell approachability", s. 5
  kPredictiveDiscounted = 6,  // PDCFR+: Xu et al. 2024, "Minimizing weighted counterfactual regret
                              // with optimistic online mirror descent"
};

enum class AverageStreets : uint8_t {
  kInvalid = 0,
  kAll = 1,
  kFirst = 2,  // sums for the first street only; later streets average snapshots of the strategy
};

// Which boards public chance sampling walks.
enum class BoardOrder : uint8_t {
  kInvalid = 0,
  kDrawn = 1,   // each at random
  kCycled = 2,  // in turn (solver/ranges/board_cycle.h)
};

struct PruningOptions {
  bool enabled = false;
  double threshold_chips = 0;    // actions whose regret is below are skipped (negative)
  double explore_share = 0.05;   // share of deals that skip nothing
  uint64_t from_iterations = 0;  // no pruning before
  friend bool operator==(const PruningOptions&, const PruningOptions&) = default;
};

// The least and the greatest that a definition may have.
inline constexpr double kQuantumChipsMin = 1e-6;
inline constexpr double kQuantumChipsMax = 1e4;

struct CfrOptions {
  Chance chance = Chance::kSampled;
  Sampler sampler = Sampler::kExternal;    // kSampled only
  BoardOrder boards = BoardOrder::kDrawn;  // Sampler::kPublic only
  double exploration = 0.6;  // outcome sampling: weight of the uniform policy at own nodes
  Variant variant = Variant::kVanilla;
  // kDiscounted: exponents for positive regrets, negative regrets, sums. kPredictiveDiscounted:
  // alpha and gamma.
  double alpha = 1.5;
  double beta = 0;
  double gamma = 2;
  uint64_t discount_every_iterations = 0;  // must be a multiple of the round's deals
  uint64_t discount_until_iterations = 0;  // 0: for ever
  bool floor_regrets_at_zero = false;
  // One unit of a stored regret, in chips. Smaller is finer, and nearer to the int32 limits.
  double quantum_chips = 0.01;
  double regret_floor_chips = 0;  // 0: as low as int32 allows (see table.h); else negative
  PruningOptions pruning;
  AverageStreets average = AverageStreets::kAll;
  uint64_t average_from_iterations = 0;
  uint64_t snapshot_every_iterations = 0;  // AverageStreets::kFirst
  friend bool operator==(const CfrOptions&, const CfrOptions&) = default;
};

// A round is `units` units of `batches` batches of `deals` deals (docs/architecture.md).
struct RoundShape {
  uint32_t units = 1;
  uint32_t batches = 1;
  uint32_t deals = 1;
  // 1: lag 0, every round starts from all rounds before it. Above: lag 1 with a meeting every so
  // many rounds (lines.h).
  uint32_t meet_every = 1;
  // How often a unit adds its own regret changes to its table while it runs; 0: as often as there
  // are units, as if all others did the same. At most that.
  uint32_t amplification = 0;
  uint32_t Amplification() const { return amplification == 0 ? units : amplification; }
  uint64_t DealsPerRound() const { return uint64_t{units} * batches * deals; }
  uint64_t DealsPerMeeting() const { return DealsPerRound() * meet_every; }
  friend bool operator==(const RoundShape&, const RoundShape&) = default;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_OPTIONS_H_
