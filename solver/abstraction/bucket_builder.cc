#include "solver/abstraction/bucket_builder.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/strength_buckets.h"
#include "solver/cards/board_index.h"
#include "solver/cards/hand_index.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;
// Weights by value, buckets by value, histograms: far less than this.
constexpr uint64_t kOtherBytes = uint64_t{128} << 20;

constexpr std::array<HandShape, kStreetsMax> kShapes = {HandShape::kPreflop, HandShape::kFlop,
                                                        HandShape::kTurn, HandShape::kRiver};
// HandIndexer::size() by street, known before one is built.
constexpr std::array<uint64_t, kStreetsMax> kHands = {169, 1286792, 13960050, 123156254};

int FirstStreet(absl::Span<const BucketParameters> wanted) {
  int first = kStreetsMax;
  for (const BucketParameters& parameters : wanted) first = std::min(first, parameters.street);
  return first;
}

uint64_t DataBytes(const BucketParameters& parameters) {
  return kHands[parameters.street] * BucketElementBytes(parameters.num_buckets);
}

// Writes the bucket of every hand of one street to its index.
class DataWriter {
 public:
  DataWriter(const HandStrengths& strengths, const StrengthBuckets& buckets, int street,
             uint8_t* data)
      : strengths_(strengths),
        buckets_(buckets),
        street_(street),
        indexer_(kShapes[street]),
        data_(data) {
    CHECK_EQ(indexer_.size(), kHands[street]);
    if (street > 0) board_indexer_.emplace(&indexer_);
    for (Card card : strengths.deck()) deck_ |= SetOf(card);
  }

  // Boards of different numbers never share an index, so threads may take different ones. Pairs
  // that a board's own symmetry makes equal share one, and have the same strength.
  template <typename Bucket>
  void WriteBoard(uint32_t board) const {
    std::array<Card, kCardsMax> live;
    std::array<uint32_t, kHolePairsMax> indices;
    const int num_live = IndexPairs(strengths_.boards(street_).board(board), &live, &indices);
    Bucket* const entries = reinterpret_cast<Bucket*>(data_);
    for (int j = 1; j < num_live; ++j) {
      for (int i = 0; i < j; ++i) {
        const CardSet pair = SetOf(live[i]) | SetOf(live[j]);
        if ((pair & deck_) != pair) continue;  // a short deck
        const uint64_t value = strengths_.Value(street_, board, PairIndex(live[i], live[j]));
        entries[indices[HolePairPlace(i, j)]] = static_cast<Bucket>(buckets_.Of(value));
      }
    }
  }

 private:
  // Cards of the full deck that are not on the board, and the indices of their pairs.
  int IndexPairs(CardSet board, std::array<Card, kCardsMax>* live,
                 std::array<uint32_t, kHolePairsMax>* indices) const {
    std::array<Card, kBoardCardsMax> cards;
    int num_cards = 0;
    for (; board != 0; board &= board - 1) {
      cards[num_cards++] = static_cast<Card>(std::countr_zero(board));
    }
    const int num_live = kCardsMax - num_cards;
    LiveCards(absl::MakeConstSpan(cards.data(), num_cards), absl::MakeSpan(live->data(), num_live));
    if (board_indexer_.has_value()) {
      board_indexer_->IndexAll(absl::MakeConstSpan(cards.data(), num_cards),
                               absl::MakeSpan(indices->data(), HolePairs(num_live)));
      return num_live;
    }
    for (int j = 1; j < num_live; ++j) {
      for (int i = 0; i < j; ++i) {
        const std::array<Card, 2> hole = {(*live)[i], (*live)[j]};
        (*indices)[HolePairPlace(i, j)] = static_cast<uint32_t>(indexer_.Index(hole));
      }
    }
    return num_live;
  }

  const HandStrengths& strengths_;
  const StrengthBuckets& buckets_;
  const int street_;
  const HandIndexer indexer_;
  std::optional<BoardIndexer> board_indexer_;  // where there is a board
  CardSet deck_ = 0;
  uint8_t* const data_;
};

absl::Status BuildFile(const HandStrengths& strengths, const BucketParameters& parameters,
                       const BuildOptions& options, const BucketFileSink& sink) {
  const int street = parameters.street;
  ASSIGN_OR_RETURN(const StrengthBuckets buckets,
                   StrengthBuckets::Cut(strengths, street, parameters.num_buckets));
  const uint64_t data_bytes = DataBytes(parameters);
  ASSIGN_OR_RETURN(HugeArray file, HugeArray::Make(kBucketHeaderBytes + data_bytes));
  uint8_t* const data = reinterpret_cast<uint8_t*>(file.data()) + kBucketHeaderBytes;
  const DataWriter writer(strengths, buckets, street, data);
  const uint64_t num_boards = strengths.boards(street).size();
  ParallelFor(
      num_boards, kBoardsPerStep, options.threads,
      [&](uint64_t begin, uint64_t end) {
        for (uint64_t i = begin; i < end; ++i) {
          BucketElementBytes(parameters.num_buckets) == 1 ? writer.WriteBoard<uint8_t>(i)
                                                          : writer.WriteBoard<uint16_t>(i);
        }
      },
      [&](uint64_t done) {
        options.progress({HoldemStreetName(street) + " buckets", done, num_boards});
      });
  const auto header = MakeBucketHeader(parameters, absl::MakeConstSpan(data, data_bytes));
  std::memcpy(file.data(), header.data(), header.size());
  return sink(parameters, absl::string_view(file.data(), kBucketHeaderBytes + data_bytes));
}

}  // namespace

uint64_t BuildBytesNeeded(const GameDefinition& game, absl::Span<const BucketParameters> wanted) {
  uint64_t data_bytes = 0;
  for (const BucketParameters& p : wanted) data_bytes = std::max(data_bytes, DataBytes(p));
  return HandStrengths::BytesNeeded(game, FirstStreet(wanted)) + data_bytes + kOtherBytes;
}

absl::Status BuildBucketFiles(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                              const BuildOptions& options, const BucketFileSink& sink) {
  if (wanted.empty()) return absl::OkStatus();
  const uint64_t needed = BuildBytesNeeded(game, wanted);
  const uint64_t available = AvailableMemoryBytes();
  if (needed > available) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "building buckets takes %.2f GB of memory and %.2f GB are available: build them on a "
        "larger machine and copy the files of the cache folder",
        needed / 1e9, available / 1e9));
  }
  ASSIGN_OR_RETURN(
      const HandStrengths strengths,
      HandStrengths::Build(game, FirstStreet(wanted), options.threads, options.progress));
  for (const BucketParameters& parameters : wanted) {
    RETURN_IF_ERROR(BuildFile(strengths, parameters, options, sink));
  }
  return absl::OkStatus();
}

}  // namespace nash
