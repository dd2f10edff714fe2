// Whole numbers as people write large ones: 1000000, 1e6, 2.5e9, 10M.
//
// Thread-safe: a pure function.
#ifndef NASHVILLE_COMMON_WHOLE_NUMBER_H_
#define NASHVILLE_COMMON_WHOLE_NUMBER_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace nash {

// Digits, with a decimal point if need be, then e and a power of ten, or k, M or G for 10^3, 10^6
// and 10^9, as progress lines print them. The value is exact: none comes of 1.5, of 1e-3, or of
// more than 2^64 - 1. No sign.
std::optional<uint64_t> ParseWholeNumber(absl::string_view text);

}  // namespace nash

#endif  // NASHVILLE_COMMON_WHOLE_NUMBER_H_
