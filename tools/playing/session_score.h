// What a person has won so far, with a 95% interval: over hands, or with duplicate over deals that
// were played in every seat, whose luck of cards has cancelled.
//
// The interval is Student's, of independent samples. There is none before kSamplesForInterval:
// chips of a hand have long tails, and few hands say nothing of them. Not thread-safe.
#ifndef NASHVILLE_TOOLS_PLAYING_SESSION_SCORE_H_
#define NASHVILLE_TOOLS_PLAYING_SESSION_SCORE_H_

#include <cstdint>
#include <map>
#include <optional>

#include "common/running_moments.h"

namespace nash {

inline constexpr uint64_t kSamplesForInterval = 30;

class SessionScore {
 public:
  // seats_a_deal: 1, or with duplicate the number of players.
  explicit SessionScore(int seats_a_deal) : seats_a_deal_(seats_a_deal) {}

  void Add(uint32_t deal, double chips) {
    ++num_hands_;
    total_chips_ += chips;
    Part& part = open_[deal];
    part.chips += chips;
    if (++part.seats < seats_a_deal_) return;
    samples_.Add(part.chips / seats_a_deal_);
    open_.erase(deal);
  }

  uint64_t num_hands() const { return num_hands_; }
  double total_chips() const { return total_chips_; }
  uint64_t num_samples() const { return samples_.count(); }
  // Chips a hand, over samples. Needs num_samples() > 0.
  double mean_chips() const { return samples_.mean(); }
  // Half of the interval.
  std::optional<double> half_width_chips() const {
    if (num_samples() < kSamplesForInterval) return std::nullopt;
    return StudentQuantile(static_cast<double>(num_samples() - 1)) * samples_.StandardError();
  }

 private:
  struct Part {
    double chips = 0;
    int seats = 0;
  };

  // Two-sided 95%: Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5), which is right to
  // five digits from 29 degrees of freedom on.
  static double StudentQuantile(double freedom) {
    const double z = 1.959963985;
    const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
    return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom * freedom * freedom);
  }

  const int seats_a_deal_;
  uint64_t num_hands_ = 0;
  double total_chips_ = 0;
  std::map<uint32_t, Part> open_;  // deals that come again
  RunningMoments samples_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_SESSION_SCORE_H_
