// The lines of a game definition file, as values by key: the first half of ParseGameDefinition().
//
// How many values a key needs may be said only further down in the file, so nothing that takes two
// lines to know is checked here. Grammar: docs/formats/games.md. Thread-compatible.
#ifndef NASHVILLE_SOLVER_GAME_DEFINITION_LINES_H_
#define NASHVILLE_SOLVER_GAME_DEFINITION_LINES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr size_t kGameTextBytesMax = size_t{1} << 16;

// The scalars come first: the others' shapes refer to them.
enum DefinitionKey {
  kNumPlayers,
  kNumRounds,
  kNumSuits,
  kNumRanks,
  kNumHoleCards,
  kBlind,
  kStack,
  kRaiseSize,
  kFirstPlayer,
  kMaxRaises,
  kNumBoardCards,
  kKeysEnd,
};

enum class ValuesShape { kOne, kPerPlayer, kPerRound };

struct KeyRule {
  absl::string_view name;
  ValuesShape shape;
  int32_t min;  // of each value
  int32_t max;
};
const KeyRule& RuleOf(DefinitionKey key);

class DefinitionLines {
 public:
  struct Entry {
    int line = 0;  // 0: the key was not given
    std::vector<int32_t> values;
  };

  // file_name must outlive this.
  explicit DefinitionLines(absl::string_view file_name) : file_name_(file_name) {}

  // Error: InvalidArgument "FILE:LINE: ...".
  absl::Status Read(absl::string_view text);

  const Entry& entry(DefinitionKey key) const { return entries_[key]; }
  bool Has(DefinitionKey key) const { return entry(key).line != 0; }
  // kInvalid when neither limit nor nolimit was given.
  BettingKind betting() const { return betting_; }
  // The line of END GAMEDEF.
  int end_line() const { return end_line_; }

  absl::Status ErrorAt(int line, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(file_name_, ":", line, ": ", what));
  }

 private:
  enum class Place { kBefore, kInside, kAfter };

  absl::Status ReadLine(absl::string_view line);
  absl::Status ReadKey(absl::string_view line);
  absl::Status ReadBettingKind(BettingKind kind);
  absl::Status ReadValues(DefinitionKey key, absl::string_view rest);

  const absl::string_view file_name_;
  int line_ = 0;
  int end_line_ = 0;
  Place place_ = Place::kBefore;
  BettingKind betting_ = BettingKind::kInvalid;
  std::array<Entry, kKeysEnd> entries_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_DEFINITION_LINES_H_
