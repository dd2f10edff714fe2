// How a file comes about, and what each step hands to the next:
//
//   MakeStrengths()   once for all files: means_, and squares_ where a file needs them
//   HandRows          the street's canonical hands as rows, with their weights
//   BoardClasses()    a class for each board; none where the file has one class
//   BucketBy...()     buckets[row]: percentiles of strength, or clusters of features
//   Store()           buckets by hand index, with a header
//
// Classes of boards come first and divide everything after them: a file of 200 buckets in 20
// classes is 20 files of 10, each made from the hands on its boards alone, with buckets numbered
// class by class.
//
// Memory is asked for once, before anything is done, by a bound for the largest file
// (BuildBytesNeeded): hours of work should not end for want of a buffer. A clustering keeps its
// state in the journal between iterations, and all other steps are done again after a stop, being
// short beside it.
//
// The same parameters give the same bytes on any number of threads, stopped or not, which
// bucket_builder_test.cc compares for every kind.
#include "solver/abstraction/bucket_builder.h"

#include <glog/logging.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/abstraction/board_classes.h"
#include "solver/abstraction/clustered_buckets.h"
#include "solver/abstraction/equity_histograms.h"
#include "solver/abstraction/hand_rows.h"
#include "solver/abstraction/opponent_strengths.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/strength_buckets.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 64;
// Weights by value, buckets by value, pairs under renamings: far less than this.
constexpr uint64_t kOtherBytes = uint64_t{128} << 20;

// A kind that is added and has no case in a switch of this file does not compile.
#pragma GCC diagnostic error "-Wswitch"

// On the last street a hand has one strength, whose square orders hands as it does.
bool NeedsSquares(const BucketParameters& p) {
  return p.kind == BucketKind::kEhs2 && p.street != p.num_streets - 1;
}

// The first street whose expected strengths a file needs; the last where it is of the last only.
int MeansFrom(const BucketParameters& p) {
  const bool is_by_strength = !IsClustered(p.kind) && !NeedsSquares(p);
  return is_by_strength || p.board_classes > 1 ? p.street : p.num_streets - 1;
}

uint64_t DataBytes(const BucketParameters& p) {
  return kHoldemIndices[p.street] * BucketElementBytes(p.num_buckets);
}

// Bytes that a hand is clustered by.
uint64_t FeaturesPerHand(BucketKind kind) {
  switch (kind) {
    case BucketKind::kOchs:
      return kOpponentClusters;
    case BucketKind::kEmd:
      return kEquityBins;
    case BucketKind::kInvalid:
    case BucketKind::kLossless:
    case BucketKind::kEhs:
    case BucketKind::kEhs2:
      break;
  }
  CHECK(!IsClustered(kind)) << BucketKindName(kind) << ": nothing to cluster by";
  return 0;
}

uint64_t FeatureBytes(const BucketParameters& p) {
  return kHoldemIndices[p.street] * FeaturesPerHand(p.kind);
}

// Beside strengths: rows, their buckets, the file, features and their clustering.
uint64_t FileBytesNeeded(const GameDefinition& game, const BucketParameters& p, int threads) {
  const uint64_t hands = kHoldemIndices[p.street];
  uint64_t bytes =
      HandRows::BytesNeeded(game, p.street) + hands * sizeof(uint16_t) + BucketFileBytes(p);
  if (NeedsSquares(p)) bytes += hands * 3 / 2 * 16;  // all values at once, sorted
  if (IsClustered(p.kind)) {
    const int stride = static_cast<int>(FeatureBytes(p) / hands);
    bytes += FeatureBytes(p) +
             ClusterBytesNeeded(hands, stride, p.num_buckets / p.board_classes, threads);
    if (p.board_classes > 1) bytes += FeatureBytes(p) + hands * 7;  // one class, copied
  }
  return bytes;
}

class Builder {
 public:
  Builder(const GameDefinition& game, const BuildOptions& options, BucketStore* store)
      : game_(game), options_(options), store_(store) {}

  absl::Status MakeStrengths(absl::Span<const BucketParameters> wanted) {
    int means_from = game_.num_streets - 1;
    int squares_from = game_.num_streets;
    for (const BucketParameters& p : wanted) {
      means_from = std::min(means_from, MeansFrom(p));
      if (NeedsSquares(p)) squares_from = std::min(squares_from, p.street);
    }
    ASSIGN_OR_RETURN(means_,
                     HandStrengths::Build(game_, means_from, StrengthMoment::kMean, options_));
    if (squares_from == game_.num_streets) return absl::OkStatus();
    ASSIGN_OR_RETURN(squares_,
                     HandStrengths::Build(game_, squares_from, StrengthMoment::kSquare, options_));
    return absl::OkStatus();
  }

  absl::Status BuildFile(const BucketParameters& parameters) {
    ASSIGN_OR_RETURN(const std::unique_ptr<ClusterJournal> journal,
                     store_->OpenJournal(parameters));
    const absl::Status status = BuildFileFrom(journal.get(), parameters);
    if (absl::IsCancelled(status)) RETURN_IF_ERROR(journal->Flush());
    return status;
  }

