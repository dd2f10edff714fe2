#include "common/sparse_delta_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/value_stream.h"
#include "tests/common/random_deltas.h"

namespace nash {
namespace {

constexpr int32_t kLowest = std::numeric_limits<int32_t>::min();
constexpr int32_t kHighest = std::numeric_limits<int32_t>::max();

DeltaBounds BoundsOf(const SparseDelta& delta) {
  DeltaBounds bounds;
  for (int lane = 0; lane < kLanes; ++lane)
    bounds.lanes[lane].expected = !delta.lanes[lane].empty();
  return bounds;
}

// Decodes an exact copy on the heap, so that a sanitizer sees reads past the end. Checking must
// come to the same.
absl::StatusOr<SparseDelta> Decode(const std::string& bytes, const RowSpace& space,
                                   const DeltaBounds& bounds = {}) {
  const std::vector<char> copy(bytes.begin(), bytes.end());
  const auto delta = DecodeDelta({copy.data(), copy.size()}, space, bounds);
  const auto named = CheckDelta({copy.data(), copy.size()}, space, bounds);
  EXPECT_EQ(named.status(), delta.status());
  if (delta.ok() && named.ok()) {
    EXPECT_EQ(named->count, delta->rows.size());
    EXPECT_EQ(named->first, delta->rows.empty() ? 0 : delta->rows.front());
    EXPECT_EQ(named->last, delta->rows.empty() ? 0 : delta->rows.back());
  }
  return delta;
}

// Rows 0-2 have two regrets and two sums, rows 3-9 three regrets.
RowSpace SmallSpace() { return RowSpace({{0, {2, 2}}, {3, {3, 0}}}, 10); }

SparseDelta SmallDelta() {
  SparseDelta delta;
  delta.rows = {1, 2, 7};
  delta.lanes[0] = {300, -1, 0, 0, -70000, 5, 0};
  delta.lanes[1] = {0, 0, 256, 0};
  return delta;
}

TEST(SparseDeltaCodec, HasTheBytesOfTheWorkedExample) {
  // docs/formats/messages.md, "Rows".
  EXPECT_EQ(absl::BytesToHexString(EncodeDelta(SmallDelta(), SmallSpace())),
            "03000000"  // rows
            "03"
            "00"
            "0000"              // both lanes; both coded 0124
            "0100000000000000"  // first row
            "00000000"          // no wide gap
            "02000000"          // 2 bytes of gaps
            "0a000000"
            "03000000"  // bytes of the lanes
            "04"
            "04"  // gaps 0 and 4: codes 0 and 1
            "05"
            "02"  // not zero: regrets of rows 0 and 2, sums of row 1
            "7600"
            "5802"
            "01"
            "df220200"
            "0a"  // zigzag 600, 1, 139999, 10, 0
            "02"
            "0002");  // 512, 0
}

TEST(SparseDeltaCodec, GivesBackWhatWentIn) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const RowSpace space = RandomRowSpace(seed, 1 + seed % 50, 1 + seed % 9, 1 + seed % 14);
    const SparseDelta delta = RandomDelta(seed, space,
                                          {.touched = 0.01 * static_cast<double>(seed % 101),
                                           .regret_scale = static_cast<double>(seed * seed),
                                           .both_lanes = seed % 3 != 0});
    const std::string bytes = EncodeDelta(delta, space);
    const auto back = Decode(bytes, space, BoundsOf(delta));
    ASSERT_TRUE(back.ok()) << seed << ": " << back.status();
    ASSERT_EQ(*back, delta) << seed;
  }
}

// Blocks of rows in columns, each with another number of them; every third block keeps no sums.
RowSpace ColumnSpace(uint64_t seed) {
  std::vector<RowBlock> blocks;
  uint64_t row = 0;
  for (size_t b = 0; b < 1 + seed % 20; ++b) {
    const auto width = static_cast<uint16_t>(8 * (1 + (seed + b) % 5));
    const auto sums = b % 3 == 2 ? uint16_t{0} : width;
    blocks.push_back({row, {width, sums}, static_cast<uint8_t>(1 + (seed / 2 + b) % 8)});
    row += 1 + (seed * 7 + b) % 40;
  }
  return RowSpace(std::move(blocks), row);
}

