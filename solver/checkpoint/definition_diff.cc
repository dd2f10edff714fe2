// The longest common subsequence of lines by the textbook's table, after equal heads and tails are
// taken off; definitions have some dozens of lines. Context stands above a change only, because in
// these texts a section's name is above its keys and what comes after a change explains nothing.
#include "solver/checkpoint/definition_diff.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace nash {
namespace {

constexpr size_t kContextLines = 2;
// Texts that differ in larger blocks are shown as one block out and one block in.
constexpr size_t kTableCellsMax = size_t{4} << 20;

using Lines = std::vector<absl::string_view>;

struct Edit {
  char sign;  // ' ', '-' or '+'
  absl::string_view line;
};

Lines LinesOf(absl::string_view text) {
  Lines lines = absl::StrSplit(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// By the longest common subsequence of a[begin, end_a) and b[begin, end_b).
void DiffMiddle(const Lines& a, const Lines& b, size_t begin, size_t end_a, size_t end_b,
                std::vector<Edit>* edits) {
  const size_t n = end_a - begin;
  const size_t m = end_b - begin;
  const bool too_large = (n + 1) * (m + 1) > kTableCellsMax;
  // common[i][j]: length for the last n - i lines of a and the last m - j lines of b.
  std::vector<uint32_t> common(too_large ? 0 : (n + 1) * (m + 1), 0);
  const auto at = [&](size_t i, size_t j) -> uint32_t& { return common[i * (m + 1) + j]; };
  if (!too_large) {
    for (size_t i = n; i-- > 0;) {
      for (size_t j = m; j-- > 0;) {
        at(i, j) = a[begin + i] == b[begin + j] ? at(i + 1, j + 1) + 1
                                                : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (!too_large && i < n && j < m && a[begin + i] == b[begin + j]) {
      edits->push_back({' ', a[begin + i]});
      ++i, ++j;
    } else if (i < n && (j == m || too_large || at(i + 1, j) >= at(i, j + 1))) {
      edits->push_back({'-', a[begin + i++]});
    } else {
      edits->push_back({'+', b[begin + j++]});
    }
  }
}

}  // namespace

std::string DiffDefinitions(absl::string_view a_text, absl::string_view b_text) {
  const Lines a = LinesOf(a_text);
  const Lines b = LinesOf(b_text);
  size_t begin = 0;
  while (begin < a.size() && begin < b.size() && a[begin] == b[begin]) ++begin;
  size_t end_a = a.size(), end_b = b.size();
  while (end_a > begin && end_b > begin && a[end_a - 1] == b[end_b - 1]) --end_a, --end_b;

  std::vector<Edit> edits;
  for (size_t i = 0; i < begin; ++i) edits.push_back({' ', a[i]});
  DiffMiddle(a, b, begin, end_a, end_b, &edits);
  // The common tail is never shown: context stands above a change only.

  std::string text;
  size_t shown = 0;  // edits before it are printed or left out for good
  for (size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].sign == ' ') continue;
    const size_t from = std::max(shown, i - std::min(i, kContextLines));
    if (from > shown) absl::StrAppend(&text, "  ...\n");
    for (size_t k = from; k <= i; ++k) {
      absl::StrAppend(&text, std::string(1, edits[k].sign), " ", edits[k].line, "\n");
    }
    shown = i + 1;
  }
  // Texts that differ in their last newline only.
  if (text.empty() && a_text != b_text) text = "(they differ in the end of the last line)\n";
  return text;
}

}  // namespace nash
