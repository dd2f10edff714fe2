#include "solver/cfr/public_pass_runner.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {
namespace {

// The distinct buckets of the hands, and where each hand's is.
void RankBuckets(const std::vector<uint32_t>& of_hands, BoardBuckets* out) {
  out->buckets = of_hands;
  std::sort(out->buckets.begin(), out->buckets.end());
  out->buckets.erase(std::unique(out->buckets.begin(), out->buckets.end()), out->buckets.end());
  out->rank.resize(of_hands.size());
  for (size_t i = 0; i < of_hands.size(); ++i) {
    out->rank[i] = static_cast<uint32_t>(
        std::lower_bound(out->buckets.begin(), out->buckets.end(), of_hands[i]) -
        out->buckets.begin());
  }
}

// The key of a board's roundings in the pass of one traverser.
uint64_t DitherKey(const Pass& pass, uint32_t number) {
  const RandomBlock block = Draw(pass.stream, DrawPurpose::kRounding, number, pass.traverser);
  return block[0] | uint64_t{block[1]} << 32;
}

}  // namespace

PublicPassRunner::PublicPassRunner(const PublicTree& tree, const BoardSource& source,
                                   uint32_t boards, ThreadPool* pool)
    : tree_(tree),
      source_(source),
      pool_(pool),
      streets_(StreetBlocks::Build(tree, WalkPack::kLanes)),
      boards_(boards) {
  CHECK_EQ(tree.num_players(), 2);
  for (Board& board : boards_) board.deal = source.MakeDeal();
  for (int thread = 0; thread < pool->num_threads(); ++thread) {
    walks_.push_back(std::make_unique<PublicWalk>(streets_));
  }
}

uint64_t PublicPassRunner::BytesNeeded(const PublicTree& tree, int hands_max, uint32_t boards,
                                       int threads) {
  uint64_t vectors = 0;
  int depth = 0, actions = 0;
  for (const StreetBlocks& street : StreetBlocks::Build(tree, WalkPack::kLanes)) {
    vectors += 2 * street.blocks().size();
    for (const SubtreeShape& shape : street.shapes()) {
      depth = std::max(depth, shape.depth);
      for (const ShapeNode& node : shape.nodes) actions = std::max<int>(actions, node.num_actions);
    }
  }
  vectors += uint64_t(threads) * ((depth + 1) * (2 + 2 * actions) + 1);
  return hands_max * (vectors * sizeof(WalkPack) +
                      boards * uint64_t{3} * sizeof(uint32_t) * tree.num_streets());
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
  }
}

WalkPack* PublicPassRunner::ReachOf(int street, const SubtreeBlock& block) {
  return reach_[street].data() + (&block - streets_[street].blocks().data()) * hands_;
}

WalkPack* PublicPassRunner::ValuesOf(int street, const SubtreeBlock& block) {
  return values_[street].data() + (&block - streets_[street].blocks().data()) * hands_;
}

template <typename Visit>
void PublicPassRunner::ForEachBlock(int street, const Visit& visit) {
  const absl::Span<const SubtreeBlock> blocks = streets_[street].blocks();
  pool_->ForEach(blocks.size(), [&](size_t i, int thread) { visit(blocks[i], thread); });
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

void PublicPassRunner::Walk(const Pass& pass, uint32_t number, const Board& board) {
  constexpr int kLanes = WalkPack::kLanes;
  const int n = board.deal->hands.size();
  const int last = tree_.num_streets() - 1;
  const PublicWalk::At of_board = PlaceOf(pass, number, board);
  const auto at = [&](int street, const SubtreeBlock& block, int thread) {
    PublicWalk::At at = of_board;
    at.blocks = &streets_[street];
    at.block = &block;
    at.buckets = &board.buckets[street];
    at.thread = thread;
    return at;
  };
  std::fill(reach_[0].begin(), reach_[0].end(), WalkPack::Broadcast(1));
  // A place of the next street is one lane of a vector: every place has one edge that leads to it.
  for (int street = 0; street < last; ++street) {
    const StreetBlocks& blocks = streets_[street];
    ForEachBlock(street, [&](const SubtreeBlock& block, int thread) {
      walks_[thread]->Down(at(street, block, thread), ReachOf(street, block),
                           [&](uint32_t edge, const WalkPack* reach) {
                             for (int lane = 0; lane < block.num_lanes; ++lane) {
                               const uint32_t place = blocks.next_places(block, edge)[lane];
                               WalkPack* const to =
                                   reach_[street + 1].data() + place / kLanes * hands_;
                               for (int i = 0; i < n; ++i)
                                 to[i].Set(place % kLanes, reach[i][lane]);
                             }
                           });
    });
  }
  for (int street = last; street >= 0; --street) {
    const StreetBlocks& blocks = streets_[street];
    ForEachBlock(street, [&](const SubtreeBlock& block, int thread) {
      walks_[thread]->Up(at(street, block, thread), ReachOf(street, block), ValuesOf(street, block),
                         [&](uint32_t edge, WalkPack* values) {
                           std::fill_n(values, n, WalkPack::Zero());
                           for (int lane = 0; lane < block.num_lanes; ++lane) {
                             const uint32_t place = blocks.next_places(block, edge)[lane];
                             const WalkPack* const from =
                                 values_[street + 1].data() + place / kLanes * hands_;
                             for (int i = 0; i < n; ++i)
                               values[i].Set(lane, from[i][place % kLanes]);
                           }
                         });
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
