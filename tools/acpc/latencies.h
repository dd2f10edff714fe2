// How long answers took, in a fixed amount of memory however many there were.
//
// Not thread-safe. Memory: 16 KB. A time is kept to within 1.1%: bins grow by that factor.
#ifndef NASHVILLE_TOOLS_ACPC_LATENCIES_H_
#define NASHVILLE_TOOLS_ACPC_LATENCIES_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace nash {

class Latencies {
 public:
  void Add(double seconds) {
    const double bin = std::log(std::max(seconds, kLeastSeconds) / kLeastSeconds) / kLogFactor;
    ++counts_[std::min(static_cast<size_t>(bin), counts_.size() - 1)];
    ++total_;
    most_seconds_ = std::max(most_seconds_, seconds);
  }
  uint64_t total() const { return total_; }
  double most_seconds() const { return most_seconds_; }
  // At least `share` of the times are no longer. Needs total() > 0.
  double Quantile(double share) const {
    const auto wanted = static_cast<uint64_t>(std::ceil(share * static_cast<double>(total_)));
    uint64_t seen = 0;
    for (size_t bin = 0; bin + 1 < counts_.size(); ++bin) {
      seen += counts_[bin];
      if (seen >= wanted && seen > 0) {
        return std::min(kLeastSeconds * std::exp(kLogFactor * static_cast<double>(bin + 1)),
                        most_seconds_);
      }
    }
    return most_seconds_;  // the last bin has no upper end
  }

 private:
  static constexpr double kLeastSeconds = 1e-7;
  static constexpr double kLogFactor = 0.0109;  // 2048 bins: up to 500 s

  std::array<uint64_t, 2048> counts_{};
  uint64_t total_ = 0;
  double most_seconds_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_ACPC_LATENCIES_H_
