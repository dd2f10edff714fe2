// header | definition, zeros up to eight bytes | rows by node, bucket, action | checksum
//                                         version 2: | zeros up to a page | bucket file | zeros ...
//
// Bucket files are not in the checksum: they have their own, which who opens them checks, perhaps
// block by block. The header has their lengths, and zeros are looked at, so that each byte is
// checked by somebody. Version 1 is written where there are none.
//
// The checksum stands at the end so that a file is written in one go, whatever its size, and covers
// all that comes before it. The header is looked at first all the same: the version, because
// another version may keep its checksum elsewhere, and the lengths, because they say where it is.
//
// The public tree is not stored but built from the definition, and says where rows lie; the header
// repeats how many nodes it has, and how many bytes of rows there must be, so that a program that
// builds another tree from the same words refuses the file instead of reading other rows.
// strategy_file_test.cc cuts and flips every byte.
#include "solver/play/strategy_file.h"

#include <endian.h>
#include <glog/logging.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/append_file.h"
#include "common/checksum.h"
#include "common/status_macros.h"

namespace nash {
namespace {

static_assert(__BYTE_ORDER == __LITTLE_ENDIAN, "strategy files are mapped as they are");

// The last byte tells a file that went through a text-mode copy.
constexpr char kMagic[8] = {'N', 'A', 'S', 'H', 'S', 'T', 'R', '\n'};
constexpr absl::string_view kRemedy = "export it again (inspect_checkpoint export)";
constexpr uint64_t kDefinitionBytesMax = 1 << 20;
constexpr uint64_t kDataBytesMax = uint64_t{1} << 44;
constexpr uint64_t kBucketFileBytesMax = uint64_t{1} << 40;
// A tree has fewer nodes than this for each byte of rows: nodes of one action, which have no bytes,
// come in chains of at most a whole hand of checks below one that has a choice.
constexpr uint64_t kNodesPerByteMax = 1024;
constexpr uint64_t kAlignBytes = 8;
constexpr size_t kChecksumBytes = 16;
constexpr size_t kBlockBytes = 1 << 20;  // that the sink gets at once, about

// The file's first bytes; docs/formats/strategy_file.md has the grammar.
struct Header {
  char magic[8];
  uint32_t format_version;
  uint32_t header_bytes;
  uint8_t bits;
  uint8_t num_streets;
  uint16_t zeros;
  uint32_t num_nodes;
  uint64_t iterations;
  uint64_t definition_bytes;
  uint64_t data_bytes;
  uint32_t num_buckets[kStreetsMax];
  uint64_t bucket_hashes[kStreetsMax];
  uint64_t packed_bytes[kStreetsMax];  // version 2 only
};
static_assert(sizeof(Header) == kPackedStrategyHeaderBytes);
static_assert(offsetof(Header, bucket_hashes) == 64);
static_assert(offsetof(Header, packed_bytes) == kStrategyHeaderBytes);

size_t HeaderBytesOf(uint32_t format_version) {
  return format_version == kStrategyFormatVersion ? kStrategyHeaderBytes
                                                  : kPackedStrategyHeaderBytes;
}

uint64_t RoundUp(uint64_t bytes, uint64_t align) { return (bytes + align - 1) / align * align; }
uint64_t Aligned(uint64_t bytes) { return RoundUp(bytes, kAlignBytes); }

// All that the checksum covers, and the checksum.
uint64_t OwnBytes(const Header& h) {
  return h.header_bytes + Aligned(h.definition_bytes) + h.data_bytes + kChecksumBytes;
}

// By street, and the file's end behind the last.
std::array<uint64_t, kStreetsMax + 1> PackedOffsets(const Header& h) {
  std::array<uint64_t, kStreetsMax + 1> offsets;
  uint64_t end = OwnBytes(h);
  for (int street = 0; street < kStreetsMax; ++street) {
    offsets[street] = h.packed_bytes[street] > 0 ? RoundUp(end, kMappedPartAlign) : end;
    end = offsets[street] + h.packed_bytes[street];
  }
  offsets[kStreetsMax] = end;
  return offsets;
}

absl::Status Damaged(absl::string_view file_name, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(file_name, ": ", what, ": copy it again from where it is whole, or ", kRemedy));
}

// Collects bytes into blocks for the sink, and their checksum.
class Writer {
 public:
  explicit Writer(const ByteSink& sink) : sink_(sink), hash_(XXH3_createState()) {
    CHECK(hash_ != nullptr);
    XXH3_128bits_reset(hash_);
  }
  Writer(const Writer&) = delete;
  ~Writer() { XXH3_freeState(hash_); }

