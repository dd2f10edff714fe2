// Parts of units' deltas, kept encoded until their round is merged: in memory as long as they fit a
// budget, then in a file without a name.
//
// What is read back is what was put: checksums are compared. Putting and Clear() are for one thread
// at a time; Get() may be called from many, between them. Memory: the budget, and 40 bytes a part.
#ifndef NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_
#define NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/scratch_file.h"
#include "common/sparse_delta_codec.h"

namespace nash {

class PartSpool {
 public:
  // folder: of the file, on a disk with room for a round's deltas.
  PartSpool(uint64_t memory_bytes, std::string folder)
      : memory_bytes_(memory_bytes), folder_(std::move(folder)) {}
  virtual ~PartSpool() = default;

  // What names a part here until Clear().
  using Ticket = uint32_t;
  // Error: ResourceExhausted: the disk is full; to be tried again later.
  // Virtual for simulated disks.
  virtual absl::StatusOr<Ticket> Put(const EncodedRows& rows);
  // Error: DataLoss.
  absl::StatusOr<EncodedRows> Get(Ticket ticket) const;
  // Forgets all parts.
  absl::Status Clear();

  uint64_t bytes_in_memory() const { return bytes_in_memory_; }
  uint64_t bytes_on_disk() const { return bytes_on_disk_; }

 private:
  struct Entry {
    EncodedRows rows;  // bytes are empty where the file has them
    uint64_t place = 0;
    uint32_t bytes = 0;
  };
  const uint64_t memory_bytes_;
  const std::string folder_;
  std::vector<Entry> entries_;
  std::optional<ScratchFile> file_;
  uint64_t bytes_in_memory_ = 0;
  uint64_t bytes_on_disk_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_
