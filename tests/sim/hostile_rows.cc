#include "tests/sim/hostile_rows.h"

#include <glog/logging.h>

#include <cstring>
#include <utility>

#include "common/checksum.h"

namespace nash {
namespace {

constexpr int kRegrets = 0, kSums = 1;
// After the fixed part of an encoding come the gaps of 2^32 rows and more.
constexpr size_t kWideGapPlace = 32;

RowSpace WithMoreRows(const RowSpace& space, uint64_t num_rows) {
  std::vector<RowBlock> blocks;
  for (size_t i = 0; i < space.num_blocks(); ++i) blocks.push_back(space.block(i));
  return RowSpace(std::move(blocks), num_rows);
}

// Ones in both lanes.
SparseDelta Ones(const std::vector<uint64_t>& rows, const RowSpace& space) {
  SparseDelta delta;
  delta.rows.assign(rows.begin(), rows.end());
  for (int lane : {kRegrets, kSums}) {
    size_t values = 0;
    for (const uint64_t row : rows) values += space.block(space.BlockOf(row)).widths[lane];
    delta.lanes[lane].assign(values, 1);
  }
  return delta;
}

}  // namespace

std::vector<HostileRows> MakeHostileRows(const RowSpace& space, const DeltaBounds& bounds) {
  std::vector<HostileRows> all;
  const RowSpace larger = WithMoreRows(space, uint64_t{1} << 34);
  const auto add = [&](const std::string& what, const SparseDelta& delta) {
    all.push_back({what, EncodeRows(delta, larger)});
  };
  const auto add_value = [&](const std::string& what, int lane, int64_t value) {
    SparseDelta delta = Ones({3}, space);
    delta.lanes[lane][0] = static_cast<int32_t>(value);
    add(what, delta);
  };
  add("a row out of range", Ones({3, space.num_rows()}, larger));
  // 3, and then a gap that wraps around to 2.
  EncodedRows unsorted = EncodeRows(Ones({3, uint64_t{1} << 33}, larger), larger);
  const uint64_t gap = uint64_t{2} - 3 - 1;
  std::memcpy(unsorted.bytes.data() + kWideGapPlace, &gap, sizeof(gap));
  unsorted.checksum = Checksum64Of(unsorted.bytes);
  all.push_back({"rows that do not ascend", unsorted});
  add_value("a huge regret", kRegrets, int64_t{bounds.lanes[kRegrets].highest} + 1);
  add_value("a huge negative regret", kRegrets, int64_t{bounds.lanes[kRegrets].lowest} - 1);
  add_value("a huge sum", kSums, int64_t{bounds.lanes[kSums].highest} + 1);
  add_value("a sum that falls", kSums, -1);
  for (int lane : {kRegrets, kSums}) {
    SparseDelta delta = Ones({2, 3}, space);
    delta.lanes[lane].clear();
    add(lane == kSums ? "no sums" : "no regrets", delta);
  }
  add("no rows", {});
  EncodedRows cut = EncodeRows(Ones({2, 3}, space), space);
  cut.bytes.pop_back();
  cut.checksum = Checksum64Of(cut.bytes);
  all.push_back({"a byte too few", cut});
  all.push_back({"no bytes", {"", Checksum64Of("")}});
  return all;
}

}  // namespace nash
