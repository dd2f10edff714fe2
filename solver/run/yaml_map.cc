// yaml-cpp reads; here is what it leaves to its user. It keeps both entries of a key that is given
// twice, and has no opinion on keys that are not asked for: both are mistakes of a definition. A
// map is made with the keys that it may have, and refuses all others at once, with the word that
// was probably meant (by Levenshtein's distance, at most a third of the letters).
//
// Of a file's mistakes the first that is found is told, with line and column (YamlErrors). Texts of
// the file are quoted short and escaped. Exceptions of yaml-cpp end in ParseYaml().
// tests/run/run_definition_test.cc has the messages (kMistakes).
#include "solver/run/yaml_map.h"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/near_match.h"
#include "common/whole_number.h"
#include "solver/run/number_text.h"

namespace nash {
namespace {

constexpr size_t kQuotedBytesMax = 60;  // of the file's text in one message

std::string Quote(absl::string_view text) {
  const bool cut = text.size() > kQuotedBytesMax;
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kQuotedBytesMax)), cut ? "..." : "",
                      "\"");
}

std::string Expected(const std::vector<absl::string_view>& words, absl::string_view found) {
  const absl::string_view near = NearMatch(found, words);
  return absl::StrCat(near.empty() ? "" : absl::StrCat("; did you mean ", near, "?"),
                      "; allowed: ", absl::StrJoin(words, ", "));
}

// Looks at a document without building it.
class IgnoringHandler : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// True when `text` goes on after its first document. Not YAML::LoadAll(): in 0.7 that never returns
// from some texts, since the parser hands out empty documents for ever at a stray bracket.
bool HasSecondDocument(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  IgnoringHandler handler;
  return parser.HandleNextDocument(handler) && parser.HandleNextDocument(handler);
}

}  // namespace

void YamlErrors::Add(const YAML::Mark& mark, absl::string_view key, absl::string_view message) {
  if (!status_.ok()) return;
  // Marks count from zero, editors from one. A mark of -1 means "nowhere".
  const int line = mark.line < 0 ? 1 : mark.line + 1;
  const int column = mark.column < 0 ? 1 : mark.column + 1;
  const std::string place = mark.line < 0 && !also_from_.empty()
                                ? file_name_
                                : absl::StrCat(file_name_, ":", line, ":", column);
  status_ = absl::InvalidArgumentError(
      absl::StrCat(place, also_from_, ": ", key, key.empty() ? "" : ": ", message));
}

YAML::Node ParseYaml(absl::string_view text, YamlErrors* errors) {
  YAML::Mark start;
  if (text.size() > kYamlBytesMax) {
    errors->Add(
        start, "",
        absl::StrCat("the file has ", text.size(), " bytes; at most ", kYamlBytesMax, " are read"));
    return YAML::Node();
  }
  try {
    const std::string copy(text);
    if (!HasSecondDocument(copy)) return YAML::Load(copy);
    errors->Add(
        start, "",
        "found text after the end of the one YAML document; look for a stray bracket or ---");
  } catch (const YAML::Exception& e) {
    errors->Add(e.mark, "", absl::StrCat("not valid YAML: ", absl::CHexEscape(e.msg)));
  } catch (const std::exception& e) {
    errors->Add(start, "", absl::StrCat("not valid YAML: ", absl::CHexEscape(e.what())));
  }
  return YAML::Node();
}

std::string DescribeYaml(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a map";
  return Quote(node.Scalar());
}

std::optional<std::string> YamlText(const YAML::Node& node, absl::string_view key,
                                    YamlErrors* errors) {
  if (node.IsDefined() && node.IsScalar()) return node.Scalar();
  errors->Add(node, key, absl::StrCat("found ", DescribeYaml(node), "; expected one value"));
  return std::nullopt;
}

