// The border: foreign bytes become a delta, or an error. See sparse_delta_format.h for the layout
// and what makes each piece the only one possible.
//
// Sizes are compared before memory is taken, streams before they are decoded, and values once they
// are there: that none is longer than need be (StreamSizesOf), that no row of zeros is kept, and
// the least and the greatest against the bounds, all without a branch for a row.
// sparse_delta_codec_test.cc cuts, flips and decodes copies whose end a sanitizer watches; its
// fuzzer is tests/fuzz/sparse_delta.
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/eight_shuffles.h"
#include "common/encoded_row_count.h"
#include "common/sparse_delta_codec.h"
#include "common/sparse_delta_format.h"
#include "common/status_macros.h"

namespace nash {
namespace {

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

// n values; nullptr where the bytes are no stream of them, or longer than need be, or of the longer
// coding where there is a choice.
enum class Choice { kOfCodings, kNone };
std::unique_ptr<uint32_t[]> ReadStream(absl::Span<const uint8_t> bytes, StreamCoding coding,
                                       Choice choice, size_t n) {
  if (!IsStream(bytes, coding, n)) return nullptr;
  auto values = std::make_unique_for_overwrite<uint32_t[]>(n + kVectorValues);
  DecodeStream(bytes, coding, {values.get(), n});
  std::fill_n(values.get() + n, kVectorValues, 0);
  const StreamSizes sizes = StreamSizesOf({values.get(), n});
  if (sizes.BytesIn(coding) != bytes.size()) return nullptr;
  if (choice == Choice::kOfCodings && sizes.Shorter() != coding) return nullptr;
  return values;
}

// bitmap_bytes: of a lane that is present, or 0: not known yet.
absl::Status CheckBytes(const DeltaHeader& header, uint64_t bytes, uint64_t bitmap_bytes) {
  uint64_t expected =
      sizeof(header) + uint64_t{header.wide_gaps} * sizeof(uint64_t) + header.gap_bytes;
  for (int lane = 0; lane < kLanes; ++lane) {
    expected += header.lane_bytes[lane] + ((header.lanes >> lane & 1) != 0 ? bitmap_bytes : 0);
  }
  if (bitmap_bytes == 0 && header.rows > 0 ? expected <= bytes : expected == bytes) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat("a delta of ", bytes, " bytes whose header tells ", expected));
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
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool is_present = (header.lanes >> lane & 1) != 0;
    if (!is_present && header.lane_bytes[lane] != 0) return Wrong("bytes for a lane left out");
  }
  // Bitmaps depend on the rows. Nobody has taken memory for any by their number so far.
  const absl::Status least = CheckBytes(header, bytes.size(), 0);
  if (!least.ok()) return least;
  return header;
}

