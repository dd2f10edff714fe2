// Two numberings of a street's hands: indices, of the full deck, 0 to kHoldemIndices - 1; and rows,
// without gaps, of those that this deck can deal. Of the full deck they are the same, and rows_ and
// indices_ are empty.
//
// A weight is how many deals (of hole cards and an unordered board) an index stands for: each
// canonical board adds its multiplicity to every hand on it. It is at most 24 and fits a byte. No
// lock is needed while threads take boards, because two canonical boards never share an index.
#include "solver/abstraction/hand_rows.h"

#include <glog/logging.h>

#include <bit>
#include <cstring>

#include "common/status_macros.h"
#include "solver/abstraction/parallel_for.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;
constexpr std::array<HandShape, kStreetsMax> kShapes = {HandShape::kPreflop, HandShape::kFlop,
                                                        HandShape::kTurn, HandShape::kRiver};

bool IsFullDeck(const GameDefinition& game) {
  return game.num_ranks == kRanksMax && game.num_suits == kSuitsMax;
}

}  // namespace

HandRows::HandRows(const GameDefinition& game, int street, const BoardSet* boards)
    : boards_(boards), indexer_(kShapes[street]) {
  CHECK_EQ(indexer_.size(), kHoldemIndices[street]);
  if (street > 0) board_indexer_.emplace(&indexer_);
  for (Card card : MakeDeck(game.num_ranks, game.num_suits)) deck_ |= SetOf(card);
}

uint64_t HandRows::BytesNeeded(const GameDefinition& game, int street) {
  return kHoldemIndices[street] * (IsFullDeck(game) ? 1 : 10);
}

absl::StatusOr<std::unique_ptr<HandRows>> HandRows::Make(const GameDefinition& game, int street,
                                                         const BoardSet* boards,
                                                         const BuildOptions& options) {
  std::unique_ptr<HandRows> rows(new HandRows(game, street, boards));
  const uint64_t num_indices = rows->num_indices();
  ASSIGN_OR_RETURN(HugeArray by_index, HugeArray::Make(num_indices));
  uint8_t* const weights = reinterpret_cast<uint8_t*>(by_index.data());
  ParallelFor(
      boards->size(), kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options.should_stop()) return;
        std::vector<HandRow> hands;
        for (uint64_t b = begin; b < end; ++b) {
          rows->FindIndices(static_cast<uint32_t>(b), &hands);
          const uint32_t multiplicity = boards->Multiplicity(static_cast<uint32_t>(b));
          for (const HandRow& hand : hands) {
            weights[hand.row] = static_cast<uint8_t>(weights[hand.row] + multiplicity);
          }
        }
      },
      [](uint64_t) {});
  if (options.should_stop()) return StoppedStatus();
  if (IsFullDeck(game)) {
    rows->size_ = num_indices;
    rows->weights_ = std::move(by_index);
    return rows;
  }
  rows->rows_.resize(num_indices);
  for (uint64_t index = 0; index < num_indices; ++index) {
    if (weights[index] == 0) continue;
    rows->rows_[index] = static_cast<uint32_t>(rows->indices_.size());
    rows->indices_.push_back(static_cast<uint32_t>(index));
  }
  rows->size_ = rows->indices_.size();
  ASSIGN_OR_RETURN(rows->weights_, HugeArray::Make(rows->size_));
  for (uint64_t row = 0; row < rows->size_; ++row) {
    rows->weights_.data()[row] = static_cast<char>(weights[rows->indices_[row]]);
  }
  return rows;
}

void HandRows::FindHands(uint32_t board, std::vector<HandRow>* hands) const {
  FindIndices(board, hands);
  if (rows_.empty()) return;
  for (HandRow& hand : *hands) hand.row = rows_[hand.row];
}

void HandRows::FindIndices(uint32_t board, std::vector<HandRow>* hands) const {
  std::array<Card, kBoardCardsMax> board_storage;
  int num_board = 0;
  for (CardSet left = boards_->board(board); left != 0; left &= left - 1) {
    board_storage[num_board++] = static_cast<Card>(std::countr_zero(left));
  }
  const auto board_cards = absl::MakeConstSpan(board_storage.data(), num_board);
  std::array<Card, kCardsMax> live;
  const int num_live = kCardsMax - num_board;
  LiveCards(board_cards, absl::MakeSpan(live.data(), num_live));
  std::array<uint32_t, kHolePairsMax> indices;
  if (board_indexer_.has_value()) {
    board_indexer_->IndexAll(board_cards, absl::MakeSpan(indices.data(), HolePairs(num_live)));
  }
  hands->clear();
  for (int j = 1; j < num_live; ++j) {
    for (int i = 0; i < j; ++i) {
      const CardSet pair = SetOf(live[i]) | SetOf(live[j]);
      if ((pair & deck_) != pair) continue;  // a short deck
      const std::array<Card, 2> hole = {live[i], live[j]};
      const uint32_t index = board_indexer_.has_value()
                                 ? indices[HolePairPlace(i, j)]
                                 : static_cast<uint32_t>(indexer_.Index(hole));
      hands->push_back({live[i], live[j], index});
    }
  }
}

}  // namespace nash