  absl::Status Add(absl::string_view bytes) {
    block_.append(bytes.data(), bytes.size());
    return block_.size() < kBlockBytes ? absl::OkStatus() : Flush();
  }
  absl::Status Finish() {
    RETURN_IF_ERROR(Flush());
    const XXH128_hash_t hash = XXH3_128bits_digest(hash_);
    const uint64_t words[2] = {hash.high64, hash.low64};
    return AddUnchecked({reinterpret_cast<const char*>(words), sizeof(words)});
  }
  // After Finish().
  absl::Status AddUnchecked(absl::string_view bytes) {
    bytes_ += bytes.size();
    return sink_(bytes);
  }
  uint64_t bytes() const { return bytes_; }

 private:
  absl::Status Flush() {
    XXH3_128bits_update(hash_, block_.data(), block_.size());
    bytes_ += block_.size();
    RETURN_IF_ERROR(sink_(block_));
    block_.clear();
    return absl::OkStatus();
  }

  const ByteSink& sink_;
  XXH3_state_t* hash_;
  std::string block_;
  uint64_t bytes_ = 0;
};

// Adds the rows of a node, and what rounding changed to `written`.
absl::Status AddNode(const StrategyToWrite& strategy, NodeIndex node, Writer* writer,
                     WrittenStrategy* written) {
  const PublicNode& n = strategy.tree->nodes()[node];
  std::array<double, kActionsMax> values;
  std::array<uint32_t, kActionsMax> numbers;
  const auto probabilities = absl::MakeSpan(values.data(), n.num_actions);
  const auto parts = absl::MakeSpan(numbers.data(), n.num_actions);
  const double whole = WholeOf(strategy.bits);
  std::string row;
  for (uint32_t bucket = 0; bucket < strategy.num_buckets[n.street]; ++bucket) {
    strategy.policy->Probabilities(node, bucket, probabilities);
    Quantise(probabilities, strategy.bits, parts);
    double row_change = 0;
    for (size_t a = 0; a < parts.size(); ++a) {
      const double change = std::fabs(parts[a] / whole - probabilities[a]);
      written->largest_change = std::max(written->largest_change, change);
      row_change += change / 2;
    }
    written->mean_change += row_change;
    ++written->num_rows;
    row.clear();
    for (size_t a = 0; a + 1 < parts.size(); ++a) {
      row += static_cast<char>(parts[a]);
      if (strategy.bits == ProbabilityBits::k16) row += static_cast<char>(parts[a] >> 8);
    }
    RETURN_IF_ERROR(writer->Add(row));
  }
  return absl::OkStatus();
}

bool IsPlausible(const Header& h) {
  if (h.header_bytes != HeaderBytesOf(h.format_version) || (h.bits != 8 && h.bits != 16) ||
      h.num_streets < 1 || h.num_streets > kStreetsMax || h.zeros != 0) {
    return false;
  }
  if (h.num_nodes < 1 || h.num_nodes > kNodesMax || h.definition_bytes > kDefinitionBytesMax ||
      h.data_bytes > kDataBytesMax || h.num_nodes > (h.data_bytes + 1) * kNodesPerByteMax) {
    return false;
  }
  uint64_t most = 0;
  for (int street = 0; street < kStreetsMax; ++street) {
    most = std::max(most, h.packed_bytes[street]);
    if (street >= h.num_streets && h.packed_bytes[street] > 0) return false;
  }
  return most <= kBucketFileBytesMax && (most > 0) == (h.format_version != kStrategyFormatVersion);
}

absl::StatusOr<Header> ReadHeader(absl::string_view bytes, absl::string_view file_name) {
  Header h{};
  const auto cut_short = [&](size_t header_bytes) {
    return Damaged(file_name, absl::StrFormat("cut short: %d bytes, the header alone has %d",
                                              bytes.size(), header_bytes));
  };
  if (bytes.size() < kStrategyHeaderBytes) return cut_short(kStrategyHeaderBytes);
  std::memcpy(&h, bytes.data(), kStrategyHeaderBytes);
  if (std::memcmp(h.magic, kMagic, sizeof(kMagic)) != 0) {
    return Damaged(file_name, "not a strategy file (it does not start with NASHSTR)");
  }
  if (h.format_version != kStrategyFormatVersion &&
      h.format_version != kPackedStrategyFormatVersion) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: format version %d, this program reads versions %d and %d: %s", file_name,
        h.format_version, kStrategyFormatVersion, kPackedStrategyFormatVersion, kRemedy));
  }
  const size_t header_bytes = HeaderBytesOf(h.format_version);
  if (bytes.size() < header_bytes) return cut_short(header_bytes);
  std::memcpy(&h, bytes.data(), header_bytes);
  return h;
}

