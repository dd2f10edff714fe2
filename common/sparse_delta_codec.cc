// An encoded part, with what makes each piece the only one possible:
//
//   header      counts and sizes                 they must add up to the bytes there are
//   wide gaps   8 bytes each                     only gaps that 32 bits cannot hold
//   gaps        stream of rows left out          as short as its values allow
//   bitmaps     a bit a row, one for each lane   0 where a row is all zero; padding 0
//   values      zigzag stream, one a lane        the shorter coding; no row of zeros
//
// Only one encoding is taken, or two honest workers could send different bytes for one delta, and
// results could not be compared by checksum. The streams are Stream VByte (value_stream.h).
#include "common/sparse_delta_codec.h"

#include <glog/logging.h>

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/checksum.h"
#include "common/encoded_row_count.h"
#include "common/status_macros.h"
#include "common/value_stream.h"

namespace nash {
namespace {

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
constexpr uint32_t kWideGap = 0xffffffff;

// At worst all values take four bytes, and the wide gaps together pass no more rows than there are.
static_assert(sizeof(DeltaHeader) + (kDeltaRowIndexMax / kWideGap) * sizeof(uint64_t) +
                  StreamBytesMax(kDeltaRowsMax) + kLanes * (kDeltaRowsMax / 8) +
                  StreamBytesMax(kDeltaValuesMax) + kLanes <=
              kDeltaBytesMax);

// Four values at once. Rows are copied in such steps, so up to kVectorSize values more than there
// are are read and written.
using Vector = int32_t __attribute__((vector_size(16)));
using UnsignedVector = uint32_t __attribute__((vector_size(16)));
constexpr size_t kVectorSize = 4;
constexpr Vector kFirst[kVectorSize + 1] = {
    {0, 0, 0, 0}, {-1, 0, 0, 0}, {-1, -1, 0, 0}, {-1, -1, -1, 0}, {-1, -1, -1, -1}};

Vector Load(const void* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof(vector));
  return vector;
}
void Store(Vector vector, void* to) { std::memcpy(to, &vector, sizeof(vector)); }
const Vector& FirstOf(size_t n) { return kFirst[n < kVectorSize ? n : kVectorSize]; }
// 0, -1, 1, -2, ... and 0, 1, 2, 3, ...: small magnitudes become small numbers.
Vector Zigzag(Vector v) { return (Vector)((UnsignedVector)v << 1) ^ (v >> 31); }
Vector UnZigzag(Vector v) { return (Vector)((UnsignedVector)v >> 1) ^ -(v & 1); }
bool AnyOf(Vector vector) {
  int64_t halves[2];
  Store(vector, halves);
  return (halves[0] | halves[1]) != 0;
}

using Widths = std::array<uint16_t, kLanes>;

// The widths of each row; *counts: the values of all of them, by lane.
// Needs ascending rows below num_rows().
std::vector<Widths> WidthsOf(const std::vector<uint64_t>& rows, const RowSpace& space,
                             std::array<uint64_t, kLanes>* counts) {
  // Blocks that so many steps do not reach are searched for.
  constexpr int kSteps = 16;
  std::vector<Widths> widths(rows.size());
  size_t block = 0;
  uint64_t end = 0;  // of the block; 0: none yet
  Widths of_block{};
  std::array<uint64_t, kLanes> sums{};
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] >= end) {
      int steps = end == 0 ? kSteps : 0;
      while (steps < kSteps && rows[i] >= end) {
        end = space.EndOf(++block);
        ++steps;
      }
      if (rows[i] >= end) block = space.BlockOf(rows[i]);
      end = space.EndOf(block);
      of_block = space.block(block).widths;
    }
    widths[i] = of_block;
    for (int lane = 0; lane < kLanes; ++lane) sums[lane] += of_block[lane];
  }
  *counts = sums;
  return widths;
}

size_t BitmapBytes(size_t rows) { return (rows + 7) / 8; }

// ---- encoding

