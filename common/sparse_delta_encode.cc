// A delta as bytes: the gaps once, whatever lanes there are, then lane after lane. See
// sparse_delta_format.h for the layout, and the tests named in sparse_delta_decode.cc.
#include <glog/logging.h>
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>
#include <utility>

#include "common/checksum.h"
#include "common/eight_shuffles.h"
#include "common/sparse_delta_codec.h"
#include "common/sparse_delta_format.h"

namespace nash {
namespace {

// A stream that is encoded already.
struct Bytes {
  std::unique_ptr<uint8_t[]> data;
  size_t size = 0;
};

Bytes Encode(absl::Span<const uint32_t> values, StreamCoding coding) {
  Bytes bytes;
  bytes.data =
      std::make_unique_for_overwrite<uint8_t[]>(StreamBytesMax(values.size()) + kStreamSlackBytes);
  bytes.size = EncodeStream(values, coding, bytes.data.get());
  return bytes;
}

struct Gaps {
  std::vector<uint64_t> wide;
  Bytes stream;  // of all rows but the first
};

Gaps GapsOf(absl::Span<const uint64_t> rows) {
  Gaps gaps;
  const size_t n = rows.empty() ? 0 : rows.size() - 1;
  const auto list = std::make_unique_for_overwrite<uint32_t[]>(n);
  uint64_t widest = 0;  // a row that is not above the one before it counts as one
  for (size_t i = 0; i < n; ++i) {
    const uint64_t gap = rows[i + 1] - rows[i] - 1;
    widest |= gap;
    list[i] = static_cast<uint32_t>(gap);
  }
  if (widest >= kWideGap) {
    for (size_t i = 0; i < n; ++i) {
      CHECK_LT(rows[i], rows[i + 1]);
      const uint64_t gap = rows[i + 1] - rows[i] - 1;
      if (gap < kWideGap) continue;
      gaps.wide.push_back(gap);
      list[i] = kWideGap;
    }
  }
  gaps.stream = Encode({list.get(), n}, StreamCoding::k0124);
  return gaps;
}

// One lane without the rows where it is all zero.
class PackedLane {
 public:
  // values: as many as the runs say.
  PackedLane(absl::Span<const int32_t> values, const std::vector<RowRun>& runs, int lane)
      : packed_(std::make_unique_for_overwrite<uint32_t[]>(values.size() + kVectorValues)),
        bitmap_(BitmapBits(runs) / 64 + 1),
        in_(values.data()),
        in_end_(in_ + values.size()),
        out_(packed_.get()) {
    for (const RowRun& run : runs) {
      if (run.block->columns > 0) {
        PackColumns(run.width(lane), run.block->columns, run.count);
      } else {
        Pack(run.width(lane), run.count);
      }
    }
    bitmap_[bit_ / 64] = bits_;
    const absl::Span<const uint32_t> kept(packed_.get(), out_ - packed_.get());
    coding_ = StreamSizesOf(kept).Shorter();
    stream_ = Encode(kept, coding_);
  }

  // [BitmapBits()] bits: the row, or the column, is not all zero.
  const void* bitmap() const { return bitmap_.data(); }
  StreamCoding coding() const { return coding_; }
  const Bytes& stream() const { return stream_; }

 private:
  void Pack(size_t width, size_t count) {
    if (width <= kVectorValues) {
      const RowVector mask = FirstValues(width);
      for (; count > 0 && in_end_ - in_ >= kVectorValues; --count, in_ += width) {
        const RowVector row = LoadRow(in_) & mask;
        StoreRow(Zigzag(row), out_);
        const bool is_kept = !_mm256_testz_si256((__m256i)row, (__m256i)row);
        out_ += width & -size_t{is_kept};
        PutBit(is_kept);
      }
    }
    for (; count > 0; --count, in_ += width) {  // wide rows, and those at the lane's end
      bool is_kept = false;
      for (size_t i = 0; i < width; ++i) {
        out_[i] = Zigzag(in_[i]);
        is_kept |= in_[i] != 0;
      }
      out_ += is_kept ? width : 0;
      PutBit(is_kept);
    }
  }

  // width: a multiple of eight.
  void PackColumns(size_t width, size_t columns, size_t count) {
    const uint32_t all = (1u << columns) - 1;
    uint32_t* out = out_;
    for (; count > 0; --count, in_ += width) {
      RowVector any{};
      for (size_t i = 0; i < width; i += kVectorValues) any |= LoadRow(in_ + i);
      const uint32_t kept = ~ZeroLanes((__m256i)any) & all;
      const int num_kept = std::popcount(kept);
      for (size_t i = 0; i < width; i += kVectorValues, out += num_kept) {
        StoreRow(Zigzag((RowVector)MoveTogether((__m256i)LoadRow(in_ + i), kept)), out);
      }
      PutBits(kept, columns);
    }
    out_ = out;
  }

  void PutBit(bool bit) {
    bits_ |= uint64_t{bit} << (bit_ % 64);
    if (bit_++ % 64 == 63) bitmap_[bit_ / 64 - 1] = std::exchange(bits_, 0);
  }

