#include "solver/run/run_definition.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "solver/run/sections.h"
#include "solver/run/yaml_map.h"

namespace nash {
namespace {

std::string ParseName(const YamlMap& document) {
  std::string name = document.Text("name");
  bool good = !name.empty() && name.size() <= kNameBytesMax;
  for (unsigned char c : name) good = good && (std::isalnum(c) || c == '_' || c == '-');
  if (document.Has("name") && !good) {
    document.AddError("name",
                      absl::StrCat("found ", DescribeYaml(document.At("name")), "; expected 1 to ",
                                   kNameBytesMax, " letters, digits, _ and -"));
  }
  return name;
}

// A `game:` of one line is a path; a longer one is the definition itself.
absl::StatusOr<GameDefinition> ParseGame(const YamlMap& document, const GameLoader& load_game,
                                         YamlErrors* errors) {
  const std::string text = document.Text("game");
  if (!errors->ok()) return errors->status();
  const bool is_inline = text.find('\n') != std::string::npos;
  if (is_inline) {
    // Empty lines in front make the parser's line numbers those of this file, for the usual form
    // `game: |`.
    const int lines_before = std::max(0, document.At("game").Mark().line + 1);
    return ParseGameDefinition(absl::StrCat(std::string(lines_before, '\n'), text),
                               errors->file_name());
  }
  absl::StatusOr<GameDefinition> game = load_game(text);
  if (game.status().code() == absl::StatusCode::kNotFound) {
    document.AddError("game", absl::StrCat(game.status().message(),
                                           "; the path is relative to the run definition"));
    return errors->status();
  }
  return game;
}

}  // namespace

absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name,
                                                 const GameLoader& load_game) {
  YamlErrors errors(file_name);
  const YAML::Node root = ParseYaml(text, &errors);
  if (!errors.ok()) return errors.status();
  const YamlMap document(
      root, "", {"name", "game", "menu", "abstraction", "algorithm", "round", "seed", "iterations"},
      &errors);
  if (!errors.ok()) return errors.status();
  RunDefinition run;
  run.name = ParseName(document);
  absl::StatusOr<GameDefinition> game = ParseGame(document, load_game, &errors);
  if (!game.ok()) return game.status();
  run.game = *game;
  run.menu = ParseMenu(document, run.game, &errors);
  run.abstraction = ParseAbstraction(document, run.game, &errors);
  run.round = ParseRound(document, &errors);
  run.algorithm = ParseAlgorithm(document, run.round, &errors);
  run.seed = document.Integer("seed", {0, UINT64_MAX}, run.seed);
  run.iterations = document.Integer("iterations", {1, kIterationsMax}, std::nullopt);
  if (!errors.ok()) return errors.status();
  return run;
}

absl::StatusOr<RunDefinition> ParseRunDefinition(absl::string_view text,
                                                 absl::string_view file_name) {
  return ParseRunDefinition(
      text, file_name, [](const std::string& path) -> absl::StatusOr<GameDefinition> {
        return absl::NotFoundError(absl::StrCat("\"", path, "\" is one line, so it is a path, and ",
                                                "files are not read here; inline the game"));
      });
}

absl::StatusOr<RunDefinition> LoadRunDefinition(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read; is the path right?"));
  std::string text(kYamlBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return ParseRunDefinition(text, path, [&folder](const std::string& game_path) {
    const bool is_absolute = !game_path.empty() && game_path[0] == '/';
    return LoadGameDefinition(is_absolute ? game_path : folder + game_path);
  });
}

}  // namespace nash
