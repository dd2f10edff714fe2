// Merges the deltas of a round's units into the master table, section by section
// (delta_sections.h).
//
// Units' parts are kept, encoded, until all have come; a section's parts are then decoded and added
// up apart, in a core's cache, and each changed row of the table is touched once. So nothing that
// came has to be taken back, and no second table is needed. Sums of a round always fit
// (unit_delta.h bounds what a unit may change), so their order does not matter.
// Thread-compatible; the pool's threads do the work.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
#define NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sparse_delta_codec.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/round_table.h"

namespace nash {

// A part of what a round changed: the same rows twice. Workers follow the regrets only.
struct MergedPart {
  EncodedRows regrets;  // lane 0
  EncodedRows sums;     // lane 1
  friend bool operator==(const MergedPart&, const MergedPart&) = default;
};

// All parts of one section of all units, in any order. Called on many threads.
using SectionReader = std::function<absl::StatusOr<std::vector<EncodedRows>>(size_t section)>;

class RoundMerger {
 public:
  // master and its table outlive us.
  explicit RoundMerger(RoundTable* master);
  // About the memory that merging takes: sections, as each thread adds one up.
  static uint64_t BytesExpected(const TableLayout& layout, int threads);

  const DeltaSections& sections() const { return sections_; }
  const RowSpace& rows() const { return master_->rows(); }

  // Merges the next few sections and returns what changed in them, rows ascending. Needs
  // !is_merged(); parts were checked before. Errors: those of `read`; DataLoss where a part has
  // changed since it was checked. The table is then of no round.
  absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read);
  // Adds up the parts of each of the sections [first, first + count), which lie in one section's
  // parts then, in the units' encoding: MergeNext() may be given them in place of the units' own.
  // The table is not touched. Not while a section is merged. Errors: as above.
  absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(size_t first, size_t count,
                                                              const SectionReader& read);
  // How many sections MergeNext() takes: so many keep all threads at work.
  size_t sections_per_step() const;
  // Whether all sections are: then EndRound() makes the master come one round further (clamps and
  // discounts are taken already).
  bool is_merged() const { return next_section_ == sections_.size(); }
  void EndRound();

 private:
  // What a thread adds up: a section's values by row, and which rows.
  struct Scratch {
    std::vector<size_t> first_values;  // by strip of the section
    std::vector<int32_t> values;       // zero between sections
    std::vector<uint64_t> rows;        // bits, from the section's first bundle on; the same
  };
  // Calls run(section, thread) for each of [first, first + count) on the pool's threads.
  absl::Status ForSections(size_t first, size_t count,
                           const std::function<absl::Status(size_t section, int thread)>& run);
  absl::Status MergeSection(size_t section, const SectionReader& read, int thread,
                            std::vector<MergedPart>* merged);
  absl::Status AddUp(size_t section, const SectionReader& read, Scratch* scratch) const;
  template <typename Changes>
  void TakeOut(size_t section, Scratch* scratch, Changes* changes) const;

  RoundTable* const master_;
  const DeltaSections sections_;
  std::vector<Scratch> scratch_;  // by thread
  size_t next_section_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_MERGER_H_
