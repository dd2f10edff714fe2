//   rows    0 ........ kRowsPerPart ........ 2 kRowsPerPart ...      part = a range of rows
//   chunks  |  nodes of a file of 64 MB  |  the next ...             what the checkpoint has
//
// Parts have a fixed number of rows, so that how many there are follows from the layout, which a
// worker has before it has any part. A part may end in the next chunk; in order, each chunk is read
// once. Rows have the numbers that they have in the checkpoint, also where the table lies in lanes,
// since they are read in that order. Rows of zeros are left out: a table begins as zeros, and a
// young one has few others.
#include "solver/coordinator/checkpoint_regrets.h"

#include <algorithm>
#include <utility>

#include "common/checksum.h"
#include "common/status_macros.h"
#include "solver/cfr/delta_packer.h"

namespace nash {
namespace {

// Fits the limits of a part whatever the number of actions.
constexpr uint64_t kRowsPerPart = kDeltaValuesMax / kActionsMax;

}  // namespace

absl::StatusOr<CheckpointRegrets> CheckpointRegrets::Open(const std::string& checkpoint_path,
                                                          const TableLayout& layout) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, Checkpoint::Open(checkpoint_path));
  return CheckpointRegrets(std::move(checkpoint), layout);
}

CheckpointRegrets::CheckpointRegrets(Checkpoint checkpoint, const TableLayout& layout)
    : checkpoint_(std::move(checkpoint)), layout_(&layout), rows_(StoredRowSpaceOf(layout)) {}

uint32_t CheckpointRegrets::PartsOf(const TableLayout& layout) {
  return static_cast<uint32_t>((layout.num_rows() + kRowsPerPart - 1) / kRowsPerPart);
}

absl::Status CheckpointRegrets::LoadChunk(size_t chunk) {
  chunk_.reset();
  regrets_.clear();
  places_.clear();
  first_row_ = end_row_ = layout_->FirstRow(checkpoint_.manifest().chunks[chunk].first_node).value;
  RETURN_IF_ERROR(checkpoint_.ForEachNodeOfChunk(*layout_, chunk, [&](const NodeRecord& record) {
    const uint32_t num_actions = layout_->tree().nodes()[record.node].num_actions;
    for (uint32_t b = 0; b < record.num_buckets; ++b) {
      const int32_t* row = record.values.data() + uint64_t{b} * record.values_per_row;
      places_.push_back(regrets_.size());
      regrets_.insert(regrets_.end(), row, row + num_actions);
    }
    end_row_ += record.num_buckets;
    return absl::OkStatus();
  }));
  chunk_ = chunk;
  return absl::OkStatus();
}

absl::StatusOr<EncodedRows> CheckpointRegrets::Read(uint32_t part) {
  if (part >= PartsOf(*layout_)) return absl::NotFoundError("the stored regrets have no such part");
  const uint64_t begin = part * kRowsPerPart;
  const uint64_t end = std::min(begin + kRowsPerPart, layout_->num_rows());
  const std::vector<ChunkEntry>& chunks = checkpoint_.manifest().chunks;
  SparseDelta delta;
  for (uint64_t row = begin; row < end; ++row) {
    if (!chunk_.has_value() || row < first_row_ || row >= end_row_) {
      const NodeIndex node = layout_->NodeOf({row});
      const auto after = std::upper_bound(
          chunks.begin(), chunks.end(), node,
          [](NodeIndex value, const ChunkEntry& chunk) { return value < chunk.first_node; });
      RETURN_IF_ERROR(LoadChunk(static_cast<size_t>(after - chunks.begin() - 1)));
    }
    const uint64_t at = row - first_row_;
    const uint64_t place = places_[at];
    const uint64_t place_end = at + 1 < places_.size() ? places_[at + 1] : regrets_.size();
    const auto first = regrets_.begin() + static_cast<ptrdiff_t>(place);
    const auto last = regrets_.begin() + static_cast<ptrdiff_t>(place_end);
    if (std::all_of(first, last, [](int32_t x) { return x == 0; })) continue;
    delta.rows.push_back(row);
    delta.lanes[kRegretLane].insert(delta.lanes[kRegretLane].end(), first, last);
  }
  EncodedRows encoded;
  encoded.bytes = EncodeDelta(delta, rows_);
  encoded.checksum = Checksum64Of(encoded.bytes);
  return encoded;
}

}  // namespace nash
