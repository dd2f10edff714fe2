// What a run computes: game, action menu, abstraction, algorithm, round shape, seed.
//
// Two runs with equal definitions give equal bytes, whatever the machines; nothing outside the
// definition changes them. Every key of the YAML form is in docs/run_definition.md.
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_RUN_RUN_DEFINITION_H_
#define NASHVILLE_SOLVER_RUN_RUN_DEFINITION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/cfr/options.h"
#include "solver/game/action_menu.h"
#include "solver/game/game_definition.h"
#include "solver/run/setting.h"

namespace nash {

struct RunDefinition {
  std::string name;
  GameDefinition game;
  ActionMenu menu;
  AbstractionDefinition abstraction;
  CfrOptions algorithm;
  RoundShape round;
  // round.batches: auto. Who trains chooses them before the run begins; until then they are 1.
  bool batches_are_auto = false;
  uint64_t seed = 1;
  uint64_t iterations = 0;  // the run's length unless its caller says otherwise
  friend bool operator==(const RunDefinition&, const RunDefinition&) = default;
};

// Turns the path in `game:` into a game.
using GameLoader = std::function<absl::StatusOr<GameDefinition>(const std::string& path)>;

// Parses the YAML form. `file_name` is for messages only. `load_game` serves a `game:` that is a
// path; one that spans several lines is the game itself. What a setting cannot change is put in one
// form (see Normalise in sections.h), so that files that mean the same give equal structs.
// `settings` are taken as if the text had said so. Error: InvalidArgument "FILE:LINE:COL: key: what
// was found; what is allowed"; with settings they are named after the file.
absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name,
                                                 const GameLoader& load_game,
                                                 absl::Span<const Setting> settings = {});
// The same, for text that holds its game.
absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name);
// The same, for what CanonicalText() wrote, perhaps long ago: in a text from before there was a
// choice of recall, "lossless" keeps the meaning that it had.
absl::StatusOr<RunDefinition> ParseStoredDefinition(absl::string_view text,
                                                    absl::string_view file_name,
                                                    absl::Span<const Setting> settings = {});

// Reads a file; a game's path is relative to the file's folder. Errors: as above, and NotFound.
absl::StatusOr<RunDefinition> LoadRunDefinition(const std::string& path,
                                                absl::Span<const Setting> settings = {});

// A definition of `batches: auto` with so many batches. Error: InvalidArgument where the periods of
// discounts and snapshots, or the limits of a unit, do not allow them.
absl::StatusOr<RunDefinition> WithBatches(const RunDefinition& run, uint64_t batches);

// The YAML form with every default spelled out and the game inlined. Definitions that mean the same
// have the same text, and ParseRunDefinition() of it gives the same struct.
std::string CanonicalText(const RunDefinition& run);
// Whether CanonicalText(), now or when a run was stored, wrote `text` for this definition.
bool IsCanonicalText(const RunDefinition& run, absl::string_view text);

// 32 hex digits: XXH3-128 of the canonical text without its `name` and `iterations` lines. Neither
// changes what a given round contains, so a run may be renamed or made longer and resumed. Lossless
// streets are hashed as their fingerprint has always spelled them: see LosslessSpelling.
std::string Fingerprint(const RunDefinition& run);

// The quantum of a definition that names none: a hundredth of the largest blind, or ante, which is
// fine enough for what hands of that game win and lose; a hundredth of that for boards, where a
// regret is the mean over all pairs of hands.
double QuantumUnlessSaid(const GameDefinition& game, Sampler sampler);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_RUN_DEFINITION_H_
