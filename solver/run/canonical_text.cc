// CanonicalText() and Fingerprint(): one spelling of a run definition, and its hash.
#include <glog/logging.h>
#include <xxhash.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "solver/game/action_menu.h"
#include "solver/run/algorithm_names.h"
#include "solver/run/number_text.h"
#include "solver/run/run_definition.h"
#include "solver/run/sections.h"

namespace nash {
namespace {

std::string GameText(const GameDefinition& game) {
  std::string out = "game: |\n";
  for (absl::string_view line : absl::StrSplit(FormatGameDefinition(game), '\n')) {
    if (!line.empty()) absl::StrAppend(&out, "  ", line, "\n");
  }
  return out;
}

// What a game file cannot state: nothing where there is none of it, so that definitions from before
// keep their fingerprints.
std::string HouseRulesText(const GameDefinition& game) {
  std::string out;
  if (game.DeadChips() != 0) {
    const auto dead_chips = absl::MakeConstSpan(game.dead_chips.data(), game.num_players);
    absl::StrAppend(&out, "antes: [", absl::StrJoin(dead_chips, ", "), "]\n");
  }
  if (game.ranking == Ranking::kShortDeck) absl::StrAppend(&out, "ranking: short_deck\n");
  return out;
}

std::string SizesText(const StreetMenu& menu) {
  std::vector<std::string> lists;
  for (const std::vector<BetSize>& sizes : menu.sizes) {
    std::vector<std::string> words;
    for (const BetSize& size : sizes) words.push_back(FormatBetSize(size));
    lists.push_back(absl::StrCat("[", absl::StrJoin(words, ", "), "]"));
  }
  return absl::StrCat("[", absl::StrJoin(lists, ", "), "]");
}

std::string MenuText(const GameDefinition& game, const ActionMenu& menu) {
  std::string out = "menu:\n";
  for (int street = 0; street < game.num_streets; ++street) {
    const StreetMenu& m = menu.streets[street];
    absl::StrAppend(&out, "  ", kStreetNames[street], ": {raises_max: ", m.raises_max,
                    m.sizes.empty() ? "" : absl::StrCat(", sizes: ", SizesText(m)), "}\n");
  }
  return out;
}

std::string AbstractionText(const GameDefinition& game, const AbstractionDefinition& abstraction,
                            LosslessSpelling spelling) {
  std::string out = "abstraction:\n";
  for (int street = 0; street < game.num_streets; ++street) {
    absl::StrAppend(&out, "  ", kStreetNames[street], ": ",
                    StreetAbstractionText(abstraction.streets[street], game, street, spelling),
                    "\n");
  }
  return out;
}

std::string FloorText(const CfrOptions& options) {
  if (options.floor_regrets_at_zero) return "zero";
  if (options.regret_floor_chips == 0) return "none";
  return NumberText(options.regret_floor_chips);
}

std::string PruningText(const PruningOptions& pruning) {
  if (!pruning.enabled) return "none";
  return absl::StrCat("{threshold: ", NumberText(pruning.threshold_chips),
                      ", explore: ", NumberText(pruning.explore_share),
                      ", from: ", pruning.from_iterations, "}");
}

// A value without a name would give two different runs one fingerprint.
template <typename T>
absl::string_view NameOrDie(T value) {
  const absl::string_view name = NameOf(value);
  CHECK(!name.empty()) << "no definition says so: " << static_cast<int>(value);
  return name;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

std::string SamplerText(const CfrOptions& options) {
  const std::string name = absl::StrCat("  sampler: ", NameOrDie(options.sampler), "\n");
  switch (options.sampler) {
    case Sampler::kOutcome:
      return absl::StrCat(name, "  exploration: ", NumberText(options.exploration), "\n");
    case Sampler::kPublic:
      // Nothing for what is drawn, so that definitions from before there was another keep their
      // fingerprints.
      if (options.boards == BoardOrder::kDrawn) break;
      return absl::StrCat(name, "  boards: ", NameOrDie(options.boards), "\n");
    case Sampler::kExternal:
    case Sampler::kInvalid:
      break;
  }
  return name;
}

std::string DiscountText(const CfrOptions& options) {
  if (options.chance == Chance::kEnumerated) return "";
  return absl::StrCat("  discount: {every: ", options.discount_every_iterations,
                      ", until: ", options.discount_until_iterations, "}\n");
}

std::string VariantText(const CfrOptions& options) {
  const std::string name = absl::StrCat("  variant: ", NameOrDie(options.variant), "\n");
  switch (options.variant) {
    case Variant::kLinear:
      return name + DiscountText(options);
    case Variant::kDiscounted:
      return absl::StrCat(name, "  alpha: ", NumberText(options.alpha),
                          "\n  beta: ", NumberText(options.beta),
                          "\n  gamma: ", NumberText(options.gamma), "\n", DiscountText(options));
    case Variant::kPredictiveDiscounted:
      return absl::StrCat(name, "  alpha: ", NumberText(options.alpha),
                          "\n  gamma: ", NumberText(options.gamma), "\n");
    case Variant::kVanilla:
    case Variant::kPlus:
    case Variant::kPredictive:
    case Variant::kInvalid:
      break;
  }
  return name;
}

#pragma GCC diagnostic pop

std::string EnumeratedText(const CfrOptions& options) {
  return absl::StrCat("algorithm:\n  chance: ", NameOrDie(options.chance), "\n",
                      VariantText(options), "  average: {from: ", options.average_from_iterations,
                      "}\n");
}

// Nothing of chance where it is sampled, so that definitions from before there was another way keep
// their fingerprints.
std::string AlgorithmText(const CfrOptions& options) {
  if (options.chance == Chance::kEnumerated) return EnumeratedText(options);
  const std::string snapshots =
      options.average == AverageStreets::kFirst
          ? absl::StrCat(", snapshot_every: ", options.snapshot_every_iterations)
          : "";
  return absl::StrCat("algorithm:\n", SamplerText(options), VariantText(options),
                      "  quantum: ", NumberText(options.quantum_chips),
                      "\n  regret_floor: ", FloorText(options),
                      "\n  pruning: ", PruningText(options.pruning),
                      "\n  average: {streets: ", NameOrDie(options.average),
                      ", from: ", options.average_from_iterations, snapshots, "}\n");
}

// Nothing for lag 0, so that definitions from before there was another keep their fingerprints.
std::string LagText(const RoundShape& round) {
  return round.meet_every == 1 ? "" : absl::StrCat(", lag: 1, meet_every: ", round.meet_every);
}

std::string BatchesText(const RunDefinition& run) {
  return run.batches_are_auto ? "auto" : absl::StrCat(run.round.batches);
}

// Nothing where it is the number of units, for the same reason.
std::string AmplificationText(const RoundShape& round) {
  return round.Amplification() == round.units
             ? ""
             : absl::StrCat(", amplification: ", round.amplification);
}

// All that the bytes of a round depend on.
std::string RoundText(const RunDefinition& run, LosslessSpelling spelling) {
  ActionMenu menu = run.menu;
  Normalise(run.game, &menu);
  return absl::StrCat(GameText(run.game), HouseRulesText(run.game), MenuText(run.game, menu),
                      AbstractionText(run.game, run.abstraction, spelling),
                      AlgorithmText(run.algorithm), "round: {units: ", run.round.units,
                      ", batches: ", BatchesText(run), ", deals: ", run.round.deals,
                      LagText(run.round), AmplificationText(run.round), "}\nseed: ", run.seed,
                      "\n");
}

std::string WholeText(const RunDefinition& run, LosslessSpelling spelling) {
  return absl::StrCat("name: ", run.name, "\n", RoundText(run, spelling),
                      "iterations: ", run.iterations, "\n");
}

}  // namespace

std::string CanonicalText(const RunDefinition& run) {
  return WholeText(run, LosslessSpelling::kCanonical);
}

bool IsCanonicalText(const RunDefinition& run, absl::string_view text) {
  return text == CanonicalText(run) || text == WholeText(run, LosslessSpelling::kFingerprinted);
}

std::string Fingerprint(const RunDefinition& run) {
  const std::string text = RoundText(run, LosslessSpelling::kFingerprinted);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

}  // namespace nash
