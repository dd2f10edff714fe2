// The part of TOML 1.0 that hand histories use: tables, strings of one line, numbers, booleans,
// dates (as text) and arrays. Inline tables, dotted keys and strings of several lines are refused.
//
// Thread-safe: values and a pure function.
#ifndef NASHVILLE_TOOLS_HISTORY_TOML_TABLES_H_
#define NASHVILLE_TOOLS_HISTORY_TOML_TABLES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

struct TomlValue {
  enum class Kind { kText, kBare, kArray };  // kBare: numbers, booleans, dates, as they stand

  Kind kind = Kind::kBare;
  std::string text;
  std::vector<TomlValue> items;  // of arrays
  size_t line = 0;
};

struct TomlTable {
  std::string name;  // empty: what stands before the first table
  size_t line = 0;
  std::vector<std::pair<std::string, TomlValue>> values;

  const TomlValue* Find(absl::string_view key) const;  // null: not there
};

// The first table is the nameless one, with or without values. Error: InvalidArgument
// "FILE:LINE: what".
absl::StatusOr<std::vector<TomlTable>> ParseToml(absl::string_view text, absl::string_view file);

// "a \"word\"" in quotes. Control characters are escaped.
std::string TomlText(absl::string_view text);

absl::Status TomlError(absl::string_view file, size_t line, absl::string_view what);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_HISTORY_TOML_TABLES_H_
