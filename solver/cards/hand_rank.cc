// How the tables are made; the header says how they are read.
//
// A hash is a row (its upper bits) and a column. Without flushes there are 6,175 hands of five
// cards, 18,395 of six and 49,205 of seven, told apart by the multiset of their ranks, in a space
// of 2^23 hashes. Row displacement folds it: each row is shifted by a start of its own so that its
// used columns fall on places that no other row has taken.
//
//   row 0   x . . x     start 0
//   row 1   y y . .     start 1         places   x y y x z . z
//   row 2   z . z .     start 4
//
// Tarjan and Yao's heuristic is first fit with the fullest rows first; Place() tries 64 starts at
// once, a bit each. FillTable() CHECKs that no place is taken twice, which also proves that no two
// multisets have one hash. Places that no hand has are 0, and never read: every hand of n cards is
// in the table.
//
// Nothing is loaded from a file or precomputed at build time: 6 ms are less than either is worth.
// hand_rank_test.cc compares with published counts by category for five and seven cards, and with
// the best five cards found by trying (reference_hand_rank.h).
#include "solver/cards/hand_rank.h"

#include <algorithm>
#include <numeric>

#include "glog/logging.h"

namespace nash {
namespace {

struct HashedRank {
  uint32_t hash;
  uint16_t rank;
};

// All multisets of `left` more ranks from `rank` on, at most four of each.
void AddMultisets(int rank, int left, uint32_t hash, std::array<int, kRanksMax>* counts,
                  Ranking ranking, std::vector<HashedRank>* out) {
  if (left == 0 || rank == kRanksMax) {
    if (left == 0) {
      out->push_back({hash & ((1u << kKeyHashBits) - 1),
                      static_cast<uint16_t>(ClassOfRankCounts(*counts, ranking))});
    }
    return;
  }
  for (int n = 0; n <= std::min(left, kSuitsMax); ++n) {
    (*counts)[rank] = n;
    AddMultisets(rank + 1, left - n, hash + n * RankHash(rank), counts, ranking, out);
  }
  (*counts)[rank] = 0;
}

// The places of a table that are taken, 64 to a word.
class TakenPlaces {
 public:
  explicit TakenPlaces(int places_max) : words_(places_max / 64 + 2) {}

  // A start from `first` on at which all of `columns` fall on free places; takes them.
  uint32_t Place(absl::Span<const uint32_t> columns, uint32_t first) {
    for (uint32_t start = first / 64 * 64;; start += 64) {
      // Bit b of a column's window says whether its place would be taken if the row began at
      // start + b; so the windows together have a clear bit for each start that is free of clashes.
      uint64_t blocked = 0;
      for (uint32_t column : columns) {
        blocked |= WindowAt(start + column);
        if (blocked == ~uint64_t{0}) break;
      }
      if (blocked == ~uint64_t{0}) continue;
      start += std::countr_one(blocked);
      for (uint32_t column : columns) {
        words_[(start + column) / 64] |= uint64_t{1} << (start + column) % 64;
      }
      return start;
    }
  }

 private:
  uint64_t WindowAt(uint32_t place) const {
    const uint64_t low = words_[place / 64] >> place % 64;
    return place % 64 == 0 ? low : low | words_[place / 64 + 1] << (64 - place % 64);
  }

  std::vector<uint64_t> words_;
};

}  // namespace

HandRanker::HandRanker(Ranking ranking) {
  flushes_.fill(0);
  for (RankSet ranks = 0; ranks < kRankSets; ++ranks) {
    if (std::popcount(ranks) >= kRankedCardsMin) flushes_[ranks] = ClassOfFlush(ranks, ranking);
  }
  for (int n = kRankedCardsMin; n <= kRankedCardsMax; ++n) {
    FillTable(n, ranking, &tables_[n - kRankedCardsMin]);
  }
}

void HandRanker::FillTable(int num_cards, Ranking ranking, Table* table) {
  constexpr uint32_t kColumnMask = (1u << kColumnBits) - 1;
  std::vector<HashedRank> hashed;
  std::array<int, kRanksMax> counts{};
  AddMultisets(0, num_cards, 0, &counts, ranking, &hashed);

  // Row r has columns[row_ends[r - 1]] to columns[row_ends[r] - 1].
  std::vector<int> row_ends(kRows + 1);
  for (const HashedRank& h : hashed) ++row_ends[(h.hash >> kColumnBits) + 1];
  std::partial_sum(row_ends.begin(), row_ends.end(), row_ends.begin());
  std::vector<uint32_t> columns(hashed.size());
  for (const HashedRank& h : hashed) {
    columns[row_ends[h.hash >> kColumnBits]++] = h.hash & kColumnMask;
  }
  const auto columns_of = [&](int row) {
    const int begin = row == 0 ? 0 : row_ends[row - 1];
    return absl::MakeConstSpan(columns).subspan(begin, row_ends[row] - begin);
  };
  // Full rows go first, while there is room.
  std::vector<int> order(kRows);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return columns_of(a).size() > columns_of(b).size(); });
  constexpr int kPlacesMax = 1 << 17;
  TakenPlaces taken(kPlacesMax);
  uint32_t size = 0;
  table->row_starts.fill(0);
  uint32_t start = 0;
  size_t last_size = 0;
  for (int row : order) {
    const absl::Span<const uint32_t> row_columns = columns_of(row);
    if (row_columns.empty()) break;
    // Where a row as full as this one did not fit, this one hardly would: look further on. The
    // emptier rows, which start over, fill the gaps.
    start = taken.Place(row_columns, row_columns.size() == last_size ? start : 0);
    last_size = row_columns.size();
    CHECK_LT(start, 1u << 16);
    table->row_starts[row] = static_cast<uint16_t>(start);
    size = std::max(size, start + (1u << kColumnBits));
  }
  table->ranks.assign(size, 0);
  for (const HashedRank& h : hashed) {
    uint16_t& place =
        table->ranks[table->row_starts[h.hash >> kColumnBits] + (h.hash & kColumnMask)];
    CHECK_EQ(place, 0);
    place = h.rank;
  }
}

uint16_t HandRanker::Rank(absl::Span<const Card> cards) const {
  DCHECK_GE(cards.size(), kRankedCardsMin);
  DCHECK_LE(cards.size(), kRankedCardsMax);
  HandKey hand;
  for (Card card : cards) hand.Add(card);
  return Rank(hand);
}

const HandRanker& SharedHandRanker(Ranking ranking) {
  if (ranking == Ranking::kShortDeck) {
    static const HandRanker* const short_deck = new HandRanker(Ranking::kShortDeck);
    return *short_deck;
  }
  static const HandRanker* const standard = new HandRanker(Ranking::kStandard);
  return *standard;
}

uint16_t RankHand(absl::Span<const Card> cards) { return SharedHandRanker().Rank(cards); }

void RankHands(const Card* const* slots, int num_slots, int n, int32_t* strengths) {
  SharedHandRanker().RankHands(slots, num_slots, n, strengths);
}

}  // namespace nash