 private:
  absl::Status BuildFileFrom(ClusterJournal* journal, const BucketParameters& parameters);
  absl::StatusOr<std::vector<uint16_t>> BoardClasses(const BucketParameters& parameters,
                                                     ClusterJournal* journal) const;
  absl::Status BucketByStrength(const BucketParameters& parameters, const HandRows& rows,
                                absl::Span<const uint16_t> classes, uint16_t* buckets) const;
  absl::Status BucketByClustering(const BucketParameters& parameters, const HandRows& rows,
                                  absl::Span<const uint16_t> classes, ClusterJournal* journal,
                                  uint16_t* buckets) const;
  absl::Status BucketByOpponents(const BucketParameters& parameters, const HandRows& rows,
                                 absl::Span<const uint16_t> classes, ClusterJournal* journal,
                                 uint16_t* buckets) const;
  absl::Status BucketByHistograms(const BucketParameters& parameters, const HandRows& rows,
                                  absl::Span<const uint16_t> classes, ClusterJournal* journal,
                                  uint16_t* buckets) const;
  absl::Status Store(const BucketParameters& parameters, const HandRows& rows,
                     const uint16_t* buckets) const;

  const GameDefinition& game_;
  const BuildOptions& options_;
  BucketStore* const store_;  // not owned
  std::optional<HandStrengths> means_;
  std::optional<HandStrengths> squares_;
};

absl::StatusOr<std::vector<uint16_t>> Builder::BoardClasses(const BucketParameters& parameters,
                                                            ClusterJournal* journal) const {
  if (parameters.board_classes == 1) return std::vector<uint16_t>();
  ClusterTask task;
  task.name = absl::StrFormat("%s boards", parameters.Name());
  task.num_clusters = parameters.board_classes;
  task.seed = parameters.seed;
  task.number = kBoardClustering;
  return ClassifyBoards(*means_, parameters.street, task, options_, journal);
}

absl::Status Builder::BucketByStrength(const BucketParameters& parameters, const HandRows& rows,
                                       absl::Span<const uint16_t> classes,
                                       uint16_t* buckets) const {
  const HandStrengths& strengths = NeedsSquares(parameters) ? *squares_ : *means_;
  const int street = parameters.street;
  const uint32_t in_class = parameters.num_buckets / parameters.board_classes;
  std::vector<StrengthBuckets> cuts;
  for (uint32_t c = 0; c < parameters.board_classes; ++c) {
    const BoardSelection selection{classes, static_cast<uint16_t>(c)};
    ASSIGN_OR_RETURN(StrengthBuckets cut,
                     StrengthBuckets::Cut(strengths, street, selection, in_class));
    cuts.push_back(std::move(cut));
  }
  const uint64_t num_boards = rows.boards().size();
  ParallelFor(
      num_boards, kBoardsPerStep, options_.threads,
      [&](uint64_t begin, uint64_t end) {
        if (options_.should_stop()) return;
        std::vector<HandRow> hands;
        for (uint64_t b = begin; b < end; ++b) {
          const uint32_t board = static_cast<uint32_t>(b);
          const uint32_t board_class = classes.empty() ? 0 : classes[b];
          rows.FindHands(board, &hands);
          for (const HandRow& hand : hands) {
            const uint64_t value = strengths.Value(street, board, hand.pair());
            buckets[hand.row] =
                static_cast<uint16_t>(in_class * board_class + cuts[board_class].Of(value));
          }
        }
      },
      [&](uint64_t done) {
        options_.progress({absl::StrCat(kStreetNames[street], " buckets"), done, num_boards});
      });
  return options_.should_stop() ? StoppedStatus() : absl::OkStatus();
}

absl::Status Builder::BucketByClustering(const BucketParameters& parameters, const HandRows& rows,
                                         absl::Span<const uint16_t> classes,
                                         ClusterJournal* journal, uint16_t* buckets) const {
  switch (parameters.kind) {
    case BucketKind::kOchs:
      return BucketByOpponents(parameters, rows, classes, journal, buckets);
    case BucketKind::kEmd:
      return BucketByHistograms(parameters, rows, classes, journal, buckets);
    case BucketKind::kInvalid:
    case BucketKind::kLossless:
    case BucketKind::kEhs:
    case BucketKind::kEhs2:
      break;
  }
  LOG(FATAL) << BucketKindName(parameters.kind) << ": nobody clusters it";
}

absl::Status Builder::BucketByOpponents(const BucketParameters& parameters, const HandRows& rows,
                                        absl::Span<const uint16_t> classes, ClusterJournal* journal,
                                        uint16_t* buckets) const {
  const int last = game_.num_streets - 1;
  ASSIGN_OR_RETURN(const OpponentClusters opponents, MakeOpponentClusters(*means_, options_));
  ASSIGN_OR_RETURN(const HugeArray features,
                   MakeOpponentStrengths(game_, parameters.street, rows, means_->boards(last),
                                         opponents, options_));
  return ClusterStreet(
      {parameters, rows, classes, reinterpret_cast<const uint8_t*>(features.data()),
       RowMetric::kSquared8, SumOrder::kSmallestFirst},
      options_, journal, buckets);
}

