// A bucket file is mapped and read as an array while a run lasts, so that everything is checked
// before it is read, in an order in which each check may rely on those before it: the magic, the
// version, the header's checksum, its values, the size that they imply, the checksum of the blocks'
// checksums, and of each block that its checksum is right and no bucket too large. After that a
// look-up needs no test. Who trains has all blocks checked when the file is opened, who asks for a
// hand those of its board (bucket_checks.h).
//
//   version 3   header   data in blocks of 4 KiB   a checksum for each block
//   version 2   header   data                      (one checksum of all data, in the header)
//
// Checksums are right in a file that was made to be wrong; the checks of values and of the largest
// bucket are for those. They keep every access within the table, not the buckets from being
// nonsense.
//
// A file's name and its content hash come from the parameters alone, in one line of text
// (BucketParameters::Format). So a file is found without being opened, runs on other machines name
// the same buckets alike, and whatever changes how buckets are made must change that line: it has
// kBucketContentVersion in it. bucket_file_test.cc cuts and flips every byte.
#include "solver/abstraction/bucket_file.h"

#include <endian.h>
#include <glog/logging.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

static_assert(__BYTE_ORDER == __LITTLE_ENDIAN, "bucket files are mapped as they are");

// The last byte tells a file that went through a text-mode copy.
constexpr char kMagic[8] = {'N', 'A', 'S', 'H', 'B', 'K', 'T', '\n'};
constexpr absl::string_view kRemedy = "delete it and build the buckets again (build_buckets)";

// The file's first bytes. Integers are little-endian; docs/formats/buckets.md has the grammar.
struct Header {
  char magic[8];
  uint32_t format_version;
  uint32_t header_bytes;
  uint8_t kind;
  uint8_t street;
  uint8_t num_streets;
  uint8_t num_hole_cards;
  uint8_t num_ranks;
  uint8_t num_suits;
  uint8_t element_bytes;
  uint8_t ranking;
  uint8_t num_board_cards[kStreetsMax];
  uint32_t num_buckets;
  uint32_t board_classes;
  uint32_t block_bytes;  // 0 in version 2
  uint64_t seed;
  uint64_t num_entries;
  uint64_t content_hash;
  uint64_t data_checksum;    // of the blocks' checksums; in version 2 of the data
  uint64_t header_checksum;  // of all bytes before it
};
static_assert(sizeof(Header) == kBucketHeaderBytes);
static_assert(offsetof(Header, header_checksum) == 72);

uint64_t HeaderChecksum(const Header& header) {
  return XXH3_64bits(&header, offsetof(Header, header_checksum));
}

absl::Status Damaged(absl::string_view file_name, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(file_name, ": ", what, ": ", kRemedy));
}

bool HasBlocks(const Header& h) { return h.format_version >= 3; }

// Whether all values fit what they are used for, whatever wrote the file.
bool IsPlausible(const Header& h) {
  return NeedsBucketFile(static_cast<BucketKind>(h.kind)) && h.num_streets >= 1 &&
         h.num_streets <= kStreetsMax && h.street < h.num_streets && h.num_buckets >= 1 &&
         h.num_buckets <= kBucketsMax && h.element_bytes == BucketElementBytes(h.num_buckets) &&
         h.board_classes >= 1 && h.num_buckets % h.board_classes == 0 &&
         h.ranking <= static_cast<uint8_t>(Ranking::kShortDeck) &&
         h.block_bytes == (HasBlocks(h) ? kBucketBlockBytes : 0) &&
         h.num_entries <= uint64_t{1} << 32;
}

