#include "solver/ranges/hand_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace nash {
namespace {

struct Setting {
  int num_ranks;
  int num_suits;
  int num_hole_cards;
  int num_board_cards;
  int num_strengths;  // few: many ties. kByRanks: as cards of four suits have them
  const char* reason;
};
constexpr int kByRanks = 0;
constexpr Setting kSettings[] = {
    {13, 4, 2, 5, 200, "a river of the full deck"},
    {13, 4, 2, 5, 3, "large groups of equals"},
    {13, 4, 2, 5, 1, "all hands tie"},
    {13, 4, 2, 5, 1 << 30, "hardly any ties"},
    {13, 4, 2, 5, kByRanks, "ties of ranks, in grids of all sizes"},
    {6, 4, 2, 4, 30, "a short deck"},
    {3, 2, 2, 1, 4, "ten hands"},
    {3, 2, 1, 1, 3, "one hole card"},
    {13, 4, 1, 0, 20, "one hole card of the full deck"},
};

// Equal are hands with the same higher rank and lower ranks near each other, but for pairs and for
// those of one suit, which are flushes.
int32_t StrengthByRanks(Card low, Card high) {
  const int low_rank = low / kSuitsMax, high_rank = high / kSuitsMax;
  const bool is_flush = low % kSuitsMax == 1 && high % kSuitsMax == 1;
  const bool is_pair = low_rank == high_rank;
  return 1000 * is_flush + 500 * is_pair + 20 * high_rank + (is_flush ? low_rank : low_rank / 3);
}

// A board with strengths, buckets, a range with zeros, and strategies, all drawn.
template <typename P>
struct Drawn {
  BoardHands hands;
  std::vector<int32_t> strengths;  // by position after sorting
  std::vector<uint32_t> buckets;
  std::vector<P> reach;
  std::vector<P> rows;  // [bucket][3 actions]
  HandEnds<P> ends;

  static constexpr int kActions = 3;
  static constexpr int kBuckets = 17;

  Drawn(const Setting& setting, uint64_t seed)
      : hands(MakeDeck(setting.num_ranks, setting.num_suits), setting.num_hole_cards) {
    std::mt19937_64 random(seed);
    std::vector<Card> deck = MakeDeck(setting.num_ranks, setting.num_suits);
    std::shuffle(deck.begin(), deck.end(), random);
    CardSet board = 0;
    for (int c = 0; c < setting.num_board_cards; ++c) board |= SetOf(deck[c]);
    hands.Set(board);
    std::vector<int32_t> drawn;
    for (int i = 0; i < hands.size(); ++i) {
      drawn.push_back(setting.num_strengths == kByRanks
                          ? StrengthByRanks(hands.low()[i], hands.high()[i])
                          : static_cast<int32_t>(random() % setting.num_strengths));
    }
    std::vector<int32_t> by_number(kRangeHandsMax);
    for (int i = 0; i < hands.size(); ++i) by_number[hands.numbers()[i]] = drawn[i];
    hands.SortByStrength(drawn);
    const auto pack = [&](bool with_zeros) {
      P out = P::Zero();
      for (int k = 0; k < P::kLanes; ++k) {
        const double x = (random() >> 11) * 0x1p-53;
        out.Set(k, static_cast<typename P::Scalar>(with_zeros && random() % 3 == 0 ? 0 : x));
      }
      return out;
    };
    for (int i = 0; i < hands.size(); ++i) {
      strengths.push_back(by_number[hands.numbers()[i]]);
      buckets.push_back(random() % kBuckets);
      reach.push_back(pack(true));
    }
    for (int r = 0; r < kBuckets * kActions; ++r) rows.push_back(pack(true));
    for (int k = 0; k < P::kLanes; ++k) {
      fold[k] = static_cast<int>(random() % 200) - 100;
      show[k] = static_cast<int>(random() % 200) + 1;
    }
    ends.fold_chips = P::From(fold);
    ends.showdown_chips = P::From(show);
  }