struct GapList {
  std::vector<uint32_t> gaps;  // of all rows but the first
  std::vector<uint64_t> wide;
};

GapList GapsOf(const std::vector<uint64_t>& rows) {
  GapList list;
  list.gaps.resize(rows.empty() ? 0 : rows.size() - 1);
  for (size_t i = 0; i < list.gaps.size(); ++i) {
    CHECK_LT(rows[i], rows[i + 1]);
    const uint64_t gap = rows[i + 1] - rows[i] - 1;
    if (gap >= kWideGap) list.wide.push_back(gap);
    list.gaps[i] = gap >= kWideGap ? kWideGap : static_cast<uint32_t>(gap);
  }
  return list;
}

// One lane without the rows where it is all zero.
struct PackedLane {
  std::string bitmap;                  // [rows] bits: the row is not all zero
  std::unique_ptr<uint32_t[]> values;  // zigzag
  size_t num_values = 0;
};

// values: as many as the widths say.
PackedLane PackLane(const std::vector<int32_t>& values, const std::vector<Widths>& widths,
                    int lane) {
  PackedLane packed;
  packed.bitmap.assign(BitmapBytes(widths.size()), '\0');
  packed.values = std::make_unique_for_overwrite<uint32_t[]>(values.size() + kVectorSize);
  uint32_t* out = packed.values.get();
  char* const bitmap = packed.bitmap.data();
  uint32_t bits = 0;  // of the bitmap's next byte
  const int32_t* in = values.data();
  const int32_t* const in_end = in + values.size();
  for (size_t i = 0; i < widths.size(); ++i) {
    const size_t width = widths[i][lane];
    const size_t left = in_end - in;
    Vector any{};
    for (size_t k = 0; k < width; k += kVectorSize) {
      int32_t last[kVectorSize] = {};
      const int32_t* from = in + k;
      if (left - k < kVectorSize) {
        std::memcpy(last, from, (left - k) * sizeof(int32_t));
        from = last;
      }
      const Vector vector = Load(from) & FirstOf(width - k);
      any |= vector;
      Store(Zigzag(vector), out + k);
    }
    const bool is_kept = AnyOf(any);
    bits |= static_cast<uint32_t>(is_kept) << (i % 8);
    if (i % 8 == 7 || i + 1 == widths.size())
      bitmap[i / 8] = static_cast<char>(std::exchange(bits, 0));
    out += width & -size_t{is_kept};
    in += width;
  }
  packed.num_values = out - packed.values.get();
  return packed;
}

// ---- decoding

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

// Cuts pieces off the front of bytes whose total length has been checked.
class Pieces {
 public:
  explicit Pieces(absl::string_view bytes) : rest_(bytes) {}
  absl::Span<const uint8_t> Take(size_t bytes) {
    const absl::string_view piece = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return {reinterpret_cast<const uint8_t*>(piece.data()), piece.size()};
  }
  size_t left() const { return rest_.size(); }

 private:
  absl::string_view rest_;
};

// A stream and whether kStreamSlackBytes can be read after it; if not it is copied before decoding.
struct Stream {
  absl::Span<const uint8_t> bytes;
  bool has_slack = false;
};

Stream TakeStream(size_t bytes, Pieces* pieces) {
  Stream stream{pieces->Take(bytes)};
  stream.has_slack = pieces->left() >= kStreamSlackBytes;
  return stream;
}

// n values; nullptr where the bytes are no stream of them, or longer than need be. *sizes: theirs.
std::unique_ptr<uint32_t[]> ReadStream(const Stream& stream, StreamCoding coding, size_t n,
                                       StreamSizes* sizes) {
  if (!IsStream(stream.bytes, coding, n)) return nullptr;
  auto values = std::make_unique_for_overwrite<uint32_t[]>(n + kVectorSize);
  const uint8_t* from = stream.bytes.data();
  std::unique_ptr<uint8_t[]> copy;
  if (!stream.has_slack) {
    copy = std::make_unique_for_overwrite<uint8_t[]>(stream.bytes.size() + kStreamSlackBytes);
    std::copy(stream.bytes.begin(), stream.bytes.end(), copy.get());
    std::fill_n(copy.get() + stream.bytes.size(), kStreamSlackBytes, 0);
    from = copy.get();
  }
  DecodeStream(from, coding, {values.get(), n});
  std::fill_n(values.get() + n, kVectorSize, 0);
  *sizes = StreamSizesOf({values.get(), n});
  if (sizes->BytesIn(coding) != stream.bytes.size()) return nullptr;
  return values;
}