YamlMap::YamlMap(const YAML::Node& node, absl::string_view key, std::vector<absl::string_view> keys,
                 YamlErrors* errors)
    : node_(node), key_(key), errors_(errors) {
  if (!node.IsDefined() || !node.IsMap()) {
    errors->Add(
        node, key,
        absl::StrCat("found ", DescribeYaml(node), "; expected keys: ", absl::StrJoin(keys, ", ")));
    return;
  }
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      errors->Add(entry.first, key,
                  absl::StrCat("found ", DescribeYaml(entry.first),
                               " as a key; allowed: ", absl::StrJoin(keys, ", ")));
      return;
    }
    const std::string& name = entry.first.Scalar();
    if (std::find(keys.begin(), keys.end(), name) == keys.end()) {
      errors->Add(entry.first, key_,
                  absl::StrCat("unknown key ", Quote(name), Expected(keys, name)));
      return;
    }
    if (Has(name)) {
      errors->Add(
          entry.first, NameOf(name),
          absl::StrCat("given twice, first in line ", At(name).Mark().line + 1, "; remove one"));
      return;
    }
    entries_.emplace_back(name, entry.second);
  }
}

const YAML::Node* YamlMap::Find(absl::string_view key) const {
  for (const auto& [name, value] : entries_) {
    if (name == key) return &value;
  }
  return nullptr;
}

const YAML::Node& YamlMap::At(absl::string_view key) const {
  const YAML::Node* value = Find(key);
  return value == nullptr ? node_ : *value;
}

std::string YamlMap::NameOf(absl::string_view key) const {
  return key_.empty() ? std::string(key) : absl::StrCat(key_, ".", key);
}

bool YamlMap::Require(absl::string_view key) const {
  if (Has(key)) return true;
  AddError(key, "missing; it has no default");
  return false;
}

void YamlMap::Refuse(absl::string_view key, absl::string_view why) const {
  if (Has(key)) AddError(key, absl::StrCat("has no effect here: ", why, "; remove it"));
}

std::string YamlMap::Text(absl::string_view key) const {
  if (!Require(key)) return "";
  return YamlText(At(key), NameOf(key), errors_).value_or("");
}

double YamlMap::Number(absl::string_view key, NumberRange range,
                       std::optional<double> missing) const {
  if (!Has(key) && missing.has_value()) return *missing;
  if (!Require(key)) return range.low;
  double value = 0;
  const YAML::Node& node = At(key);
  const bool is_number = node.IsScalar() && absl::SimpleAtod(node.Scalar(), &value);
  if (!is_number || !(value >= range.low && value <= range.high)) {
    AddError(key, absl::StrCat("found ", DescribeYaml(node), "; expected a number from ",
                               NumberText(range.low), " to ", NumberText(range.high)));
    return range.low;
  }
  return value == 0 ? 0 : value;  // -0 means 0
}

uint64_t YamlMap::Integer(absl::string_view key, IntegerRange range,
                          std::optional<uint64_t> missing) const {
  if (!Has(key) && missing.has_value()) return *missing;
  if (!Require(key)) return range.low;
  const YAML::Node& node = At(key);
  const std::optional<uint64_t> value =
      node.IsScalar() ? ParseWholeNumber(node.Scalar()) : std::nullopt;
  if (!value.has_value() || *value < range.low || *value > range.high) {
    AddError(key, absl::StrCat("found ", DescribeYaml(node), "; expected a whole number from ",
                               range.low, " to ", range.high));
    return range.low;
  }
  return *value;
}

int YamlMap::IndexOfWord(absl::string_view key, const std::vector<absl::string_view>& words) const {
  const YAML::Node& node = At(key);
  const std::string found = node.IsScalar() ? node.Scalar() : "";
  const auto it = std::find(words.begin(), words.end(), absl::string_view(found));
  if (node.IsScalar() && it != words.end()) return static_cast<int>(it - words.begin());
  AddError(key, absl::StrCat("found ", DescribeYaml(node), Expected(words, found)));
  return 0;
}

}  // namespace nash
