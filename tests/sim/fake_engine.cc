// A stand-in for training that keeps what the protocol relies on: a unit's result depends on the
// table, its name and its line's start; results of a round are sums; discounts change the table at
// a round's end; a wrong, cut or huge part is refused; hashes change with every value. It has its
// own encoding of parts, so that nothing here passes because a codec is shared with the code under
// test.
#include "tests/sim/fake_engine.h"

#include <glog/logging.h>

#include <array>
#include <cstring>
#include <utility>

#include "common/checksum.h"
#include "solver/cfr/lines.h"

namespace nash {
namespace {

constexpr uint64_t kRows = 48;
constexpr size_t kWidth = 2;  // values of a row, in either lane
constexpr size_t kRowsOfPart = 7;
constexpr uint64_t kRowsOfSection = 16;
constexpr int32_t kUnitValueMax = 1000;

using Row = std::array<int32_t, kWidth>;
using Lane = std::array<Row, kRows>;

uint64_t Mix(uint64_t x) {  // the finaliser of splitmix64
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t HashOfRow(uint64_t row, const Row& values) {
  uint64_t hash = Mix(row + 1);
  for (const int32_t value : values) hash = Mix(hash ^ static_cast<uint32_t>(value));
  return values == Row{} ? 0 : hash;
}

uint64_t HashOf(const Lane& lane) {
  uint64_t hash = 0;
  for (uint64_t row = 0; row < kRows; ++row) hash += HashOfRow(row, lane[row]);
  return hash;
}

// Lanes that are there, then for each row its number and values.
EncodedRows Encode(const SparseDelta& delta) {
  EncodedRows rows;
  rows.bytes.push_back(static_cast<char>(delta.lanes[0].empty() + 2 * delta.lanes[1].empty()));
  for (size_t i = 0; i < delta.rows.size(); ++i) {
    const uint64_t row = delta.rows[i];
    rows.bytes.append(reinterpret_cast<const char*>(&row), sizeof(row));
    for (const auto& lane : delta.lanes) {
      if (lane.empty()) continue;
      rows.bytes.append(reinterpret_cast<const char*>(&lane[i * kWidth]), sizeof(Row));
    }
  }
  rows.checksum = Checksum64Of(rows.bytes);
  return rows;
}

absl::StatusOr<SparseDelta> Decode(const EncodedRows& encoded, int32_t magnitude_max) {
  const std::string& bytes = encoded.bytes;
  if (Checksum64Of(bytes) != encoded.checksum || bytes.empty() || bytes[0] > 2) {
    return absl::InvalidArgumentError("a part of wrong checksum or lanes");
  }
  SparseDelta delta;
  size_t at = 1;
  const auto read = [&](void* out, size_t size) {
    if (bytes.size() - at < size) return false;
    std::memcpy(out, bytes.data() + at, size);
    at += size;
    return true;
  };
  while (at < bytes.size()) {
    uint64_t row = 0;
    if (!read(&row, sizeof(row)) || row >= kRows ||
        (!delta.rows.empty() && row <= delta.rows.back())) {
      return absl::InvalidArgumentError("a part with a row that is out of range or out of order");
    }
    delta.rows.push_back(row);
    for (int lane = 0; lane < kLanes; ++lane) {
      if (bytes[0] == 1 + lane) continue;
      Row values;
      if (!read(&values, sizeof(values))) return absl::InvalidArgumentError("a part cut short");
      for (const int32_t value : values) {
        if (std::abs(value) > magnitude_max) return absl::InvalidArgumentError("a huge value");
        delta.lanes[lane].push_back(value);
      }
    }
  }
  return delta;
}

struct FakeSections {
  size_t SectionOf(RowIndex row) const { return row.value / kRowsOfSection; }
};

// Calls sink(part) with at most kRowsOfPart rows of [begin, end) at a time, all of one section.
// values(row, lane): Row.
template <typename Values, typename Sink>
void InParts(uint64_t begin, uint64_t end, const Values& values, const Sink& sink) {
  SparseDelta part;
  for (uint64_t row = begin; row < end; ++row) {
    const Row first = values(row, 0), second = values(row, 1);
    if (first != Row{} || second != Row{}) {
      part.rows.push_back(row);
      part.lanes[0].insert(part.lanes[0].end(), first.begin(), first.end());
      part.lanes[1].insert(part.lanes[1].end(), second.begin(), second.end());
    }
    const bool is_full = part.rows.size() == kRowsOfPart || (row + 1) % kRowsOfSection == 0;
    if (!is_full || part.rows.empty()) continue;
    sink(part);
    part.Clear();
  }
}

// Every third round takes a quarter off, as discounts do.
void Discount(uint64_t round, Lane* lane) {
  if (round % 3 != 2) return;
  for (Row& row : *lane) {
    for (int32_t& value : row) value = value / 4 * 3;
  }
}

EncodedRows OneLane(const SparseDelta& part, int lane) {
  SparseDelta one;
  one.rows = part.rows;
  one.lanes[lane] = part.lanes[lane];
  return Encode(one);
}

void AddTo(const SparseDelta& part, int lane, Lane* values) {
  if (part.lanes[lane].empty()) return;
  for (size_t i = 0; i < part.rows.size(); ++i) {
    for (size_t k = 0; k < kWidth; ++k) {
      (*values)[part.rows[i]][k] += part.lanes[lane][i * kWidth + k];
    }
  }
}

class FakeMaster : public SimMaster {
 public:
  uint64_t rounds() const override { return rounds_; }
  uint64_t regret_hash() const override { return HashOf(lanes_[0]); }
  uint64_t state_hash() const override { return HashOf(lanes_[0]) + 3 * HashOf(lanes_[1]); }

  uint32_t num_sections() const override { return kRows / kRowsOfSection; }
  absl::StatusOr<PartPlace> Check(const EncodedRows& part) const override {
    const auto delta = Decode(part, kUnitValueMax);
    if (!delta.ok()) return delta.status();
    if (delta->lanes[0].empty() || delta->lanes[1].empty()) {
      return absl::InvalidArgumentError("a part without one of its lanes");
    }
    return CheckPart(NamesOf(*delta), FakeSections());
  }
  absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(size_t first, size_t count,
                                                              const SectionReader& read) override {
    std::vector<std::vector<EncodedRows>> sums(count);
    for (size_t i = 0; i < count; ++i) {
      const auto parts = read(first + i);
      if (!parts.ok()) return parts.status();
      const std::array<Lane, kLanes> change = SumOf(*parts);
      InParts((first + i) * kRowsOfSection, (first + i + 1) * kRowsOfSection,
              [&change](uint64_t row, int lane) { return change[lane][row]; },
              [&](const SparseDelta& part) { sums[i].push_back(Encode(part)); });
    }
    return sums;
  }
  size_t sections_per_step() const override { return 2; }
  // One section at a time, so that much can happen in between.
  absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read) override {
    const auto parts = read(next_section_);
    if (!parts.ok()) return parts.status();
    const std::array<Lane, kLanes> change = SumOf(*parts);
    for (int lane = 0; lane < kLanes; ++lane) {
      for (uint64_t row = 0; row < kRows; ++row) {
        for (size_t k = 0; k < kWidth; ++k) lanes_[lane][row][k] += change[lane][row][k];
      }
    }
    std::vector<MergedPart> merged;
    InParts(
        next_section_ * kRowsOfSection, (next_section_ + 1) * kRowsOfSection,
        [&change](uint64_t row, int lane) { return change[lane][row]; },
        [&merged](const SparseDelta& part) {
          merged.push_back({OneLane(part, 0), OneLane(part, 1)});
        });
    ++next_section_;
    return merged;
  }
  bool is_merged() const override { return next_section_ == num_sections(); }
  void EndMerge() override {
    next_section_ = 0;
    EndRound();
  }
  absl::Status Apply(const MergedPart& part) override {
    const auto regrets = Decode(part.regrets, 1 << 30);
    const auto sums = Decode(part.sums, 1 << 30);
    if (!regrets.ok() || !sums.ok()) return absl::DataLossError("a logged part");
    AddTo(*regrets, 0, &lanes_[0]);
    AddTo(*sums, 1, &lanes_[1]);
    return absl::OkStatus();
  }
  void EndRound() override {
    for (Lane& lane : lanes_) Discount(rounds_, &lane);
    ++rounds_;
  }
  std::string Save() const override {
    return std::string(reinterpret_cast<const char*>(&lanes_), sizeof(lanes_));
  }
  void Restore(const std::string& saved, uint64_t rounds) override {
    CHECK_EQ(saved.size(), sizeof(lanes_));
    std::memcpy(&lanes_, saved.data(), sizeof(lanes_));
    rounds_ = rounds;
  }
  std::vector<EncodedRows> RegretParts() const override {
    std::vector<EncodedRows> parts;
    InParts(
        0, kRows, [this](uint64_t row, int lane) { return lane == 0 ? lanes_[0][row] : Row{}; },
        [&parts](const SparseDelta& part) { parts.push_back(OneLane(part, 0)); });
    return parts;
  }

 private:
  static std::array<Lane, kLanes> SumOf(const std::vector<EncodedRows>& parts) {
    std::array<Lane, kLanes> change{};
    for (const EncodedRows& part : parts) {
      const SparseDelta delta = Decode(part, 1 << 30).value();
      for (int lane = 0; lane < kLanes; ++lane) AddTo(delta, lane, &change[lane]);
    }
    return change;
  }

  std::array<Lane, kLanes> lanes_{};
  uint64_t next_section_ = 0;
  uint64_t rounds_ = 0;
};

class FakeReplica : public SimReplica {
 public:
  explicit FakeReplica(const RoundShape& shape) : shape_(shape) {}
  const RoundShape& shape() const override { return shape_; }
  uint64_t rounds() const override { return rounds_; }
  uint64_t regret_hash() const override { return hash_; }
  void Clear(uint64_t rounds) override {
    regrets_ = {};
    hash_ = 0;
    rounds_ = rounds;
  }
  absl::Status LoadRegrets(const EncodedRows& part) override { return Apply(part); }
  // The hash follows what changes, so a row that changed by itself stays in it for ever.
  absl::Status Apply(const EncodedRows& part) override {
    const auto rows = Decode(part, 1 << 30);
    if (!rows.ok()) return rows.status();
    if (!rows->lanes[1].empty()) return absl::InvalidArgumentError("sums that nobody wanted");
    for (const uint64_t row : rows->rows) hash_ -= HashOfRow(row, regrets_[row]);
    AddTo(*rows, 0, &regrets_);
    for (const uint64_t row : rows->rows) hash_ += HashOfRow(row, regrets_[row]);
    return absl::OkStatus();
  }
  void EndRound() override {
    const uint64_t before = HashOf(regrets_);
    Discount(rounds_, &regrets_);
    hash_ += HashOf(regrets_) - before;
    ++rounds_;
  }