// All but the rows and the definition.
absl::StatusOr<Header> CheckBytes(absl::string_view bytes, absl::string_view file_name) {
  ASSIGN_OR_RETURN(const Header h, ReadHeader(bytes, file_name));
  if (!IsPlausible(h)) return Damaged(file_name, "impossible values in the header");
  const auto offsets = PackedOffsets(h);
  const uint64_t expected = offsets[kStreetsMax];
  if (bytes.size() != expected) {
    return Damaged(file_name, absl::StrFormat("%s: %d bytes, the header says %d",
                                              bytes.size() < expected ? "cut short" : "too long",
                                              bytes.size(), expected));
  }
  const uint64_t sum_at = OwnBytes(h) - kChecksumBytes;
  Checksum stored;
  std::memcpy(&stored.high, bytes.data() + sum_at, sizeof(stored.high));
  std::memcpy(&stored.low, bytes.data() + sum_at + sizeof(stored.high), sizeof(stored.low));
  if (ChecksumOf(bytes.substr(0, sum_at)) != stored) {
    return Damaged(file_name, "damaged (its checksum is wrong)");
  }
  uint64_t end = OwnBytes(h);
  for (int street = 0; street < kStreetsMax; ++street) {
    const absl::string_view between = bytes.substr(end, offsets[street] - end);
    if (between.find_first_not_of('\0') != between.npos) {
      return Damaged(file_name, "damaged (what stands before a bucket file is not zero)");
    }
    end = offsets[street] + h.packed_bytes[street];
  }
  return h;
}

}  // namespace

absl::StatusOr<WrittenStrategy> WriteStrategy(const StrategyToWrite& strategy, const ByteSink& sink,
                                              const NodeProgress& progress) {
  const PublicTree& tree = *strategy.tree;
  const std::string definition = CanonicalText(*strategy.definition);
  CHECK_LE(definition.size(), kDefinitionBytesMax);
  Header h{};
  std::memcpy(h.magic, kMagic, sizeof(kMagic));
  h.format_version = kStrategyFormatVersion;
  for (int street = 0; street < kStreetsMax; ++street) {
    h.packed_bytes[street] = strategy.bucket_files[street].size();
    if (h.packed_bytes[street] > 0) h.format_version = kPackedStrategyFormatVersion;
  }
  h.header_bytes = static_cast<uint32_t>(HeaderBytesOf(h.format_version));
  h.bits = static_cast<uint8_t>(strategy.bits);
  h.num_streets = static_cast<uint8_t>(tree.num_streets());
  h.num_nodes = static_cast<uint32_t>(tree.nodes().size());
  h.iterations = strategy.iterations;
  h.definition_bytes = definition.size();
  h.data_bytes = RowOffsets(tree, strategy.num_buckets, strategy.bits).back();
  std::copy(strategy.num_buckets.begin(), strategy.num_buckets.end(), h.num_buckets);
  std::copy(strategy.bucket_hashes.begin(), strategy.bucket_hashes.end(), h.bucket_hashes);

  Writer writer(sink);
  RETURN_IF_ERROR(writer.Add({reinterpret_cast<const char*>(&h), h.header_bytes}));
  RETURN_IF_ERROR(writer.Add(definition));
  RETURN_IF_ERROR(writer.Add(std::string(Aligned(definition.size()) - definition.size(), '\0')));
  WrittenStrategy written;
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    RETURN_IF_ERROR(AddNode(strategy, node, &writer, &written));
    RETURN_IF_ERROR(progress(node + 1, tree.nodes().size()));
  }
  RETURN_IF_ERROR(writer.Finish());
  const auto offsets = PackedOffsets(h);
  for (int street = 0; street < kStreetsMax; ++street) {
    RETURN_IF_ERROR(writer.AddUnchecked(std::string(offsets[street] - writer.bytes(), '\0')));
    RETURN_IF_ERROR(writer.AddUnchecked(strategy.bucket_files[street]));
    written.packed_bytes += strategy.bucket_files[street].size();
  }
  written.format_version = h.format_version;
  written.bytes = writer.bytes();
  written.mean_change /= static_cast<double>(written.num_rows);
  return written;
}

