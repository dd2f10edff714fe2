// A round's deltas lie in a grid, units by sections, and are merged column by column:
//
//              section 0   section 1   section 2 ...
//   unit 0     [part]      [part part]             each part encoded, as it came
//   unit 1     [part]      []
//   unit 2     [part part] [part]
//                |
//                v  AddUp(): dense sums of one section, and a bit for each row that came
//              scratch ->  MergeSection(): table += scratch; changed rows -> MergedPart;
//                |         the section's rows are discounted while they are in the cache
//                '------>  SumUp(): changed rows -> parts that stand for the whole column
//
// The dense sums are what makes it cheap: many units change the same rows, and each row of the
// table, which is far larger than any cache, is loaded once for all of them. Scratch is left all
// zero behind the sweep, so that the next section finds it clean.
//
// What is called a row here is a bundle where the table lies in lanes: eight nodes' rows of a
// bucket, which are added as vectors and never taken apart.
//
// Sections are whole strips, so that threads share no row and no lock is waited for; the hash of
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
#include "solver/cfr/row_shape.h"

namespace nash {
namespace {

// What one thread merges before the others are waited for: a few MB of merged parts.
constexpr size_t kSectionsPerThread = 4;

// The lanes are encoded apart, since workers follow regrets only: sums would double what they fetch
// every round, and are needed where the whole table is made again.
MergedPart Encode(const SparseDelta& part, const RowSpace& rows) {
  auto [regrets, sums] = EncodeLanesApart(part, rows);
  return {std::move(regrets), std::move(sums)};
}

// Calls visit(i) for the bits that are set of [begin, end), in order, and
// ask(i) for each before that, while those of the word before it are visited.
template <typename Visit, typename Ask>
void ForEachBit(const std::vector<uint64_t>& words, size_t begin, size_t end, const Visit& visit,
                const Ask& ask) {
  const auto bits_of = [&](size_t word) {
    uint64_t bits = words[word];
    if (word == begin / 64) bits &= ~uint64_t{0} << begin % 64;
    if (end - word * 64 < 64) bits &= ~(~uint64_t{0} << end % 64);
    return bits;
  };
  if (begin >= end) return;
  uint64_t next = bits_of(begin / 64);
  for (size_t word = begin / 64; word * 64 < end; ++word) {
    uint64_t bits = next;
    next = (word + 1) * 64 < end ? bits_of(word + 1) : 0;
    for (uint64_t left = next; left != 0; left &= left - 1) {
      ask((word + 1) * 64 + std::countr_zero(left));
    }
    for (; bits != 0; bits &= bits - 1) visit(word * 64 + std::countr_zero(bits));
  }
}

// What changes go into a merged part and into the table.
class MergedChanges {
 public:
  MergedChanges(RoundTable* table, int thread, DeltaPacker* packer)
      : adder_(table, thread), packer_(packer) {}
  void Enter(StripIndex strip) { adder_.Enter(strip); }
  void Prefetch(uint32_t bucket) const { adder_.Prefetch(bucket); }
  template <int kCount, bool kSums>
  void Add(uint64_t first_of_strip, uint32_t bucket, const int32_t* change, uint32_t n) {
    packer_->Add<kCount>(first_of_strip + bucket, change, n, kSums);
    adder_.Add<kCount>(bucket, change, kSums ? change + n : nullptr);
  }

 private:
  RoundTable::BundleAdder adder_;
  DeltaPacker* const packer_;
};

// What changes go into a part of sums.
class SummedChanges {
 public:
  explicit SummedChanges(DeltaPacker* packer) : packer_(packer) {}
  void Enter(StripIndex) {}
  void Prefetch(uint32_t) const {}
  template <int kCount, bool kSums>
  void Add(uint64_t first_of_strip, uint32_t bucket, const int32_t* change, uint32_t n) {
    packer_->Add<kCount>(first_of_strip + bucket, change, n, kSums);
  }

