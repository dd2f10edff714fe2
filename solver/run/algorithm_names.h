// What samplers, orders of boards, variants and averages are called in a definition: reading,
// writing and fingerprints go by the same names. Thread-safe: pure functions. For solver/run only.
#ifndef NASHVILLE_SOLVER_RUN_ALGORITHM_NAMES_H_
#define NASHVILLE_SOLVER_RUN_ALGORITHM_NAMES_H_

#include <array>

#include "absl/strings/string_view.h"
#include "solver/cfr/options.h"

namespace nash {

inline constexpr std::array<Sampler, 3> kSamplers = {Sampler::kExternal, Sampler::kOutcome,
                                                     Sampler::kPublic};
inline constexpr std::array<BoardOrder, 2> kBoardOrders = {BoardOrder::kDrawn, BoardOrder::kCycled};
inline constexpr std::array<Chance, 2> kChances = {Chance::kSampled, Chance::kEnumerated};
inline constexpr std::array<Variant, 6> kVariants = {
    Variant::kVanilla, Variant::kLinear,     Variant::kDiscounted,
    Variant::kPlus,    Variant::kPredictive, Variant::kPredictiveDiscounted};
inline constexpr std::array<AverageStreets, 2> kAverageStreets = {AverageStreets::kAll,
                                                                  AverageStreets::kFirst};

// What is added without a name does not compile.
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

// Empty for kInvalid and for numbers that are none of the enumeration's.
constexpr absl::string_view NameOf(Chance chance) {
  switch (chance) {
    case Chance::kSampled:
      return "sample";
    case Chance::kEnumerated:
      return "enumerate";
    case Chance::kInvalid:
      break;
  }
  return "";
}

constexpr absl::string_view NameOf(Sampler sampler) {
  switch (sampler) {
    case Sampler::kExternal:
      return "external";
    case Sampler::kOutcome:
      return "outcome";
    case Sampler::kPublic:
      return "public";
    case Sampler::kInvalid:
      break;
  }
  return "";
}

constexpr absl::string_view NameOf(BoardOrder boards) {
  switch (boards) {
    case BoardOrder::kDrawn:
      return "draw";
    case BoardOrder::kCycled:
      return "cycle";
    case BoardOrder::kInvalid:
      break;
  }
  return "";
}

constexpr absl::string_view NameOf(Variant variant) {
  switch (variant) {
    case Variant::kVanilla:
      return "vanilla";
    case Variant::kLinear:
      return "linear";
    case Variant::kDiscounted:
      return "discounted";
    case Variant::kPlus:
      return "plus";
    case Variant::kPredictive:
      return "predictive";
    case Variant::kPredictiveDiscounted:
      return "predictive_discounted";
    case Variant::kInvalid:
      break;
  }
  return "";
}

constexpr absl::string_view NameOf(AverageStreets streets) {
  switch (streets) {
    case AverageStreets::kAll:
      return "all";
    case AverageStreets::kFirst:
      return "first";
    case AverageStreets::kInvalid:
      break;
  }
  return "";
}

#pragma GCC diagnostic pop

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_ALGORITHM_NAMES_H_
