// The values of a row as numbers, whatever they are stored as: in quanta, or in chips where the row
// holds doubles. For who reads strategies and regrets; walks know their own rows.
//
// A view: the row must outlive it. Thread-safe.
#ifndef NASHVILLE_SOLVER_CFR_ROW_VIEW_H_
#define NASHVILLE_SOLVER_CFR_ROW_VIEW_H_

#include <cstdint>
#include <cstring>

#include "absl/types/span.h"
#include "solver/cfr/table_layout.h"

namespace nash {

class RowView {
 public:
  // values: [layout.ValuesPerRow(node)] of one bucket, as an array.
  RowView(const TableLayout& layout, NodeIndex node, const int32_t* values)
      : values_(values),
        num_actions_(layout.tree().nodes()[node].num_actions),
        has_doubles_(layout.has_doubles()) {}

  int num_actions() const { return num_actions_; }
  double Regret(int action) const { return At(action); }
  // Needs layout.HasSums(node).
  double Sum(int action) const { return At(num_actions_ + action); }
  // [num_actions], written.
  void CopyRegrets(absl::Span<double> regrets) const { Copy(0, regrets); }
  void CopySums(absl::Span<double> sums) const { Copy(num_actions_, sums); }

 private:
  double At(int index) const {
    if (!has_doubles_) return values_[index];
    double value;
    std::memcpy(&value, values_ + 2 * index, sizeof(value));
    return value;
  }
  void Copy(int first, absl::Span<double> out) const {
    for (int a = 0; a < num_actions_; ++a) out[a] = At(first + a);
  }

  const int32_t* values_;
  int num_actions_;
  bool has_doubles_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_VIEW_H_
