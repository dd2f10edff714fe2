// Sections with one entry per street, and the menu, which is one of them.
//
// A street has two names, "preflop" and "street1", of which a definition may use either, once.
// Menus are brought to one form after they were read (Normalise): sizes sorted, lists that repeat
// the last one cut, raises beyond the rules taken off. Two texts that offer the same actions then
// have the same canonical text and the same fingerprint, and a run can be gone on with by either.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "solver/game/action_menu.h"
#include "solver/run/sections.h"

namespace nash {
namespace {

constexpr size_t kSizeListsMax = kRaisesMax;

std::vector<BetSize> ParseSizeList(const YAML::Node& list, const std::string& key,
                                   YamlErrors* errors) {
  std::vector<BetSize> sizes;
  if (!list.IsSequence() || list.size() > kBetSizesMax) {
    const std::string found =
        list.IsSequence() ? absl::StrCat(list.size(), " sizes") : DescribeYaml(list);
    errors->Add(list, key,
                absl::StrCat("found ", found, "; expected a list of at most ", kBetSizesMax,
                             " sizes, as in [0.5pot, pot, allin]"));
    return sizes;
  }
  for (const YAML::Node& node : list) {
    const std::optional<std::string> text = YamlText(node, key, errors);
    if (!text.has_value()) return sizes;
    absl::StatusOr<BetSize> size = ParseBetSize(*text);
    if (!size.ok()) {
      errors->Add(node, key, size.status().message());
      return sizes;
    }
    sizes.push_back(*size);
  }
  return sizes;
}

void ParseSizes(const YamlMap& map, YamlErrors* errors, StreetMenu* menu) {
  const YAML::Node& lists = map.At("sizes");
  const std::string key = map.NameOf("sizes");
  if (!lists.IsSequence() || lists.size() == 0 || lists.size() > kSizeListsMax) {
    errors->Add(lists, key,
                absl::StrCat("found ", DescribeYaml(lists),
                             "; expected a list of lists, one per number of raises made, as in "
                             "[[0.5pot, pot], [pot, allin]]"));
    return;
  }
  for (const YAML::Node& list : lists) menu->sizes.push_back(ParseSizeList(list, key, errors));
}

StreetMenu ParseStreetMenu(const YAML::Node& node, const std::string& key,
                           const GameDefinition& game, YamlErrors* errors) {
  StreetMenu menu;
  const YamlMap map(node, key, {"raises_max", "sizes"}, errors);
  menu.raises_max = static_cast<int>(map.Integer("raises_max", {0, kRaisesMax}, menu.raises_max));
  if (game.betting == BettingKind::kLimit) {
    map.Refuse("sizes", "a limit game's rules give the one size");
  } else if (menu.raises_max == 0) {
    map.Refuse("sizes", "raises_max is 0");
  } else if (map.Require("sizes")) {
    ParseSizes(map, errors, &menu);
  }
  return menu;
}

}  // namespace

std::array<YAML::Node, kStreetsMax> StreetNodes(const YamlMap& document, absl::string_view section,
                                                const GameDefinition& game, YamlErrors* errors) {
  std::array<YAML::Node, kStreetsMax> nodes;
  for (YAML::Node& node : nodes) node.reset(YAML::Node(YAML::NodeType::Undefined));
  std::vector<absl::string_view> keys(kStreetNames.begin(), kStreetNames.end());
  keys.insert(keys.end(), {"street1", "street2", "street3", "street4"});
  const YamlMap map(document.At(section), section, keys, errors);
  for (absl::string_view key : keys) {
    if (!map.Has(key)) continue;
    const int street = FindStreetOrNumber(key, kStreetsMax).value_or(kStreetsMax);
    if (street >= game.num_streets) {
      map.AddError(key,
                   absl::StrCat("the game has ", game.num_streets,
                                game.num_streets == 1 ? " street" : " streets", "; remove it"));
    } else if (nodes[street].IsDefined()) {
      map.AddError(key,
                   absl::StrCat("names the same street as ", kStreetNames[street], "; remove one"));
    } else {
      nodes[street].reset(map.At(key));
    }
  }
  return nodes;
}

ActionMenu ParseMenu(const YamlMap& document, const GameDefinition& game, YamlErrors* errors) {
  ActionMenu menu;
  const bool is_limit = game.betting == BettingKind::kLimit;
  // A limit game's rules are a menu already.
  if (document.Has("menu") || (!is_limit && document.Require("menu"))) {
    const auto nodes = StreetNodes(document, "menu", game, errors);
    for (int street = 0; street < game.num_streets; ++street) {
      const std::string key = absl::StrCat("menu.", kStreetNames[street]);
      if (nodes[street].IsDefined()) {
        menu.streets[street] = ParseStreetMenu(nodes[street], key, game, errors);
      } else if (!is_limit) {
        errors->Add(document.At("menu"), key, "missing; a no-limit game needs one per street");
      }
    }
  }
  Normalise(game, &menu);
  return menu;
}

void Normalise(const GameDefinition& game, ActionMenu* menu) {
  for (int street = 0; street < kStreetsMax; ++street) {
    StreetMenu& m = menu->streets[street];
    if (street >= game.num_streets) {
      m = StreetMenu();
      continue;
    }
    m.raises_max = std::min(m.raises_max, game.max_raises[street]);
    for (std::vector<BetSize>& sizes : m.sizes) {
      std::sort(sizes.begin(), sizes.end(), [](const BetSize& a, const BetSize& b) {
        return a.kind != b.kind ? a.kind < b.kind : a.value < b.value;
      });
      sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    }
    if (m.sizes.size() > m.raises_max) m.sizes.resize(m.raises_max);
    while (m.sizes.size() > 1 && m.sizes.back() == m.sizes[m.sizes.size() - 2]) m.sizes.pop_back();
  }
}

}  // namespace nash