  // count: at most eight.
  void PutBits(uint64_t bits, size_t count) {
    const size_t place = bit_ % 64;
    bits_ |= bits << place;
    bit_ += count;
    if (place + count < 64) return;
    bitmap_[bit_ / 64 - 1] = bits_;
    bits_ = bits >> (64 - place);  // place is 56 at least
  }

  const std::unique_ptr<uint32_t[]> packed_;  // zigzag
  std::vector<uint64_t> bitmap_;
  const int32_t* in_;
  const int32_t* const in_end_;
  uint32_t* out_;
  size_t bit_ = 0;     // of the bitmap
  uint64_t bits_ = 0;  // its next word
  StreamCoding coding_;
  Bytes stream_;
};

class Encoder {
 public:
  Encoder(const SparseDelta& delta, const RowSpace& space) : delta_(delta) {
    CHECK_LE(delta.rows.size(), kDeltaRowsMax);
    CHECK_LE(delta.num_values(), kDeltaValuesMax);
    CHECK_LE(space.num_rows(), kDeltaRowIndexMax);
    if (!delta.rows.empty()) CHECK_LT(delta.rows.back(), space.num_rows());
    gaps_ = GapsOf(delta.rows);
    runs_ = RunsOf(delta.rows, space);
    counts_ = CountValues(runs_);
  }

  // takes_lane: which of the lanes that the delta has.
  std::string Encode(std::array<bool, kLanes> takes_lane) const {
    const size_t num_rows = delta_.rows.size(), bitmap_bytes = BitmapBytes(runs_);
    DeltaHeader header;
    header.rows = static_cast<uint32_t>(num_rows);
    header.first_row = num_rows == 0 ? 0 : delta_.rows.front();
    header.wide_gaps = static_cast<uint32_t>(gaps_.wide.size());
    header.gap_bytes = static_cast<uint32_t>(gaps_.stream.size);
    size_t bytes = sizeof(header) + gaps_.wide.size() * sizeof(uint64_t) + header.gap_bytes;
    std::array<std::optional<PackedLane>, kLanes> packed;
    for (int lane = 0; lane < kLanes; ++lane) {
      const absl::Span<const int32_t> values = delta_.lanes[lane];
      if (values.empty() || !takes_lane[lane]) continue;
      CHECK_EQ(values.size(), counts_[lane]) << "lane " << lane;
      packed[lane].emplace(values, runs_, lane);
      header.lanes |= 1 << lane;
      header.codings |= static_cast<uint8_t>(packed[lane]->coding()) << lane;
      header.lane_bytes[lane] = static_cast<uint32_t>(packed[lane]->stream().size);
      bytes += bitmap_bytes + header.lane_bytes[lane];
    }
    std::string out;
    out.reserve(bytes);
    const auto put = [&out](const void* from, size_t n) {
      out.append(static_cast<const char*>(from), n);
    };
    put(&header, sizeof(header));
    put(gaps_.wide.data(), gaps_.wide.size() * sizeof(uint64_t));
    put(gaps_.stream.data.get(), gaps_.stream.size);
    for (const auto& lane : packed) {
      if (lane) put(lane->bitmap(), bitmap_bytes);
    }
    for (const auto& lane : packed) {
      if (lane) put(lane->stream().data.get(), lane->stream().size);
    }
    CHECK_EQ(out.size(), bytes);
    return out;
  }

 private:
  const SparseDelta& delta_;
  Gaps gaps_;
  std::vector<RowRun> runs_;
  std::array<uint64_t, kLanes> counts_{};
};

EncodedRows WithChecksum(std::string bytes) {
  EncodedRows rows = {std::move(bytes), 0};
  rows.checksum = Checksum64Of(rows.bytes);
  return rows;
}

}  // namespace

std::vector<RowRun> RunsOf(absl::Span<const uint64_t> rows, const RowSpace& space) {
  // Blocks that so many steps do not reach are searched for.
  constexpr int kSteps = 16;
  std::vector<RowRun> runs;
  runs.reserve(std::min(rows.size(), space.num_blocks()));
  size_t block = 0;
  for (size_t begin = 0; begin < rows.size();) {
    if (begin == 0) block = space.BlockOf(rows[0]);
    for (int steps = 0; rows[begin] >= space.EndOf(block); ++steps) {
      block = steps < kSteps ? block + 1 : space.BlockOf(rows[begin]);
    }
    const size_t end = EndOfRun(rows, begin, space.EndOf(block));
    runs.push_back({end - begin, &space.block(block)});
    begin = end;
  }
  return runs;
}

std::string EncodeDelta(const SparseDelta& delta, const RowSpace& space) {
  return Encoder(delta, space).Encode({true, true});
}

EncodedRows EncodeRows(const SparseDelta& delta, const RowSpace& space) {
  return WithChecksum(EncodeDelta(delta, space));
}

std::array<EncodedRows, kLanes> EncodeLanesApart(const SparseDelta& delta, const RowSpace& space) {
  const Encoder encoder(delta, space);
  return {WithChecksum(encoder.Encode({true, false})), WithChecksum(encoder.Encode({false, true}))};
}

}  // namespace nash
