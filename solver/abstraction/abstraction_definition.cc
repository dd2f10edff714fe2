#include "solver/abstraction/abstraction_definition.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace nash {

bool IsHoldemFamily(const GameDefinition& game) {
  constexpr std::array<int, kStreetsMax> kBoards = {0, 3, 1, 1};
  if (game.num_hole_cards != 2 || game.num_streets < 2) return false;
  for (int s = 0; s < game.num_streets; ++s) {
    if (game.num_board_cards[s] != kBoards[s]) return false;
  }
  // Two hands and the board must come out of the deck, so that there is an opponent.
  return game.num_ranks * game.num_suits >= 4 + game.TotalBoardCards();
}

absl::Status CheckStreetAbstraction(const StreetAbstraction& abstraction,
                                    const GameDefinition& game, int street) {
  switch (abstraction.kind) {
    case BucketKind::kLossless:
      return absl::OkStatus();
    case BucketKind::kEhs:
      break;
    case BucketKind::kInvalid:
      return absl::InvalidArgumentError(
          absl::StrFormat("street %d of %d has no buckets: say \"lossless\" or \"ehs:N\"",
                          street + 1, game.num_streets));
  }
  if (!IsHoldemFamily(game)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("street %d: \"ehs\" buckets need two hole cards and boards of 0 3 1 1 "
                        "cards (or 0 3, or 0 3 "
                        "1), this game deals others: use \"lossless\"",
                        street + 1));
  }
  if (abstraction.num_buckets < 1 || abstraction.num_buckets > kBucketsMax) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "street %d: ehs:%d: 1 to %d buckets", street + 1, abstraction.num_buckets, kBucketsMax));
  }
  return absl::OkStatus();
}

absl::StatusOr<StreetAbstraction> ParseStreetAbstraction(absl::string_view text) {
  if (text == "lossless") return StreetAbstraction{BucketKind::kLossless, 0};
  absl::string_view count = text;
  uint32_t num_buckets = 0;
  if (absl::ConsumePrefix(&count, "ehs:") && absl::SimpleAtoi(count, &num_buckets) &&
      num_buckets >= 1 && num_buckets <= kBucketsMax) {
    return StreetAbstraction{BucketKind::kEhs, num_buckets};
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text,
                                                 "\": \"lossless\" or \"ehs:N\" with 1 to ",
                                                 kBucketsMax, " buckets was expected"));
}

std::string FormatStreetAbstraction(const StreetAbstraction& abstraction) {
  return abstraction.kind == BucketKind::kEhs ? absl::StrCat("ehs:", abstraction.num_buckets)
                                              : "lossless";
}

}  // namespace nash
