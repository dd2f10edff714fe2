// The infosets of a run that enumerates chance, as they are trained: doubles, in groups of kLanes
// nodes that lie side by side, and the exact sums of a pass.
//
//   regrets, sums, last, strategy    [bucket][action][lane]            a group
//   found                            [bucket][actions, reach][lane]    a group and thread
//
// Thread-compatible; groups may be worked on by different threads.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATED_ROWS_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATED_ROWS_H_

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/cfr/row_rules.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// What is added up over deals, by bucket: integers, so that no order of additions, and so no number
// of threads, changes a bit. A sum that is below `most` in all has 50 bits.
class ExactUnit {
 public:
  explicit ExactUnit(double most)
      : per_unit_(std::ldexp(1, 50 - static_cast<int>(std::ceil(std::log2(most))))) {}
  // How many units a number of 1 is.
  double per_unit() const { return per_unit_; }
  int64_t From(double x) const { return std::llrint(x * per_unit_); }

 private:
  double per_unit_;
};

template <int kLanes>
class EnumeratedRows {
 public:
  using Values = LaneValues<kLanes>;
  using Sums = std::array<int64_t, kLanes>;

  // groups: nodes that lie side by side, kLanes at most, all of one street, player and number of
  // actions. strategies: of all groups, group by group, [bucket][action]; kept by who walks. Both
  // it and the layout must outlive this. Error: ResourceExhausted.
  static absl::StatusOr<EnumeratedRows> Make(const TableLayout& layout,
                                             std::vector<std::vector<NodeIndex>> groups,
                                             const ExactUnit& unit, int num_threads,
                                             Values* strategies) {
    EnumeratedRows rows(layout, std::move(groups), unit, strategies);
    for (HugeArray* values : {&rows.regrets_, &rows.sums_, &rows.last_}) {
      if (values == &rows.last_ && !layout.has_last_regrets()) continue;
      ASSIGN_OR_RETURN(*values, HugeArray::Make(rows.num_values_ * sizeof(Values)));
    }
    for (int thread = 0; thread < num_threads; ++thread) {
      ASSIGN_OR_RETURN(rows.found_.emplace_back(), HugeArray::Make(rows.num_found_ * sizeof(Sums)));
    }
    return rows;
  }
  // Beside the strategies. num_values: buckets times actions of all groups; num_rows: buckets.
  static uint64_t BytesNeeded(const TableLayout& layout, uint64_t num_values, uint64_t num_rows,
                              int num_threads) {
    const uint64_t doubles = num_values * (layout.has_last_regrets() ? 3 : 2);
    return (doubles + (num_values + num_rows) * num_threads) * sizeof(Values);
  }

  size_t num_groups() const { return groups_.size(); }
  const ExactUnit& unit() const { return unit_; }
  // [bucket][action]
  Values* Strategies(size_t group) { return strategies_ + first_values_[group]; }
  // [bucket][actions, reach] of a thread, to be added to.
  Sums* Found(size_t group, int thread) {
    return reinterpret_cast<Sums*>(found_[thread].data()) + first_found_[group];
  }

  // From what all threads found, which is zero after that: rows of `learner` learn, those of
  // `averaged` are averaged.
  void Update(const RowRule& rule, int learner, int averaged, ThreadPool* pool) {
    pool->ForEach(groups_.size(), [&](size_t group, int) {
      const PublicNode& node = NodeOf(group);
      if (node.player == learner) LearnGroup(rule, group, node.num_actions);
      if (node.player == averaged) AverageGroup(rule, group, node.num_actions);
    });
  }

  // rule: of the last iteration behind the table.
  void Load(const RowRule& rule, Table* table, ThreadPool* pool) {
    pool->ForEach(groups_.size(), [&](size_t group, int) {
      ForEachValue(group, table, [](const double* row, double* value) { *value = *row; });
      const int n = NodeOf(group).num_actions;
      for (uint64_t at = 0; at < NumBuckets(group) * n; at += n) {
        MatchRegrets<kLanes>(rule, n, At(regrets_, group) + at, Last(group) + at,
                             Strategies(group) + at);
      }
    });
  }
  // checkpoint_log: told before rows change; or null.
  void Store(Table* table, UndoLog* checkpoint_log, ThreadPool* pool) {
    pool->ForEach(groups_.size(), [&](size_t group, int thread) {
      for (const NodeIndex node : groups_[group]) {
        UndoLog::Saver saver(checkpoint_log, node, thread);
        for (uint32_t b = 0; saver.saves() && b < NumBuckets(group); ++b) saver.Save(b);
      }
      ForEachValue(group, table, [](double* row, const double* value) { *row = *value; });
    });
  }

