// Board texture: classes of boards on which the same hole cards are worth about the same.
//
// A board is described by the exact expected strength that each of the 169 classes of hole cards
// has on it, each as heavy as it has hands; boards are clustered by the sum of absolute
// differences. Public buckets by what boards do to private hands: Waugh, Zinkevich, Johanson, Kan,
// Schnizlein, Bowling, "A practical use of imperfect recall", SARA 2009. Thread-safe: a function.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BOARD_CLASSES_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BOARD_CLASSES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/clustering.h"
#include "solver/abstraction/hand_strengths.h"

namespace nash {

inline constexpr int kBoardRowBytes = 192;  // 169, and zeros

// Row of one board: byte c is 255 * hands / 12 times the strength of preflop class c, rounded; one
// half where no pair of the class is left. strengths: of `street` at least.
std::vector<uint8_t> BoardRow(const HandStrengths& strengths, int street, uint32_t board);

// The class of every board of strengths.boards(street), from 0 to num_classes - 1.
// number: of the clustering in its file. Errors: those of Cluster().
absl::StatusOr<std::vector<uint16_t>> ClassifyBoards(const HandStrengths& strengths, int street,
                                                     const ClusterTask& task,
                                                     const BuildOptions& options,
                                                     ClusterJournal* journal);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BOARD_CLASSES_H_
