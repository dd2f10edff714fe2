// A delta of any bytes is refused or is exactly what its decoded form encodes to.
//
// The seed is the worked example of docs/formats/messages.md, whose space this is with wider blocks
// and one of eights after it.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>

#include "common/sparse_delta_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const nash::RowSpace space({{0, {2, 2}}, {3, {3, 0}}, {10, {17, 1}}, {20, {16, 8}, 5}},
                             uint64_t{1} << 40);
  for (const bool both : {true, false}) {
    nash::DeltaBounds bounds;
    bounds.lanes[0] = {.lowest = -100000, .highest = 100000};
    bounds.lanes[1] = {.expected = both, .lowest = 0, .highest = 1 << 20};
    const auto delta = nash::DecodeDelta(bytes, space, bounds);
    if (!delta.ok()) {
      CHECK(!delta.status().message().empty());
      continue;
    }
    CHECK(nash::EncodeDelta(*delta, space) == bytes);
    for (const int32_t value : delta->lanes[0]) CHECK_LE(std::abs(value), 100000);
    for (const int32_t value : delta->lanes[1]) CHECK(value >= 0 && value <= 1 << 20);
  }
  return 0;
}
