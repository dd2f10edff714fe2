// Bucket files: the bucket of every hand index of one street, to be mapped into memory.
//
// Format and a worked example: docs/formats/buckets.md. Data are checked before they are read, all
// of them or the blocks that are asked for (bucket_checks.h): after that every bucket in them is
// known to be below num_buckets. Files of version 2, which knew no blocks, are checked whole.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_FILE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_FILE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr uint32_t kBucketFormatVersion = 3;
inline constexpr uint32_t kBucketFormatVersionMin = 2;  // the oldest that is read
inline constexpr size_t kBucketHeaderBytes = 80;
// Data that have a checksum of their own. A board's 1,081 hands lie in as many places of 240 MB at
// the worst, which are 4.4 MB of blocks: a millisecond.
inline constexpr uint32_t kBucketBlockBytes = 4096;
// How buckets are made. It is in the parameter line, and so in names of files and in runs: another
// layout of the file leaves it as it is.
inline constexpr int kBucketContentVersion = 2;

// What the buckets of one street depend on, and nothing else. Thread-safe: values only.
struct BucketParameters {
  BucketKind kind = BucketKind::kInvalid;
  int street = 0;
  uint32_t num_buckets = 0;    // all board classes together
  uint32_t board_classes = 1;  // of equally many buckets each, the first class's first
  uint64_t seed = 0;           // 0 where nothing is drawn
  int num_streets = 0;
  int num_hole_cards = 0;
  int num_ranks = 0;
  int num_suits = 0;
  std::array<int, kStreetsMax> num_board_cards{};  // dealt at each street's start
  Ranking ranking = Ranking::kStandard;
  BoardRecall recall = BoardRecall::kPerfect;  // of lossless streets, which have no file

  // One line of text, the same for equal parameters: "buckets 2 ehs 200 street 3 of 4 ...".
  std::string Format() const;
  // XXH3-64 of Format(). Names files and, in run definitions, streets.
  uint64_t ContentHash() const;
  // "river:public:20:ehs:200", for messages.
  std::string Name() const;
  // "river-ehs-200-<hash>.buckets".
  std::string FileName() const;

  friend bool operator==(const BucketParameters&, const BucketParameters&) = default;
};

BucketParameters MakeBucketParameters(const GameDefinition& game, int street,
                                      const StreetAbstraction& abstraction);

// Bytes of one bucket in a file: 1 up to 256 buckets, else 2.
constexpr int BucketElementBytes(uint32_t num_buckets) { return num_buckets <= 256 ? 1 : 2; }
constexpr uint64_t BucketBlocks(uint64_t data_bytes) {
  return (data_bytes + kBucketBlockBytes - 1) / kBucketBlockBytes;
}
// Bytes of a file with so many bytes of data.
constexpr uint64_t BucketFileBytes(uint64_t data_bytes) {
  return kBucketHeaderBytes + data_bytes + BucketBlocks(data_bytes) * sizeof(uint64_t);
}

// A file's content. Thread-safe; points into the bytes it was parsed from.
struct BucketTable {
  BucketParameters parameters;
  int element_bytes = 1;
  uint64_t num_entries = 0;
  const uint8_t* data = nullptr;  // [num_entries * element_bytes], little-endian
  uint64_t data_checksum = 0;     // version 2: as the header tells it
  // [num_blocks()] little-endian XXH3-64 of blocks, not aligned; null in version 2.
  const uint8_t* block_checksums = nullptr;

  uint64_t data_bytes() const { return num_entries * element_bytes; }
  uint64_t num_blocks() const { return BucketBlocks(data_bytes()); }
  // The block that holds an entry.
  uint64_t BlockOf(uint64_t index) const { return index * element_bytes / kBucketBlockBytes; }

  uint32_t Bucket(uint64_t index) const {
    return element_bytes == 1 ? data[index] : reinterpret_cast<const uint16_t*>(data)[index];
  }
};

// Writes what goes around data_bytes bytes of data, which are in their place already: from
// kBucketHeaderBytes on. file: [BucketFileBytes(data_bytes)], written. data_bytes must be a
// multiple of the element's size.
void SealBucketFile(const BucketParameters& parameters, uint64_t data_bytes,
                    absl::Span<uint8_t> file);

// Checks all of `bytes` and returns what is in it. `file_name` is for error messages only.
// Errors: DataLoss (cut short, too long, damaged), FailedPrecondition (other format version).
absl::StatusOr<BucketTable> ParseBucketFile(absl::Span<const uint8_t> bytes,
                                            absl::string_view file_name);

// The same in two steps, for who may not need all of the data: all but the data, then the data, or
// blocks of them where there are checksums of blocks. Nothing may be looked up before the second.
// Errors: as above.
absl::StatusOr<BucketTable> ParseBucketHeader(absl::Span<const uint8_t> bytes,
                                              absl::string_view file_name);
absl::Status CheckBucketData(const BucketTable& table, absl::string_view file_name);
absl::Status CheckBucketBlock(const BucketTable& table, uint64_t block,
                              absl::string_view file_name);

// Whether `table` has these parameters. Error: FailedPrecondition.
absl::Status CheckBucketParameters(const BucketParameters& wanted, const BucketTable& table,
                                   absl::string_view file_name);

// ParseBucketFile(), and refuses a file of other parameters than `wanted` (FailedPrecondition).
absl::StatusOr<BucketTable> ParseBucketFileFor(const BucketParameters& wanted,
                                               absl::Span<const uint8_t> bytes,
                                               absl::string_view file_name);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_FILE_H_
