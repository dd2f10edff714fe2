// What a unit starts from where its round is no meeting (lines.h): the table, and in it the line's
// own delta of the round before, which is not merged there yet.
//
// That delta is a unit's share, divided by the round's amplification. The unit goes on where the
// line was, so regrets get it multiplied again, and are clamped as a pass would clamp them. Sums
// are left out: no pass reads them. Discounts of the round before are not taken. A delta stays
// encoded, since it may be large: it is decoded once to be added and once more to tell what the
// unit changed. Thread-compatible; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_LINE_START_H_
#define NASHVILLE_SOLVER_CFR_LINE_START_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"

namespace nash {

class LineStart {
 public:
  // table and pool outlive us.
  LineStart(const CfrOptions& options, const RoundShape& shape, Table* table, ThreadPool* pool);

  // Takes the table to where the next unit starts. start: the parts of the line's delta, which were
  // checked (UnitRunner::CheckStart); used until the next call, not copied. Null: the unit starts
  // from the table. logs: told before rows change.
  void Enter(const std::vector<EncodedRows>* start, const UndoLogs& logs);
  bool is_table() const { return start_ == nullptr; }

  // Where the rows of one section started.
  class Section {
   public:
    // Needs !start.is_table().
    Section(const LineStart& start, size_t section);

    // Whether regrets were added to a bundle; if so, writes what they were then. Bundles ascend
    // from call to call. before: [num_regrets], in the table; regrets: the same; written.
    bool RegretsOf(BundleIndex bundle, const int32_t* before, uint32_t num_regrets,
                   int32_t* regrets);

   private:
    const LineStart& start_;
    std::vector<SparseDelta> parts_;
    std::vector<std::pair<uint64_t, const int32_t*>> added_;  // by bundle; regrets in parts_
    size_t next_ = 0;
  };

  const DeltaSections& sections() const { return sections_; }
  const RowSpace& rows() const { return rows_; }

 private:
  SparseDelta Decode(const EncodedRows& part) const;
  void AddPart(const SparseDelta& part, int thread, const UndoLogs& logs);
  void Add(const int32_t* before, const int32_t* change, uint32_t num_regrets, int32_t* sum) const;

  const int64_t amplification_;
  const int64_t floor_;
  Table* const table_;
  ThreadPool* const pool_;
  const DeltaSections sections_;
  const RowSpace rows_;
  const std::vector<EncodedRows>* start_ = nullptr;
  std::vector<size_t> part_ends_;  // [sections]: parts of the start before the end of each
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LINE_START_H_
