// Which buckets a run uses, per street. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_DEFINITION_H_
#define NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_DEFINITION_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr uint32_t kBucketsMax = 65535;  // of a clustered street (buckets are 16 bits)

// What makes hands alike. docs/formats/buckets.md says it of each, with its paper.
enum class BucketKind : uint8_t {
  kInvalid = 0,
  kLossless = 1,  // suit-isomorphic classes
  kEhs = 2,       // percentiles of expected hand strength
  kEhs2 = 3,      // percentiles of expected squared hand strength
  kOchs = 4,      // clusters of strength against eight groups of opponents
  kEmd = 5,       // clusters of histograms of final strength, by earth mover's distance
};

// How the buckets of a kind are found.
enum class BucketMaking : uint8_t {
  kByClass,       // a bucket for each class of hands: no file is needed
  kByPercentile,  // hands in order, cut into equal shares
  kByClustering,  // draws its first centroids by the seed
};

struct BucketKindTraits {
  BucketKind kind;
  absl::string_view name;  // in definitions, file names and messages
  BucketMaking making;
};

// All kinds there are, each once, in the order in which messages name them. Names, what is allowed,
// which files are plausible and who builds them follow from this table.
inline constexpr std::array<BucketKindTraits, 5> kBucketKinds = {{
    {BucketKind::kLossless, "lossless", BucketMaking::kByClass},
    {BucketKind::kEhs, "ehs", BucketMaking::kByPercentile},
    {BucketKind::kEhs2, "ehs2", BucketMaking::kByPercentile},
    {BucketKind::kOchs, "ochs", BucketMaking::kByClustering},
    {BucketKind::kEmd, "emd", BucketMaking::kByClustering},
}};

// The entry of a kind, whatever number it has; null where there is none, as for kInvalid.
constexpr const BucketKindTraits* FindBucketKind(BucketKind kind) {
  for (const BucketKindTraits& traits : kBucketKinds) {
    if (traits.kind == kind) return &traits;
  }
  return nullptr;
}

// Whether hands are looked up in a bucket file.
constexpr bool NeedsBucketFile(BucketKind kind) {
  const BucketKindTraits* const traits = FindBucketKind(kind);
  return traits != nullptr && traits->making != BucketMaking::kByClass;
}

constexpr bool IsClustered(BucketKind kind) {
  const BucketKindTraits* const traits = FindBucketKind(kind);
  return traits != nullptr && traits->making == BucketMaking::kByClustering;
}

// "lossless", "ehs", ...; "invalid" for anything else.
absl::string_view BucketKindName(BucketKind kind);
// Those with a bucket file, for messages: "ehs, ehs2, ochs, emd".
std::string BucketFileKinds();

// What classes of hands remember of the board.
enum class BoardRecall : uint8_t {
  kPerfect = 0,    // which street each card came on
  kImperfect = 1,  // the cards held now, whatever street each came on
};

struct StreetAbstraction {
  BucketKind kind = BucketKind::kInvalid;
  // The street's buckets, all board classes together. Lossless streets have as many as there are
  // classes of hands.
  uint32_t num_buckets = 0;
  // Classes of board texture, each with an equal share of the buckets; 1: boards count only by what
  // they do to a hand.
  uint32_t board_classes = 1;
  uint64_t seed = 1;  // of clusterings; kept where UsesSeed(), else of no effect
  // Of lossless streets with HasBoardOrder(); kPerfect elsewhere.
  BoardRecall recall = BoardRecall::kPerfect;
  friend bool operator==(const StreetAbstraction&, const StreetAbstraction&) = default;
};

// Whether buckets depend on the seed: those that are clustered.
inline bool UsesSeed(BucketKind kind, uint32_t board_classes) {
  return IsClustered(kind) || board_classes > 1;
}

struct AbstractionDefinition {
  std::array<StreetAbstraction, kStreetsMax> streets;
  friend bool operator==(const AbstractionDefinition&, const AbstractionDefinition&) = default;
};

// Whether the board of `street` came on more than one street, so that there is an order to forget.
bool HasBoardOrder(const GameDefinition& game, int street);

// Two hole cards, and boards of 0 3 1 1 cards or, from the flop on, their beginning; any deck.
bool IsHoldemFamily(const GameDefinition& game);

// Whether lossless classes are suit-isomorphic indices: hold'em with two suits or more. Other games
// are enumerated.
bool IsIndexed(const GameDefinition& game);

// InvalidArgument, with what would do, where `abstraction` cannot be used on `street` of `game`.
absl::Status CheckStreetAbstraction(const StreetAbstraction& abstraction,
                                    const GameDefinition& game, int street);

// "lossless", "lossless:imperfect", "ehs:200" or, with 20 classes of boards, "public:20:ehs:200";
// and back. Seeds have their default. Error: InvalidArgument, with what was expected.
absl::StatusOr<StreetAbstraction> ParseStreetAbstraction(absl::string_view text);
std::string FormatStreetAbstraction(const StreetAbstraction& abstraction);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_DEFINITION_H_
