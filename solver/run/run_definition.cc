#include "solver/run/run_definition.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "solver/run/sections.h"
#include "solver/run/yaml_map.h"

namespace nash {
namespace {

absl::StatusOr<GameDefinition> RefusePath(const std::string& path) {
  return absl::NotFoundError(absl::StrCat("\"", path, "\" is one line, so it is a path, and ",
                                          "files are not read here; inline the game"));
}

absl::StatusOr<RunDefinition> Parse(absl::string_view text, absl::string_view file_name,
                                    TextOrigin origin, const GameLoader& load_game,
                                    absl::Span<const Setting> settings) {
  YamlErrors errors(file_name);
  YAML::Node root = ParseYaml(text, &errors);
  if (!errors.ok()) return errors.status();
  if (!settings.empty()) {
    std::vector<absl::string_view> origins;
    for (const Setting& setting : settings) origins.push_back(setting.origin);
    errors.SetAlsoFrom(absl::StrCat(" with ", absl::StrJoin(origins, " ")));
    root.reset(ApplySettings(root, settings, &errors));
    if (!errors.ok()) return errors.status();
  }
  const YamlMap document(root, "",
                         {"name", "game", "antes", "ranking", "menu", "abstraction", "algorithm",
                          "round", "seed", "iterations"},
                         &errors);
  if (!errors.ok()) return errors.status();
  RunDefinition run;
  run.name = ParseName(document);
  absl::StatusOr<GameDefinition> game = ParseGame(document, load_game, &errors);
  if (!game.ok()) return game.status();
  run.game = *game;
  ParseAntes(document, &errors, &run.game);
  ParseRanking(document, &run.game);
  if (!errors.ok()) return errors.status();
  run.menu = ParseMenu(document, run.game, &errors);
  run.abstraction = ParseAbstraction(document, run.game, origin, &errors);
  run.round = ParseRound(document, &errors, &run.batches_are_auto);
  run.algorithm = ParseAlgorithm(document, run.game, run.round, &errors);
  run.seed = document.Integer("seed", {0, UINT64_MAX}, run.seed);
  run.iterations = document.Integer("iterations", {1, kRunIterationsMax}, std::nullopt);
  if (!errors.ok()) return errors.status();
  return run;
}

}  // namespace

absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name,
                                                 const GameLoader& load_game,
                                                 absl::Span<const Setting> settings) {
  return Parse(text, file_name, TextOrigin::kFile, load_game, settings);
}

absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name) {
  return Parse(text, file_name, TextOrigin::kFile, RefusePath, {});
}

absl::StatusOr<RunDefinition> ParseStoredDefinition(absl::string_view text,
                                                    absl::string_view file_name,
                                                    absl::Span<const Setting> settings) {
  return Parse(text, file_name, TextOrigin::kStored, RefusePath, settings);
}

absl::StatusOr<RunDefinition> LoadRunDefinition(const std::string& path,
                                                absl::Span<const Setting> settings) {
  ASSIGN_OR_RETURN(const std::string text, ReadDefinitionText(path));
  return ParseRunDefinition(text, path, GameLoaderOf(path), settings);
}

absl::StatusOr<RunDefinition> WithBatches(const RunDefinition& run, uint64_t batches) {
  RunDefinition with = run;
  with.batches_are_auto = false;
  with.round.batches = static_cast<uint32_t>(batches);
  // The reader knows what goes with what.
  return ParseStoredDefinition(CanonicalText(with),
                               absl::StrCat(run.name, " with ", batches, " batches a unit"));
}

}  // namespace nash
