// Looking up a deal is memory-bound: of a river table of 123 million entries each entry is a cache
// miss. So deals are taken in blocks of kLookupBlock, and a block in three steps:
//
//   FindIndices()     suit-isomorphic indices; the entry of each is prefetched at once
//   FindStrengths()   showdown strengths, which need arithmetic only, while entries arrive
//   FetchBuckets()    indices are replaced by entries, in place
//
// Indices live where buckets will be, in the batch that is filled, so that no buffer is needed.
//
// Streets are of three kinds, and a street's members say which: `classes` (games that are no
// hold'em, by enumeration), `indexer` alone (lossless hold'em of any deck: the index is the
// bucket), or `indexer` and `table` (buckets from a file). Only the last is prefetched; the tables
// of the others are small. Devices do the same by other means (solver/device). abstraction_test.cc
// compares batches with hands one by one.
#include "solver/abstraction/abstraction.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/abstraction/deal_index.h"
#include "solver/cards/board_index.h"
#include "solver/cards/hand_rank.h"
#include "solver/cards/preflop_class.h"
#include "solver/cards/small_hand_rank.h"

namespace nash {
namespace {

constexpr int kPlayerCardsMax = kHoleCardsMax + kBoardCardsMax;

// Clustered streets index the cards held now: strengths do not depend on the order of the board.
HandShape HoldemShape(const StreetAbstraction& abstraction, int street) {
  constexpr std::array<HandShape, kStreetsMax> kHeldNow = {HandShape::kPreflop, HandShape::kFlop,
                                                           HandShape::kTurn, HandShape::kRiver};
  constexpr std::array<HandShape, kStreetsMax> kRecall = {
      HandShape::kPreflop, HandShape::kFlop, HandShape::kTurnRecall, HandShape::kRiverRecall};
  const bool recalls =
      abstraction.kind == BucketKind::kLossless && abstraction.recall == BoardRecall::kPerfect;
  return recalls ? kRecall[street] : kHeldNow[street];
}

absl::Span<const uint8_t> BytesOf(const MappedFile& file) {
  return {reinterpret_cast<const uint8_t*>(file.data()), file.bytes()};
}

template <typename Bucket>
void PrefetchEntries(const uint8_t* data, const uint32_t* indices, int n) {
  for (int i = 0; i < n; ++i) __builtin_prefetch(data + uint64_t{indices[i]} * sizeof(Bucket));
}

template <typename Bucket>
void ReplaceByEntries(const uint8_t* data, uint32_t* buckets, int n) {
  const Bucket* const entries = reinterpret_cast<const Bucket*>(data);
  for (int i = 0; i < n; ++i) buckets[i] = entries[buckets[i]];
}

}  // namespace

absl::StatusOr<Abstraction> Abstraction::Open(const AbstractionDefinition& definition,
                                              const GameDefinition& game, const std::string& folder,
                                              BucketCheck check,
                                              absl::Span<const BucketPlace> places) {
  Abstraction abstraction(game);
  abstraction.streets_.resize(game.num_streets);
  for (int s = 0; s < game.num_streets; ++s) {
    RETURN_IF_ERROR(abstraction.OpenStreet(definition.streets[s], s, folder,
                                           places.empty() ? BucketPlace() : places[s]));
    BucketChecks* const checks = abstraction.streets_[s].checks.get();
    if (check == BucketCheck::kAtOnce && checks != nullptr) RETURN_IF_ERROR(checks->CheckAll());
  }
  // Hands of one class rank alike, whether it is made by suits or by ranks.
  if (const SmallDeckClasses* const last = abstraction.streets_.back().classes.get()) {
    for (uint32_t c = 0; c < last->num_classes(); ++c) {
      abstraction.strengths_.push_back(RankSmallHand(last->Representative(c), game.ranking));
    }
  }
  return abstraction;
}

absl::Status Abstraction::OpenStreet(const StreetAbstraction& abstraction, int s,
                                     const std::string& folder, const BucketPlace& place) {
  RETURN_IF_ERROR(CheckRanking(game_));
  RETURN_IF_ERROR(CheckStreetAbstraction(abstraction, game_, s));
  Street& street = streets_[s];
  street.parameters = MakeBucketParameters(game_, s, abstraction);
  street.num_cards = game_.num_hole_cards + game_.BoardCardsOn(s);
  const bool is_lossless = abstraction.kind == BucketKind::kLossless;
  if (is_lossless && !IsIndexed(game_)) {
    ASSIGN_OR_RETURN(SmallDeckClasses classes,
                     SmallDeckClasses::Build(game_, s, abstraction.recall));
    street.num_buckets = classes.num_classes();
    street.classes = std::make_unique<SmallDeckClasses>(std::move(classes));
    return absl::OkStatus();
  }
  // Bucket files are by the full deck's index, whatever the deck.
  const IndexedDeck deck =
      is_lossless ? IndexedDeck{game_.num_ranks, game_.num_suits} : IndexedDeck();
  street.indexer = std::make_unique<HandIndexer>(HoldemShape(abstraction, s), deck);
  if (is_lossless) {
    street.num_buckets = static_cast<uint32_t>(street.indexer->size());
    return absl::OkStatus();
  }
  const std::string path = place.bytes > 0
                               ? absl::StrCat(place.path, ", ", street.parameters.FileName())
                               : JoinPath(folder, street.parameters.FileName());
  ASSIGN_OR_RETURN(street.file, place.bytes > 0
                                    ? MappedFile::OpenPart(place.path, place.offset, place.bytes)
                                    : MappedFile::Open(path));
  ASSIGN_OR_RETURN(street.table, ParseBucketHeader(BytesOf(street.file), path));
  RETURN_IF_ERROR(CheckBucketParameters(street.parameters, street.table, path));
  if (street.table.num_entries != street.indexer->size()) {
    return absl::DataLossError(absl::StrFormat(
        "%s: %d entries, %d expected: delete it and build the buckets again (build_buckets)", path,
        street.table.num_entries, street.indexer->size()));
  }
  street.checks = std::make_unique<BucketChecks>(street.table, path);
  street.num_buckets = street.parameters.num_buckets;
  return absl::OkStatus();
}

bool Abstraction::HasPreflopGrid(int street) const {
  return is_lossless(street) && streets_[street].indexer != nullptr &&
         streets_[street].indexer->shape() == HandShape::kPreflop &&
         streets_[street].indexer->deck().is_full();
}

std::string Abstraction::HandName(int s, uint32_t bucket) const {
  const Street& street = streets_[s];
  CHECK_LT(bucket, street.num_buckets);
  if (!is_lossless(s)) return absl::StrCat(bucket);
  if (street.classes != nullptr) return street.classes->Name(bucket);
  std::array<Card, kHandCardsMax> cards;
  street.indexer->Unindex(bucket, absl::MakeSpan(cards.data(), street.num_cards));
  if (street.num_cards == 2) return PreflopClassName(PreflopClassOf(cards[0], cards[1]));
  const DealParts parts = PartsOf(street.indexer->shape());
  std::string name;
  const Card* next = cards.data();
  for (int n : {parts.num_hole, parts.num_first_board, parts.num_turn, parts.num_river}) {
    if (n == 0) continue;
    absl::StrAppend(&name, name.empty() ? "" : "|", CardNames(absl::MakeConstSpan(next, n)));
    next += n;
  }
  return name;
}

uint64_t Abstraction::bytes() const {
  uint64_t bytes = 0;
  for (const Street& street : streets_) {
    bytes += street.file.bytes() + (street.classes == nullptr ? 0 : street.classes->bytes());
  }
  return bytes;
}

std::vector<StreetBuckets> Abstraction::street_buckets() const {
  std::vector<StreetBuckets> all;
  for (const Street& street : streets_) {
    const bool has_device_code = game_.IsHoldem() && game_.ranking == Ranking::kStandard;
    all.push_back({has_device_code ? street.indexer.get() : nullptr, street.table.data,
                   street.table.element_bytes, street.table.num_entries});
  }
  return all;
}

void Abstraction::PlayerSlots(const CardBatch& cards, int player, int num_cards, int first,
                              const Card** slots) const {
  const int first_hole = player * game_.num_hole_cards;
  const int first_board = game_.num_players * game_.num_hole_cards;
  for (int c = 0; c < num_cards; ++c) {
    const int slot =
        c < game_.num_hole_cards ? first_hole + c : first_board + c - game_.num_hole_cards;
    slots[c] = cards.slot(slot) + first;
  }
}

void Abstraction::Lookup(const CardBatch& cards, int first, int n, DealBatch* out,
                         int place) const {
  DCHECK_LE(first + n, cards.capacity());
  DCHECK_LE(place + n, out->capacity());
  for (int done = 0; done < n; done += kLookupBlock) {
    const int block = std::min(n - done, kLookupBlock);
    FindIndices(cards, first + done, block, out, place + done);
    FindStrengths(cards, first + done, block, out, place + done);  // while entries arrive
    FetchBuckets(block, out, place + done);
  }
}

void Abstraction::FindIndices(const CardBatch& cards, int first, int n, DealBatch* out,
                              int place) const {
  for (int s = 0; s < game_.num_streets; ++s) {
    const Street& street = streets_[s];
    if (street.classes != nullptr) {
      std::array<const Card*, kPlayerCardsMax> slots;
      for (int p = 0; p < game_.num_players; ++p) {
        PlayerSlots(cards, p, street.num_cards, first, slots.data());
        street.classes->FindClasses(slots.data(), n, out->buckets(s, p) + place);
      }
      continue;
    }
    FindHandIndices(cards, first, n, s, out, place);
    if (street.table.data == nullptr) continue;
    for (int p = 0; p < game_.num_players; ++p) {
      const uint32_t* const indices = out->buckets(s, p) + place;
      street.table.element_bytes == 1 ? PrefetchEntries<uint8_t>(street.table.data, indices, n)
                                      : PrefetchEntries<uint16_t>(street.table.data, indices, n);
    }
  }
}

void Abstraction::FindHandIndices(const CardBatch& cards, int first, int n, int street,
                                  DealBatch* out, int place) const {
  std::array<PlayerHands, kPlayersMax> players;
  for (int p = 0; p < game_.num_players; ++p) {
    players[p] = {cards.slot(2 * p) + first, cards.slot(2 * p + 1) + first,
                  out->buckets(street, p) + place};
  }
  std::array<const Card*, kBoardCardsMax> board;
  for (int k = 0; k < game_.BoardCardsOn(street); ++k) {
    board[k] = cards.slot(2 * game_.num_players + k) + first;
  }
  IndexDeals(*streets_[street].indexer, board.data(),
             absl::MakeConstSpan(players.data(), game_.num_players), n);
}

void Abstraction::ReplaceIndices(const BucketTable& table, absl::Span<uint32_t> indices) {
  const int n = static_cast<int>(indices.size());
  table.element_bytes == 1 ? ReplaceByEntries<uint8_t>(table.data, indices.data(), n)
                           : ReplaceByEntries<uint16_t>(table.data, indices.data(), n);
}

void Abstraction::FetchBuckets(int n, DealBatch* out, int place) const {
  for (int s = 0; s < game_.num_streets; ++s) {
    const BucketTable& table = streets_[s].table;
    if (table.data == nullptr) continue;
    for (int p = 0; p < game_.num_players; ++p) {
      ReplaceIndices(table, absl::MakeSpan(out->buckets(s, p) + place, n));
    }
  }
}

void Abstraction::FindBoardIndices(int s, absl::Span<const Card> board, absl::Span<const Card> low,
                                   absl::Span<const Card> high,
                                   absl::Span<uint32_t> indices) const {
  const HandIndexer* const indexer = streets_[s].indexer.get();
  if (board.empty()) {
    const std::array<const Card*, 2> slots = {low.data(), high.data()};
    return indexer->IndexBatch(slots.data(), static_cast<int>(indices.size()), indices.data());
  }
  const BoardIndexer boards(indexer);
  std::array<uint32_t, kHolePairsMax> of_pairs;
  boards.IndexAll(board, absl::MakeSpan(of_pairs.data(), boards.num_hole_pairs()));
  std::array<Card, kCardsMax> live;
  LiveCards(board, absl::MakeSpan(live.data(), boards.num_live_cards()), indexer->deck());
  std::array<uint8_t, kCardsMax> places{};
  for (int p = 0; p < boards.num_live_cards(); ++p) places[live[p]] = static_cast<uint8_t>(p);
  for (size_t i = 0; i < indices.size(); ++i) {
    indices[i] = of_pairs[HolePairPlace(places[low[i]], places[high[i]])];
  }
}

void Abstraction::FindBuckets(int s, absl::Span<const Card> board, absl::Span<const Card> low,
                              absl::Span<const Card> high, absl::Span<uint32_t> buckets) const {
  DCHECK_EQ(board.size(), static_cast<size_t>(game_.BoardCardsOn(s)));
  const Street& street = streets_[s];
  if (street.classes != nullptr) return street.classes->FindClasses(board, low, high, buckets);
  FindBoardIndices(s, board, low, high, buckets);
  if (street.table.data != nullptr) ReplaceIndices(street.table, buckets);
}

absl::Status Abstraction::CheckHands(int s, absl::Span<const Card> board,
                                     absl::Span<const Card> low,
                                     absl::Span<const Card> high) const {
  const Street& street = streets_[s];
  if (street.checks == nullptr) return absl::OkStatus();
  std::vector<uint32_t> indices(low.size());
  FindBoardIndices(s, board, low, high, absl::MakeSpan(indices));
  return street.checks->CheckEntries(indices);
}

void Abstraction::FindStrengths(const CardBatch& cards, int first, int n, DealBatch* out,
                                int place) const {
  const int num_cards = streets_.back().num_cards;
  const HandRanker& ranker = SharedHandRanker(game_.ranking);
  std::array<const Card*, kPlayerCardsMax> slots;
  for (int p = 0; p < game_.num_players; ++p) {
    int32_t* const strengths = out->strengths(p) + place;
    if (!strengths_.empty()) {
      const uint32_t* const classes = out->buckets(game_.num_streets - 1, p) + place;
      for (int d = 0; d < n; ++d) strengths[d] = strengths_[classes[d]];
      continue;
    }
    PlayerSlots(cards, p, num_cards, first, slots.data());
    num_cards >= kRankedCardsMin&& num_cards <= kRankedCardsMax
        ? ranker.RankHands(slots.data(), num_cards, n, strengths)
        : RankSmallHands(slots.data(), num_cards, n, strengths, game_.ranking);
  }
}

uint32_t Abstraction::BucketOf(int s, absl::Span<const Card> cards) const {
  const Street& street = streets_[s];
  CHECK_EQ(cards.size(), static_cast<size_t>(street.num_cards));
  if (street.classes != nullptr) return street.classes->ClassOf(cards);
  const uint64_t index = street.indexer->Index(cards);
  if (street.table.data == nullptr) return static_cast<uint32_t>(index);
  return street.table.Bucket(index);
}

}  // namespace nash
