// Which cards come when, and where the person sits: what a session does is a function of its plan
// and the number of the hand.
//
// With duplicate, a block of deals is played in one seat each and then again, as many times as
// there are seats, so that over a block everybody held the same cards and luck cancels. Deals come
// again in another order and a block later, so that nobody recalls them.
//
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_TOOLS_PLAYING_HAND_SCHEDULE_H_
#define NASHVILLE_TOOLS_PLAYING_HAND_SCHEDULE_H_

#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "common/rng.h"

namespace nash {

inline constexpr uint32_t kBlockDealsMax = 10'000;

struct SessionPlan {
  uint64_t seed = 0;
  std::optional<int> seat;   // the person's position; none: rotates from deal to deal
  uint32_t block_deals = 0;  // with duplicate; 0: each deal is played once
  friend bool operator==(const SessionPlan&, const SessionPlan&) = default;
};

struct ScheduledHand {
  uint32_t deal = 0;  // names the cards
  int position = 0;   // the person's
};

// Needs block_deals <= kBlockDealsMax.
inline ScheduledHand HandAt(const SessionPlan& plan, int num_players, uint32_t hand) {
  // Rotated as the ACPC's dealer rotates its first player.
  const auto position_in = [&](uint32_t deal) {
    const uint32_t n = num_players;
    return plan.seat.value_or(static_cast<int>((n - deal % n) % n));
  };
  if (plan.block_deals == 0) return {hand, position_in(hand)};
  const uint32_t block = hand / (plan.block_deals * num_players);
  const uint32_t in_block = hand % (plan.block_deals * num_players);
  const uint32_t again = in_block / plan.block_deals;  // how often its deals came before
  std::vector<uint32_t> order(plan.block_deals);
  std::iota(order.begin(), order.end(), 0);
  for (uint32_t i = plan.block_deals - 1; again > 0 && i > 0; --i) {
    const RandomBlock random = Draw({plan.seed, block, again}, DrawPurpose::kEvaluation, i, 0);
    std::swap(order[i], order[UniformBelow(random[0], i + 1)]);
  }
  const uint32_t deal = block * plan.block_deals + order[in_block % plan.block_deals];
  return {deal, static_cast<int>((position_in(deal) + again) % num_players)};
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_HAND_SCHEDULE_H_
