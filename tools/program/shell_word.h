// A text as a shell reads it as one word: for commands that people paste.
#ifndef NASHVILLE_TOOLS_PROGRAM_SHELL_WORD_H_
#define NASHVILLE_TOOLS_PROGRAM_SHELL_WORD_H_

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace nash {

// As it is where that is safe, else within single quotes.
inline std::string ShellWord(absl::string_view text) {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::string_view("_-./+,:@%=").find(c) != std::string::npos;
  });
  if (is_plain) return std::string(text);
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_SHELL_WORD_H_
