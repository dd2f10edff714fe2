#include "tests/bench/traverse/row_ceiling.h"

#include <chrono>

namespace nash {

double RandomRowsPerSecond(const HugeArray& memory, uint64_t visits, bool write, uint64_t* sink) {
  constexpr int kChains = 16;
  const uint64_t lines = memory.bytes() / 64;
  uint64_t keys[kChains];
  uint64_t* places[kChains];
  const auto place_of = [&](uint64_t key) {
    const uint64_t line =
        static_cast<uint64_t>((static_cast<unsigned __int128>(key) * lines) >> 64);
    return reinterpret_cast<uint64_t*>(memory.data() + line * 64);
  };
  const auto mix = [](uint64_t x) {
    x = (x ^ (x >> 32)) * 0x9E3779B97F4A7C15ULL;
    return x ^ (x >> 29);
  };
  for (int c = 0; c < kChains; ++c) {
    keys[c] = mix((c + 1 + *sink) * 0x9E3779B97F4A7C15ULL);
    places[c] = place_of(keys[c]);
  }
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < visits / kChains; ++i) {
    for (int c = 0; c < kChains; ++c) {
      const uint64_t value = *places[c];
      if (write) *places[c] = value + 1;
      keys[c] = mix(keys[c] + (value & 1) + 0x632BE59BD9B4E019ULL) * 0xD6E8FEB86659FD93ULL;
      places[c] = place_of(keys[c]);
      __builtin_prefetch(places[c]);
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  for (int c = 0; c < kChains; ++c) *sink += keys[c];
  return visits / seconds.count();
}

}  // namespace nash