absl::Status ReadRows(const DeltaHeader& header, const RowSpace& space,
                      absl::Span<const uint8_t> wide_gaps, absl::Span<const uint8_t> stream,
                      UninitializedVector<uint64_t>* rows) {
  if (header.rows == 0) {
    return stream.empty() ? absl::OkStatus() : Wrong("a delta's gaps are damaged");
  }
  const auto gaps = ReadStream(stream, StreamCoding::k0124, Choice::kNone, header.rows - 1);
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

// `count` bits from i on, at most eight.
uint32_t BitsOf(absl::Span<const uint8_t> bitmap, size_t i, size_t count) {
  uint32_t bits = bitmap[i / 8];
  if (i % 8 + count > 8) bits |= uint32_t{bitmap[i / 8 + 1]} << 8;
  return bits >> (i % 8) & ((1u << count) - 1);
}

// Bits that are set of [begin, end).
size_t CountBits(absl::Span<const uint8_t> bitmap, size_t begin, size_t end) {
  if (end - begin == 1) return BitOf(bitmap, begin);
  size_t count = 0;
  for (; begin < end && begin % 8 != 0; ++begin) count += BitOf(bitmap, begin);
  for (; end - begin >= 64; begin += 64) {
    uint64_t word;
    std::memcpy(&word, bitmap.data() + begin / 8, sizeof(word));
    count += std::popcount(word);
  }
  for (; begin < end; ++begin) count += BitOf(bitmap, begin);
  return count;
}

// Values of the rows whose bit is set.
size_t CountKept(const std::vector<RowRun>& runs, int lane, absl::Span<const uint8_t> bitmap) {
  size_t kept = 0, bit = 0;
  for (const RowRun& run : runs) {
    const size_t bits = run.count * run.bits();
    kept += run.ValuesOfBit(lane) * CountBits(bitmap, bit, bit + bits);
    bit += bits;
  }
  return kept;
}

// Spreads a lane's packed values over all of its rows, looking at each on its way.
class LaneUnpacker {
 public:
  // packed: [kept values], zigzag, with a vector's room behind. out: [values of all rows], with the
  // same; written. Null: the values are only looked at.
  LaneUnpacker(absl::Span<const uint8_t> bitmap, const uint32_t* packed, int32_t* out)
      : bitmap_(bitmap), packed_(packed), out_(out) {}

  void Unpack(const std::vector<RowRun>& runs, int lane) {
    out_ != nullptr ? UnpackRuns<true>(runs, lane) : UnpackRuns<false>(runs, lane);
  }

  // What was seen: a row whose bit was set and which is all zero; the least and the greatest value,
  // or 0.
  bool has_zero_row() const { return has_zero_row_; }
  int32_t lowest() const {
    int32_t lowest = lowest_;
    for (int i = 0; i < kVectorValues; ++i) lowest = std::min<int32_t>(lowest, lowests_[i]);
    return lowest;
  }
  int32_t highest() const {
    int32_t highest = highest_;
    for (int i = 0; i < kVectorValues; ++i) highest = std::max<int32_t>(highest, highests_[i]);
    return highest;
  }

 private:
  // One loop for rows that are there and rows left out: these load the values that come next and
  // mask them to zero, since which of the two a row is, is as good as random. What the loops change
  // is in variables of their own, which no store into the lane can reach.
  template <bool kStores>
  void UnpackRuns(const std::vector<RowRun>& runs, int lane) {
    RowVector lowests{}, highests{};
    bool has_zero_row = false;
    const uint32_t* packed = packed_;
    int32_t* out = out_;
    size_t bit = 0;
    for (const RowRun& run : runs) {
      const size_t width = run.width(lane), end = bit + run.count * run.bits();
      if (run.block->columns > 0 || width > kVectorValues) {
        packed_ = packed, out_ = out, bit_ = bit;
        if (run.block->columns > 0) {
          UnpackColumns<kStores>(width, run.block->columns, run.count, &lowests, &highests);
        } else {
          while (bit_ < end) UnpackWide<kStores>(width);
        }
        packed = packed_, out = out_, bit = bit_;
        continue;
      }
      const RowVector mask = FirstValues(width);
      for (; bit < end; ++bit) {
        const bool is_kept = BitOf(bitmap_, bit);
        const RowVector kept = RowVector{} - int32_t{is_kept};
        const RowVector zigzag = LoadRow(packed) & mask & kept;
        const RowVector values = UnZigzag(zigzag);
        lowests = values < lowests ? values : lowests;
        highests = values > highests ? values : highests;
        has_zero_row |= is_kept & bool(_mm256_testz_si256((__m256i)zigzag, (__m256i)zigzag));
        packed += width & -size_t{is_kept};
        if constexpr (kStores) {
          StoreRow(values, out);
          out += width;
        }
      }
    }
    lowests_ = lowests;
    highests_ = highests;
    has_zero_row_ |= has_zero_row;
  }

  // `count` rows in columns.
  template <bool kStores>
  void UnpackColumns(size_t width, size_t columns, size_t count, RowVector* lowests,
                     RowVector* highests) {
    RowVector low = *lowests, high = *highests;
    uint32_t zeros = 0;
    const uint32_t* packed = packed_;
    int32_t* out = out_;
    size_t bit = bit_;
    for (; count > 0; --count, bit += columns) {
      const uint32_t kept = BitsOf(bitmap_, bit, columns);
      const int num_kept = std::popcount(kept);
      const __m256i lanes = LanesOfBits(kept);
      RowVector any{};
      for (size_t i = 0; i < width; i += kVectorValues, packed += num_kept) {
        const auto zigzag = (RowVector)MoveApart((__m256i)LoadRow(packed), kept, lanes);
        const RowVector values = UnZigzag(zigzag);
        any |= zigzag;
        low = values < low ? values : low;
        high = values > high ? values : high;
        if constexpr (kStores) StoreRow(values, out + i);
      }
      zeros |= ZeroLanes((__m256i)any) & kept;
      if constexpr (kStores) out += width;
    }
    packed_ = packed, out_ = out, bit_ = bit;
    *lowests = low, *highests = high;
    has_zero_row_ |= zeros != 0;
  }

  template <bool kStores>
  void UnpackWide(size_t width) {
    const bool is_kept = BitOf(bitmap_, bit_++);
    bool is_zero = true;
    for (size_t i = 0; i < width; ++i) {
      const int32_t value = is_kept ? UnZigzag(packed_[i]) : 0;
      is_zero &= value == 0;
      lowest_ = std::min(lowest_, value);
      highest_ = std::max(highest_, value);
      if constexpr (kStores) *out_++ = value;
    }
    has_zero_row_ |= is_kept && is_zero;
    if (is_kept) packed_ += width;
  }

  const absl::Span<const uint8_t> bitmap_;
  const uint32_t* packed_;
  int32_t* out_;
  size_t bit_ = 0;
  RowVector lowests_{}, highests_{};
  int32_t lowest_ = 0, highest_ = 0;
  bool has_zero_row_ = false;
};

// values: of all rows, written; null: the values are only looked at.
absl::Status UnpackLane(const std::vector<RowRun>& runs, int lane, absl::Span<const uint8_t> bitmap,
                        const uint32_t* packed, const LaneBounds& bounds, uint64_t num_values,
                        UninitializedVector<int32_t>* values) {
  if (values != nullptr) values->resize(num_values + kVectorValues);
  LaneUnpacker unpacker(bitmap, packed, values == nullptr ? nullptr : values->data());
  unpacker.Unpack(runs, lane);
  if (values != nullptr) values->resize(num_values);
  if (unpacker.has_zero_row()) return Wrong("a delta's row of zeros is not left out");
  const int32_t lowest = unpacker.lowest(), highest = unpacker.highest();
  if (lowest < bounds.lowest || highest > bounds.highest) {
    return Wrong(absl::StrCat("a delta's value ", lowest < bounds.lowest ? lowest : highest,
                              " in lane ", lane, " is outside ", bounds.lowest, " to ",
                              bounds.highest));
  }
  return absl::OkStatus();
}

// keeps_values: else the lanes stay empty, though they are checked.
absl::StatusOr<SparseDelta> Read(absl::string_view bytes, const RowSpace& space,
                                 const DeltaBounds& bounds, bool keeps_values) {
  ASSIGN_OR_RETURN(const DeltaHeader header, ReadHeader(bytes, space));
  Pieces pieces(bytes.substr(sizeof(header)));
  const auto wide_gaps = pieces.Take(header.wide_gaps * sizeof(uint64_t));
  const auto gaps = pieces.Take(header.gap_bytes);
  SparseDelta delta;
  RETURN_IF_ERROR(ReadRows(header, space, wide_gaps, gaps, &delta.rows));

  std::array<absl::Span<const uint8_t>, kLanes> bitmaps;
  const std::vector<RowRun> runs = RunsOf(delta.rows, space);
  const size_t bits = BitmapBits(runs);
  RETURN_IF_ERROR(CheckBytes(header, bytes.size(), BitmapBytes(runs)));
  std::array<uint64_t, kLanes> counts = CountValues(runs);
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool is_present = (header.lanes >> lane & 1) != 0;
    if (is_present) bitmaps[lane] = pieces.Take(BitmapBytes(runs));
    if (is_present != (bounds.lanes[lane].expected && counts[lane] > 0)) {
      return Wrong(absl::StrCat("a delta ", is_present ? "with" : "without", " lane ", lane));
    }
    if (!is_present) counts[lane] = 0;
    if (bits % 8 != 0 && is_present && bitmaps[lane].back() >> (bits % 8) != 0) {
      return Wrong("a delta's bitmap is longer than its rows");
    }
  }
  if (counts[0] + counts[1] > kDeltaValuesMax) {
    return Wrong(
        absl::StrCat("a delta of ", counts[0] + counts[1], " values, at most ", kDeltaValuesMax));
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto stream = pieces.Take(header.lane_bytes[lane]);
    if (counts[lane] == 0) continue;
    const auto coding = static_cast<StreamCoding>(header.codings >> lane & 1);
    const auto packed =
        ReadStream(stream, coding, Choice::kOfCodings, CountKept(runs, lane, bitmaps[lane]));
    if (packed == nullptr) {
      return Wrong(absl::StrCat("a delta's values in lane ", lane, " are damaged"));
    }
    RETURN_IF_ERROR(UnpackLane(runs, lane, bitmaps[lane], packed.get(), bounds.lanes[lane],
                               counts[lane], keeps_values ? &delta.lanes[lane] : nullptr));
  }
  return delta;
}

}  // namespace

uint32_t EncodedRowCount(absl::string_view bytes) {
  DeltaHeader header;
  if (bytes.size() < sizeof(header)) return 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header.rows;
}

absl::StatusOr<SparseDelta> DecodeDelta(absl::string_view bytes, const RowSpace& space,
                                        const DeltaBounds& bounds) {
  return Read(bytes, space, bounds, /*keeps_values=*/true);
}

absl::StatusOr<RowsNamed> CheckDelta(absl::string_view bytes, const RowSpace& space,
                                     const DeltaBounds& bounds) {
  ASSIGN_OR_RETURN(const SparseDelta delta, Read(bytes, space, bounds, /*keeps_values=*/false));
  return NamesOf(delta);
}

}  // namespace nash
