// A round's deltas lie in a grid, units by sections, and are merged column by column:
//
//              section 0   section 1   section 2 ...
//   unit 0     [part]      [part part]             each part encoded, as it came
//   unit 1     [part]      []
//   unit 2     [part part] [part]
//                |
//                v  AddUp(): dense sums of one section, and a bit for each row that came
//              scratch ->  MergeSection(): table += scratch; changed rows -> MergedPart
//
// The dense sums are what makes it cheap: many units change the same rows, and each row of the
// table, which is far larger than any cache, is loaded once for all of them. Scratch is left all
// zero behind the sweep, so that the next section finds it clean.
//
// Sections are whole nodes, so that threads share no row and no lock is waited for; the hash of
// regrets is a sum over rows, so that the order in which threads end does not matter either.
//
// A row whose changes add up to nothing is left out of what followers get, although units sent it.
// No part is checked here: that was done when it came (TableMaster::Check), and a part that has
// changed since is DataLoss, not a peer's fault. tests/cfr/units_test.cc compares the table with
// that of one process.
#include "solver/cfr/round_merger.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_rows.h"

namespace nash {
namespace {

// What one thread merges before the others are waited for: a few MB of merged parts.
constexpr size_t kSectionsPerThread = 4;

// The lanes are encoded apart, since workers follow regrets only: sums would double what they fetch
// every round, and are needed where the whole table is made again.
MergedPart Encode(const SparseDelta& part, const RowSpace& rows) {
  SparseDelta lane;
  MergedPart merged;
  lane.rows = part.rows;
  lane.lanes[kRegretLane] = part.lanes[kRegretLane];
  merged.regrets = EncodeRows(lane, rows);
  lane.lanes[kRegretLane].clear();
  lane.lanes[kSumLane] = part.lanes[kSumLane];
  merged.sums = EncodeRows(lane, rows);
  return merged;
}

}  // namespace

RoundMerger::RoundMerger(RoundTable* master)
    : master_(master),
      sections_(master->table().layout()),
      rows_(RowSpaceOf(master->table().layout())),
      scratch_(master->pool()->num_threads()) {}

uint64_t RoundMerger::BytesExpected(const TableLayout& layout, int threads) {
  const uint64_t rows = std::min(layout.num_rows(), kSectionRows);
  return threads * rows * (layout.table_bytes() / layout.num_rows());
}

absl::StatusOr<std::vector<MergedPart>> RoundMerger::MergeNext(const SectionReader& read) {
  CHECK(!is_merged());
  const size_t n = std::min(sections_.size() - next_section_, scratch_.size() * kSectionsPerThread);
  std::vector<std::vector<MergedPart>> merged(n);
  std::vector<absl::Status> statuses(n);
  master_->pool()->ForEach(n, [&](size_t i, int thread) {
    statuses[i] = MergeSection(next_section_ + i, read, thread, &merged[i]);
  });
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  next_section_ += n;
  std::vector<MergedPart> parts;
  for (std::vector<MergedPart>& of_section : merged) {
    std::move(of_section.begin(), of_section.end(), std::back_inserter(parts));
  }
  return parts;
}

void RoundMerger::EndRound() {
  CHECK(is_merged());
  next_section_ = 0;
  master_->EndRound();
}

absl::Status RoundMerger::AddUp(size_t section, const SectionReader& read, Scratch* scratch) const {
  const TableLayout& layout = master_->table().layout();
  const NodeIndex begin = sections_.begin(section), end = sections_.end(section);
  const uint64_t first_row = layout.FirstRow(begin).value;
  scratch->first_values.resize(end - begin);
  size_t num_values = 0, num_rows = 0;
  for (NodeIndex node = begin; node < end; ++node) {
    scratch->first_values[node - begin] = num_values;
    num_values += layout.ValuesOf(node);
    num_rows += layout.NumBuckets(node);
  }
  if (scratch->values.size() < num_values) scratch->values.resize(num_values);
  if (scratch->rows.size() * 64 < num_rows) scratch->rows.resize((num_rows + 63) / 64);
  ASSIGN_OR_RETURN(const std::vector<EncodedRows> parts, read(section));
  for (const EncodedRows& part : parts) {
    const absl::StatusOr<SparseDelta> delta = DecodeDelta(part.bytes, rows_, {});
    if (!delta.ok()) {
      return absl::DataLossError(
          absl::StrCat("a part that was kept for merging has changed: ", delta.status().message()));
    }
    ForEachRow(layout, *delta, [&](const PartRow& row) {
      const uint64_t place = layout.FirstRow(row.node).value + row.bucket - first_row;
      scratch->rows[place / 64] |= uint64_t{1} << place % 64;
      int32_t* const to = &scratch->values[scratch->first_values[row.node - begin] +
                                           size_t{row.bucket} * layout.ValuesPerRow(row.node)];
      if (row.regrets != nullptr) AddValues(row.regrets, row.num_actions, to);
      if (row.sums != nullptr) AddValues(row.sums, row.num_actions, to + row.num_actions);
    });
  }
  return absl::OkStatus();
}

absl::Status RoundMerger::MergeSection(size_t section, const SectionReader& read, int thread,
                                       std::vector<MergedPart>* merged) {
  Scratch& scratch = scratch_[thread];
  RETURN_IF_ERROR(AddUp(section, read, &scratch));
  const TableLayout& layout = master_->table().layout();
  const uint64_t first_row = layout.FirstRow(sections_.begin(section)).value;
  NodeIndex node = sections_.begin(section);
  DeltaPacker packer([&](const SparseDelta& part) { merged->push_back(Encode(part, rows_)); });
  RoundTable::RowAdder adder(master_, thread);
  for (size_t word = 0; word < scratch.rows.size(); ++word) {
    for (uint64_t bits = std::exchange(scratch.rows[word], 0); bits != 0; bits &= bits - 1) {
      const uint64_t row = first_row + word * 64 + std::countr_zero(bits);
      while (row - layout.FirstRow(node).value >= layout.NumBuckets(node)) ++node;
      const uint32_t bucket = static_cast<uint32_t>(row - layout.FirstRow(node).value);
      const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
      const uint32_t num_values = layout.ValuesPerRow(node);
      int32_t* const change =
          &scratch.values[scratch.first_values[node - sections_.begin(section)] +
                          size_t{bucket} * num_values];
      if (std::all_of(change, change + num_values, [](int32_t x) { return x == 0; })) continue;
      packer.Add({row}, change, num_actions, num_values > num_actions);
      adder.Add(node, bucket, change, num_values);
      std::fill_n(change, num_values, 0);
    }
  }
  packer.Finish();
  return absl::OkStatus();
}

}  // namespace nash
