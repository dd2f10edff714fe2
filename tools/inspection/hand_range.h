// Ranges as players write them, "22+,A5s+,KTo+,QQ-99,AhKd,T9s:0.5", read and written.
//
//   range  = item (',' item)*          what comes later counts, where items overlap
//   item   = hands (':' weight)?       weight: 0 to 1; 1 where it is left out
//   hands  = any                       all of them
//          | AhKd                      one hand; of games with one hole card Kh
//          | QQ | AKs | AKo | AK       a class; AK is both
//          | 22+                       the pair and all higher ones
//          | A5s+                      the lower card up to the one below the higher: A5s to AKs
//          | QQ-99 | A9s-A5s           both and all between
//   and of games with one hole card: K, Q+, A-Q.
//
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_TOOLS_INSPECTION_HAND_RANGE_H_
#define NASHVILLE_TOOLS_INSPECTION_HAND_RANGE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/cards/card.h"

namespace nash {

// Weights of hands; each the higher card first. What is not there has none.
using HandRange = std::map<std::vector<Card>, double>;

// Needs num_hole_cards 1 or 2. Error: InvalidArgument, naming --range and the item.
absl::StatusOr<HandRange> ParseHandRange(absl::string_view text, absl::Span<const Card> deck,
                                         int num_hole_cards);

// The same in one line that ParseHandRange() takes: classes whose hands have one weight as classes,
// other hands one by one; weights to six digits, hands of less than that left out. A class counts
// the hands of `range` alone, so that those which a board takes do not matter: they may have any
// weight when the text is read.
std::string FormatHandRange(const HandRange& range);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_HAND_RANGE_H_
