// What a worker needs of its table and of its disk.
//
// Wired over RoundTable, the codec of rows and a folder of bucket files. Called by the worker's
// thread only, and never while a unit runs. Thread-compatible.
#ifndef NASHVILLE_WORKER_REPLICA_H_
#define NASHVILLE_WORKER_REPLICA_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/messages.h"
#include "solver/cfr/options.h"

namespace nash {

class Replica {
 public:
  virtual ~Replica() = default;

  // Whether a bucket file is there and whole.
  virtual bool HasBuckets(const BucketFileName& name) = 0;
  // Pieces of a bucket file come in any order. Errors: those of files.
  virtual absl::Status WriteBuckets(const BucketFileName& name, uint64_t offset,
                                    absl::string_view bytes) = 0;
  // All pieces are there. Error: InvalidArgument when the content is not what the name says.
  virtual absl::Status FinishBuckets(const BucketFileName& name) = 0;

  // Makes game and table as the definition says; once, all bucket files are there. Errors:
  // ResourceExhausted when the table does not fit into memory, InvalidArgument.
  virtual absl::Status Prepare(const std::string& definition) = 0;

  // What follows needs Prepare().
  virtual const RoundShape& shape() const = 0;
  // See round_table.h.
  virtual uint64_t rounds() const = 0;
  virtual uint64_t regret_hash() const = 0;
  virtual void Clear(uint64_t rounds) = 0;
  // Parts are decoded and checked; the table is untouched where one is refused. Different parts may
  // be given by several threads at once. Error: InvalidArgument.
  virtual absl::Status LoadRegrets(const EncodedRows& part) = 0;
  virtual absl::Status Apply(const EncodedRows& part) = 0;
  virtual void EndRound() = 0;
  // Checks a result that came from outside and that a unit is to start from. Error:
  // InvalidArgument.
  virtual absl::Status CheckStart(const std::vector<EncodedRows>& parts) const = 0;

  // Calls work(i) for every i in [0, n), on as many threads as there are.
  virtual void ForEach(size_t n, const std::function<void(size_t)>& work) {
    for (size_t i = 0; i < n; ++i) work(i);
  }
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_REPLICA_H_
