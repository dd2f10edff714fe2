// A table's nodes in sections, so that threads can make parts of one delta side by side.
//
// A section's rows go into parts of their own, so which parts a delta has does not depend on who
// made them, or on how many did. Where sections end is part of the protocol, as kDeltaRowsMax is.
// Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_
#define NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/table_layout.h"

namespace nash {

inline constexpr uint64_t kSectionRows = 1 << 18;

// First nodes of the sections, and the number of nodes: a section ends with the node that brings it
// to kSectionRows rows.
inline std::vector<NodeIndex> SectionsOf(const TableLayout& layout) {
  std::vector<NodeIndex> sections = {0};
  uint64_t first_row = 0;
  for (NodeIndex node = 1; node < layout.num_nodes(); ++node) {
    if (layout.FirstRow(node).value - first_row < kSectionRows) continue;
    sections.push_back(node);
    first_row = layout.FirstRow(node).value;
  }
  sections.push_back(layout.num_nodes());
  return sections;
}

// Calls work(begin node, end node, sink) for every section on the threads of the pool, and gives
// what the sinks got to `sink`, section by section, in order.
template <typename Work>
void PackSections(const TableLayout& layout, ThreadPool* pool, const PartSink& sink,
                  const Work& work) {
  const std::vector<NodeIndex> sections = SectionsOf(layout);
  const size_t num_sections = sections.size() - 1;
  // A few sections at a time, so that few parts wait for their turn.
  const size_t at_a_time = 4 * static_cast<size_t>(pool->num_threads());
  std::vector<std::vector<SparseDelta>> parts(std::min(at_a_time, num_sections));
  for (size_t first = 0; first < num_sections; first += parts.size()) {
    const size_t n = std::min(parts.size(), num_sections - first);
    pool->ForEach(n, [&](size_t i, int) {
      parts[i].clear();
      const PartSink keep = [&](const SparseDelta& part) { parts[i].push_back(part); };
      work(sections[first + i], sections[first + i + 1], keep);
    });
    for (size_t i = 0; i < n; ++i) {
      for (const SparseDelta& part : parts[i]) sink(part);
    }
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_