// The values of columns that are there; a column is zero as a whole more often than a value.
SparseDelta RandomColumns(uint64_t seed, const RowSpace& space) {
  std::mt19937_64 random(seed);
  SparseDelta delta;
  for (size_t b = 0; b < space.num_blocks(); ++b) {
    const RowBlock& block = space.block(b);
    for (uint64_t row = block.first_row; row < space.EndOf(b); ++row) {
      if (random() % 4 == 0) continue;
      delta.rows.push_back(row);
      for (int lane = 0; lane < kLanes; ++lane) {
        const uint64_t zero_columns = random();
        for (int i = 0; i < block.widths[lane]; ++i) {
          const bool is_zero =
              i % 8 >= block.columns || (zero_columns >> i % 8 & 1) != 0 || random() % 5 == 0;
          const auto value = static_cast<int32_t>(random()) >> random() % 32;
          delta.lanes[lane].push_back(is_zero ? 0 : lane == 0 ? value : value & kHighest);
        }
      }
    }
  }
  return delta;
}

// By the grammar of docs/formats/messages.md, value by value, of rows without wide gaps.
std::string SlowEncoding(const SparseDelta& delta, const RowSpace& space) {
  const auto bytes_of = [](auto number) {
    return std::string(reinterpret_cast<const char*>(&number), sizeof(number));
  };
  const auto stream_of = [](const std::vector<uint32_t>& values, StreamCoding coding) {
    std::vector<uint8_t> out(StreamBytesMax(values.size()) + kStreamSlackBytes);
    out.resize(EncodeStream(values, coding, out.data()));
    return std::string(out.begin(), out.end());
  };
  std::vector<uint32_t> gaps;
  for (size_t i = 1; i < delta.rows.size(); ++i) {
    gaps.push_back(static_cast<uint32_t>(delta.rows[i] - delta.rows[i - 1] - 1));
  }
  std::string bitmaps, streams, lane_bytes;
  uint8_t lanes = 0, codings = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    std::vector<bool> bits;
    std::vector<uint32_t> kept;
    size_t first = 0;
    for (const uint64_t row : delta.rows) {
      const RowBlock& block = space.block(space.BlockOf(row));
      std::vector<bool> is_kept(8);
      for (int i = 0; i < block.widths[lane]; ++i) {
        if (delta.lanes[lane][first + i] != 0) is_kept[i % 8] = true;
      }
      for (int i = 0; i < block.widths[lane]; ++i) {
        const auto value = static_cast<uint32_t>(delta.lanes[lane][first + i]);
        if (is_kept[i % 8]) kept.push_back(value << 1 ^ (value >> 31 != 0 ? ~0u : 0u));
      }
      bits.insert(bits.end(), is_kept.begin(), is_kept.begin() + block.columns);
      first += block.widths[lane];
    }
    if (first > 0) {
      lanes |= 1 << lane;
      bitmaps.resize(bitmaps.size() + (bits.size() + 7) / 8);
      char* const bitmap = &bitmaps[bitmaps.size() - (bits.size() + 7) / 8];
      for (size_t i = 0; i < bits.size(); ++i) bitmap[i / 8] |= static_cast<char>(bits[i] << i % 8);
      const StreamCoding coding = StreamSizesOf(kept).Shorter();
      codings |= static_cast<uint8_t>(coding) << lane;
      streams += stream_of(kept, coding);
      lane_bytes += bytes_of(static_cast<uint32_t>(stream_of(kept, coding).size()));
    } else {
      lane_bytes += bytes_of(uint32_t{0});
    }
  }
  const std::string gap_stream = stream_of(gaps, StreamCoding::k0124);
  return bytes_of(static_cast<uint32_t>(delta.rows.size())) + bytes_of(lanes) + bytes_of(codings) +
         bytes_of(uint16_t{0}) + bytes_of(delta.rows.empty() ? 0 : delta.rows[0]) +
         bytes_of(uint32_t{0}) + bytes_of(static_cast<uint32_t>(gap_stream.size())) + lane_bytes +
         gap_stream + bitmaps + streams;
}

