// The sections that say how a run learns: algorithm and round.
//
// A section is read key by key into CfrOptions and RoundShape; what is wrong is collected
// (YamlErrors) and the rest is read on, so that one run of a program tells all mistakes. A key that
// makes no sense beside another (exploration without outcome sampling) is refused and not ignored:
// whoever wrote it expects it to do something. Bounds are of two kinds: what the engine can hold
// (kRegretFloorMin, kDealsPerUnitMax), and what nobody can mean. Defaults that depend on other keys
// are set in the order of reading: the quantum after the sampler, exponents after the variant.
// canonical_text.cc writes all of it back, and tests/run/run_definition_test.cc has each mistake
// with its line.
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "solver/cfr/table.h"
#include "solver/ranges/board_cycle.h"
#include "solver/ranges/board_hands.h"
#include "solver/run/algorithm_names.h"
#include "solver/run/number_text.h"
#include "solver/run/sections.h"

namespace nash {
namespace {

constexpr double kExponentMax = 16;
constexpr double kChipsMax = 1e12;
constexpr uint32_t kMeetEveryMax = 1 << 16;
constexpr uint32_t kMeetEveryUnlessSaid = 16;

template <typename T, size_t kN>
YamlMap::Choices<T> ChoicesOf(const std::array<T, kN>& values) {
  YamlMap::Choices<T> choices;
  for (T value : values) choices.push_back({NameOf(value), value});
  return choices;
}

bool IsEnumerated(const CfrOptions& options) { return options.chance == Chance::kEnumerated; }

void ParseBoards(const YamlMap& map, const GameDefinition& game, CfrOptions* options) {
  options->boards = map.Choice<BoardOrder>("boards", ChoicesOf(kBoardOrders), options->boards);
  const uint64_t sets = BoardCycle::CountSets(game);
  if (options->boards == BoardOrder::kCycled && sets > kCycleSetsMax) {
    map.AddError("boards",
                 absl::StrCat("found cycle; the first street that deals cards has ", sets,
                              " sets of them, and the most is ", kCycleSetsMax, ": use draw"));
  }
}

void ParseSampler(const YamlMap& map, const GameDefinition& game, CfrOptions* options) {
  options->chance = map.Choice<Chance>("chance", ChoicesOf(kChances), options->chance);
  if (IsEnumerated(*options)) {
    for (absl::string_view key : {"sampler", "boards", "exploration"}) {
      map.Refuse(key, "chance: enumerate samples nothing");
    }
    if (game.num_hole_cards > kRangeHoleCardsMax) {
      map.AddError("chance", absl::StrCat("found enumerate; it is for hands of one or two cards, "
                                          "this game deals ",
                                          game.num_hole_cards));
    }
    return;
  }
  options->sampler = map.Choice<Sampler>("sampler", ChoicesOf(kSamplers), options->sampler);
  if (options->sampler == Sampler::kPublic && game.num_players != 2) {
    map.AddError("sampler", absl::StrCat("found public; it is for two players, this game has ",
                                         game.num_players, ": use external"));
  }
  if (options->sampler == Sampler::kPublic && game.num_hole_cards > kRangeHoleCardsMax) {
    map.AddError("sampler",
                 absl::StrCat("found public; it is for hands of one or two cards, this game "
                              "deals ",
                              game.num_hole_cards, ": use external"));
  }
  if (options->sampler == Sampler::kPublic) {
    ParseBoards(map, game, options);
  } else {
    map.Refuse("boards", "it is for sampler: public");
  }
  if (options->sampler == Sampler::kOutcome) {
    // Not zero: an action that is never sampled would never be learnt about.
    options->exploration = map.Number("exploration", {1e-3, 1}, options->exploration);
  } else {
    map.Refuse("exploration", "it is for sampler: outcome");
  }
}

// Powers that are the same on every machine: of multiples of 1/10 where chance is enumerated
// (row_rules.h), of 1/2 else (schedule.h).
double ParseExponent(const YamlMap& map, absl::string_view key, double missing,
                     bool is_enumerated) {
  const double exponent = map.Number(key, {0, kExponentMax}, missing);
  if (is_enumerated) {
    if (std::abs(10 * exponent - std::round(10 * exponent)) > 1e-9) {
      map.AddError(key,
                   absl::StrCat("found ", NumberText(exponent), "; expected a multiple of 0.1"));
    }
    return exponent;
  }
  if (2 * exponent != std::floor(2 * exponent)) {
    map.AddError(key, absl::StrCat("found ", NumberText(exponent), "; expected a multiple of 0.5"));
  }
  return exponent;
}

void ParseVariant(const YamlMap& map, const RoundShape& round, YamlErrors* errors,
                  CfrOptions* options) {
  const bool is_enumerated = IsEnumerated(*options);
  options->variant = map.Choice<Variant>("variant", ChoicesOf(kVariants), options->variant);
  if (!is_enumerated && options->variant > Variant::kDiscounted) {
    map.AddError("variant", absl::StrCat("found ", NameOf(options->variant),
                                         "; it is for chance: enumerate; where chance is sampled: "
                                         "vanilla, linear or discounted"));
  }
  const bool is_predictive = options->variant == Variant::kPredictiveDiscounted;
  if (options->variant == Variant::kDiscounted || is_predictive) {
    // Those that the papers recommend.
    if (is_predictive) std::tie(options->alpha, options->gamma) = std::pair(2.3, 5);
    options->alpha = ParseExponent(map, "alpha", options->alpha, is_enumerated);
    options->gamma = ParseExponent(map, "gamma", options->gamma, is_enumerated);
  } else {
    for (absl::string_view key : {"alpha", "gamma"}) {
      map.Refuse(key, "it is for variant: discounted");
    }
  }
  if (options->variant == Variant::kDiscounted) {
    options->beta = ParseExponent(map, "beta", options->beta, is_enumerated);
  } else {
    map.Refuse("beta", "it is for variant: discounted");
  }
  if (is_enumerated) {
    map.Refuse("discount", "with chance: enumerate every iteration discounts, as the variant says");
    return;
  }
  if (options->variant == Variant::kVanilla) {
    map.Refuse("discount", "variant: vanilla discounts nothing");
    return;
  }
  if (!map.Require("discount")) return;
  const YamlMap discount(map.At("discount"), map.NameOf("discount"), {"every", "until"}, errors);
  const uint64_t every = discount.Integer("every", {1, kRunIterationsMax}, std::nullopt);
  if (every % round.DealsPerRound() != 0) {
    discount.AddError("every",
                      absl::StrCat("found ", every, "; expected a multiple of the round's ",
                                   round.DealsPerRound(), " deals (units * batches * deals)"));
  }
  options->discount_every_iterations = every;
  options->discount_until_iterations = discount.Integer("until", {0, kRunIterationsMax}, 0);
}

}  // namespace

double QuantumUnlessSaid(const GameDefinition& game, Sampler sampler) {
  int64_t chips = 0;
  for (const auto blind : game.blind_chips) chips = std::max<int64_t>(chips, blind);
  if (chips == 0) {
    for (const auto ante : game.dead_chips) chips = std::max<int64_t>(chips, ante);
  }
  if (chips == 0) chips = 1;
  const double parts = sampler == Sampler::kPublic ? 10000 : 100;
  return std::clamp(static_cast<double>(chips) / parts, kQuantumChipsMin, kQuantumChipsMax);
}

namespace {

void ParseFloor(const YamlMap& map, CfrOptions* options) {
  options->quantum_chips =
      map.Number("quantum", {kQuantumChipsMin, kQuantumChipsMax}, options->quantum_chips);
  if (!map.Has("regret_floor")) return;
  const YAML::Node& node = map.At("regret_floor");
  if (node.IsScalar() && node.Scalar() == "none") return;
  if (node.IsScalar() && node.Scalar() == "zero") {
    options->floor_regrets_at_zero = true;
    return;
  }
  double chips = 0;
  const double lowest = kRegretFloorMin * options->quantum_chips;
  const bool is_number = node.IsScalar() && absl::SimpleAtod(node.Scalar(), &chips);
  if (!is_number || !(chips >= lowest && chips <= -options->quantum_chips)) {
    map.AddError("regret_floor",
                 absl::StrCat("found ", DescribeYaml(node), "; allowed: none, zero, or chips from ",
                              NumberText(lowest), " (what int32 holds at this quantum) to ",
                              NumberText(-options->quantum_chips)));
    return;
  }
  options->regret_floor_chips = chips;
}

void ParsePruning(const YamlMap& map, YamlErrors* errors, CfrOptions* options) {
  if (!map.Has("pruning")) return;
  const YAML::Node& node = map.At("pruning");
  if (node.IsScalar() && node.Scalar() == "none") return;
  const YamlMap pruning(node, map.NameOf("pruning"), {"threshold", "explore", "from"}, errors);
  PruningOptions& p = options->pruning;
  p.enabled = true;
  if (options->sampler == Sampler::kPublic) {
    map.AddError("pruning",
                 "found a map; sampler: public walks all hands of a board and skips none");
  }
  p.threshold_chips =
      pruning.Number("threshold", {-kChipsMax, -options->quantum_chips}, std::nullopt);
  p.explore_share = pruning.Number("explore", {0, 1}, p.explore_share);
  p.from_iterations = pruning.Integer("from", {0, kRunIterationsMax}, p.from_iterations);
  const double floor = options->regret_floor_chips;
  if (options->floor_regrets_at_zero || (floor != 0 && p.threshold_chips <= floor)) {
    pruning.AddError("threshold", absl::StrCat("found ", NumberText(p.threshold_chips),
                                               "; no regret gets below regret_floor (",
                                               NumberText(floor), "), so nothing is ever pruned"));
  }
}

void ParseAverage(const YamlMap& map, const RoundShape& round, YamlErrors* errors,
                  CfrOptions* options) {
  if (!map.Has("average")) return;
  const YamlMap average(map.At("average"), map.NameOf("average"),
                        {"streets", "from", "snapshot_every"}, errors);
  options->average =
      average.Choice<AverageStreets>("streets", ChoicesOf(kAverageStreets), options->average);
  options->average_from_iterations = average.Integer("from", {0, kRunIterationsMax}, 0);
  if (options->average == AverageStreets::kAll) {
    average.Refuse("snapshot_every", "it is for streets: first");
    return;
  }
  const uint64_t every = average.Integer("snapshot_every", {1, kRunIterationsMax}, std::nullopt);
  if (every % round.DealsPerMeeting() != 0) {
    average.AddError("snapshot_every", absl::StrCat("found ", every, "; expected a multiple of ",
                                                    round.DealsPerMeeting(), " deals (",
                                                    round.meet_every == 1 ? "" : "meet_every * ",
                                                    "units * batches * deals)"));
  }
  options->snapshot_every_iterations = every;
}

// What is left of the algorithm where nothing is sampled, and values are doubles.
void ParseEnumerated(const YamlMap& map, YamlErrors* errors, CfrOptions* options) {
  options->quantum_chips = CfrOptions().quantum_chips;
  map.Refuse("quantum", "with chance: enumerate values are doubles, as fine as can be");
  map.Refuse("regret_floor", "with chance: enumerate the variant says what becomes of regrets");
  map.Refuse("pruning", "chance: enumerate skips nothing");
  if (!map.Has("average")) return;
  const YamlMap average(map.At("average"), map.NameOf("average"), {"from"}, errors);
  options->average_from_iterations = average.Integer("from", {0, kRunIterationsMax}, 0);
}

}  // namespace

RoundShape ParseRound(const YamlMap& document, YamlErrors* errors, bool* batches_are_auto) {
  RoundShape round;
  if (!document.Require("round")) return round;
  const YamlMap map(document.At("round"), "round",
                    {"units", "batches", "deals", "lag", "meet_every", "amplification"}, errors);
  round.units = static_cast<uint32_t>(map.Integer("units", {1, kRoundUnitsMax}, round.units));
  *batches_are_auto =
      map.Has("batches") && map.At("batches").IsScalar() && map.At("batches").Scalar() == "auto";
  if (!*batches_are_auto) {
    round.batches = static_cast<uint32_t>(map.Integer("batches", {1, kBatchesMax}, std::nullopt));
  }
  round.deals = static_cast<uint32_t>(map.Integer("deals", {1, kDealsMax}, std::nullopt));
  if (uint64_t{round.batches} * round.deals > kDealsPerUnitMax) {
    map.AddError("batches",
                 absl::StrCat("batches * deals is ", uint64_t{round.batches} * round.deals,
                              "; at most ", kDealsPerUnitMax));
  }
  if (map.Integer("lag", {0, 1}, 0) == 0) {
    map.Refuse("meet_every", "it is for lag: 1");
  } else {
    round.meet_every =
        static_cast<uint32_t>(map.Integer("meet_every", {2, kMeetEveryMax}, kMeetEveryUnlessSaid));
    if (round.units == 1) map.AddError("lag", "found 1; there is nothing to wait for: units is 1");
  }
  const uint64_t amplification =
      map.Integer("amplification", {1, kRoundUnitsMax}, uint64_t{round.units});
  if (amplification > round.units) {
    map.AddError("amplification",
                 absl::StrCat("found ", amplification, "; at most units, ", round.units));
  }
  // As it is where nothing is said: one definition, one text.
  if (amplification < round.units) round.amplification = static_cast<uint32_t>(amplification);
  return round;
}

CfrOptions ParseAlgorithm(const YamlMap& document, const GameDefinition& game,
                          const RoundShape& round, YamlErrors* errors) {
  CfrOptions options;
  options.quantum_chips = QuantumUnlessSaid(game, options.sampler);
  if (!document.Has("algorithm")) return options;
  const YamlMap map(document.At("algorithm"), "algorithm",
                    {"chance", "sampler", "boards", "exploration", "variant", "alpha", "beta",
                     "gamma", "discount", "quantum", "regret_floor", "pruning", "average"},
                    errors);
  ParseSampler(map, game, &options);
  options.quantum_chips = QuantumUnlessSaid(game, options.sampler);
  ParseVariant(map, round, errors, &options);
  if (IsEnumerated(options)) {
    ParseEnumerated(map, errors, &options);
    return options;
  }
  ParseFloor(map, &options);
  ParsePruning(map, errors, &options);
  ParseAverage(map, round, errors, &options);
  return options;
}

}  // namespace nash
