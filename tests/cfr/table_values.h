// All values of a table, in canonical order: for tests that compare tables.
#ifndef NASHVILLE_TESTS_CFR_TABLE_VALUES_H_
#define NASHVILLE_TESTS_CFR_TABLE_VALUES_H_

#include <cstdint>
#include <vector>

#include "solver/cfr/table.h"

namespace nash {

inline std::vector<int32_t> ValuesOf(const Table& table) {
  std::vector<int32_t> all;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    const size_t begin = all.size();
    all.resize(begin + table.layout().ValuesOf(node));
    table.CopyOut(node, absl::MakeSpan(all).subspan(begin));
  }
  return all;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_TABLE_VALUES_H_