 private:
  DeltaPacker* const packer_;
};

}  // namespace

RoundMerger::RoundMerger(RoundTable* master)
    : master_(master),
      sections_(master->table().layout()),
      scratch_(master->pool()->num_threads()) {}

uint64_t RoundMerger::BytesExpected(const TableLayout& layout, int threads) {
  const uint64_t rows = std::min(layout.num_rows(), kSectionRows);
  return threads * rows * (layout.table_bytes() / layout.num_rows());
}

size_t RoundMerger::sections_per_step() const { return scratch_.size() * kSectionsPerThread; }

absl::Status RoundMerger::ForSections(
    size_t first, size_t count,
    const std::function<absl::Status(size_t section, int thread)>& run) {
  std::vector<absl::Status> statuses(count);
  master_->pool()->ForEach(count,
                           [&](size_t i, int thread) { statuses[i] = run(first + i, thread); });
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<MergedPart>> RoundMerger::MergeNext(const SectionReader& read) {
  CHECK(!is_merged());
  const size_t first = next_section_;
  const size_t n = std::min(sections_.size() - first, sections_per_step());
  std::vector<std::vector<MergedPart>> merged(n);
  RETURN_IF_ERROR(ForSections(first, n, [&](size_t section, int thread) {
    return MergeSection(section, read, thread, &merged[section - first]);
  }));
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
  const StripIndex begin = sections_.begin(section), end = sections_.end(section);
  const uint64_t first = layout.FirstBundle(begin).value;
  scratch->first_values.resize(end - begin);
  size_t num_values = 0, num_rows = 0;
  for (StripIndex strip = begin; strip < end; ++strip) {
    scratch->first_values[strip - begin] = num_values;
    num_values += layout.BundlesOf(strip) * layout.ShapeOf(strip).num_values();
    num_rows += layout.BundlesOf(strip);
  }
  if (scratch->values.size() < num_values) scratch->values.resize(num_values);
  if (scratch->rows.size() * 64 < num_rows) scratch->rows.resize((num_rows + 63) / 64);
  ASSIGN_OR_RETURN(const std::vector<EncodedRows> parts, read(section));
  for (const EncodedRows& part : parts) {
    const absl::StatusOr<SparseDelta> delta = DecodeDelta(part.bytes, rows(), {});
    if (!delta.ok()) {
      return absl::DataLossError(
          absl::StrCat("a part that was kept for merging has changed: ", delta.status().message()));
    }
    ForEachRun(rows(), *delta, [&](const PartRun& run) {
      BundleShape shape = layout.ShapeOf(static_cast<StripIndex>(run.block));
      const uint32_t num_values = shape.num_values();
      shape.has_sums = run.sums != nullptr;
      int32_t* const values = &scratch->values[scratch->first_values[run.block - begin]];
      ForShape(shape, [&]<int A, bool S>() {
        const uint32_t n = A > 0 ? A : run.num_regrets;
        const int32_t* regrets = run.regrets;
        const int32_t* sums = run.sums;
        for (const uint64_t row : run.rows) {
          const uint64_t place = row - first;
          scratch->rows[place / 64] |= uint64_t{1} << place % 64;
          int32_t* const to = values + (row - run.first_row) * num_values;
          if (regrets != nullptr) {
            AddValues<A>(regrets, n, to);
            regrets += n;
          }
          if constexpr (S) {
            AddValues<A>(sums, n, to + n);
            sums += n;
          }
        }
      });
    });
  }
  return absl::OkStatus();
}

// Hands what was added up to `changes`, row by row, and leaves scratch all zero.
template <typename Changes>
void RoundMerger::TakeOut(size_t section, Scratch* scratch, Changes* changes) const {
  const TableLayout& layout = master_->table().layout();
  const StripIndex begin = sections_.begin(section), end = sections_.end(section);
  const uint64_t first = layout.FirstBundle(begin).value;
  for (StripIndex strip = begin; strip < end; ++strip) {
    const uint64_t first_of_strip = layout.FirstBundle(strip).value;
    const BundleShape shape = layout.ShapeOf(strip);
    int32_t* const values = &scratch->values[scratch->first_values[strip - begin]];
    changes->Enter(strip);
    ForShape(shape, [&]<int A, bool S>() {
      const uint32_t n = A > 0 ? A : shape.num_regrets;
      constexpr int kValues = CountOfValues(A, S);
      const uint32_t num_values = S ? 2 * n : n;
      const size_t place = first_of_strip - first;
      const auto merge = [&](size_t at) {
        const auto bucket = static_cast<uint32_t>(at - place);
        int32_t* const change = values + size_t{bucket} * num_values;
        if (AreZero<kValues>(change, num_values)) return;
        changes->template Add<A, S>(first_of_strip, bucket, change, n);
        ClearValues<kValues>(num_values, change);
      };
      ForEachBit(scratch->rows, place, place + layout.BundlesOf(strip), merge,
                 [&](size_t at) { changes->Prefetch(static_cast<uint32_t>(at - place)); });
    });
  }
  std::fill(scratch->rows.begin(), scratch->rows.end(), 0);
}

absl::Status RoundMerger::MergeSection(size_t section, const SectionReader& read, int thread,
                                       std::vector<MergedPart>* merged) {
  RETURN_IF_ERROR(AddUp(section, read, &scratch_[thread]));
  DeltaPacker packer([&](const SparseDelta& part) { merged->push_back(Encode(part, rows())); });
  {
    MergedChanges changes(master_, thread, &packer);
    TakeOut(section, &scratch_[thread], &changes);
  }
  master_->EndRoundOf(sections_.begin(section), sections_.end(section), thread);
  packer.Finish();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<EncodedRows>>> RoundMerger::SumUp(
    size_t first, size_t count, const SectionReader& read) {
  std::vector<std::vector<EncodedRows>> sums(count);
  RETURN_IF_ERROR(ForSections(first, count, [&](size_t section, int thread) {
    RETURN_IF_ERROR(AddUp(section, read, &scratch_[thread]));
    DeltaPacker packer([&](const SparseDelta& part) {
      sums[section - first].push_back(EncodeRows(part, rows()));
    });
    SummedChanges changes(&packer);
    TakeOut(section, &scratch_[thread], &changes);
    packer.Finish();
    return absl::OkStatus();
  }));
  return sums;
}

}  // namespace nash
