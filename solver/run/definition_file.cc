// What all definitions share: a name, a game, and the file they stand in.
//
// A game is given as a path, relative to the definition so that a folder of both can be moved, or
// inline; a checkpoint always holds it inline and needs no other file. Antes and the ranking are
// keys of the definition because the ACPC's format of games knows neither.
#include <algorithm>
#include <cctype>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/text_file.h"
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

void ParseRanking(const YamlMap& document, GameDefinition* game) {
  game->ranking = document.Choice<Ranking>(
      "ranking", {{"standard", Ranking::kStandard}, {"short_deck", Ranking::kShortDeck}},
      Ranking::kStandard);
  const absl::Status status = CheckRanking(*game);
  if (!status.ok()) document.AddError("ranking", status.message());
}

void ParseAntes(const YamlMap& document, YamlErrors* errors, GameDefinition* game) {
  if (!document.Has("antes")) return;
  const YAML::Node& node = document.At("antes");
  const std::string expected =
      absl::StrCat("expected a whole number of chips from 0 to ", kStackChipsMax, ", or a list of ",
                   game->num_players, ", one for each player");
  const bool is_list = node.IsSequence();
  if (!node.IsScalar() && !(is_list && node.size() == game->num_players)) {
    const std::string found =
        is_list ? absl::StrCat("a list of ", node.size()) : DescribeYaml(node);
    document.AddError("antes", absl::StrCat("found ", found, "; ", expected));
    return;
  }
  for (int p = 0; p < game->num_players; ++p) {
    const YAML::Node chips = is_list ? node[p] : node;
    int32_t value = 0;
    if (!chips.IsScalar() || !absl::SimpleAtoi(chips.Scalar(), &value) || value < 0 ||
        value > kStackChipsMax) {
      errors->Add(chips, "antes", absl::StrCat("found ", DescribeYaml(chips), "; ", expected));
      return;
    }
    game->dead_chips[p] = value;
  }
  const absl::Status status = CheckDeadChips(*game);
  if (!status.ok()) document.AddError("antes", status.message());
}

absl::StatusOr<std::string> ReadDefinitionText(const std::string& path) {
  return ReadTextFile(path, kYamlBytesMax);
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
