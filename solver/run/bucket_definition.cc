#include "solver/run/bucket_definition.h"

#include "common/status_macros.h"
#include "solver/run/sections.h"

namespace nash {

absl::StatusOr<BucketDefinition> ParseBucketDefinition(absl::string_view text,
                                                       absl::string_view file_name,
                                                       const GameLoader& load_game) {
  YamlErrors errors(file_name);
  const YAML::Node root = ParseYaml(text, &errors);
  if (!errors.ok()) return errors.status();
  const YamlMap document(root, "", {"name", "game", "ranking", "abstraction"}, &errors);
  if (!errors.ok()) return errors.status();
  BucketDefinition definition;
  definition.name = ParseName(document);
  ASSIGN_OR_RETURN(definition.game, ParseGame(document, load_game, &errors));
  ParseRanking(document, &definition.game);
  definition.abstraction = ParseAbstraction(document, definition.game, TextOrigin::kFile, &errors);
  if (!errors.ok()) return errors.status();
  return definition;
}

absl::StatusOr<BucketDefinition> LoadBucketDefinition(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadDefinitionText(path));
  return ParseBucketDefinition(text, path, GameLoaderOf(path));
}

}  // namespace nash
