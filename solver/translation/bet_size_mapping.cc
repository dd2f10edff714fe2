#include "solver/translation/bet_size_mapping.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {

BetSizeMapping MapBetSize(absl::Span<const double> sizes, double size, TranslationKind kind) {
  CHECK(!sizes.empty());
  CHECK_GE(size, 0);
  const auto above = std::upper_bound(sizes.begin(), sizes.end(), size);
  const int high = static_cast<int>(above - sizes.begin());
  if (high == 0) return {0, 0, 1};
  const int low = high - 1;
  if (above == sizes.end() || sizes[low] == size) return {low, low, 1};
  const double a = sizes[low];
  const double b = sizes[high];
  const double low_probability = (b - size) * (1 + a) / ((b - a) * (1 + size));
  if (kind == TranslationKind::kPseudoHarmonic) return {low, high, low_probability};
  const int nearest = low_probability > 0.5 ? low : high;
  return {nearest, nearest, 1};
}

}  // namespace nash
