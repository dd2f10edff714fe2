// Checked reading of a YAML map: every key known, present once, of the right type and in range.
//
// A mistake becomes one line, "FILE:LINE:COL: key: found what; expected what". Only the first is
// kept, since later ones often follow from it; a read that fails returns a harmless value, so that
// the parsing code reads as a list of fields. Exceptions of yaml-cpp stop here.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_RUN_YAML_MAP_H_
#define NASHVILLE_SOLVER_RUN_YAML_MAP_H_

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace nash {

inline constexpr size_t kYamlBytesMax = size_t{1} << 20;

class YamlErrors {
 public:
  explicit YamlErrors(absl::string_view file_name) : file_name_(file_name) {}

  // What else the document was made of, for messages: it follows the place in the file. A node that
  // has no place there comes from it.
  void SetAlsoFrom(std::string text) { also_from_ = std::move(text); }
  void Add(const YAML::Mark& mark, absl::string_view key, absl::string_view message);
  void Add(const YAML::Node& node, absl::string_view key, absl::string_view message) {
    Add(node.Mark(), key, message);
  }
  bool ok() const { return status_.ok(); }
  // The first mistake, as InvalidArgument.
  const absl::Status& status() const { return status_; }
  const std::string& file_name() const { return file_name_; }

 private:
  std::string file_name_;
  std::string also_from_;
  absl::Status status_;
};

// Parses one document. Anything yaml-cpp throws becomes an error with its place.
YAML::Node ParseYaml(absl::string_view text, YamlErrors* errors);

// What a node is, for messages: "a list", "\"abc\"".
std::string DescribeYaml(const YAML::Node& node);

// Scalars. Each adds an error and returns nothing when the node is none of the kind.
std::optional<std::string> YamlText(const YAML::Node& node, absl::string_view key,
                                    YamlErrors* errors);

// Both ends belong to the range.
struct NumberRange {
  double low;
  double high;
};
struct IntegerRange {
  uint64_t low;
  uint64_t high;
};

class YamlMap {
 public:
  // key: the dotted name of the map in the file, empty for the document itself.
  // keys: those allowed, in the order in which the documentation lists them.
  YamlMap(const YAML::Node& node, absl::string_view key, std::vector<absl::string_view> keys,
          YamlErrors* errors);

  bool Has(absl::string_view key) const { return Find(key) != nullptr; }
  // Where `key` stands; the map itself when it is missing.
  const YAML::Node& At(absl::string_view key) const;
  // The dotted name of a key of this map.
  std::string NameOf(absl::string_view key) const;
  void AddError(absl::string_view key, absl::string_view message) const {
    errors_->Add(At(key), NameOf(key), message);
  }
  // Says that `key` is missing, once, and returns false; true when it is there.
  bool Require(absl::string_view key) const;
  // Refuses `key` where it would have no effect: a setting that is ignored is a trap.
  void Refuse(absl::string_view key, absl::string_view why) const;

  // Reads of a key; a missing one has the default, or is an error where there is none.
  std::string Text(absl::string_view key) const;
  double Number(absl::string_view key, NumberRange range, std::optional<double> missing) const;
  uint64_t Integer(absl::string_view key, IntegerRange range,
                   std::optional<uint64_t> missing) const;

  // One of a few words. choices: {word, value}.
  template <typename Value>
  using Choices = std::vector<std::pair<absl::string_view, Value>>;
  template <typename Value>
  Value Choice(absl::string_view key, const Choices<Value>& choices,
               std::optional<Value> missing) const {
    if (!Has(key)) {
      if (!missing.has_value()) Require(key);
      return missing.value_or(choices[0].second);
    }
    std::vector<absl::string_view> words;
    for (const auto& [word, value] : choices) words.push_back(word);
    const int index = IndexOfWord(key, words);
    return choices[index].second;
  }

 private:
  const YAML::Node* Find(absl::string_view key) const;
  // Index of the key's value in `words`; 0 after an error.
  int IndexOfWord(absl::string_view key, const std::vector<absl::string_view>& words) const;

  YAML::Node node_;
  std::string key_;
  std::vector<std::pair<std::string, YAML::Node>> entries_;
  YamlErrors* errors_;  // not owned
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_YAML_MAP_H_
