// A board, from the cards to the table:
//
//     Prepare    buckets of all hands, by street, once a batch and on all threads
//     Walk down  street by street: the opponent's range at every root of the next (Spread)
//     Walk up    from the last street: values at every root of the one before (Collect)
//
// What lies between two streets is a vector over hands for each block, reach_ and values_: some 9
// MB for configs/quickstart.yaml, more than a core's own cache. Going depth first would keep it
// there, but the lanes of a block come from several edges of the street before, which must all be
// there.
//
// The threads take blocks of one street, or branches of blocks (street_shares.h), in any order:
// they share no row (table_layout.h) and no vector, and a street ends before the next begins. So
// nothing depends on the order. tests/cfr/public_pass_runner_test.cc compares threads, and all of
// it with sums over pairs.
#include "solver/cfr/public_pass_runner.h"

#include <glog/logging.h>
#include <immintrin.h>

#include <algorithm>

namespace nash {
namespace {

constexpr int kLanes = WalkPack::kLanes;

// The distinct buckets of the hands, and where each hand's is.
void RankBuckets(const std::vector<uint32_t>& of_hands, BoardBuckets* out) {
  const size_t n = of_hands.size();
  std::vector<uint64_t> sorted(n);  // bucket, position
  for (size_t i = 0; i < n; ++i) sorted[i] = uint64_t{of_hands[i]} << 32 | i;
  std::sort(sorted.begin(), sorted.end());
  out->buckets.clear();
  out->ends.clear();
  out->rank.resize(n);
  out->order.resize(n);
  for (size_t k = 0; k < n; ++k) {
    const auto bucket = static_cast<uint32_t>(sorted[k] >> 32);
    const auto hand = static_cast<uint32_t>(sorted[k]);
    if (out->buckets.empty() || out->buckets.back() != bucket) {
      out->buckets.push_back(bucket);
      out->ends.push_back(0);
    }
    out->ends.back() = static_cast<uint32_t>(k + 1);
    out->rank[hand] = static_cast<uint32_t>(out->buckets.size() - 1);
    out->order[k] = hand;
  }
}

// The key of a board's roundings in the pass of one traverser.
uint64_t DitherKey(const Pass& pass, uint32_t number) {
  const RandomBlock block = Draw(pass.stream, DrawPurpose::kRounding, number, pass.traverser);
  return block[0] | uint64_t{block[1]} << 32;
}

// How lanes of one vector become lanes of another: `from[k]` goes to lane k where `takes[k]`.
struct LaneMove {
  __m256i from = _mm256_setzero_si256();
  __m256i takes = _mm256_setzero_si256();
  void Add(int from_lane, int to_lane) {
    reinterpret_cast<int32_t*>(&from)[to_lane] = from_lane;
    reinterpret_cast<int32_t*>(&takes)[to_lane] = -1;
  }
};

void MoveLanes(const LaneMove& move, const WalkPack* from, int n, WalkPack* to) {
  for (int i = 0; i < n; ++i) {
    const __m256 lanes = _mm256_permutevar8x32_ps(from[i].low, move.from);
    _mm256_maskstore_ps(reinterpret_cast<float*>(to + i), move.takes, lanes);
  }
}

// Calls visit(block, lanes of places[begin, end)) for each block of the next street that the lanes
// of an edge lead to. Lanes that lead to one block are neighbours.
template <typename Visit>
void ForEachNextBlock(const uint32_t* places, int num_lanes, const Visit& visit) {
  for (int begin = 0, end; begin < num_lanes; begin = end) {
    const uint32_t block = places[begin] / kLanes;
    for (end = begin + 1; end < num_lanes && places[end] / kLanes == block;) ++end;
    visit(block, begin, end);
  }
}

}  // namespace

PublicPassRunner::PublicPassRunner(const PublicTree& tree, const BoardSource& source,
                                   uint32_t boards, ThreadPool* pool)
    : tree_(tree),
      source_(source),
      pool_(pool),
      streets_(StreetBlocks::Build(tree, kLanes)),
      boards_(boards) {
  for (Board& board : boards_) board.deal = source.MakeDeal();
  for (size_t s = 0; s < streets_.size(); ++s) {
    shares_.emplace_back(streets_[s], pool->num_threads());
    branches_left_[s] = std::vector<std::atomic<uint32_t>>(streets_[s].blocks().size());
  }
  for (int thread = 0; thread < pool->num_threads(); ++thread) {
    walks_.push_back(std::make_unique<PublicWalk>(streets_));
  }
}

uint64_t PublicPassRunner::BytesNeeded(const PublicTree& tree, int hands_max, uint32_t boards,
                                       int threads) {
  uint64_t vectors = 0;
  int depth = 0, actions = 0;
  for (const StreetBlocks& street : StreetBlocks::Build(tree, kLanes)) {
    vectors += 2 * street.blocks().size() + StreetShares(street, threads).num_vectors();
    for (const SubtreeShape& shape : street.shapes()) {
      depth = std::max(depth, shape.depth);
      for (const ShapeNode& node : shape.nodes) actions = std::max<int>(actions, node.num_actions);
    }
  }
  return hands_max * (vectors * sizeof(WalkPack) +
                      boards * uint64_t{5} * sizeof(uint32_t) * tree.num_streets()) +
         threads * PublicWalk::BytesNeeded(depth, hands_max, actions);
}

void PublicPassRunner::Prepare(const BatchName& name, int num_boards) {
  if (prepared_ == name) return;
  pool_->ForEach(num_boards, [&](size_t i, int) {
    Board& board = boards_[i];
    source_.Fill(name.stream, name.first + static_cast<uint32_t>(i), board.deal.get());
    for (int street = 0; street < tree_.num_streets(); ++street) {
      RankBuckets(board.deal->buckets[street], &board.buckets[street]);
    }
  });
  prepared_ = name;
  size_t hands = 0;
  for (int i = 0; i < num_boards; ++i) {
    hands = std::max<size_t>(hands, boards_[i].deal->hands.size());
  }
  if (hands <= hands_) return;
  hands_ = hands;
  for (int street = 0; street < tree_.num_streets(); ++street) {
    reach_[street].resize(streets_[street].blocks().size() * hands);
    values_[street].resize(reach_[street].size());
    branch_values_[street].resize(shares_[street].num_vectors() * hands);
  }
}

template <typename Visit>
void PublicPassRunner::ForEachShare(int street, const PublicWalk::At& of_board, const Board& board,
                                    const Visit& visit) {
  const absl::Span<const StreetShares::Share> shares = shares_[street].shares();
  pool_->ForEach(shares.size(), [&](size_t i, int thread) {
    PublicWalk::At at = of_board;
    at.blocks = &streets_[street];
    at.block = &streets_[street].blocks()[shares[i].block];
    at.buckets = &board.buckets[street];
    at.thread = thread;
    visit(shares[i], at);
  });
}

void PublicPassRunner::DownShare(const PublicWalk::At& at, int street,
                                 const StreetShares::Share& share) {
  PublicWalk& walk = *walks_[at.thread];
  const WalkPack* const reach = ReachOf(street, share.block);
  const auto spread = [&](uint32_t edge, const WalkPack* below) {
    Spread(street, *at.block, edge, at.hands->size(), below);
  };
  if (share.branch == StreetShares::kWholeBlock) {
    walk.Down(at, reach, spread);
  } else {
    walk.DownBranch(at, share.branch, reach, spread);
  }
}

void PublicPassRunner::UpShare(const PublicWalk::At& at, int street,
                               const StreetShares::Share& share) {
  PublicWalk& walk = *walks_[at.thread];
  const WalkPack* const reach = ReachOf(street, share.block);
  const auto collect = [&](uint32_t edge, WalkPack* values) {
    Collect(street, *at.block, edge, at.hands->size(), values);
  };
  if (share.branch == StreetShares::kWholeBlock) {
    return walk.Up(at, reach, ValuesOf(street, share.block), collect);
  }
  const auto branch_values = [&](int branch) {
    return branch_values_[street].data() + shares_[street].vector_of(share.block, branch) * hands_;
  };
  walk.UpBranch(at, share.branch, reach, branch_values(share.branch), collect);
  // Acquires what the threads that took the other branches have written.
  if (branches_left_[street][share.block].fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  walk.UpFirst(at, reach, branch_values, ValuesOf(street, share.block));
}

PublicWalk::At PublicPassRunner::PlaceOf(const Pass& pass, uint32_t number,
                                         const Board& board) const {
  const BoardHands& hands = board.deal->hands;
  PublicWalk::At at;
  at.pass = &pass;
  at.hands = &hands;
  at.dither_key = DitherKey(pass, number);
  at.per_hand = static_cast<float>(1.0 / hands.size());
  at.per_pair =
      static_cast<float>(1.0 / CountHandPairs(board.deal->live_cards, hands.num_hole_cards()));
  return at;
}

void PublicPassRunner::Spread(int street, const SubtreeBlock& block, uint32_t edge, int num_hands,
                              const WalkPack* reach) {
  const uint32_t* const places = streets_[street].next_places(block, edge);
  ForEachNextBlock(places, block.num_lanes, [&](uint32_t next, int begin, int end) {
    LaneMove move;
    for (int lane = begin; lane < end; ++lane) move.Add(lane, places[lane] % kLanes);
    MoveLanes(move, reach, num_hands, ReachOf(street + 1, next));
  });
}

void PublicPassRunner::Collect(int street, const SubtreeBlock& block, uint32_t edge, int num_hands,
                               WalkPack* values) {
  const uint32_t* const places = streets_[street].next_places(block, edge);
  if (block.num_lanes < kLanes) std::fill_n(values, num_hands, WalkPack::Zero());
  ForEachNextBlock(places, block.num_lanes, [&](uint32_t next, int begin, int end) {
    LaneMove move;
    for (int lane = begin; lane < end; ++lane) move.Add(places[lane] % kLanes, lane);
    MoveLanes(move, ValuesOf(street + 1, next), num_hands, values);
  });
}

void PublicPassRunner::Walk(const Pass& pass, uint32_t number, const Board& board) {
  const int n = board.deal->hands.size();
  const int last = tree_.num_streets() - 1;
  const PublicWalk::At of_board = PlaceOf(pass, number, board);
  // All hands come to the root; nothing comes to the lanes beside it, whose rows stay zero.
  WalkPack everything = WalkPack::Zero();
  for (int lane = 0; lane < streets_[0].blocks()[0].num_lanes; ++lane) everything.Set(lane, 1);
  std::fill_n(ReachOf(0, 0), n, everything);
  // A place of the next street is one lane of a vector: every place has one edge that leads to it.
  for (int street = 0; street < last; ++street) {
    ForEachShare(street, of_board, board,
                 [&](const StreetShares::Share& share, const PublicWalk::At& at) {
                   DownShare(at, street, share);
                 });
  }
  for (int street = last; street >= 0; --street) {
    for (uint32_t block = 0; block < branches_left_[street].size(); ++block) {
      branches_left_[street][block].store(shares_[street].num_branches(block),
                                          std::memory_order_relaxed);
    }
    ForEachShare(street, of_board, board,
                 [&](const StreetShares::Share& share, const PublicWalk::At& at) {
                   UpShare(at, street, share);
                 });
  }
}

uint64_t PublicPassRunner::Run(const Pass& pass, const SideWork& side) {
  (void)side;  // boards are looked up here
  Prepare({pass.stream, pass.first_deal}, pass.num_deals);
  for (int i = 0; i < pass.num_deals; ++i) {
    Walk(pass, pass.first_deal + static_cast<uint32_t>(i), boards_[i]);
  }
  uint64_t visits = 0;
  for (const auto& walk : walks_) visits += walk->TakeVisits();
  return visits;
}

}  // namespace nash
