// The one source of chance in a simulation. Everything follows from its seed.
#ifndef NASHVILLE_TESTS_SIM_SIM_RANDOM_H_
#define NASHVILLE_TESTS_SIM_SIM_RANDOM_H_

#include <chrono>
#include <cstdint>
#include <random>

namespace nash {

class SimRandom {
 public:
  explicit SimRandom(uint64_t seed) : bits_(seed) {}

  uint64_t Bits() { return bits_(); }
  // In [0, n).
  uint64_t Below(uint64_t n) { return bits_() % n; }
  bool Happens(double probability) {
    return static_cast<double>(bits_() >> 11) < probability * static_cast<double>(1ull << 53);
  }
  // In [low, high].
  std::chrono::nanoseconds Between(std::chrono::nanoseconds low, std::chrono::nanoseconds high) {
    return low + std::chrono::nanoseconds(Below((high - low).count() + 1));
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_RANDOM_H_
