// The buckets of one game: from the cards of deals to the bucket of every player on every street.
//
// A street's buckets are classes of a small deck by enumeration, suit-isomorphic indices (hold'em,
// lossless), or entries of a bucket file by such an index (hold'em, clustered).
// Immutable once made, thread-safe. Memory: the bucket files, mapped, so that processes share them.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_H_
#define NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/files.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/abstraction/bucket_checks.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/small_deck_classes.h"
#include "solver/cards/hand_index.h"
#include "solver/device/deal_image.h"
#include "solver/game/deal.h"
#include "solver/game/game_definition.h"

namespace nash {

// Deals that are looked up together, so that table entries arrive while others are asked for.
inline constexpr int kLookupBlock = 128;

// When the data of bucket files is compared with its checksums. Headers and sizes always are.
enum class BucketCheck : uint8_t {
  kAtOnce = 0,
  // For who looks at few hands: by CheckHands(), before they are looked up; or at none, but names.
  kWhenAsked = 1,
};

// A part of another file that is a bucket file: bytes [offset, offset + bytes).
struct BucketPlace {
  std::string path;
  uint64_t offset = 0;  // a multiple of kMappedPartAlign
  uint64_t bytes = 0;   // 0: none is there
};

class Abstraction {
 public:
  // Opens the bucket files that `definition` needs in `folder`, or where `places` says for a street
  // ([streets], or empty); LoadOrBuild() (bucket_cache.h) also builds them. Errors: NotFound (a
  // file is missing), those of bucket files, InvalidArgument (the definition does not fit the
  // game), ResourceExhausted (too many lossless classes).
  static absl::StatusOr<Abstraction> Open(const AbstractionDefinition& definition,
                                          const GameDefinition& game, const std::string& folder,
                                          BucketCheck check = BucketCheck::kAtOnce,
                                          absl::Span<const BucketPlace> places = {});

  const GameDefinition& game() const { return game_; }
  // Buckets of a street, the same for all players.
  uint32_t num_buckets(int street) const { return streets_[street].num_buckets; }
  // What a street's buckets depend on, and the hash of that, which names them in a run.
  const BucketParameters& parameters(int street) const { return streets_[street].parameters; }
  uint64_t content_hash(int street) const { return streets_[street].parameters.ContentHash(); }
  bool is_lossless(int street) const {
    return streets_[street].parameters.kind == BucketKind::kLossless;
  }
  // The class on lossless streets ("AKs", "K|Q", "AhKd|Th9h2c|3d"), else the bucket's number.
  std::string HandName(int street, uint32_t bucket) const;
  // The hold'em grid has a meaning on this street: bucket b is preflop class b.
  bool HasPreflopGrid(int street) const;

  // Buckets and showdown strengths of deals [first, first + n) of `cards`, written to places
  // [place, place + n) of `out`.
  void Lookup(const CardBatch& cards, int first, int n, DealBatch* out, int place) const;
  // The bucket of one player: hole cards, then the board as dealt up to `street`.
  uint32_t BucketOf(int street, absl::Span<const Card> cards) const;

  // The buckets of hands of one board, together. board: the cards dealt up to `street`, street by
  // street. low, high: [n] hole cards that the board leaves; of hands of one card both are that
  // card. buckets: [n], written. Needs one or two hole cards.
  void FindBuckets(int street, absl::Span<const Card> board, absl::Span<const Card> low,
                   absl::Span<const Card> high, absl::Span<uint32_t> buckets) const;
  // Checks the bytes of a bucket file that FindBuckets() reads for these hands, those that nobody
  // has asked for before. With kWhenAsked it must have been OK before they are looked up.
  // Error: DataLoss.
  absl::Status CheckHands(int street, absl::Span<const Card> board, absl::Span<const Card> low,
                          absl::Span<const Card> high) const;

  // What makes the buckets of every street, for devices, which know the full deck and the standard
  // ranking only. Points into us.
  std::vector<StreetBuckets> street_buckets() const;

  // Bytes of bucket files and class tables.
  uint64_t bytes() const;

 private:
  struct Street {
    BucketParameters parameters;
    uint32_t num_buckets = 0;
    int num_cards = 0;  // that a player sees
    // Exactly one of these two makes the index:
    std::unique_ptr<SmallDeckClasses> classes;
    std::unique_ptr<HandIndexer> indexer;
    // Clustered streets: the index is looked up here.
    MappedFile file;
    BucketTable table;
    std::unique_ptr<BucketChecks> checks;  // null where there is no file
  };

  explicit Abstraction(const GameDefinition& game) : game_(game) {}
  absl::Status OpenStreet(const StreetAbstraction& abstraction, int street,
                          const std::string& folder, const BucketPlace& place);
  // Indices stand in the place of buckets on clustered streets until FetchBuckets().
  void FindIndices(const CardBatch& cards, int first, int n, DealBatch* out, int place) const;
  // The same of a street that has an indexer, so two hole cards a player.
  void FindHandIndices(const CardBatch& cards, int first, int n, int street, DealBatch* out,
                       int place) const;
  // FindBuckets() of a street that has an indexer, but for the look-up.
  void FindBoardIndices(int street, absl::Span<const Card> board, absl::Span<const Card> low,
                        absl::Span<const Card> high, absl::Span<uint32_t> indices) const;
  static void ReplaceIndices(const BucketTable& table, absl::Span<uint32_t> indices);
  void FetchBuckets(int n, DealBatch* out, int place) const;
  void FindStrengths(const CardBatch& cards, int first, int n, DealBatch* out, int place) const;
  // The cards of one player from deal `first` on, as arrays.
  void PlayerSlots(const CardBatch& cards, int player, int num_cards, int first,
                   const Card** slots) const;

  GameDefinition game_;
  std::vector<Street> streets_;
  // Small decks: the showdown strength of each class of the last street; empty otherwise.
  std::vector<int32_t> strengths_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_H_
