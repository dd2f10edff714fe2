// The sections of a run definition's YAML form, one function each. For solver/run only.
#ifndef NASHVILLE_SOLVER_RUN_SECTIONS_H_
#define NASHVILLE_SOLVER_RUN_SECTIONS_H_

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/game/street_names.h"
#include "solver/run/run_definition.h"
#include "solver/run/setting.h"
#include "solver/run/yaml_map.h"

namespace nash {

// Bounds of the file format. Generous: they catch slips and keep sums inside their types.
inline constexpr uint64_t kRunIterationsMax = uint64_t{1} << 53;
inline constexpr uint64_t kDealsMax = uint64_t{1} << 20;
inline constexpr uint64_t kRoundUnitsMax = uint64_t{1} << 16;
inline constexpr uint64_t kBatchesMax = uint64_t{1} << 24;
inline constexpr uint64_t kDealsPerUnitMax = (uint64_t{1} << 32) - 1;  // a deal's number is 32 bits
inline constexpr size_t kNameBytesMax = 64;

// The document as it is with the settings, in their order. What they made has no place in the file.
YAML::Node ApplySettings(const YAML::Node& document, absl::Span<const Setting> settings,
                         YamlErrors* errors);

// A `game:` of one line is a path, which `load_game` serves; a longer one is the game itself.
absl::StatusOr<GameDefinition> ParseGame(const YamlMap& document, const GameLoader& load_game,
                                         YamlErrors* errors);
// What a game file cannot state. ranking: standard or short_deck. antes: chips of every position,
// or a list by position. Each changes the game that its caller has read.
void ParseRanking(const YamlMap& document, GameDefinition* game);
void ParseAntes(const YamlMap& document, YamlErrors* errors, GameDefinition* game);
// 1 to kNameBytesMax letters, digits, _ and -.
std::string ParseName(const YamlMap& document);
// The text of a definition's file (ReadTextFile() of common/text_file.h); and a loader of games
// whose paths are relative to its folder.
absl::StatusOr<std::string> ReadDefinitionText(const std::string& path);
GameLoader GameLoaderOf(const std::string& path);

// Where the text of a definition comes from.
enum class TextOrigin {
  kFile,    // a person's file
  kStored,  // a program wrote it, perhaps one from before there was imperfect recall to ask for
};

// Each reads its section and adds the first mistake to `errors`.
ActionMenu ParseMenu(const YamlMap& document, const GameDefinition& game, YamlErrors* errors);
AbstractionDefinition ParseAbstraction(const YamlMap& document, const GameDefinition& game,
                                       TextOrigin origin, YamlErrors* errors);

// The bare word "lossless" has meant different things. In a person's file it is perfect recall. The
// canonical text leaves no doubt where programs once wrote the bare word for something else: for
// imperfect recall (turn and river of the full deck), or for classes with other numbers (short
// decks). Fingerprints go on spelling the former the old way, so that runs from then keep theirs.
enum class LosslessSpelling { kCanonical, kFingerprinted };
// A street's entry: "lossless" or a map in flow style.
std::string StreetAbstractionText(const StreetAbstraction& abstraction, const GameDefinition& game,
                                  int street, LosslessSpelling spelling);
// batches_are_auto: written.
RoundShape ParseRound(const YamlMap& document, YamlErrors* errors, bool* batches_are_auto);
CfrOptions ParseAlgorithm(const YamlMap& document, const GameDefinition& game,
                          const RoundShape& round, YamlErrors* errors);

// The map `section` of the document, whose keys are the streets of `game`. Returns the value of
// every street, undefined nodes where a street is not given.
std::array<YAML::Node, kStreetsMax> StreetNodes(const YamlMap& document, absl::string_view section,
                                                const GameDefinition& game, YamlErrors* errors);

// Puts a menu in the one form of all menus that offer the same: raises_max at most the game's own
// cap, sizes sorted, each once, no lists that repeat or that no number of raises reaches.
void Normalise(const GameDefinition& game, ActionMenu* menu);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_SECTIONS_H_