 private:
  EnumeratedRows(const TableLayout& layout, std::vector<std::vector<NodeIndex>> groups,
                 const ExactUnit& unit, Values* strategies)
      : layout_(&layout), groups_(std::move(groups)), unit_(unit), strategies_(strategies) {
    for (size_t group = 0; group < groups_.size(); ++group) {
      const uint64_t num_actions = NodeOf(group).num_actions;
      first_values_.push_back(num_values_);
      first_found_.push_back(num_found_);
      num_values_ += NumBuckets(group) * num_actions;
      num_found_ += NumBuckets(group) * (num_actions + 1);
    }
  }

  const PublicNode& NodeOf(size_t group) const {
    return layout_->tree().nodes()[groups_[group][0]];
  }
  uint64_t NumBuckets(size_t group) const { return layout_->NumBuckets(groups_[group][0]); }
  Values* At(const HugeArray& values, size_t group) const {
    return reinterpret_cast<Values*>(values.data()) + first_values_[group];
  }
  // Some pointer that nobody follows, where there are none.
  Values* Last(size_t group) const {
    return At(layout_->has_last_regrets() ? last_ : regrets_, group);
  }

  // Adds up, and clears, what threads found.
  void Take(Sums* const* found, uint64_t at, Values* values) const {
    Sums total{};
    for (size_t t = 0; t < found_.size(); ++t) {
      for (int k = 0; k < kLanes; ++k) total[k] += found[t][at][k];
      found[t][at] = Sums{};
    }
    for (int k = 0; k < kLanes; ++k) {
      (*values)[k] = static_cast<double>(total[k]) * (1 / unit_.per_unit());
    }
  }
  std::vector<Sums*> FoundByThread(size_t group) {
    std::vector<Sums*> found;
    for (size_t t = 0; t < found_.size(); ++t) {
      found.push_back(Found(group, static_cast<int>(t)));
    }
    return found;
  }

  void LearnGroup(const RowRule& rule, size_t group, int n) {
    const std::vector<Sums*> found = FoundByThread(group);
    std::array<Values, kActionsMax> values;
    for (uint64_t b = 0; b < NumBuckets(group); ++b) {
      for (int a = 0; a < n; ++a) Take(found.data(), b * (n + 1) + a, &values[a]);
      Learn<kLanes>(rule, n, values.data(), At(regrets_, group) + b * n, Last(group) + b * n,
                    Strategies(group) + b * n);
    }
  }
  void AverageGroup(const RowRule& rule, size_t group, int n) {
    const std::vector<Sums*> found = FoundByThread(group);
    Values reach;
    for (uint64_t b = 0; b < NumBuckets(group); ++b) {
      Take(found.data(), b * (n + 1) + n, &reach);
      if (!rule.averages) continue;
      AddToSums<kLanes>(rule, n, reach, Strategies(group) + b * n, At(sums_, group) + b * n);
    }
  }

  // assign(row, value): each double of the table's rows, and ours of it.
  template <typename Assign>
  void ForEachValue(size_t group, Table* table, const Assign& assign) {
    const int n = NodeOf(group).num_actions;
    for (uint32_t bucket = 0; bucket < NumBuckets(group); ++bucket) {
      for (size_t lane = 0; lane < groups_[group].size(); ++lane) {
        auto* const row = reinterpret_cast<double*>(table->Row(groups_[group][lane], bucket));
        for (int a = 0; a < n; ++a) {
          const uint64_t at = uint64_t{bucket} * n + a;
          assign(row + a, &At(regrets_, group)[at][lane]);
          assign(row + n + a, &At(sums_, group)[at][lane]);
          if (layout_->has_last_regrets()) assign(row + 2 * n + a, &At(last_, group)[at][lane]);
        }
      }
    }
  }

  const TableLayout* layout_;
  std::vector<std::vector<NodeIndex>> groups_;
  ExactUnit unit_;
  std::vector<uint64_t> first_values_;  // by group
  std::vector<uint64_t> first_found_;   // by group
  uint64_t num_values_ = 0;             // of all groups, in Values
  uint64_t num_found_ = 0;
  Values* strategies_;  // not owned
  HugeArray regrets_, sums_, last_;
  std::vector<HugeArray> found_;  // by thread
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATED_ROWS_H_
