// Where a unit starts between meetings, row by row:
//
//   start = clamp(table + amplification * own)      regrets that the line's last delta changed
//   start = table                                   all others, and all sums
//
// Enter() writes that into the table, after the undo log has saved what was there. UnitSealer needs
// it once more at the end, row by row, to tell what the unit changed. It is computed again from the
// undo's row and the delta (Section), not kept: the same integers give the same answer, and an
// encoded delta is far smaller than the rows that it changes.
//
// A part lies in one section (a border checks that, and CHECK here), and parts ascend, so the parts
// of a section are a range: part_ends_. Section::RegretsOf() then only ever moves forward. Parts
// are added by any thread in any order: no two hold the same row. tests/cfr/lines_test.cc plays
// lines with a recomputation that keeps whole tables.
#include "solver/cfr/line_start.h"

#include <glog/logging.h>

#include <algorithm>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/schedule.h"

namespace nash {
namespace {

bool ChangesRegrets(const PartRow& row) {
  return row.regrets != nullptr && !AreZero(row.regrets, row.num_regrets);
}

}  // namespace

LineStart::LineStart(const CfrOptions& options, const RoundShape& shape, Table* table,
                     ThreadPool* pool)
    : amplification_(shape.Amplification()),
      floor_(RegretFloorOf(options)),
      table_(table),
      pool_(pool),
      sections_(table->layout()),
      rows_(RowSpaceOf(table->layout())) {}

SparseDelta LineStart::Decode(const EncodedRows& part) const {
  absl::StatusOr<SparseDelta> delta = DecodeDelta(part.bytes, rows_, {});
  CHECK(delta.ok()) << "a part of a line's delta has changed: " << delta.status();
  return *std::move(delta);
}

void LineStart::Add(const int32_t* before, const int32_t* change, uint32_t num_regrets,
                    int32_t* sum) const {
  for (uint32_t a = 0; a < num_regrets; ++a) {
    sum[a] = static_cast<int32_t>(
        std::clamp<int64_t>(before[a] + amplification_ * change[a], floor_, kRegretCeiling));
  }
}

void LineStart::AddPart(const SparseDelta& part, int thread, const UndoLogs& logs) {
  // A part may begin in the middle of a strip that another ends with: its lock keeps them apart.
  StripSaver unit_saver(logs.unit, thread), checkpoint_saver(logs.checkpoint, thread);
  ForEachRow(rows_, part, [&](const PartRow& row) {
    if (!ChangesRegrets(row)) return;
    const auto strip = static_cast<StripIndex>(row.block);
    const NodeIndex node = table_->layout().FirstNodeOf(strip);
    unit_saver.Save(node, row.bucket);
    checkpoint_saver.Save(node, row.bucket);
    int32_t* const regrets = table_->Bundle(strip, row.bucket);
    Add(regrets, row.regrets, row.num_regrets, regrets);
  });
}

void LineStart::Enter(const std::vector<EncodedRows>* start, const UndoLogs& logs) {
  start_ = start;
  if (start == nullptr) return;
  std::vector<size_t> section_of(start->size());
  pool_->ForEach(start->size(), [&](size_t i, int thread) {
    const SparseDelta part = Decode((*start)[i]);
    if (part.rows.empty()) return;
    section_of[i] = sections_.SectionOf({part.rows.front()});
    CHECK_EQ(section_of[i], sections_.SectionOf({part.rows.back()}));
    AddPart(part, thread, logs);
  });
  // Sections without parts end where the one before them does; those after the last part keep the
  // number of all.
  part_ends_.assign(sections_.size(), start->size());
  size_t section = 0;
  for (size_t i = 0; i < start->size(); ++i) {
    while (section < section_of[i]) part_ends_[section++] = i;
  }
}

LineStart::Section::Section(const LineStart& start, size_t section) : start_(start) {
  const size_t begin = section == 0 ? 0 : start.part_ends_[section - 1];
  parts_.reserve(start.part_ends_[section] - begin);
  for (size_t i = begin; i < start.part_ends_[section]; ++i) {
    parts_.push_back(start.Decode((*start.start_)[i]));
    ForEachRow(start.rows_, parts_.back(), [&](const PartRow& row) {
      if (ChangesRegrets(row)) added_.emplace_back(row.row, row.regrets);
    });
  }
}

bool LineStart::Section::RegretsOf(BundleIndex bundle, const int32_t* before, uint32_t num_regrets,
                                   int32_t* regrets) {
  while (next_ < added_.size() && added_[next_].first < bundle.value) ++next_;
  if (next_ == added_.size() || added_[next_].first != bundle.value) return false;
  start_.Add(before, added_[next_].second, num_regrets, regrets);
  return true;
}

}  // namespace nash
