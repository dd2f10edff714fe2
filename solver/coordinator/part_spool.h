// Parts of units' deltas, kept encoded by round: in memory as long as they fit a budget, then in
// files without a name.
//
// What is read back is what was put: checksums are compared. Putting and Forget() are for one
// thread at a time; Get() may be called from many, between them. Memory: the budget, and 40 bytes a
// part.
#ifndef NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_
#define NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_

#include <cstdint>
#include <map>
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

  // What names a part of a round here until Forget().
  using Ticket = uint32_t;
  // Error: ResourceExhausted: the disk is full; to be tried again later.
  // Virtual for simulated disks.
  virtual absl::StatusOr<Ticket> Put(uint64_t round, const EncodedRows& rows);
  // Error: DataLoss.
  absl::StatusOr<EncodedRows> Get(uint64_t round, Ticket ticket) const;
  // Of several.
  absl::StatusOr<std::vector<EncodedRows>> GetAll(uint64_t round,
                                                  const std::vector<Ticket>& tickets) const;
  // Nobody will Get() this part; what it takes in memory is free.
  void LetGo(uint64_t round, Ticket ticket);
  // Forgets all parts of the round.
  void Forget(uint64_t round);

  uint64_t bytes_in_memory() const { return bytes_in_memory_; }
  uint64_t bytes_on_disk() const { return bytes_on_disk_; }

 private:
  struct Entry {
    EncodedRows rows;  // bytes are empty where the file has them
    uint64_t place = 0;
    uint32_t bytes = 0;
    bool is_gone = false;
  };
  struct Drawer {
    std::vector<Entry> entries;
    std::optional<ScratchFile> file;
    uint64_t bytes_in_memory = 0;
    uint64_t bytes_on_disk = 0;
  };
  const uint64_t memory_bytes_;
  const std::string folder_;
  std::map<uint64_t, Drawer> drawers_;  // by round
  uint64_t bytes_in_memory_ = 0;
  uint64_t bytes_on_disk_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_PART_SPOOL_H_
