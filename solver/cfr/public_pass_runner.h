// Public chance sampling: a batch is boards, and a pass walks all hands of both players on each.
//
// The boards of a batch are walked one after another, each against the table that the one before
// has left; the threads share a board. Streets go breadth first: down from the first street, so
// that every betting subtree of the next knows the range it is reached with; then up from the last.
// Blocks of a street (street_blocks.h) share no row and no vector, so any thread may take any block
// and the result is the same. Two players.
//
// Memory: BytesNeeded(). Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_PUBLIC_PASS_RUNNER_H_
#define NASHVILLE_SOLVER_CFR_PUBLIC_PASS_RUNNER_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/thread_pool.h"
#include "solver/cfr/pass_runner.h"
#include "solver/cfr/public_walk.h"
#include "solver/cfr/street_shares.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/street_blocks.h"

namespace nash {

class PublicPassRunner : public PassRunner {
 public:
  // Needs a tree of two players. boards: in a batch. All outlive the runner.
  PublicPassRunner(const PublicTree& tree, const BoardSource& source, uint32_t boards,
                   ThreadPool* pool);
  // Uses the pass's stream and first_deal in place of its batch. Returns hands visited.
  uint64_t Run(const Pass& pass, const SideWork& side) override;

  // Of ranges and values between streets, for a game whose boards leave `hands_max` hands.
  static uint64_t BytesNeeded(const PublicTree& tree, int hands_max, uint32_t boards, int threads);

 private:
  struct Board {
    std::unique_ptr<BoardDeal> deal;
    std::array<BoardBuckets, kStreetsMax> buckets;
  };
  struct BatchName {
    StreamName stream;
    uint32_t first = 0;
    friend bool operator==(const BatchName&, const BatchName&) = default;
  };

  void Prepare(const BatchName& name, int num_boards);
  void Walk(const Pass& pass, uint32_t number, const Board& board);
  // All of a place but the block.
  PublicWalk::At PlaceOf(const Pass& pass, uint32_t number, const Board& board) const;
  // [hands] of block `block` of a street.
  WalkPack* ReachOf(int street, size_t block) { return reach_[street].data() + block * hands_; }
  WalkPack* ValuesOf(int street, size_t block) { return values_[street].data() + block * hands_; }
  // Moves the lanes of an edge to the places of the next street that they lead to, and back.
  void Spread(int street, const SubtreeBlock& block, uint32_t edge, int num_hands,
              const WalkPack* reach);
  void Collect(int street, const SubtreeBlock& block, uint32_t edge, int num_hands,
               WalkPack* values);
  void DownShare(const PublicWalk::At& at, int street, const StreetShares::Share& share);
  // And where it is its block's last, the first decision.
  void UpShare(const PublicWalk::At& at, int street, const StreetShares::Share& share);
  // visit(share, place of the share's block), on all threads.
  template <typename Visit>
  void ForEachShare(int street, const PublicWalk::At& of_board, const Board& board,
                    const Visit& visit);

  const PublicTree& tree_;
  const BoardSource& source_;
  ThreadPool* const pool_;
  const std::vector<StreetBlocks> streets_;
  std::vector<StreetShares> shares_;  // by street
  // By street: [vectors of its shares][hands_], and by block the branches that are not yet walked.
  std::array<std::vector<WalkPack>, kStreetsMax> branch_values_;
  std::array<std::vector<std::atomic<uint32_t>>, kStreetsMax> branches_left_;
  std::vector<Board> boards_;
  std::optional<BatchName> prepared_;
  size_t hands_ = 0;  // room for each vector below
  // By street: [blocks][hands_].
  std::array<std::vector<WalkPack>, kStreetsMax> reach_, values_;
  std::vector<std::unique_ptr<PublicWalk>> walks_;  // by thread
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PUBLIC_PASS_RUNNER_H_
