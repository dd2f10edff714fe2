// A recursive descent over bytes: tables, pairs, values, each function at the first byte of what it
// reads and behind it when it returns. Every value keeps its line. What this part of TOML lacks is
// an error that says so and never a guess, since a value that was half read would be a hand that
// nobody played. Arrays may be nested eight deep, so that no file can use up the stack.
#include "tools/history/toml_tables.h"

#include <unordered_set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr int kArrayDepthMax = 8;

class Reader {
 public:
  Reader(absl::string_view text, absl::string_view file) : text_(text), file_(file) {}

  absl::StatusOr<std::vector<TomlTable>> Read() {
    std::vector<TomlTable> tables(1);
    while (true) {
      SkipBlank(/*lines=*/true);
      if (IsAtEnd()) return tables;
      if (text_[at_] == '[') {
        RETURN_IF_ERROR(ReadTableName(&tables));
      } else {
        RETURN_IF_ERROR(ReadPair(&tables.back()));
      }
      SkipBlank(/*lines=*/false);
      if (!IsAtEnd() && text_[at_] != '\n') return Error("expected the end of the line");
    }
  }

 private:
  bool IsAtEnd() const { return at_ >= text_.size(); }
  absl::Status Error(absl::string_view what) const { return TomlError(file_, line_, what); }

  // Blanks and comments; ends of lines too.
  void SkipBlank(bool lines) {
    while (!IsAtEnd()) {
      const char c = text_[at_];
      if (c == '#') {
        while (!IsAtEnd() && text_[at_] != '\n') ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
        line_ += c == '\n';
        ++at_;
      } else {
        return;
      }
    }
  }

  static bool IsBareKey(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; }

  absl::StatusOr<std::string> ReadKey() {
    if (!IsAtEnd() && (text_[at_] == '"' || text_[at_] == '\'')) return ReadText();
    const size_t start = at_;
    while (!IsAtEnd() && IsBareKey(text_[at_])) ++at_;
    if (at_ == start) return Error("expected a key");
    return std::string(text_.substr(start, at_ - start));
  }

  absl::Status ReadTableName(std::vector<TomlTable>* tables) {
    ++at_;
    SkipBlank(false);
    TomlTable table;
    table.line = line_;
    ASSIGN_OR_RETURN(table.name, ReadKey());
    SkipBlank(false);
    if (IsAtEnd() || text_[at_] != ']') return Error("expected ] after the name of a table");
    ++at_;
    if (!names_.insert(table.name).second) {
      return Error(absl::StrCat("table [", table.name, "] is there twice"));
    }
    tables->push_back(std::move(table));
    return absl::OkStatus();
  }

  absl::Status ReadPair(TomlTable* table) {
    ASSIGN_OR_RETURN(std::string key, ReadKey());
    SkipBlank(false);
    if (IsAtEnd() || text_[at_] != '=') return Error(absl::StrCat("expected = after ", key));
    ++at_;
    SkipBlank(false);
    if (table->Find(key) != nullptr) return Error(absl::StrCat(key, " is there twice"));
    ASSIGN_OR_RETURN(TomlValue value, ReadValue(0));
    table->values.emplace_back(std::move(key), std::move(value));
    return absl::OkStatus();
  }

  absl::StatusOr<TomlValue> ReadValue(int depth) {
    TomlValue value;
    value.line = line_;
    if (IsAtEnd()) return Error("expected a value");
    const char c = text_[at_];
    if (c == '[') {
      value.kind = TomlValue::Kind::kArray;
      if (depth >= kArrayDepthMax) return Error("arrays are nested too deep");
      RETURN_IF_ERROR(ReadItems(depth, &value.items));
      return value;
    }
    if (c == '"' || c == '\'') {
      value.kind = TomlValue::Kind::kText;
      ASSIGN_OR_RETURN(value.text, ReadText());
      return value;
    }
    const size_t start = at_;
    while (!IsAtEnd() &&
           (IsBareKey(text_[at_]) || text_[at_] == '.' || text_[at_] == '+' || text_[at_] == ':')) {
      ++at_;
    }
    if (at_ == start) return Error("expected a text, a number, true, false or an array");
    value.text = std::string(text_.substr(start, at_ - start));
    return value;
  }

  absl::Status ReadItems(int depth, std::vector<TomlValue>* items) {
    ++at_;
    while (true) {
      SkipBlank(true);
      if (IsAtEnd()) return Error("the array does not end");
      if (text_[at_] == ']') break;
      ASSIGN_OR_RETURN(TomlValue item, ReadValue(depth + 1));
      items->push_back(std::move(item));
      SkipBlank(true);
      if (!IsAtEnd() && text_[at_] == ',') {
        ++at_;
      } else if (IsAtEnd() || text_[at_] != ']') {
        return Error("expected , or ] in an array");
      }
    }
    ++at_;
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ReadText() {
    const char quote = text_[at_];
    if (text_.substr(at_, 3) == std::string(3, quote)) {
      return Error("texts of several lines are not read here");
    }
    ++at_;
    std::string read;
    while (true) {
      if (IsAtEnd() || text_[at_] == '\n') return Error("the text does not end on its line");
      const char c = text_[at_++];
      if (c == quote) return read;
      if (c != '\\' || quote == '\'') {
        read += c;
        continue;
      }
      RETURN_IF_ERROR(ReadEscape(&read));
    }
  }

  absl::Status ReadEscape(std::string* read) {
    static constexpr absl::string_view kNames = "btnfr\"\\", kMeant = "\b\t\n\f\r\"\\";
    const char c = IsAtEnd() ? '\0' : text_[at_++];
    if (const size_t i = kNames.find(c); c != '\0' && i != kNames.npos) {
      *read += kMeant[i];
      return absl::OkStatus();
    }
    uint32_t code = 0;
    const size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0 || at_ + digits > text_.size()) return Error("an escape that TOML has not");
    for (const size_t end = at_ + digits; at_ < end; ++at_) {
      if (!absl::ascii_isxdigit(text_[at_])) return Error("an escape that TOML has not");
      const char lower = absl::ascii_tolower(text_[at_]);
      code = code * 16 + (lower <= '9' ? lower - '0' : lower - 'a' + 10);
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return Error("no Unicode character");
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) {
      *read += static_cast<char>(code);
    } else if (code < 0x800) {
      *read += {static_cast<char>(0xc0 | code >> 6), tail(0)};
    } else if (code < 0x10000) {
      *read += {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
    } else {
      *read += {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
    }
    return absl::OkStatus();
  }

  const absl::string_view text_;
  const absl::string_view file_;
  size_t at_ = 0;
  size_t line_ = 1;
  std::unordered_set<std::string> names_;  // of tables
};

}  // namespace

const TomlValue* TomlTable::Find(absl::string_view key) const {
  for (const auto& [name, value] : values) {
    if (name == key) return &value;
  }
  return nullptr;
}

absl::Status TomlError(absl::string_view file, size_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ": ", what));
}

absl::StatusOr<std::vector<TomlTable>> ParseToml(absl::string_view text, absl::string_view file) {
  return Reader(text, file).Read();
}

std::string TomlText(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace nash