  absl::Status CheckStart(const std::vector<EncodedRows>& parts) const override {
    for (const EncodedRows& part : parts) {
      const auto rows = Decode(part, kUnitValueMax);
      if (!rows.ok()) return rows.status();
      const auto place = CheckPart(NamesOf(*rows), FakeSections());
      if (!place.ok()) return place.status();
    }
    return absl::OkStatus();
  }

  // About two thirds of the rows change, by what the row itself and its left neighbour hold.
  UnitResult Run(const UnitName& name, const SharedParts& start) override {
    CHECK_EQ(BaseOf(shape_, name.round), rounds_) << "a unit is run on another table";
    CHECK_EQ(start == nullptr, IsMeeting(shape_, name.round))
        << "its line is missing, or none of its";
    UnitResult result{name, {}, 0};
    Lane regrets = regrets_;
    if (start != nullptr) {
      for (const EncodedRows& part : *start)
        AddTo(Decode(part, kUnitValueMax).value(), 0, &regrets);
    }
    const uint64_t unit_key = Mix(name.round * 1000 + name.unit + 7);
    const auto change = [&](uint64_t row, int lane) {
      const uint64_t key = Mix(unit_key ^ Mix(row)) ^ HashOfRow(row, regrets[row]) ^
                           HashOfRow(row + 99, regrets[(row + kRows - 1) % kRows]);
      Row values{};
      if (Mix(key) % 3 == 0) return values;
      for (size_t k = 0; k < kWidth; ++k) {
        const int32_t value = static_cast<int32_t>(Mix(key + 17 * k + lane) % kUnitValueMax);
        values[k] = lane == 1 ? value : value - kUnitValueMax / 2;
      }
      return values;
    };
    InParts(0, kRows, change, [&result](const SparseDelta& part) {
      result.parts.push_back(Encode(part));
      result.touches += part.rows.size();
    });
    return result;
  }
  void FlipBit(uint64_t random) override {
    regrets_[random % kRows][0] ^= 1 << (random / kRows % 20);
  }
  UnitResult Falsify(UnitResult result, uint64_t random) const override {
    EncodedRows& part = result.parts[random % result.parts.size()];
    auto rows = Decode(part, kUnitValueMax);
    int32_t& value = rows->lanes[0][random / 64 % rows->lanes[0].size()];
    value += value > 0 ? -1 : 1;
    part = Encode(*rows);
    return result;
  }
  std::vector<EncodedRows> HostileParts() const override {
    const UninitializedVector<int32_t> two(kWidth, 1), four(2 * kWidth, 1);
    return {
        Encode({{kRows}, {two, two}}),   // out of range
        Encode({{3, 2}, {four, four}}),  // out of order
        Encode({{3}, {UninitializedVector<int32_t>(kWidth, kUnitValueMax + 1), two}}),  // huge
        Encode({{3}, {two, {}}}),         // a lane is missing
        Encode({{3, 20}, {four, four}}),  // of two sections
        Encode({}),
    };
  }

