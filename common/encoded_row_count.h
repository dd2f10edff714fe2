// How many rows a part of a sparse delta says that it has: for figures, without decoding it.
#ifndef NASHVILLE_COMMON_ENCODED_ROW_COUNT_H_
#define NASHVILLE_COMMON_ENCODED_ROW_COUNT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace nash {

// bytes: as EncodeDelta() gives them; 0 where they are too short.
uint32_t EncodedRowCount(absl::string_view bytes);

}  // namespace nash

#endif  // NASHVILLE_COMMON_ENCODED_ROW_COUNT_H_