  // The quadratic sum. share: whose part of the range, by hand.
  template <typename Share>
  double Slow(int hand, int lane, bool is_fold, const Share& share) const {
    const CardSet own = SetOf(hands.low()[hand]) | SetOf(hands.high()[hand]);
    double sum = 0;
    for (int j = 0; j < hands.size(); ++j) {
      if ((own & (SetOf(hands.low()[j]) | SetOf(hands.high()[j]))) != 0) continue;
      const int sign = (strengths[j] < strengths[hand]) - (strengths[j] > strengths[hand]);
      sum += share(j) * (is_fold ? 1 : sign);
    }
    return sum * (is_fold ? fold[lane] : show[lane]);
  }
  double Total(int lane) const {
    double sum = 0;
    for (const P& r : reach) sum += r[lane];
    return sum;
  }
  // The stated bound, for ends of these chips.
  double Bound(int lane, double chips) const {
    const double unit = std::numeric_limits<typename P::Scalar>::epsilon() / 2;
    return kErrorUnits * unit * hands.size() * Total(lane) * std::abs(chips);
  }
  double Row(int hand, int action, int lane) const {
    return rows[buckets[hand] * kActions + action][lane];
  }

  int fold[P::kLanes];
  int show[P::kLanes];
};

template <typename P>
class HandValuesTest : public testing::Test {};
using Packs = testing::Types<Pack<float, 8>, Pack<float, 16>, Pack<double, 4>, Pack<double, 8>>;
TYPED_TEST_SUITE(HandValuesTest, Packs);

TYPED_TEST(HandValuesTest, OwnEndsAreTheBestOfTheQuadraticSums) {
  using P = TypeParam;
  for (const Setting& setting : kSettings) {
    SCOPED_TRACE(setting.reason);
    for (const auto& [has_fold, has_show] : {std::pair(true, false), {false, true}, {true, true}}) {
      Drawn<P> drawn(setting, 7);
      drawn.ends.has_fold = has_fold;
      drawn.ends.has_showdown = has_show;
      std::vector<P> values(drawn.hands.size());
      CardSums<P> sums;
      SummedRange<P> range = {drawn.reach.data(), &sums};
      HandValues<P>(drawn.hands).OwnEnds(drawn.ends, &range, [&](int i, const P& v) {
        values[i] = v;
      });
      for (int i = 0; i < drawn.hands.size(); i += 7) {
        for (int k = 0; k < P::kLanes; ++k) {
          const auto all = [&](int j) { return double{drawn.reach[j][k]}; };
          const double fold = drawn.Slow(i, k, true, all);
          const double show = drawn.Slow(i, k, false, all);
          const double expected = !has_show ? fold : !has_fold ? show : std::max(fold, show);
          const double chips = std::max(std::abs(drawn.fold[k]), drawn.show[k]);
          ASSERT_NEAR(values[i][k], expected, drawn.Bound(k, chips)) << i << " lane " << k;
        }
      }
    }
  }
}

TYPED_TEST(HandValuesTest, OpponentEndsAreTheSumOfTheQuadraticSums) {
  using P = TypeParam;
  for (const Setting& setting : kSettings) {
    SCOPED_TRACE(setting.reason);
    for (const auto& [has_fold, has_show] : {std::pair(true, false), {false, true}, {true, true}}) {
      Drawn<P> drawn(setting, 11);
      drawn.ends.has_fold = has_fold;
      drawn.ends.has_showdown = has_show;
      std::vector<P> values(drawn.hands.size());
      const auto share_of = [&](int action) {
        return ActionShare<P>(drawn.rows.data(), drawn.buckets.data(), drawn.kActions, action);
      };
      const HandValues<P> hand_values(drawn.hands);
      CardSums<P> folds, shows;
      hand_values.AddUpShare(share_of(0), drawn.reach.data(), &folds);
      hand_values.AddUpShare(share_of(2), drawn.reach.data(), &shows);
      hand_values.OpponentEnds(drawn.ends, drawn.reach.data(), share_of(0), folds, share_of(2),
                               shows, [&](int i, const P& v) { values[i] = v; });
      for (int i = 0; i < drawn.hands.size(); i += 7) {
        for (int k = 0; k < P::kLanes; ++k) {
          const auto share = [&](int action) {
            return
                [&, action](int j) { return double{drawn.reach[j][k]} * drawn.Row(j, action, k); };
          };
          double expected = 0;
          if (has_fold) expected += drawn.Slow(i, k, true, share(0));
          if (has_show) expected += drawn.Slow(i, k, false, share(2));
          const double chips = std::abs(drawn.fold[k]) + drawn.show[k];
          ASSERT_NEAR(values[i][k], expected, drawn.Bound(k, chips)) << i << " lane " << k;
        }
      }
    }
  }
}

TYPED_TEST(HandValuesTest, ThoseWhoFoldAreWhatTheOtherActionsLeave) {
  using P = TypeParam;
  constexpr int kFold = 0, kRaise = 1, kCall = 2;
  for (const Setting& setting : kSettings) {
    SCOPED_TRACE(setting.reason);
    for (const bool has_show : {true, false}) {
      Drawn<P> drawn(setting, 13);
      drawn.ends.has_fold = true;
      drawn.ends.has_showdown = has_show;
      for (int b = 0; b < drawn.kBuckets; ++b) {
        P* const row = drawn.rows.data() + b * drawn.kActions;
        row[kRaise] *= P::Broadcast(0.5);
        row[kCall] = has_show ? row[kCall] * P::Broadcast(0.5) : P::Zero();
        row[kFold] = P::Broadcast(1) - row[kRaise] - row[kCall];
      }
      const size_t n = drawn.hands.size();
      std::vector<P> values(n), raises(n);
      const auto share_of = [&](int action) {
        return ActionShare<P>(drawn.rows.data(), drawn.buckets.data(), drawn.kActions, action);
      };
      const HandValues<P> hand_values(drawn.hands);
      CardSums<P> sums, raise_sums, show_sums;
      hand_values.TakeShare(share_of(kRaise), drawn.reach.data(), raises.data(), &raise_sums);
      hand_values.AddUpShare(share_of(kCall), drawn.reach.data(), &show_sums);
      SummedRange<P> range = {drawn.reach.data(), &sums};
      hand_values.AddUp(&range);
      CardSums<P> folds = sums;
      folds.Subtract(raise_sums);
      folds.Subtract(show_sums);
      hand_values.OpponentEnds(drawn.ends, drawn.reach.data(), share_of(kFold), folds,
                               share_of(kCall), show_sums,
                               [&](int i, const P& v) { values[i] = v; });
      for (int i = 0; i < drawn.hands.size(); i += 7) {
        for (int k = 0; k < P::kLanes; ++k) {
          const auto share = [&](int action) {
            return
                [&, action](int j) { return double{drawn.reach[j][k]} * drawn.Row(j, action, k); };
          };
          double expected = drawn.Slow(i, k, true, share(kFold));
          if (has_show) expected += drawn.Slow(i, k, false, share(kCall));
          const double chips = std::abs(drawn.fold[k]) + drawn.show[k];
          ASSERT_NEAR(values[i][k], expected, drawn.Bound(k, chips)) << i << " lane " << k;
        }
      }
    }
  }
}

TYPED_TEST(HandValuesTest, ALaneDoesNotDependOnTheOthers) {
  using P = TypeParam;
  Drawn<P> drawn(kSettings[0], 3);
  drawn.ends.has_fold = drawn.ends.has_showdown = true;
  const auto values_of = [&] {
    std::vector<P> values(drawn.hands.size());
    CardSums<P> sums;
    SummedRange<P> range = {drawn.reach.data(), &sums};
    HandValues<P>(drawn.hands).OwnEnds(drawn.ends, &range, [&](int i, const P& v) {
      values[i] = v;
    });
    return values;
  };
  const std::vector<P> before = values_of();
  for (P& r : drawn.reach) r.Set(1, 0.25);
  const std::vector<P> after = values_of();
  for (int i = 0; i < drawn.hands.size(); ++i) {
    for (int k = 0; k < P::kLanes; ++k) {
      if (k == 1) continue;
      ASSERT_EQ(before[i][k], after[i][k]);
    }
  }
}

}  // namespace
}  // namespace nash
