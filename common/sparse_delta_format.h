// The layout of an encoded part, and what its two halves (sparse_delta_encode.cc and
// sparse_delta_decode.cc) share. For them alone.
//
//   header      counts and sizes                 they must add up to the bytes there are
//   wide gaps   8 bytes each                     only gaps that 32 bits cannot hold
//   gaps        stream of rows left out          as short as its values allow
//   bitmaps     a bit a row, one for each lane   0 where a row is all zero; padding 0. Of rows in
//                                                columns, a bit a column
//   values      zigzag stream, one a lane        the shorter coding; no row of zeros
//
// Only one encoding is taken, or two honest workers could send different bytes for one delta, and
// results could not be compared by checksum. The streams are Stream VByte (value_stream.h).
//
// Both halves go from run to run: rows of one block follow each other, by the thousand in a delta
// that is dense, and in a run the width of a row does not change. A row is moved as one vector,
// whose mask is loaded once a run, so that runs of one row cost little more. Rows in columns
// are several vectors, out of each of which
// the columns that hold anything are taken (eight_shuffles.h).
#ifndef NASHVILLE_COMMON_SPARSE_DELTA_FORMAT_H_
#define NASHVILLE_COMMON_SPARSE_DELTA_FORMAT_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/types/span.h"
#include "common/sparse_delta.h"
#include "common/sparse_delta_codec.h"
#include "common/value_stream.h"

namespace nash {

// In the file's order, little-endian like everything here. After it come the wide gaps (uint64
// each), the stream of gaps, the bitmaps of the lanes present and the streams of those lanes.
struct DeltaHeader {
  uint32_t rows = 0;
  uint8_t lanes = 0;    // bit: lane is present
  uint8_t codings = 0;  // bit: StreamCoding of the lane
  uint16_t zero = 0;
  uint64_t first_row = 0;
  uint32_t wide_gaps = 0;
  uint32_t gap_bytes = 0;  // of the stream
  std::array<uint32_t, kLanes> lane_bytes{};
};
static_assert(sizeof(DeltaHeader) == 32);

// A gap is the rows left out before a row. One that takes 32 bits or more stands in a list of its
// own, and this in its place.
inline constexpr uint32_t kWideGap = 0xffffffff;

// At worst all values take four bytes, and the wide gaps together pass no more rows than there are.
static_assert(sizeof(DeltaHeader) + (kDeltaRowIndexMax / kWideGap) * sizeof(uint64_t) +
                  StreamBytesMax(kDeltaRowsMax) + kLanes * (kDeltaValuesMax / 8) +
                  StreamBytesMax(kDeltaValuesMax) + kLanes <=
              kDeltaBytesMax);

// Rows of one block that follow each other in a delta.
struct RowRun {
  size_t count = 0;
  const RowBlock* block = nullptr;  // of the row space
  size_t width(int lane) const { return block->widths[lane]; }
  // Of a row: in a bitmap, and values that each of them stands for.
  size_t bits() const { return block->columns == 0 ? 1 : block->columns; }
  size_t ValuesOfBit(int lane) const { return block->columns == 0 ? width(lane) : width(lane) / 8; }
};
// rows: ascending, below space.num_rows().
std::vector<RowRun> RunsOf(absl::Span<const uint64_t> rows, const RowSpace& space);

inline size_t BitmapBits(const std::vector<RowRun>& runs) {
  size_t bits = 0;
  for (const RowRun& run : runs) bits += run.count * run.bits();
  return bits;
}
inline size_t BitmapBytes(const std::vector<RowRun>& runs) { return (BitmapBits(runs) + 7) / 8; }

// Values of all rows of the runs, by lane.
inline std::array<uint64_t, kLanes> CountValues(const std::vector<RowRun>& runs) {
  std::array<uint64_t, kLanes> counts{};
  for (const RowRun& run : runs) {
    for (int lane = 0; lane < kLanes; ++lane) counts[lane] += run.count * run.width(lane);
  }
  return counts;
}

// A row of up to eight values as one vector. Who loads or stores it needs room for eight.
inline constexpr int kVectorValues = 8;
typedef int32_t RowVector __attribute__((vector_size(4 * kVectorValues)));
typedef uint32_t UnsignedRowVector __attribute__((vector_size(4 * kVectorValues)));

inline RowVector LoadRow(const void* from) {
  RowVector row;
  std::memcpy(&row, from, sizeof(row));
  return row;
}
inline void StoreRow(RowVector row, void* to) { std::memcpy(to, &row, sizeof(row)); }
// Ones in the first `width` values. width: at most kVectorValues.
inline RowVector FirstValues(size_t width) {
  static constexpr int32_t kOnesAndZeros[2 * kVectorValues] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return LoadRow(kOnesAndZeros + kVectorValues - width);
}
// 0, -1, 1, -2, ... and 0, 1, 2, 3, ...: small magnitudes become small numbers.
inline RowVector Zigzag(RowVector v) { return (RowVector)((UnsignedRowVector)v << 1) ^ (v >> 31); }
inline RowVector UnZigzag(RowVector v) { return (RowVector)((UnsignedRowVector)v >> 1) ^ -(v & 1); }
inline uint32_t Zigzag(int32_t v) {
  return (static_cast<uint32_t>(v) << 1) ^ static_cast<uint32_t>(v >> 31);
}
inline int32_t UnZigzag(uint32_t v) {
  return static_cast<int32_t>((v >> 1) ^ (uint32_t{0} - (v & 1)));
}

}  // namespace nash

#endif  // NASHVILLE_COMMON_SPARSE_DELTA_FORMAT_H_