 private:
  const RoundShape shape_;
  Lane regrets_{};
  uint64_t hash_ = 0;
  uint64_t rounds_ = 0;
};

}  // namespace

std::unique_ptr<SimMaster> FakeEngine::MakeMaster() const { return std::make_unique<FakeMaster>(); }
std::unique_ptr<SimReplica> FakeEngine::MakeReplica() const {
  return std::make_unique<FakeReplica>(shape_);
}
uint32_t FakeEngine::unit_parts_max() const {
  return kRows / kRowsOfSection * (kRowsOfSection / kRowsOfPart + 1);
}

ReferenceRun FakeEngine::RunUndisturbed(uint64_t rounds) const {
  ReferenceRun run;
  FakeMaster master;
  FakeReplica replica(shape_);
  // Results of a round that is not merged yet.
  std::vector<SharedParts> before(shape_.units), results(shape_.units);
  const auto merge = [&](const std::vector<SharedParts>& of_round) {
    std::vector<EncodedRows> parts;
    for (const SharedParts& of_unit : of_round) {
      parts.insert(parts.end(), of_unit->begin(), of_unit->end());
    }
    for (const MergedPart& part : MergeRound(&master, parts)) {
      CHECK(replica.Apply(part.regrets).ok());
    }
    replica.EndRound();
    CHECK_EQ(replica.regret_hash(), master.regret_hash());
    run.regret_hashes.push_back(master.regret_hash());
  };
  for (uint64_t round = 0; round < rounds; ++round) {
    for (uint32_t unit = 0; unit < shape_.units; ++unit) {
      results[unit] = std::make_shared<const std::vector<EncodedRows>>(
          replica.Run({round, unit}, before[unit]).parts);
    }
    if (before[0] != nullptr) merge(before);
    before.assign(shape_.units, nullptr);
    if (IsMeeting(shape_, round + 1) || round + 1 == rounds) {
      merge(results);
    } else {
      before = results;
    }
  }
  run.state_hash = master.state_hash();
  return run;
}

}  // namespace nash