TEST(SparseDeltaCodec, RowsInColumnsHaveTheBytesOfTheWorkedExample) {
  // docs/formats/messages.md: three columns of two actions.
  const RowSpace space({{0, {16, 0}, 3}}, 10);
  SparseDelta delta;
  delta.rows = {1};
  delta.lanes[0] = {7, 0, -2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
  const std::string hex = absl::BytesToHexString(EncodeDelta(delta, space));
  EXPECT_EQ(hex.substr(2 * 32),
            "05"        // columns 0 and 2
            "45"        // lengths 1, 1, 0, 1
            "0e0302");  // zigzag 14, 3, (0), 2
}

TEST(SparseDeltaCodec, RowsInColumnsHaveTheBytesOfTheGrammar) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const RowSpace space = ColumnSpace(seed);
    const SparseDelta delta = RandomColumns(seed, space);
    const std::string bytes = EncodeDelta(delta, space);
    ASSERT_EQ(absl::BytesToHexString(bytes), absl::BytesToHexString(SlowEncoding(delta, space)))
        << seed;
    const auto back = Decode(bytes, space, BoundsOf(delta));
    ASSERT_TRUE(back.ok()) << seed << ": " << back.status();
    ASSERT_EQ(*back, delta) << seed;
    if (delta.rows.empty()) continue;
    DeltaBounds narrow = BoundsOf(delta);
    narrow.lanes[0].highest = *std::max_element(delta.lanes[0].begin(), delta.lanes[0].end()) - 1;
    if (narrow.lanes[0].highest >= 0) EXPECT_FALSE(Decode(bytes, space, narrow).ok()) << seed;
  }
}

TEST(SparseDeltaCodec, EveryCutOfRowsInColumnsIsRefusedAndEveryFlipIsAnotherDelta) {
  const RowSpace space = ColumnSpace(3);
  const std::string bytes = EncodeDelta(RandomColumns(3, space), space);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Decode(bytes.substr(0, size), space).ok()) << size;
  }
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const auto delta = Decode(flipped, space);
    if (delta.ok()) EXPECT_EQ(EncodeDelta(*delta, space), flipped) << bit;
  }
}

TEST(SparseDeltaCodec, LanesApartAreAsIfTheOtherWereNotThere) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const RowSpace space = RandomRowSpace(seed, 1 + seed % 50, 1 + seed % 9, 1 + seed % 14);
    const SparseDelta delta = RandomDelta(seed, space, {.touched = 0.3});
    const auto apart = EncodeLanesApart(delta, space);
    for (int lane = 0; lane < kLanes; ++lane) {
      SparseDelta alone = delta;
      alone.lanes[1 - lane].clear();
      EXPECT_EQ(apart[lane], EncodeRows(alone, space)) << seed;
    }
  }
}

TEST(SparseDeltaCodec, TakesExtremesAndTheLargestPart) {
  const RowSpace space({{0, {1, 1}}}, uint64_t{1} << 46);
  SparseDelta delta;
  for (uint64_t i = 0; i < kDeltaRowsMax; ++i) {
    // The first rows lie far apart: gaps around 2^32, which is where they become wide.
    const uint64_t step = i < 8000 ? (uint64_t{1} << 32) + i % 5 - 2 : 1 + i % 300;
    delta.rows.push_back(delta.rows.empty() ? 3 : delta.rows.back() + step);
    delta.lanes[0].push_back(i % 3 == 0 ? kLowest : kHighest);
    delta.lanes[1].push_back(i % 2 == 0 ? kHighest : 1 << 23);
  }
  ASSERT_LT(delta.rows.back(), space.num_rows());
  const std::string bytes = EncodeDelta(delta, space);
  EXPECT_LE(bytes.size(), kDeltaBytesMax);
  const auto back = Decode(bytes, space);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, delta);
}

TEST(SparseDeltaCodec, AnEmptyDeltaIsAHeader) {
  const std::string bytes = EncodeDelta({}, SmallSpace());
  EXPECT_EQ(bytes, std::string(32, '\0'));
  EXPECT_EQ(*Decode(bytes, SmallSpace()), SparseDelta());
}

