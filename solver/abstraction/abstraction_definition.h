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

enum class BucketKind : uint8_t {
  kInvalid = 0,
  kLossless = 1,  // suit-isomorphic classes
  kEhs = 2,       // percentiles of exact expected hand strength
};

struct StreetAbstraction {
  BucketKind kind = BucketKind::kInvalid;
  uint32_t num_buckets = 0;  // kEhs; lossless streets have as many as there are classes
  friend bool operator==(const StreetAbstraction&, const StreetAbstraction&) = default;
};

struct AbstractionDefinition {
  std::array<StreetAbstraction, kStreetsMax> streets;
  friend bool operator==(const AbstractionDefinition&, const AbstractionDefinition&) = default;
};

// Two hole cards, and boards of 0 3 1 1 cards or, from the flop on, their beginning; any deck.
bool IsHoldemFamily(const GameDefinition& game);

// InvalidArgument, with what would do, where `abstraction` cannot be used on `street` of `game`.
absl::Status CheckStreetAbstraction(const StreetAbstraction& abstraction,
                                    const GameDefinition& game, int street);

// "lossless" or "ehs:200", and back. Error: InvalidArgument, with what was expected.
absl::StatusOr<StreetAbstraction> ParseStreetAbstraction(absl::string_view text);
std::string FormatStreetAbstraction(const StreetAbstraction& abstraction);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_ABSTRACTION_DEFINITION_H_
