// gflags' own parser ends the process on a mistake, with a message that names no remedy. So words
// are taken apart here and values set through gflags' interface for programs, one by one: types,
// checks and defaults stay gflags'.
//
// Whole numbers are turned into plain digits before gflags sees them. A flag that may be given
// several times has its values joined by line breaks, which no value of ours has within.
#include "tools/program/flag_reader.h"

#include <gflags/gflags.h>

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/near_match.h"
#include "common/status_macros.h"
#include "common/text_file.h"
#include "common/whole_number.h"

namespace nash {
namespace {

constexpr size_t kFlagFileBytesMax = 1 << 20;
constexpr int kFlagFilesDeepMax = 8;  // a file may name itself

using FlagInfo = gflags::CommandLineFlagInfo;

std::optional<FlagInfo> Find(absl::string_view name) {
  FlagInfo info;
  for (const std::string& spelled : {std::string(name), absl::StrReplaceAll(name, {{"-", "_"}})}) {
    if (gflags::GetCommandLineFlagInfo(spelled.c_str(), &info)) return info;
  }
  return std::nullopt;
}

bool IsBool(const FlagInfo& flag) { return flag.type == "bool"; }

absl::Status NoSuchFlag(absl::string_view typed, absl::string_view name) {
  std::vector<FlagInfo> flags;
  gflags::GetAllFlags(&flags);
  std::vector<absl::string_view> ours = {"help", "version"};
  for (const FlagInfo& flag : flags) {
    if (absl::StrContains(flag.filename, "tools/")) ours.push_back(flag.name);
  }
  const absl::string_view near = NearMatch(name, ours);
  return absl::InvalidArgumentError(
      absl::StrCat(typed, ": there is no such flag",
                   near.empty() ? "" : absl::StrCat("; did you mean --", near, "?"),
                   near.empty() ? "; --help lists those there are" : ""));
}

std::string Expected(const std::string& type) {
  if (type == "bool") return "true or false";
  if (type == "int32") return "a whole number from -2147483648 to 2147483647, as in 1000 or 1e6";
  if (type == "uint32") return "a whole number from 0 to 4294967295, as in 1000 or 1e6";
  if (type == "int64") return "a whole number below 2^63, as in 1000 or 1e6";
  if (type == "uint64") return "a whole number from 0 to 18446744073709551615, as in 1000 or 1e6";
  if (type == "double") return "a number, as in 0.5 or 1e6";
  return "a text";
}

// How gflags reads it: a whole number without exponents and suffixes.
std::string Plain(const FlagInfo& flag, const std::string& value) {
  if (!absl::StrContains(flag.type, "int")) return value;
  const bool is_negative = absl::StartsWith(value, "-");
  const std::optional<uint64_t> number =
      ParseWholeNumber(absl::string_view(value).substr(is_negative ? 1 : 0));
  return number.has_value() ? absl::StrCat(is_negative ? "-" : "", *number) : value;
}

class Reader {
 public:
  explicit Reader(std::vector<std::string>* arguments) : arguments_(arguments) {}

  absl::Status Read(absl::Span<const std::string> words, int depth) {
    for (size_t i = 0; i < words.size(); ++i) {
      const absl::string_view word = words[i];
      if (word == "--") {
        arguments_->insert(arguments_->end(), words.begin() + i + 1, words.end());
        break;
      }
      if (word.size() < 2 || word[0] != '-') {
        arguments_->push_back(words[i]);
        continue;
      }
      ASSIGN_OR_RETURN(const size_t taken, ReadFlag(words.subspan(i), depth));
      i += taken - 1;
    }
    return absl::OkStatus();
  }

 private:
  // Of the first word, or the first two. Returns how many these were.
  absl::StatusOr<size_t> ReadFlag(absl::Span<const std::string> words, int depth) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(words[0], absl::MaxSplits('=', 1));
    const absl::string_view typed = parts.first;
    absl::string_view name = typed;
    absl::ConsumePrefix(&name, "-");
    absl::ConsumePrefix(&name, "-");
    if (typed == "-h") name = "help";
    if (typed == "-c") name = "config";
    const bool has_value = typed.size() < words[0].size();
    std::optional<FlagInfo> flag = Find(name);
    if (!flag.has_value() && !has_value && absl::StartsWith(name, "no")) {
      flag = Find(name.substr(2));
      if (flag.has_value() && IsBool(*flag)) {
        RETURN_IF_ERROR(Set(*flag, typed, "false"));
        return 1;
      }
      flag.reset();
    }
    if (!flag.has_value()) return NoSuchFlag(typed, name);
    size_t taken = 1;
    std::string value(parts.second);
    if (!has_value && IsBool(*flag)) {
      value = "true";
    } else if (!has_value) {
      if (words.size() < 2) {
        return absl::InvalidArgumentError(
            absl::StrCat(typed, ": its value is missing; expected ", Expected(flag->type)));
      }
      value = words[1];
      taken = 2;
    }
    if (flag->name == "flagfile") {
      RETURN_IF_ERROR(ReadFile(value, depth + 1));
    } else {
      RETURN_IF_ERROR(Set(*flag, typed, value));
    }
    return taken;
  }

  absl::Status Set(const FlagInfo& flag, absl::string_view typed, const std::string& value) {
    std::string all = Plain(flag, value);
    // A later flag of a command line that is put together may correct an earlier one.
    if (flag.name == "set" && !flag.is_default) all = absl::StrCat(flag.current_value, "\n", all);
    if (!gflags::SetCommandLineOption(flag.name.c_str(), all.c_str()).empty()) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat(typed, "=", value, ": found \"", value, "\"; expected ", Expected(flag.type)));
  }

  absl::Status ReadFile(const std::string& path, int depth) {
    if (depth > kFlagFilesDeepMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("--flagfile=", path, ": flag files name each other in a circle"));
    }
    ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path, kFlagFileBytesMax));
    std::vector<std::string> words;
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      const absl::string_view word = absl::StripAsciiWhitespace(line);
      if (word.empty() || word[0] == '#') continue;
      if (word[0] != '-') {
        return absl::InvalidArgumentError(absl::StrCat(
            path, ": found \"", word, "\"; expected lines of one flag each, as in --threads=4"));
      }
      words.emplace_back(word);
    }
    return Read(words, depth);
  }

  std::vector<std::string>* const arguments_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadFlags(absl::Span<const std::string> words) {
  std::vector<std::string> arguments;
  RETURN_IF_ERROR(Reader(&arguments).Read(words, 0));
  return arguments;
}

}  // namespace nash