absl::StatusOr<WrittenStrategy> WriteStrategyFile(const std::string& path,
                                                  const StrategyToWrite& strategy,
                                                  const NodeProgress& progress) {
  const std::string part = path + ".part";
  RETURN_IF_ERROR(RemoveAll(part));
  ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(part));
  absl::StatusOr<WrittenStrategy> written = WriteStrategy(
      strategy, [&](absl::string_view bytes) { return file.Append(bytes); }, progress);
  absl::Status status = written.status();
  if (status.ok()) status = file.Sync();
  if (status.ok()) status = RenamePath(part, path);
  if (status.ok()) status = SyncFolder(FolderOf(path));
  if (status.ok()) return written;
  RemoveAll(part).IgnoreError();  // the first error is what is told
  return status;
}

absl::StatusOr<StrategyContent> ParseStrategyFile(absl::string_view bytes,
                                                  absl::string_view file_name) {
  ASSIGN_OR_RETURN(const Header h, CheckBytes(bytes, file_name));
  StrategyContent content;
  const absl::string_view text = bytes.substr(h.header_bytes, h.definition_bytes);
  absl::StatusOr<RunDefinition> definition = ParseStoredDefinition(text, file_name);
  if (!definition.ok()) {
    return Damaged(file_name, absl::StrCat("its run definition makes no sense to this program (",
                                           definition.status().message(), ")"));
  }
  content.definition = *std::move(definition);
  const GameDefinition& game = content.definition.game;
  content.iterations = h.iterations;
  content.bits = static_cast<ProbabilityBits>(h.bits);
  std::copy_n(h.num_buckets, kStreetsMax, content.num_buckets.begin());
  std::copy_n(h.bucket_hashes, kStreetsMax, content.bucket_hashes.begin());
  const auto packed_offsets = PackedOffsets(h);
  for (int street = 0; street < kStreetsMax; ++street) {
    content.packed_buckets[street] = {packed_offsets[street], h.packed_bytes[street]};
  }
  if (game.num_streets != h.num_streets) {
    return Damaged(file_name, "its header is of a game with other streets than its definition");
  }
  absl::StatusOr<PublicTree> tree = PublicTree::Build(game, content.definition.menu, h.num_nodes);
  std::vector<uint64_t> offsets;
  const bool is_its_tree = tree.ok() && tree->nodes().size() == h.num_nodes;
  if (is_its_tree) offsets = RowOffsets(*tree, content.num_buckets, content.bits);
  if (!is_its_tree || offsets.back() != h.data_bytes) {
    return Damaged(file_name, "its rows are not those of its run definition");
  }
  content.tree = std::make_unique<PublicTree>(*std::move(tree));
  const auto* const rows =
      reinterpret_cast<const uint8_t*>(bytes.data()) + h.header_bytes + Aligned(h.definition_bytes);
  auto policy =
      std::make_unique<QuantisedPolicy>(*content.tree, std::move(offsets), content.bits, rows);
  if (!policy->AllRowsAreWhole()) {
    return Damaged(file_name, "a row has probabilities of more than one");
  }
  content.policy = std::move(policy);
  return content;
}

absl::StatusOr<std::unique_ptr<StrategyFile>> StrategyFile::Open(const std::string& path) {
  ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(path));
  ASSIGN_OR_RETURN(StrategyContent content, ParseStrategyFile(file.contents(), path));
  return std::unique_ptr<StrategyFile>(new StrategyFile(path, std::move(file), std::move(content)));
}

}  // namespace nash