absl::StatusOr<DeltaHeader> ReadHeader(absl::string_view bytes, const RowSpace& space) {
  DeltaHeader header;
  if (bytes.size() < sizeof(header) || bytes.size() > kDeltaBytesMax) {
    return Wrong(absl::StrCat("a delta of ", bytes.size(), " bytes, expected ", sizeof(header),
                              " to ", kDeltaBytesMax));
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.rows > kDeltaRowsMax) {
    return Wrong(absl::StrCat("a delta of ", header.rows, " rows, at most ", kDeltaRowsMax));
  }
  if (header.zero != 0 || header.lanes >= 1 << kLanes || (header.codings & ~header.lanes) != 0 ||
      header.wide_gaps > header.rows || (header.rows == 0 && header.first_row != 0)) {
    return Wrong("a delta's header contradicts itself");
  }
  if (header.rows > 0 && header.first_row >= space.num_rows()) {
    return Wrong(absl::StrCat("a delta's row ", header.first_row, " is past the table's ",
                              space.num_rows()));
  }
  uint64_t expected =
      sizeof(header) + uint64_t{header.wide_gaps} * sizeof(uint64_t) + header.gap_bytes;
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool is_present = (header.lanes >> lane & 1) != 0;
    if (is_present) expected += BitmapBytes(header.rows);
    if (!is_present && header.lane_bytes[lane] != 0) return Wrong("bytes for a lane left out");
    expected += header.lane_bytes[lane];
  }
  if (expected != bytes.size()) {
    return Wrong(absl::StrCat("a delta of ", bytes.size(), " bytes whose header tells ", expected));
  }
  return header;
}

absl::Status ReadRows(const DeltaHeader& header, const RowSpace& space,
                      absl::Span<const uint8_t> wide_gaps, const Stream& stream,
                      std::vector<uint64_t>* rows) {
  if (header.rows == 0) {
    return stream.bytes.empty() ? absl::OkStatus() : Wrong("a delta's gaps are damaged");
  }
  StreamSizes sizes;
  const auto gaps = ReadStream(stream, StreamCoding::k0124, header.rows - 1, &sizes);
  if (gaps == nullptr) return Wrong("a delta's gaps are damaged");
  rows->resize(header.rows);
  uint64_t row = header.first_row;
  (*rows)[0] = row;
  size_t wide = 0;
  for (size_t i = 1; i < header.rows; ++i) {
    uint64_t gap = gaps[i - 1];
    if (gap == kWideGap) {
      if (wide == header.wide_gaps) return Wrong("a delta's gaps are damaged");
      std::memcpy(&gap, wide_gaps.data() + sizeof(gap) * wide++, sizeof(gap));
      if (gap < kWideGap || gap >= space.num_rows()) return Wrong("a delta's gaps are damaged");
    }
    // Cannot wrap: at most kDeltaRowsMax gaps of 32 bits between wide ones, which are checked.
    row += gap + 1;
    if (gap >= kWideGap && row >= space.num_rows()) break;
    (*rows)[i] = row;
  }
  if (row >= space.num_rows()) {
    return Wrong(absl::StrCat("a delta's row ", row, " is past the table's ", space.num_rows()));
  }
  if (wide != header.wide_gaps) return Wrong("a delta's gaps are damaged");
  return absl::OkStatus();
}

bool BitOf(absl::Span<const uint8_t> bitmap, size_t i) {
  return (bitmap[i / 8] >> (i % 8) & 1) != 0;
}

