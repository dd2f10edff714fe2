#include "tests/cards/reference_hand_rank.h"

#include <algorithm>
#include <utility>

namespace nash {
namespace {

int CategoryOfGroups(const std::array<std::pair<int, int>, 5>& groups, bool flush, bool straight) {
  if (flush && straight) return 8;
  if (groups[0].first == 4) return 7;
  if (groups[0].first == 3 && groups[1].first == 2) return 6;
  if (flush) return 5;
  if (straight) return 4;
  if (groups[0].first == 3) return 3;
  if (groups[0].first == 2 && groups[1].first == 2) return 2;
  if (groups[0].first == 2) return 1;
  return 0;
}

}  // namespace

ReferenceStrength ReferenceRankOfFive(absl::Span<const Card> cards, Ranking ranking) {
  std::array<int, 13> counts{};
  bool flush = true;
  for (Card card : cards) {
    ++counts[RankOf(card)];
    flush = flush && SuitOf(card) == SuitOf(cards[0]);
  }
  // (how many, rank), the most numerous first, then the highest.
  std::array<std::pair<int, int>, 5> groups{};
  int num_groups = 0;
  for (int count = 4; count >= 1; --count) {
    for (int rank = 12; rank >= 0; --rank) {
      if (counts[rank] == count) groups[num_groups++] = {count, rank};
    }
  }
  bool straight = num_groups == 5 && groups[0].second - groups[4].second == 4;
  ReferenceStrength out{};
  if (num_groups == 5 && groups[0].second == 12 && groups[1].second == 3) {
    straight = true;  // five-high: the ace plays low
    groups = {{{1, 3}, {1, 2}, {1, 1}, {1, 0}, {1, -1}}};
  }
  const bool is_short = ranking == Ranking::kShortDeck;
  if (is_short && num_groups == 5 && groups[0].second == 12 && groups[1].second == 7 &&
      groups[4].second == 4) {
    straight = true;  // A-6-7-8-9: the ace plays low
    groups = {{{1, 7}, {1, 6}, {1, 5}, {1, 4}, {1, 3}}};
  }
  out[0] = CategoryOfGroups(groups, flush, straight);
  if (is_short && (out[0] == 5 || out[0] == 6)) out[0] = 11 - out[0];
  for (int g = 0; g < num_groups; ++g) out[g + 1] = groups[g].second;
  return out;
}

ReferenceStrength ReferenceRank(absl::Span<const Card> cards, Ranking ranking) {
  ReferenceStrength best{-1};
  const int n = static_cast<int>(cards.size());
  for (int a = 0; a < n; ++a) {
    for (int b = a + 1; b < n; ++b) {
      for (int c = b + 1; c < n; ++c) {
        for (int d = c + 1; d < n; ++d) {
          for (int e = d + 1; e < n; ++e) {
            const std::array<Card, 5> five = {cards[a], cards[b], cards[c], cards[d], cards[e]};
            best = std::max(best, ReferenceRankOfFive(five, ranking));
          }
        }
      }
    }
  }
  return best;
}

}  // namespace nash