BucketParameters ParametersOf(const Header& h) {
  BucketParameters p;
  p.kind = static_cast<BucketKind>(h.kind);
  p.street = h.street;
  p.num_buckets = h.num_buckets;
  p.board_classes = h.board_classes;
  p.seed = h.seed;
  p.ranking = static_cast<Ranking>(h.ranking);
  p.num_streets = h.num_streets;
  p.num_hole_cards = h.num_hole_cards;
  p.num_ranks = h.num_ranks;
  p.num_suits = h.num_suits;
  for (int s = 0; s < kStreetsMax; ++s) p.num_board_cards[s] = h.num_board_cards[s];
  return p;
}

// The highest value of an array, so that one comparison checks it all. Lanes side by side: element
// by element it takes longer than the checksum.
template <typename Element>
uint32_t MaxElement(const uint8_t* data, uint64_t n) {
  constexpr uint64_t kLanes = 32 / sizeof(Element);
  typedef Element Lanes __attribute__((vector_size(32)));
  Lanes lanes = {};
  uint64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Lanes next;
    std::memcpy(&next, data + i * sizeof(Element), sizeof(next));
    lanes = next > lanes ? next : lanes;
  }
  Element max = 0;
  for (uint64_t lane = 0; lane < kLanes; ++lane) max = std::max<Element>(max, lanes[lane]);
  for (; i < n; ++i) {
    Element element;
    std::memcpy(&element, data + i * sizeof(Element), sizeof(Element));
    max = std::max(max, element);
  }
  return max;
}

// Of the data of `bytes` bytes from `first` on.
absl::Status CheckLargestBucket(const BucketTable& table, uint64_t first, uint64_t bytes,
                                absl::string_view file_name) {
  const uint8_t* const data = table.data + first;
  const uint32_t max = table.element_bytes == 1 ? MaxElement<uint8_t>(data, bytes)
                                                : MaxElement<uint16_t>(data, bytes / 2);
  if (max < table.parameters.num_buckets) return absl::OkStatus();
  return Damaged(file_name, absl::StrFormat("bucket %d, the header says there are %d", max,
                                            table.parameters.num_buckets));
}

// The last block may be shorter.
uint64_t BlockBytes(uint64_t data_bytes, uint64_t block) {
  return std::min<uint64_t>(kBucketBlockBytes, data_bytes - block * kBucketBlockBytes);
}

uint64_t BlockChecksum(const uint8_t* data, uint64_t data_bytes, uint64_t block) {
  return XXH3_64bits(data + block * kBucketBlockBytes, BlockBytes(data_bytes, block));
}

}  // namespace

std::string BucketParameters::Format() const {
  std::string out = absl::StrFormat(
      "buckets %d %s %d classes %d seed %d street %d of %d hole %d ranks %d suits %d board",
      kBucketContentVersion, BucketKindName(kind), num_buckets, board_classes, seed, street,
      num_streets, num_hole_cards, num_ranks, num_suits);
  for (int s = 0; s < num_streets; ++s) absl::StrAppend(&out, " ", num_board_cards[s]);
  if (ranking == Ranking::kShortDeck) absl::StrAppend(&out, " ranking short_deck");
  if (recall == BoardRecall::kImperfect) absl::StrAppend(&out, " recall imperfect");
  return out;
}

uint64_t BucketParameters::ContentHash() const {
  const std::string text = Format();
  return XXH3_64bits(text.data(), text.size());
}

std::string BucketParameters::FileName() const {
  const std::string classes =
      board_classes == 1 ? "" : absl::StrFormat("public-%d-", board_classes);
  return absl::StrFormat("%s-%s%s-%d-%016x.buckets", kStreetNames[street], classes,
                         BucketKindName(kind), num_buckets, ContentHash());
}

std::string BucketParameters::Name() const {
  return absl::StrCat(kStreetNames[street], ":",
                      FormatStreetAbstraction({.kind = kind,
                                               .num_buckets = num_buckets,
                                               .board_classes = board_classes,
                                               .recall = recall}));
}