// Values of the rows whose bit is set.
size_t CountKept(const std::vector<Widths>& widths, int lane, absl::Span<const uint8_t> bitmap) {
  size_t kept = 0;
  for (size_t i = 0; i < widths.size(); ++i) {
    kept += widths[i][lane] & -size_t{BitOf(bitmap, i)};
  }
  return kept;
}

// packed: [kept values], with slack. values: of all rows, written.
absl::Status UnpackLane(const std::vector<Widths>& widths, int lane,
                        absl::Span<const uint8_t> bitmap, const uint32_t* packed,
                        const LaneBounds& bounds, uint64_t num_values,
                        std::vector<int32_t>* values) {
  values->resize(num_values + kVectorSize);
  int32_t* out = values->data();
  // One loop for rows that are there and rows left out: these load the values that come next and
  // mask them to zero, since which of the two a row is, is as good as random.
  Vector lowest{}, highest{};
  bool has_zero_row = false;
  for (size_t i = 0; i < widths.size(); ++i) {
    const size_t width = widths[i][lane];
    const bool is_kept = BitOf(bitmap, i);
    const Vector kept = Vector{} - int32_t{is_kept};
    Vector any{};
    for (size_t k = 0; k < width; k += kVectorSize) {
      const Vector zigzag = Load(packed + (k & -size_t{is_kept})) & FirstOf(width - k) & kept;
      any |= zigzag;
      const Vector vector = UnZigzag(zigzag);
      lowest = vector < lowest ? vector : lowest;
      highest = vector > highest ? vector : highest;
      Store(vector, out + k);
    }
    has_zero_row |= is_kept & !AnyOf(any);  // no branch: as good as random
    packed += width & -size_t{is_kept};
    out += width;
  }
  values->resize(num_values);
  if (has_zero_row) return Wrong("a delta's row of zeros is not left out");
  for (size_t k = 0; k < kVectorSize; ++k) {
    if (lowest[k] < bounds.lowest || highest[k] > bounds.highest) {
      return Wrong(absl::StrCat("a delta's value ",
                                lowest[k] < bounds.lowest ? lowest[k] : highest[k], " in lane ",
                                lane, " is outside ", bounds.lowest, " to ", bounds.highest));
    }
  }
  return absl::OkStatus();
}

}  // namespace

uint32_t EncodedRowCount(absl::string_view bytes) {
  DeltaHeader header;
  if (bytes.size() < sizeof(header)) return 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header.rows;
}

std::string EncodeDelta(const SparseDelta& delta, const RowSpace& space) {
  CHECK_LE(delta.rows.size(), kDeltaRowsMax);
  CHECK_LE(delta.num_values(), kDeltaValuesMax);
  CHECK_LE(space.num_rows(), kDeltaRowIndexMax);
  if (!delta.rows.empty()) CHECK_LT(delta.rows.back(), space.num_rows());
  const GapList list = GapsOf(delta.rows);
  DeltaHeader header;
  header.rows = static_cast<uint32_t>(delta.rows.size());
  header.first_row = delta.rows.empty() ? 0 : delta.rows.front();
  header.wide_gaps = static_cast<uint32_t>(list.wide.size());
  const StreamSizes gap_sizes = StreamSizesOf(list.gaps);
  header.gap_bytes = static_cast<uint32_t>(gap_sizes.bytes_0124);

  std::array<uint64_t, kLanes> counts;
  const std::vector<Widths> widths = WidthsOf(delta.rows, space, &counts);
  std::array<PackedLane, kLanes> packed;
  size_t bytes = sizeof(header) + list.wide.size() * sizeof(uint64_t) + header.gap_bytes;
  for (int lane = 0; lane < kLanes; ++lane) {
    if (delta.lanes[lane].empty()) continue;
    CHECK_EQ(delta.lanes[lane].size(), counts[lane]) << "lane " << lane;
    packed[lane] = PackLane(delta.lanes[lane], widths, lane);
    const StreamSizes sizes = StreamSizesOf({packed[lane].values.get(), packed[lane].num_values});
    header.lanes |= 1 << lane;
    header.codings |= static_cast<uint8_t>(sizes.Shorter()) << lane;
    header.lane_bytes[lane] = static_cast<uint32_t>(sizes.BytesIn(sizes.Shorter()));
    bytes += packed[lane].bitmap.size() + header.lane_bytes[lane];
  }

  std::string out(bytes + kStreamSlackBytes, '\0');
  char* to = out.data();
  const auto put = [&to](const void* from, size_t n) {
    to = std::copy_n(static_cast<const char*>(from), n, to);
  };
  const auto put_stream = [&to](absl::Span<const uint32_t> values, StreamCoding coding) {
    to += EncodeStream(values, coding, reinterpret_cast<uint8_t*>(to));
  };
  put(&header, sizeof(header));
  put(list.wide.data(), list.wide.size() * sizeof(uint64_t));
  put_stream(list.gaps, StreamCoding::k0124);
  for (const PackedLane& lane : packed) put(lane.bitmap.data(), lane.bitmap.size());
  for (int lane = 0; lane < kLanes; ++lane) {
    put_stream({packed[lane].values.get(), packed[lane].num_values},
               static_cast<StreamCoding>(header.codings >> lane & 1));
  }
  CHECK_EQ(to - out.data(), bytes);
  out.resize(bytes);
  return out;
}