absl::Status Builder::BucketByHistograms(const BucketParameters& parameters, const HandRows& rows,
                                         absl::Span<const uint16_t> classes,
                                         ClusterJournal* journal, uint16_t* buckets) const {
  HugeArray features;
  std::vector<uint8_t> preflop;
  const uint8_t* data = nullptr;
  if (parameters.street == 0) {
    const std::vector<uint8_t> all = MakePreflopHistograms(*means_);
    for (uint64_t row = 0; row < rows.size(); ++row) {
      const auto histogram = all.begin() + size_t{rows.IndexOf(row)} * kEquityBins;
      preflop.insert(preflop.end(), histogram, histogram + kEquityBins);
    }
    data = preflop.data();
  } else {
    ASSIGN_OR_RETURN(features,
                     MakeEquityHistograms(game_, parameters.street, rows, *means_, options_));
    data = reinterpret_cast<const uint8_t*>(features.data());
  }
  return ClusterStreet(
      {parameters, rows, classes, data, RowMetric::kAbsolute64, SumOrder::kLargestFirst}, options_,
      journal, buckets);
}

absl::Status Builder::Store(const BucketParameters& parameters, const HandRows& rows,
                            const uint16_t* buckets) const {
  const uint64_t data_bytes = DataBytes(parameters);
  const uint64_t file_bytes = BucketFileBytes(data_bytes);
  ASSIGN_OR_RETURN(HugeArray file, HugeArray::Make(file_bytes));
  uint8_t* const data = reinterpret_cast<uint8_t*>(file.data()) + kBucketHeaderBytes;
  const bool is_wide = BucketElementBytes(parameters.num_buckets) == 2;
  for (uint64_t row = 0; row < rows.size(); ++row) {
    const uint64_t index = rows.IndexOf(row);
    if (is_wide) {
      reinterpret_cast<uint16_t*>(data)[index] = buckets[row];
    } else {
      data[index] = static_cast<uint8_t>(buckets[row]);
    }
  }
  SealBucketFile(parameters, data_bytes,
                 absl::MakeSpan(reinterpret_cast<uint8_t*>(file.data()), file_bytes));
  return store_->Put(parameters, absl::string_view(file.data(), file_bytes));
}

absl::Status Builder::BuildFileFrom(ClusterJournal* journal, const BucketParameters& parameters) {
  const BoardSet boards({game_.num_ranks, game_.num_suits}, game_.BoardCardsOn(parameters.street));
  ASSIGN_OR_RETURN(const std::unique_ptr<HandRows> rows,
                   HandRows::Make(game_, parameters.street, &boards, options_));
  ASSIGN_OR_RETURN(const std::vector<uint16_t> classes, BoardClasses(parameters, journal));
  ASSIGN_OR_RETURN(const HugeArray memory, HugeArray::Make(rows->size() * sizeof(uint16_t)));
  uint16_t* const buckets = reinterpret_cast<uint16_t*>(memory.data());
  RETURN_IF_ERROR(IsClustered(parameters.kind)
                      ? BucketByClustering(parameters, *rows, classes, journal, buckets)
                      : BucketByStrength(parameters, *rows, classes, buckets));
  return Store(parameters, *rows, buckets);
}

}  // namespace

uint64_t BucketFileBytes(const BucketParameters& parameters) {
  return BucketFileBytes(DataBytes(parameters));
}

uint64_t BuildBytesNeeded(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                          int threads) {
  uint64_t file_bytes = 0;
  int means_from = game.num_streets - 1;
  int squares_from = game.num_streets;
  for (const BucketParameters& p : wanted) {
    file_bytes = std::max(file_bytes, FileBytesNeeded(game, p, threads));
    means_from = std::min(means_from, MeansFrom(p));
    if (NeedsSquares(p)) squares_from = std::min(squares_from, p.street);
  }
  uint64_t bytes = HandStrengths::BytesNeeded(game, means_from) + file_bytes + kOtherBytes;
  if (squares_from < game.num_streets) bytes += HandStrengths::BytesNeeded(game, squares_from);
  return bytes;
}

absl::Status BuildBucketFiles(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                              const BuildOptions& options, BucketStore* store) {
  if (wanted.empty()) return absl::OkStatus();
  const uint64_t needed = BuildBytesNeeded(game, wanted, options.threads);
  const uint64_t available = AvailableMemoryBytes();
  if (needed > available) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "building buckets takes %.2f GB of memory and %.2f GB are available: build them on a "
        "larger machine and copy the files of the cache folder",
        needed / 1e9, available / 1e9));
  }
  Builder builder(game, options, store);
  RETURN_IF_ERROR(builder.MakeStrengths(wanted));
  for (const BucketParameters& parameters : wanted) {
    RETURN_IF_ERROR(builder.BuildFile(parameters));
  }
  return absl::OkStatus();
}

}  // namespace nash