BucketParameters MakeBucketParameters(const GameDefinition& game, int street,
                                      const StreetAbstraction& abstraction) {
  BucketParameters p;
  p.kind = abstraction.kind;
  p.street = street;
  p.ranking = game.ranking;
  p.recall = abstraction.recall;
  if (abstraction.kind != BucketKind::kLossless) {
    p.num_buckets = abstraction.num_buckets;
    p.board_classes = abstraction.board_classes;
    p.seed = UsesSeed(p.kind, p.board_classes) ? abstraction.seed : 0;
  }
  p.num_streets = game.num_streets;
  p.num_hole_cards = game.num_hole_cards;
  p.num_ranks = game.num_ranks;
  p.num_suits = game.num_suits;
  for (int s = 0; s < game.num_streets; ++s) p.num_board_cards[s] = game.num_board_cards[s];
  return p;
}

void SealBucketFile(const BucketParameters& parameters, uint64_t data_bytes,
                    absl::Span<uint8_t> file) {
  CHECK_EQ(file.size(), BucketFileBytes(data_bytes));
  const uint8_t* const data = file.data() + kBucketHeaderBytes;
  uint8_t* const checksums = file.data() + kBucketHeaderBytes + data_bytes;
  const uint64_t num_blocks = BucketBlocks(data_bytes);
  for (uint64_t block = 0; block < num_blocks; ++block) {
    const uint64_t checksum = BlockChecksum(data, data_bytes, block);
    std::memcpy(checksums + block * sizeof(checksum), &checksum, sizeof(checksum));
  }
  Header h{};
  std::memcpy(h.magic, kMagic, sizeof(kMagic));
  h.format_version = kBucketFormatVersion;
  h.header_bytes = kBucketHeaderBytes;
  h.kind = static_cast<uint8_t>(parameters.kind);
  h.street = static_cast<uint8_t>(parameters.street);
  h.num_streets = static_cast<uint8_t>(parameters.num_streets);
  h.num_hole_cards = static_cast<uint8_t>(parameters.num_hole_cards);
  h.num_ranks = static_cast<uint8_t>(parameters.num_ranks);
  h.num_suits = static_cast<uint8_t>(parameters.num_suits);
  h.ranking = static_cast<uint8_t>(parameters.ranking);
  h.element_bytes = static_cast<uint8_t>(BucketElementBytes(parameters.num_buckets));
  for (int s = 0; s < kStreetsMax; ++s) {
    h.num_board_cards[s] = static_cast<uint8_t>(parameters.num_board_cards[s]);
  }
  h.num_buckets = parameters.num_buckets;
  h.board_classes = parameters.board_classes;
  h.block_bytes = kBucketBlockBytes;
  h.seed = parameters.seed;
  CHECK_EQ(data_bytes % h.element_bytes, 0u);
  h.num_entries = data_bytes / h.element_bytes;
  h.content_hash = parameters.ContentHash();
  h.data_checksum = XXH3_64bits(checksums, num_blocks * sizeof(uint64_t));
  h.header_checksum = HeaderChecksum(h);
  std::memcpy(file.data(), &h, sizeof(h));
}

