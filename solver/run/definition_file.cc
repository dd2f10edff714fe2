// What all definitions share: a name, a game, and the file they stand in.
#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "solver/run/sections.h"

namespace nash {

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
    document.AddError(
        "game", absl::StrCat(game.status().message(), "; the path is relative to the definition"));
    return errors->status();
  }
  return game;
}

absl::StatusOr<std::string> ReadDefinitionText(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path, kYamlBytesMax);
  if (absl::IsResourceExhausted(text.status())) {  // too large for a definition
    return absl::InvalidArgumentError(text.status().message());
  }
  if (absl::IsFailedPrecondition(text.status())) {
    return absl::NotFoundError(absl::StrCat(path, ": a folder; name a definition in it"));
  }
  return text;
}

GameLoader GameLoaderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  return [folder](const std::string& game_path) {
    const bool is_absolute = !game_path.empty() && game_path[0] == '/';
    return LoadGameDefinition(is_absolute ? game_path : folder + game_path);
  };
}

}  // namespace nash
