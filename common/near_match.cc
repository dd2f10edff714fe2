#include "common/near_match.h"

#include <algorithm>
#include <limits>

namespace nash {
namespace {

constexpr size_t kWordBytesMax = 60;

// Levenshtein's distance between two short words.
int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

absl::string_view NearMatch(absl::string_view found, const std::vector<absl::string_view>& words) {
  if (found.size() > kWordBytesMax) return "";
  absl::string_view best;
  int best_distance = std::numeric_limits<int>::max();
  for (absl::string_view word : words) {
    const int distance = EditDistance(found, word);
    if (distance < best_distance) {
      best_distance = distance;
      best = word;
    }
  }
  const int allowed = std::max<int>(1, static_cast<int>(found.size()) / 3);
  return best_distance <= allowed ? best : "";
}

}  // namespace nash
