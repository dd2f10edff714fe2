#include "common/whole_number.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace nash {
namespace {

// Takes the digits that `text` begins with.
std::string TakeDigits(absl::string_view* text) {
  size_t count = 0;
  while (count < text->size() && absl::ascii_isdigit((*text)[count])) ++count;
  const std::string digits(text->substr(0, count));
  text->remove_prefix(count);
  return digits;
}

// The power of ten that the rest of a number stands for.
std::optional<int> ParseScale(absl::string_view text) {
  if (text.empty()) return 0;
  if (text == "k") return 3;
  if (text == "M") return 6;
  if (text == "G") return 9;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  const std::string digits = TakeDigits(&text);
  if (digits.empty() || digits.size() > 2 || !text.empty()) return std::nullopt;
  return std::stoi(digits);
}

}  // namespace

std::optional<uint64_t> ParseWholeNumber(absl::string_view text) {
  std::string digits = TakeDigits(&text);
  if (digits.empty()) return std::nullopt;
  size_t decimals = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    const std::string fraction = TakeDigits(&text);
    if (fraction.empty()) return std::nullopt;
    decimals = fraction.size();
    digits += fraction;
  }
  const std::optional<int> scale = ParseScale(text);
  if (!scale.has_value()) return std::nullopt;
  // What is left behind the point must be zeros.
  for (; decimals > static_cast<size_t>(*scale); --decimals) {
    if (digits.back() != '0') return std::nullopt;
    digits.pop_back();
  }
  digits.append(*scale - decimals, '0');
  uint64_t value = 0;
  return absl::SimpleAtoi(digits, &value) ? std::optional(value) : std::nullopt;
}

}  // namespace nash
