// Strategy files: the average strategy of a run in one file, to be carried and mapped.
//
// Format and a worked example: docs/formats/strategy_file.md. A file is checked as a whole when it
// is opened: every byte by a checksum, every row for adding up to one. After that rows are read
// where they lie, so that processes share one copy of the memory and what nobody asks for need not
// stay there. Bucket files may be packed behind the rows (strategy_buckets.h finds them there).
#ifndef NASHVILLE_SOLVER_PLAY_STRATEGY_FILE_H_
#define NASHVILLE_SOLVER_PLAY_STRATEGY_FILE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/files.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"
#include "solver/play/quantised_policy.h"
#include "solver/run/run_definition.h"

namespace nash {

inline constexpr uint32_t kStrategyFormatVersion = 1;
inline constexpr size_t kStrategyHeaderBytes = 96;
// With bucket files in it, which begin at multiples of kMappedPartAlign.
inline constexpr uint32_t kPackedStrategyFormatVersion = 2;
inline constexpr size_t kPackedStrategyHeaderBytes = 128;

// What is written. Nothing is owned.
struct StrategyToWrite {
  const RunDefinition* definition = nullptr;
  uint64_t iterations = 0;  // that the strategy was trained for
  const PublicTree* tree = nullptr;
  const Policy* policy = nullptr;
  ProbabilityBits bits = ProbabilityBits::k16;
  // By street: how many buckets, and the hash that names them (BucketParameters::ContentHash).
  std::array<uint32_t, kStreetsMax> num_buckets{};
  std::array<uint64_t, kStreetsMax> bucket_hashes{};
  // By street: the bytes of the bucket file that goes into the file; empty: none. What is in them
  // is not looked at.
  std::array<absl::string_view, kStreetsMax> bucket_files{};
};

// What the file is made of, and what rounding changed.
struct WrittenStrategy {
  uint32_t format_version = 0;
  uint64_t bytes = 0;
  uint64_t packed_bytes = 0;  // of them bucket files
  uint64_t num_rows = 0;
  double largest_change = 0;  // of a probability
  double mean_change = 0;     // of a row: half the sum of its actions' changes
};

// Takes the file's bytes, piece by piece.
using ByteSink = std::function<absl::Status(absl::string_view bytes)>;
// Is told how many nodes are done, out of how many. An error stops the writing.
using NodeProgress = std::function<absl::Status(uint64_t done, uint64_t of)>;

// The same strategy always gives the same bytes. Errors: the sink's and the progress's.
absl::StatusOr<WrittenStrategy> WriteStrategy(const StrategyToWrite& strategy, const ByteSink& sink,
                                              const NodeProgress& progress);

// Into PATH.part, which is then put in the place of `path`: a file of that name is whole. Errors:
// those of files.
absl::StatusOr<WrittenStrategy> WriteStrategyFile(const std::string& path,
                                                  const StrategyToWrite& strategy,
                                                  const NodeProgress& progress);

// Where a bucket file lies in a strategy file.
struct PackedBuckets {
  uint64_t offset = 0;
  uint64_t bytes = 0;  // 0: none is there
};

// A file's content. Thread-safe; points into the bytes that it was parsed from.
struct StrategyContent {
  RunDefinition definition;
  uint64_t iterations = 0;
  ProbabilityBits bits = ProbabilityBits::k16;
  std::array<uint32_t, kStreetsMax> num_buckets{};
  std::array<uint64_t, kStreetsMax> bucket_hashes{};
  std::array<PackedBuckets, kStreetsMax> packed_buckets{};
  std::unique_ptr<const PublicTree> tree;
  std::unique_ptr<const Policy> policy;
};

// Checks all of `bytes` and returns what is in them, but for bucket files, which have checksums of
// their own that are looked at when they are opened. `file_name` is for messages only. Errors:
// DataLoss (cut short, too long, damaged), FailedPrecondition (another format version),
// ResourceExhausted.
absl::StatusOr<StrategyContent> ParseStrategyFile(absl::string_view bytes,
                                                  absl::string_view file_name);

class StrategyFile {
 public:
  // Maps the file. Errors: as above, and those of files.
  static absl::StatusOr<std::unique_ptr<StrategyFile>> Open(const std::string& path);

  const std::string& path() const { return path_; }
  uint64_t bytes() const { return file_.bytes(); }
  const StrategyContent& content() const { return content_; }

 private:
  StrategyFile(std::string path, MappedFile file, StrategyContent content)
      : path_(std::move(path)), file_(std::move(file)), content_(std::move(content)) {}

  std::string path_;
  MappedFile file_;
  StrategyContent content_;  // points into file_
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_STRATEGY_FILE_H_