TEST(SparseDeltaCodec, EveryCutIsRefused) {
  const std::string bytes = EncodeDelta(SmallDelta(), SmallSpace());
  ASSERT_TRUE(Decode(bytes, SmallSpace()).ok());
  for (size_t n = 0; n < bytes.size(); ++n) {
    const auto cut = Decode(bytes.substr(0, n), SmallSpace());
    EXPECT_EQ(cut.status().code(), absl::StatusCode::kInvalidArgument) << n;
  }
  EXPECT_FALSE(Decode(bytes + '\0', SmallSpace()).ok());
}

// One delta has one encoding: any other bytes are refused or mean another delta.
TEST(SparseDeltaCodec, EveryFlipIsRefusedOrAnotherDelta) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const RowSpace space = RandomRowSpace(seed, 5, 9, 5);
    const SparseDelta delta = RandomDelta(seed, space, {.touched = 0.6, .regret_scale = 100});
    const std::string bytes = EncodeDelta(delta, space);
    for (size_t i = 0; i < bytes.size() * 8; ++i) {
      std::string other = bytes;
      other[i / 8] ^= static_cast<char>(1 << (i % 8));
      const auto back = Decode(other, space);
      if (!back.ok()) continue;
      ASSERT_NE(*back, delta) << seed << " bit " << i;
      ASSERT_EQ(EncodeDelta(*back, space), other) << seed << " bit " << i;
    }
  }
}

struct Refusal {
  const char* reason;
  SparseDelta delta;
  RowSpace made_for = SmallSpace();
  DeltaBounds bounds = {};
};

TEST(SparseDeltaCodec, RefusesWhatTheTableCannotTake) {
  SparseDelta past_end;
  past_end.rows = {11};
  past_end.lanes[0] = {1, 2, 3};
  SparseDelta first_only = SmallDelta();
  first_only.lanes[1].clear();
  DeltaBounds first_lane;
  first_lane.lanes[1].expected = false;
  DeltaBounds narrow;
  narrow.lanes[0].lowest = -69999;
  DeltaBounds low;
  low.lanes[1].highest = 255;
  DeltaBounds no_negatives;
  no_negatives.lanes[0].lowest = 0;
  const RowSpace longer({{0, {2, 2}}, {3, {3, 0}}}, 20);
  const RowSpace wider({{0, {3, 2}}, {3, {3, 0}}}, 10);
  SparseDelta wide = SmallDelta();
  wide.lanes[0] = {300, -1, 1, 0, 0, 0, -70000, 5, 0};
  const Refusal cases[] = {
      {"a row past the table", past_end, longer},
      {"rows of another width", wide, wider},
      {"the sum lane is missing", first_only},
      {"the sum lane is there", SmallDelta(), SmallSpace(), first_lane},
      {"a regret is too low", SmallDelta(), SmallSpace(), narrow},
      {"a sum is too high", SmallDelta(), SmallSpace(), low},
      {"a negative value where none may be", SmallDelta(), SmallSpace(), no_negatives},
  };
  for (const Refusal& c : cases) {
    const std::string bytes = EncodeDelta(c.delta, c.made_for);
    ASSERT_TRUE(Decode(bytes, c.made_for, BoundsOf(c.delta)).ok()) << c.reason;
    const auto refused = Decode(bytes, SmallSpace(), c.bounds);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << c.reason;
  }
}

TEST(SparseDeltaCodec, RefusesCountsBeyondItsLimits) {
  std::string bytes = EncodeDelta(SmallDelta(), SmallSpace());
  const uint32_t rows = kDeltaRowsMax + 1;
  std::memcpy(bytes.data(), &rows, sizeof(rows));
  EXPECT_FALSE(Decode(bytes, SmallSpace()).ok());
  // 5 rows of 30,000 values: few bytes, since all are zero, but more than kDeltaValuesMax.
  const RowSpace fat({{0, {30000, 0}}}, 10);
  SparseDelta four;
  four.rows = {0, 1, 2, 3};
  four.lanes[0].resize(4 * 30000, 0);
  std::string zeros = EncodeDelta(four, fat);
  ASSERT_TRUE(Decode(zeros, fat).ok());
  zeros[0] = 5;
  EXPECT_EQ(Decode(zeros, fat).status().message(), "a delta of 150000 values, at most 131072");
}

}  // namespace
}  // namespace nash
