// The word that somebody who mistyped one most likely meant.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_COMMON_NEAR_MATCH_H_
#define NASHVILLE_COMMON_NEAR_MATCH_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace nash {

// By Levenshtein's distance; the first of equals. Empty when none is near, or `found` is longer
// than any word of ours.
absl::string_view NearMatch(absl::string_view found, const std::vector<absl::string_view>& words);

}  // namespace nash

#endif  // NASHVILLE_COMMON_NEAR_MATCH_H_
