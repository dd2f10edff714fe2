// --set=round.batches=32 changes the document before it is read, and not the definition after: then
// the usual reader checks it, and a mistake in a setting is told like one in the file, with the
// setting as its place. Values are YAML, so that a list or a map can be set as well.
//
// YAML nodes are references: two keys that share an anchor are one node, and an assignment to one
// would change both. So each map on the path is copied, and only the node that is meant is another
// one. tests/run/setting_test.cc has streets that share an anchor.
#include "solver/run/setting.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "common/status_macros.h"
#include "solver/run/sections.h"

namespace nash {
namespace {

// A copy that stands in no line of any file. Without it, places in a setting's text would be told
// as places in the file.
YAML::Node WithoutMarks(const YAML::Node& node) {
  if (node.IsScalar()) return YAML::Node(node.Scalar());
  YAML::Node copy(node.Type());
  if (node.IsSequence()) {
    for (const auto& item : node) copy.push_back(WithoutMarks(item));
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      copy.force_insert(WithoutMarks(entry.first), WithoutMarks(entry.second));
    }
  }
  return copy;
}

// `map` with the value at a path of keys. A copy: nodes that a file names twice (anchors) are one
// node, of which only one is meant.
absl::StatusOr<YAML::Node> With(const YAML::Node& map, absl::Span<const absl::string_view> path,
                                const YAML::Node& value) {
  if (path.empty()) return value;
  if (map.IsDefined() && !map.IsNull() && !map.IsMap()) {
    return absl::InvalidArgumentError(
        absl::StrCat("is ", DescribeYaml(map), " in the definition, which has no key ", path[0],
                     "; set it as a whole, as in 'abstraction.flop={kind: ehs, buckets: 50}'"));
  }
  YAML::Node copy(YAML::NodeType::Map);
  bool is_found = false;
  for (const auto& entry : map) {
    const bool is_meant = !is_found && entry.first.IsScalar() && entry.first.Scalar() == path[0];
    is_found = is_found || is_meant;
    const absl::StatusOr<YAML::Node> item =
        is_meant ? With(entry.second, path.subspan(1), value) : entry.second;
    RETURN_IF_ERROR(item.status());
    copy.force_insert(entry.first, *item);
  }
  if (!is_found) {
    ASSIGN_OR_RETURN(const YAML::Node item, With(YAML::Node(), path.subspan(1), value));
    copy.force_insert(std::string(path[0]), item);
  }
  return copy;
}

}  // namespace

absl::StatusOr<Setting> ParseSetting(absl::string_view text) {
  const size_t equals = text.find('=');
  const absl::string_view key = text.substr(0, equals);
  if (equals == absl::string_view::npos || key.empty() || key.front() == '.' || key.back() == '.' ||
      key.find("..") != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("found \"", text, "\"; expected KEY=VALUE, as in round.batches=10 or ",
                     "'algorithm.discount={every: 20480}'"));
  }
  return Setting{std::string(key), std::string(text.substr(equals + 1)),
                 absl::StrCat("--set ", text)};
}

YAML::Node ApplySettings(const YAML::Node& document, absl::Span<const Setting> settings,
                         YamlErrors* errors) {
  YAML::Node changed = document;
  std::vector<absl::string_view> keys;
  for (const Setting& setting : settings) {
    if (std::count(keys.begin(), keys.end(), setting.key) > 0) {
      errors->Add(YAML::Node(), setting.key, "set twice; leave one out");
      return document;
    }
    keys.push_back(setting.key);
    YamlErrors of_value(setting.origin);
    const YAML::Node value = ParseYaml(setting.value, &of_value);
    if (!of_value.ok()) {
      errors->Add(YAML::Node(), setting.key, of_value.status().message());
      return document;
    }
    const std::vector<absl::string_view> path = absl::StrSplit(setting.key, '.');
    const absl::StatusOr<YAML::Node> with = With(changed, path, WithoutMarks(value));
    if (!with.ok()) {
      errors->Add(YAML::Node(), setting.key, with.status().message());
      return document;
    }
    changed.reset(*with);  // an assignment would change the node that both stand for
  }
  return changed;
}

}  // namespace nash
