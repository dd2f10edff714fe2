#include "solver/cfr/unit_delta.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/delta_sections.h"
#include "solver/cfr/schedule.h"

namespace nash {
DeltaLimits LimitsOfUnit(const CfrOptions& options, const RoundShape& shape) {
  DeltaLimits limits;
  limits.regret = shape.units == 1
                      ? uint32_t{1} << 31
                      : static_cast<uint32_t>((kRegretCeiling - 1) / static_cast<int>(shape.units));
  const double sum = std::max(1.0f, SumUnitAt(options.sampler, shape, 0)) *
                     (options.sampler == Sampler::kOutcome ? kOutcomeWeightMax : 1) *
                     (static_cast<double>(shape.batches) * shape.deals);
  limits.sum = static_cast<uint32_t>(std::min<double>(sum, std::numeric_limits<int32_t>::max()));
  return limits;
}

void SealUnit(const CfrOptions& options, const RoundShape& shape, const TableSnapshot& undo,
              Table* table, ThreadPool* pool, const PartSink& sink) {
  const TableLayout& layout = table->layout();
  const int64_t floor = RegretFloorOf(options);
  const int64_t units = shape.units;
  const int64_t limit = LimitsOfUnit(options, shape).regret;
  PackSections(layout, pool, sink, [&](NodeIndex begin, NodeIndex end, const PartSink& keep) {
    DeltaPacker packer(keep);
    ForEachChangedRow(
        undo, begin, end, table,
        [&](NodeIndex node, uint32_t bucket, int32_t* row, const int32_t* before) {
          const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
          const uint32_t num_values = layout.ValuesPerRow(node);
          std::array<int32_t, 2 * kActionsMax> change;
          int32_t any = 0;
          for (uint32_t i = 0; i < num_values; ++i) {
            const int64_t was = before[i];
            int64_t is = row[i];
            if (i < num_actions && units > 1) {
              is = std::clamp<int64_t>(is, floor, kRegretCeiling);
              change[i] = static_cast<int32_t>(std::clamp((is - was) / units, -limit, limit));
            } else {
              change[i] = static_cast<int32_t>(is - was);  // modulo 2^32, as it will be added
            }
            any |= change[i];
            row[i] = before[i];
          }
          if (any == 0) return;
          packer.Add({layout.FirstRow(node).value + bucket}, change.data(), num_actions,
                     num_values > num_actions);
        });
    packer.Finish();
  });
}

}  // namespace nash
