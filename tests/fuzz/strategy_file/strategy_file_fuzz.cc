// Any bytes are either refused with a message or read as a strategy whose every row adds up to one.
//
// The first byte says whether the checksum of the rest is made right before it is parsed, so that
// mutations get past it.
#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "common/checksum.h"
#include "common/files.h"
#include "solver/play/strategy_file.h"

namespace {

// The checksum stands behind the rows; in version 2 what the header's lengths say of it counts.
void Reseal(std::string* file) {
  if (file->size() < nash::kPackedStrategyHeaderBytes + 16) return;
  uint64_t at = file->size() - 16;
  if ((*file)[8] == 2) {
    uint64_t lengths[2];  // of the definition and the rows
    std::memcpy(lengths, &(*file)[32], sizeof(lengths));
    const uint64_t end = nash::kPackedStrategyHeaderBytes + (lengths[0] + 7) / 8 * 8 + lengths[1];
    at = std::min(at, end);
  }
  const nash::Checksum sum = nash::ChecksumOf(absl::string_view(*file).substr(0, at));
  std::memcpy(&(*file)[at], &sum.high, 8);
  std::memcpy(&(*file)[at + 8], &sum.low, 8);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1) Reseal(&file);
  const auto strategy = nash::ParseStrategyFile(file, "input");
  if (!strategy.ok()) {
    CHECK(!strategy.status().message().empty());
    return 0;
  }
  for (const nash::PackedBuckets& packed : strategy->packed_buckets) {
    CHECK_LE(packed.offset, file.size());
    CHECK_LE(packed.bytes, file.size() - packed.offset);
    CHECK(packed.bytes == 0 || packed.offset % nash::kMappedPartAlign == 0);
  }
  const nash::PublicTree& tree = *strategy->tree;
  std::array<double, nash::kActionsMax> values;
  for (nash::NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    const nash::PublicNode& n = tree.nodes()[node];
    const auto row = absl::MakeSpan(values.data(), n.num_actions);
    for (uint32_t bucket = 0; bucket < strategy->num_buckets[n.street]; ++bucket) {
      strategy->policy->Probabilities(node, bucket, row);
      double sum = 0;
      for (const double p : row) {
        CHECK_GE(p, 0);
        sum += p;
      }
      CHECK_LT(std::fabs(sum - 1), 1e-9);
    }
  }
  return 0;
}