absl::StatusOr<BucketTable> ParseBucketHeader(absl::Span<const uint8_t> bytes,
                                              absl::string_view file_name) {
  Header h;
  if (bytes.size() < sizeof(h)) {
    return Damaged(file_name, absl::StrFormat("cut short: %d bytes, the header alone has %d",
                                              bytes.size(), sizeof(h)));
  }
  std::memcpy(&h, bytes.data(), sizeof(h));
  if (std::memcmp(h.magic, kMagic, sizeof(kMagic)) != 0) {
    return Damaged(file_name, "not a bucket file (it does not start with NASHBKT)");
  }
  // The version comes before the checksum: another version may keep its checksum elsewhere.
  if (h.format_version < kBucketFormatVersionMin || h.format_version > kBucketFormatVersion) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: format version %d, this program reads versions %d to %d: %s", file_name,
        h.format_version, kBucketFormatVersionMin, kBucketFormatVersion, kRemedy));
  }
  if (h.header_checksum != HeaderChecksum(h)) {
    return Damaged(file_name, "damaged header (its checksum is wrong)");
  }
  const BucketParameters parameters = ParametersOf(h);
  if (h.header_bytes != kBucketHeaderBytes || !IsPlausible(h) ||
      h.content_hash != parameters.ContentHash()) {
    return Damaged(file_name, "impossible values in the header");
  }
  const uint64_t data_bytes = h.num_entries * h.element_bytes;
  const uint64_t expected_bytes =
      HasBlocks(h) ? BucketFileBytes(data_bytes) : sizeof(h) + data_bytes;
  if (bytes.size() != expected_bytes) {
    return Damaged(file_name,
                   absl::StrFormat("%s: %d bytes, the header says %d",
                                   bytes.size() < expected_bytes ? "cut short" : "too long",
                                   bytes.size(), expected_bytes));
  }
  const uint8_t* const data = bytes.data() + sizeof(h);
  BucketTable table{parameters, h.element_bytes, h.num_entries, data, h.data_checksum};
  if (!HasBlocks(h)) return table;
  table.block_checksums = data + data_bytes;
  if (XXH3_64bits(table.block_checksums, table.num_blocks() * sizeof(uint64_t)) !=
      h.data_checksum) {
    return Damaged(file_name, "damaged checksums of its blocks (their own is wrong)");
  }
  return table;
}

absl::Status CheckBucketBlock(const BucketTable& table, uint64_t block,
                              absl::string_view file_name) {
  DCHECK(table.block_checksums != nullptr);
  const uint64_t first = block * kBucketBlockBytes;
  uint64_t expected;
  std::memcpy(&expected, table.block_checksums + block * sizeof(expected), sizeof(expected));
  if (BlockChecksum(table.data, table.data_bytes(), block) != expected) {
    return Damaged(file_name, absl::StrFormat("damaged data (the checksum of the %d bytes from %d "
                                              "on is wrong)",
                                              BlockBytes(table.data_bytes(), block),
                                              kBucketHeaderBytes + first));
  }
  return CheckLargestBucket(table, first, BlockBytes(table.data_bytes(), block), file_name);
}

absl::Status CheckBucketData(const BucketTable& table, absl::string_view file_name) {
  if (table.block_checksums != nullptr) {
    for (uint64_t block = 0; block < table.num_blocks(); ++block) {
      RETURN_IF_ERROR(CheckBucketBlock(table, block, file_name));
    }
    return absl::OkStatus();
  }
  if (XXH3_64bits(table.data, table.data_bytes()) != table.data_checksum) {
    return Damaged(file_name, "damaged data (its checksum is wrong)");
  }
  return CheckLargestBucket(table, 0, table.data_bytes(), file_name);
}

absl::StatusOr<BucketTable> ParseBucketFile(absl::Span<const uint8_t> bytes,
                                            absl::string_view file_name) {
  ASSIGN_OR_RETURN(const BucketTable table, ParseBucketHeader(bytes, file_name));
  RETURN_IF_ERROR(CheckBucketData(table, file_name));
  return table;
}

absl::Status CheckBucketParameters(const BucketParameters& wanted, const BucketTable& table,
                                   absl::string_view file_name) {
  if (table.parameters == wanted) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(file_name, ": holds \"",
                                                    table.parameters.Format(), "\", expected \"",
                                                    wanted.Format(), "\": ", kRemedy));
}

absl::StatusOr<BucketTable> ParseBucketFileFor(const BucketParameters& wanted,
                                               absl::Span<const uint8_t> bytes,
                                               absl::string_view file_name) {
  ASSIGN_OR_RETURN(const BucketTable table, ParseBucketFile(bytes, file_name));
  RETURN_IF_ERROR(CheckBucketParameters(wanted, table, file_name));
  return table;
}

}  // namespace nash
