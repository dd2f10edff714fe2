// Which bytes of a mapped bucket file were found right, so that each is checked once, before it is
// read, and what nobody asks for is not checked at all.
//
// A block that was found right is a bit; several threads may check one block, with the same answer.
// A file of version 2 has one checksum, so its first entry costs as much as all. Memory: a bit for
// 4 KiB of the file. Thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CHECKS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CHECKS_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "solver/abstraction/bucket_file.h"

namespace nash {

class BucketChecks {
 public:
  // path: for messages. What the table points into outlives us.
  BucketChecks(const BucketTable& table, std::string path);

  // Errors of both: DataLoss.
  absl::Status CheckAll();
  // indices: below the table's num_entries, in any order.
  absl::Status CheckEntries(absl::Span<const uint32_t> indices);

 private:
  const BucketTable table_;
  const std::string path_;
  std::once_flag all_once_;
  absl::Status all_;                                 // written under all_once_
  std::vector<std::atomic<uint64_t>> right_blocks_;  // 64 blocks an element; none in version 2
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CHECKS_H_
