// Deals: all that chance decides in a hand, in batches, as structures of arrays.
//
// A CardBatch holds the cards as drawn; a DealBatch holds what a traverser needs: the bucket of
// every player on every street, and the showdown order. DealSource makes the second from nothing
// but a name. Thread-compatible.
#ifndef NASHVILLE_SOLVER_GAME_DEAL_H_
#define NASHVILLE_SOLVER_GAME_DEAL_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {

// Cards of up to `capacity` deals. Slot order: hole card h of player p is slot
// p * num_hole_cards + h, then the board in the order it is dealt.
class CardBatch {
 public:
  CardBatch(int num_slots, int capacity)
      : num_slots_(num_slots), capacity_(capacity), cards_(size_t(num_slots) * capacity) {}

  int num_slots() const { return num_slots_; }
  int capacity() const { return capacity_; }
  // [capacity] cards of one slot, by deal.
  Card* slot(int s) { return cards_.data() + size_t(s) * capacity_; }
  const Card* slot(int s) const { return cards_.data() + size_t(s) * capacity_; }

 private:
  int num_slots_;
  int capacity_;
  std::vector<Card> cards_;
};

// What the traverser sees of up to `capacity` deals.
class DealBatch {
 public:
  DealBatch(int num_players, int num_streets, int capacity)
      : num_players_(num_players),
        num_streets_(num_streets),
        capacity_(capacity),
        buckets_(size_t(num_streets) * num_players * capacity),
        strengths_(size_t(num_players) * capacity) {}
  static uint64_t BytesPerDeal(int num_players, int num_streets) {
    return num_players * (num_streets * sizeof(uint32_t) + sizeof(int32_t));
  }

  int num_players() const { return num_players_; }
  int num_streets() const { return num_streets_; }
  int capacity() const { return capacity_; }

  // [capacity] buckets of one player on one street, by deal.
  uint32_t* buckets(int street, int player) {
    return buckets_.data() + (size_t(street) * num_players_ + player) * capacity_;
  }
  const uint32_t* buckets(int street, int player) const {
    return buckets_.data() + (size_t(street) * num_players_ + player) * capacity_;
  }
  // [capacity] showdown strengths of one player, by deal: the higher wins, equals split.
  int32_t* strengths(int player) { return strengths_.data() + size_t(player) * capacity_; }
  const int32_t* strengths(int player) const {
    return strengths_.data() + size_t(player) * capacity_;
  }

 private:
  int num_players_;
  int num_streets_;
  int capacity_;
  std::vector<uint32_t> buckets_;
  std::vector<int32_t> strengths_;
};

// Games with at most as many deals (Kuhn has 6, Leduc 120) are not sampled but enumerated.
inline constexpr uint32_t kEnumeratedDealsMax = 4096;

// Draws the cards of deals [first_deal, first_deal + n) of the stream `name` into places
// [0, n) of `cards`. A deal's cards depend on its name only, never on how deals are grouped.
// Small games (kEnumeratedDealsMax): of each cycle of as many deals as there are, every one comes
// once, in an order drawn for the cycle. Stratified so, chance adds no noise over whole cycles.
void DrawCards(const GameDefinition& game, const StreamName& name, uint32_t first_deal, int n,
               CardBatch* cards);

// Turns names of deals into deals. Implementations are thread-safe: Fill() is const and may be
// called from many threads at once on different ranges of one batch.
class DealSource {
 public:
  virtual ~DealSource() = default;
  // Number of buckets on a street, the same for all players.
  virtual uint32_t num_buckets(int street) const = 0;
  // Writes deals [first_deal, first_deal + n) of `name` to places [place, place + n) of `out`.
  // Needs place + n <= out->capacity().
  virtual void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                    DealBatch* out) const = 0;
  // Says that deals [first_deal, first_deal + n) of `name` will be asked for soon, so that a source
  // with a device can have it begin. Changes no deal. One caller, while no thread is in Fill().
  virtual void Announce(const StreamName& name, uint32_t first_deal, int n) const {}
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_DEAL_H_
