// Parts of sparse deltas as bytes, and the one border where such bytes are checked.
//
// A row costs about a byte and a bit for its place, a bit a lane to say whether the lane is all
// zero there, and for lanes that are not one to four bytes a value. One delta has one encoding,
// on every machine: bytes that decode are the bytes that encoding gives again, so that checksums of
// parts can be compared. Layout and a worked example: docs/formats/messages.md. A few ns a row
// either way (docs/measurements/deltas.md). Thread-safe: pure functions.
#ifndef NASHVILLE_COMMON_SPARSE_DELTA_CODEC_H_
#define NASHVILLE_COMMON_SPARSE_DELTA_CODEC_H_

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sparse_delta.h"

namespace nash {

// A table has fewer rows than this.
inline constexpr uint64_t kDeltaRowIndexMax = uint64_t{1} << 46;
// No part's encoding is larger.
inline constexpr size_t kDeltaBytesMax = 1 << 20;

// Needs delta.rows below space.num_rows() and ascending, lanes empty or as long as the widths of
// the rows' blocks say, sizes within kDeltaRowsMax and kDeltaValuesMax.
std::string EncodeDelta(const SparseDelta& delta, const RowSpace& space);

// A part in its encoded form. Kept encoded wherever it only passes through; decoded and checked
// before a table sees it.
struct EncodedRows {
  std::string bytes;
  uint64_t checksum = 0;  // XXH3-64 of bytes; a codec of messages refuses another
  friend bool operator==(const EncodedRows&, const EncodedRows&) = default;
};
EncodedRows EncodeRows(const SparseDelta& delta, const RowSpace& space);
// The same rows twice: each lane as if the other were not there.
std::array<EncodedRows, kLanes> EncodeLanesApart(const SparseDelta& delta, const RowSpace& space);

// What a decoder lets pass, by lane.
struct LaneBounds {
  bool expected = true;  // there where any row's block keeps it; otherwise: must not be there
  int32_t lowest = std::numeric_limits<int32_t>::min();   // at most 0
  int32_t highest = std::numeric_limits<int32_t>::max();  // at least 0
};
struct DeltaBounds {
  std::array<LaneBounds, kLanes> lanes;
};

// Checks foreign bytes once and completely: what comes out is as EncodeDelta() wants it, and its
// values are within bounds. Takes no memory before the sizes are checked; reads nothing past bytes.
// Error: InvalidArgument, what is wrong (without a place).
absl::StatusOr<SparseDelta> DecodeDelta(absl::string_view bytes, const RowSpace& space,
                                        const DeltaBounds& bounds);

// Which rows a part names.
struct RowsNamed {
  uint64_t count = 0;
  uint64_t first = 0;  // where there are any
  uint64_t last = 0;   // the same
};
inline RowsNamed NamesOf(const SparseDelta& delta) {
  if (delta.rows.empty()) return {};
  return {delta.rows.size(), delta.rows.front(), delta.rows.back()};
}
// Checks as much as DecodeDelta() does, and keeps no values.
absl::StatusOr<RowsNamed> CheckDelta(absl::string_view bytes, const RowSpace& space,
                                     const DeltaBounds& bounds);

}  // namespace nash

#endif  // NASHVILLE_COMMON_SPARSE_DELTA_CODEC_H_
