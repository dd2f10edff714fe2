// A street's buckets as people write them, "ehs:200" or "public:20:ehs:200", and what a game can
// have. Classes of boards divide the buckets evenly, so that a bucket's class follows from its
// number. Only games of the hold'em family have strengths that bucket files are made from; all
// others are lossless, by enumeration (IsIndexed).
#include "solver/abstraction/abstraction_definition.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace nash {
namespace {

absl::Status CheckCounts(const StreetAbstraction& abstraction) {
  const uint32_t buckets = abstraction.num_buckets;
  const uint32_t classes = abstraction.board_classes;
  if (buckets < 1 || buckets > kBucketsMax) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%d buckets: 1 to %d were expected", buckets, kBucketsMax));
  }
  if (classes < 1 || classes > buckets || buckets % classes != 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%d buckets in %d classes of boards: a multiple of the classes was expected, so that each "
        "has as many",
        buckets, classes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view BucketKindName(BucketKind kind) {
  const BucketKindTraits* const traits = FindBucketKind(kind);
  return traits == nullptr ? "invalid" : traits->name;
}

std::string BucketFileKinds() {
  std::string names;
  for (const BucketKindTraits& traits : kBucketKinds) {
    if (!NeedsBucketFile(traits.kind)) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", traits.name);
  }
  return names;
}

bool HasBoardOrder(const GameDefinition& game, int street) {
  int streets_with_cards = 0;
  for (int s = 0; s <= street; ++s) streets_with_cards += game.num_board_cards[s] > 0;
  return streets_with_cards > 1;
}

bool IsHoldemFamily(const GameDefinition& game) {
  constexpr std::array<int, kStreetsMax> kBoards = {0, 3, 1, 1};
  if (game.num_hole_cards != 2 || game.num_streets < 2) return false;
  for (int s = 0; s < game.num_streets; ++s) {
    if (game.num_board_cards[s] != kBoards[s]) return false;
  }
  // Two hands and the board must come out of the deck, so that there is an opponent.
  return game.num_ranks * game.num_suits >= 4 + game.TotalBoardCards();
}

bool IsIndexed(const GameDefinition& game) {
  return game.IsHoldem() || (IsHoldemFamily(game) && game.num_suits >= 2);
}

absl::Status CheckStreetAbstraction(const StreetAbstraction& abstraction,
                                    const GameDefinition& game, int street) {
  if (abstraction.kind == BucketKind::kLossless) {
    if (abstraction.recall == BoardRecall::kPerfect || HasBoardOrder(game, street)) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(absl::StrFormat(
        "street %d: imperfect recall: no street before it dealt board cards, so there is no order "
        "to forget: say \"lossless\"",
        street + 1));
  }
  if (abstraction.kind == BucketKind::kInvalid) {
    return absl::InvalidArgumentError(
        absl::StrFormat("street %d of %d has no buckets: say \"lossless\" or \"ehs:N\"", street + 1,
                        game.num_streets));
  }
  const std::string name = FormatStreetAbstraction(abstraction);
  if (!IsHoldemFamily(game)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("street %d: \"%s\" buckets need two hole cards and boards of 0 3 1 1 "
                        "cards (or 0 3, or 0 3 "
                        "1), this game deals others: use \"lossless\"",
                        street + 1, BucketKindName(abstraction.kind)));
  }
  const absl::Status counts = CheckCounts(abstraction);
  if (!counts.ok()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("street %d: %s: %s", street + 1, name, counts.message()));
  }
  if (abstraction.kind == BucketKind::kEmd && street == game.num_streets - 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("street %d: %s: on the last street a hand's strength is one number, not a "
                        "histogram: use \"ehs\" or \"ochs\"",
                        street + 1, name));
  }
  if (abstraction.board_classes > 1 && game.BoardCardsOn(street) == 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "street %d: %s: there is no board to tell apart: leave out \"public\"", street + 1, name));
  }
  return absl::OkStatus();
}

absl::StatusOr<StreetAbstraction> ParseStreetAbstraction(absl::string_view text) {
  const absl::Status refused = absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\": \"lossless\", \"lossless:imperfect\", \"KIND:BUCKETS\" with KIND one of ",
      BucketFileKinds(), " and 1 to ", kBucketsMax,
      " buckets, or \"public:CLASSES:KIND:BUCKETS\" was expected"));
  std::vector<absl::string_view> words = absl::StrSplit(text, ':');
  StreetAbstraction out;
  if (words.size() == 4 && words[0] == "public") {
    if (!absl::SimpleAtoi(words[1], &out.board_classes)) return refused;
    words.erase(words.begin(), words.begin() + 2);
  }
  for (const BucketKindTraits& traits : kBucketKinds) {
    if (words[0] == traits.name) out.kind = traits.kind;
  }
  if (out.kind == BucketKind::kLossless && out.board_classes == 1) {
    if (words.size() == 1) return out;
    if (words.size() != 2 || words[1] != "imperfect") return refused;
    out.recall = BoardRecall::kImperfect;
    return out;
  }
  if (!NeedsBucketFile(out.kind) || words.size() != 2 ||
      !absl::SimpleAtoi(words[1], &out.num_buckets) || !CheckCounts(out).ok()) {
    return refused;
  }
  return out;
}

std::string FormatStreetAbstraction(const StreetAbstraction& abstraction) {
  if (abstraction.kind == BucketKind::kLossless) {
    return abstraction.recall == BoardRecall::kPerfect ? "lossless" : "lossless:imperfect";
  }
  const std::string plain =
      absl::StrCat(BucketKindName(abstraction.kind), ":", abstraction.num_buckets);
  if (abstraction.board_classes == 1) return plain;
  return absl::StrCat("public:", abstraction.board_classes, ":", plain);
}

}  // namespace nash
