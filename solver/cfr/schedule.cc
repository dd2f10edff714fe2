// Everything here is a function of a round's number, and every factor is the same on every machine:
// integers, shifts, and of floating point only what IEEE 754 defines to the last bit (products,
// quotients, square roots). So exponents are multiples of 1/2, and pow() and exp() are not used for
// anything that reaches the table; QuantumText() and LargestRegretExpected() only give advice.
//
// Halvings: sums of a run of 2^40 deals would come to 2^48. Instead the unit of what is added
// halves whenever the number of iterations passes a power of two from 2^22 on, and all sums with
// it:
//
//   iterations   0 ... 2^22 ... 2^23 ... 2^24 ...
//   halvings     0     1        2        3
//   unit         256   128      64       32
//
// A factor is rounded down to a multiple of 2^-31; values that it multiplies are rounded without
// bias (Scale() in the header). Discounting is that of discounted CFR: Brown & Sandholm 2019,
// "Solving imperfect-information games via discounted regret minimization".
// tests/cfr/schedule_test.cc follows the fullest sum through a long run, and checks averages of
// many small discounts.
#include "solver/cfr/schedule.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/hand_values.h"

namespace nash {
namespace {

// t to the power of half_steps / 2, by operations that IEEE 754 defines to the last bit.
double PowerOfHalves(double t, int half_steps) {
  double power = half_steps % 2 == 0 ? 1.0 : std::sqrt(t);
  for (int i = 0; i < half_steps / 2; ++i) power *= t;
  return power;
}

Fraction ToFraction(double x) { return static_cast<Fraction>(std::floor(x * kOne)); }

int HalfSteps(double exponent) { return static_cast<int>(std::lround(2 * exponent)); }

// t^e / (t^e + 1)
Fraction RegretFactor(double t, double exponent) {
  const double power = PowerOfHalves(t, HalfSteps(exponent));
  return ToFraction(power / (power + 1));
}

// A sampler without a case does not compile.
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

// The most that one iteration may add to a sum at a run's start.
int32_t FirstSumUnit(Sampler sampler) {
  switch (sampler) {
    case Sampler::kPublic:
      return kPublicSumUnit;
    case Sampler::kExternal:
    case Sampler::kOutcome:
    case Sampler::kInvalid:
      break;
  }
  return kSumUnit;
}

// By how much noise moves a regret, as a share of the range of payoffs and the root of visits.
// Measured on Leduc: 0.16 and 0.57 at 1.2 and at 10.8 million deals.
double NoiseOf(Sampler sampler) {
  switch (sampler) {
    case Sampler::kOutcome:
      return 0.6;
    case Sampler::kExternal:
    case Sampler::kPublic:
    case Sampler::kInvalid:
      break;
  }
  return 0.17;
}

#pragma GCC diagnostic pop

// How often sums, and their unit, have been halved after `iterations`. Where a round is longer than
// the first halving they start as if they had been halved before.
int HalvingsAt(Sampler sampler, const RoundShape& shape, uint64_t iterations) {
  const uint64_t first = FirstHalving(sampler);
  const int at_start = static_cast<int>(std::bit_width((shape.DealsPerRound() - 1) / first));
  return std::max<int>(at_start, std::bit_width(iterations / first));
}

// By how much a regret computed in floats may pass the range of payoffs, as a share of it: at each
// of at most kDepthMax decisions a strategy is off by six roundings of 2^-24 and the sum over
// actions by five more.
constexpr double kFloatSlack = 0x1p-12;
static_assert(kDepthMax * 12 * 0x1p-24 <= kFloatSlack);
// The same of a sum over all hands of a board, each of whose values is a difference of sums over
// all hands: see hand_values.h for their error.
constexpr double kHandSumSlack = 0x1p-2;
static_assert(kDepthMax * kErrorUnits * kRangeHandsMax * 0x1p-24 <= kHandSumSlack);

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

double SlackOf(Sampler sampler) {
  switch (sampler) {
    case Sampler::kPublic:
      return kHandSumSlack;
    case Sampler::kExternal:
    case Sampler::kOutcome:
    case Sampler::kInvalid:
      break;
  }
  return kFloatSlack;
}

bool IsHalfInteger(double x) { return x >= 0 && x <= 16 && 2 * x == std::floor(2 * x); }

}  // namespace

int32_t SumWeightMax(Sampler sampler) {
  switch (sampler) {
    case Sampler::kOutcome:
      return kOutcomeWeightMax;
    case Sampler::kExternal:
    case Sampler::kPublic:
    case Sampler::kInvalid:
      break;
  }
  return 1;
}

#pragma GCC diagnostic pop

uint64_t FirstHalving(Sampler sampler) { return uint64_t{kSumLimit} / FirstSumUnit(sampler); }

float SumUnitAt(Sampler sampler, const RoundShape& shape, uint64_t iterations) {
  const float first = static_cast<float>(FirstSumUnit(sampler)) / SumWeightMax(sampler);
  return std::ldexp(first, -HalvingsAt(sampler, shape, iterations));
}

int32_t RegretFloorOf(const CfrOptions& options) {
  if (options.floor_regrets_at_zero) return 0;
  if (options.regret_floor_chips == 0) return kRegretFloorMin;
  const double floor = options.regret_floor_chips / options.quantum_chips;
  return static_cast<int32_t>(std::max<double>(floor, kRegretFloorMin));
}

RoundEnd EndOfRound(const CfrOptions& options, const RoundShape& shape, uint64_t round) {
  const uint64_t before = IterationsAfter(shape, round);
  const uint64_t after = IterationsAfter(shape, round + 1);
  RoundEnd end;
  const int halvings =
      HalvingsAt(options.sampler, shape, after) - HalvingsAt(options.sampler, shape, before);
  end.sweeps = halvings > 0;
  end.sums = kOne >> halvings;
  const bool discounts =
      options.variant != Variant::kVanilla && after % options.discount_every_iterations == 0 &&
      (options.discount_until_iterations == 0 || after <= options.discount_until_iterations);
  if (!discounts) return end;
  const bool linear = options.variant == Variant::kLinear;
  const double t = static_cast<double>(after / options.discount_every_iterations);
  end.sweeps = true;
  end.positive = RegretFactor(t, linear ? 1 : options.alpha);
  end.negative = RegretFactor(t, linear ? 1 : options.beta);
  end.sums =
      ToFraction(PowerOfHalves(t / (t + 1), HalfSteps(linear ? 1 : options.gamma))) >> halvings;
  return end;
}

bool IsSnapshotDue(const CfrOptions& options, uint64_t iterations) {
  const uint64_t every = options.snapshot_every_iterations;
  return options.average == AverageStreets::kFirst && every > 0 && iterations > 0 &&
         iterations % every == 0 && iterations >= options.average_from_iterations;
}

std::vector<uint64_t> SnapshotRounds(const CfrOptions& options, const RoundShape& shape,
                                     uint64_t iterations) {
  std::vector<uint64_t> rounds;
  const uint64_t every = options.snapshot_every_iterations;
  if (every == 0) return rounds;
  for (uint64_t at = every; at <= iterations; at += every) {
    if (IsSnapshotDue(options, at)) rounds.push_back(at / shape.DealsPerRound());
  }
  return rounds;
}

std::string QuantumText(double quantum, int digits) {
  CHECK_GT(quantum, 0);
  const double unit = std::pow(10, std::floor(std::log10(quantum)) + 1 - digits);
  for (double units = std::ceil(quantum / unit);; ++units) {
    const std::string text = absl::StrFormat("%.15g", units * unit);
    double value = 0;
    if (absl::SimpleAtod(text, &value) && value >= quantum) return text;
  }
}

double LargestRegretExpected(const CfrOptions& options, int64_t chips_max, double visits) {
  return NoiseOf(options.sampler) * 2 * chips_max / options.quantum_chips * std::sqrt(visits);
}

double FinestQuantum(Sampler sampler, const RoundShape& shape, int64_t chips_max) {
  // A touch changes a regret by at most the range of values, and one unit for rounding; a batch
  // adds for all units of its round.
  const double touches = static_cast<double>(shape.units) * shape.deals;
  const double touch = kBatchHeadroom / touches - 1;
  if (touch <= 0) return std::numeric_limits<double>::infinity();
  return 2.0 * chips_max * (1 + SlackOf(sampler)) / touch;
}

absl::Status CheckSchedule(const CfrOptions& options, const RoundShape& shape, int64_t chips_max) {
  const double finest = FinestQuantum(options.sampler, shape, chips_max);
  if (options.quantum_chips < finest) {
    const std::string coarser =
        finest <= kQuantumChipsMax
            ? absl::StrCat("a quantum of at least ", QuantumText(finest, 3), ", ")
            : "";
    return absl::InvalidArgumentError(absl::StrFormat(
        "algorithm.quantum: a batch of %d deals for up to %d chips each, times %d units, could "
        "pass the limits of 32-bit regrets at a quantum of %g chips: use %sfewer deals or fewer "
        "units",
        shape.deals, chips_max, shape.units, options.quantum_chips, coarser));
  }
  if (shape.DealsPerRound() > kDealsPerRoundMax) {
    return absl::InvalidArgumentError(absl::StrFormat("round: %d deals in a round: use at most %d",
                                                      shape.DealsPerRound(), kDealsPerRoundMax));
  }
  if (options.variant != Variant::kVanilla) {
    const uint64_t every = options.discount_every_iterations;
    if (every == 0 || every % shape.DealsPerRound() != 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "algorithm.discount.every: %d is no multiple of the %d deals of a round: discounts "
          "happen at the end of a round",
          every, shape.DealsPerRound()));
    }
  }
  for (const double exponent : {options.alpha, options.beta, options.gamma}) {
    if (!IsHalfInteger(exponent)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "algorithm: exponent %g: alpha, beta and gamma must be multiples of 0.5 from 0 to 16",
          exponent));
    }
  }
  const double floor = RegretFloorOf(options) * options.quantum_chips;
  if (options.pruning.enabled && options.pruning.threshold_chips <= floor) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "algorithm.pruning.threshold: %g chips is not above the regret floor of %g chips, so "
        "nothing would ever be pruned",
        options.pruning.threshold_chips, floor));
  }
  return absl::OkStatus();
}

}  // namespace nash