EncodedRows EncodeRows(const SparseDelta& delta, const RowSpace& space) {
  EncodedRows rows = {EncodeDelta(delta, space), 0};
  rows.checksum = Checksum64Of(rows.bytes);
  return rows;
}

absl::StatusOr<SparseDelta> DecodeDelta(absl::string_view bytes, const RowSpace& space,
                                        const DeltaBounds& bounds) {
  ASSIGN_OR_RETURN(const DeltaHeader header, ReadHeader(bytes, space));
  Pieces pieces(bytes.substr(sizeof(header)));
  const auto wide_gaps = pieces.Take(header.wide_gaps * sizeof(uint64_t));
  const Stream gaps = TakeStream(header.gap_bytes, &pieces);
  SparseDelta delta;
  RETURN_IF_ERROR(ReadRows(header, space, wide_gaps, gaps, &delta.rows));

  std::array<absl::Span<const uint8_t>, kLanes> bitmaps;
  std::array<uint64_t, kLanes> counts;
  const std::vector<Widths> widths = WidthsOf(delta.rows, space, &counts);
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool is_present = (header.lanes >> lane & 1) != 0;
    if (is_present) bitmaps[lane] = pieces.Take(BitmapBytes(header.rows));
    if (is_present != (bounds.lanes[lane].expected && counts[lane] > 0)) {
      return Wrong(absl::StrCat("a delta ", is_present ? "with" : "without", " lane ", lane));
    }
    if (!is_present) counts[lane] = 0;
    if (header.rows % 8 != 0 && is_present && bitmaps[lane].back() >> (header.rows % 8) != 0) {
      return Wrong("a delta's bitmap is longer than its rows");
    }
  }
  if (counts[0] + counts[1] > kDeltaValuesMax) {
    return Wrong(
        absl::StrCat("a delta of ", counts[0] + counts[1], " values, at most ", kDeltaValuesMax));
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    const Stream stream = TakeStream(header.lane_bytes[lane], &pieces);
    if (counts[lane] == 0) continue;
    const auto coding = static_cast<StreamCoding>(header.codings >> lane & 1);
    StreamSizes sizes;
    const auto packed = ReadStream(stream, coding, CountKept(widths, lane, bitmaps[lane]), &sizes);
    if (packed == nullptr || sizes.Shorter() != coding) {
      return Wrong(absl::StrCat("a delta's values in lane ", lane, " are damaged"));
    }
    RETURN_IF_ERROR(UnpackLane(widths, lane, bitmaps[lane], packed.get(), bounds.lanes[lane],
                               counts[lane], &delta.lanes[lane]));
  }
  return delta;
}

}  // namespace nash
