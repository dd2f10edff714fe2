// Rows of bytes that are clustered, and the distances between them, by AVX2.
//
// Distances are whole numbers, so they are the same on every machine and compare exactly. A
// distance has a length, for which the triangle inequality holds: a whole number below 2^16,
// rounded up or down as the proof at hand needs. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_ROW_DISTANCE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_ROW_DISTANCE_H_

#include <immintrin.h>

#include <cmath>
#include <cstdint>

#include "solver/device/nearest_centroid.h"

namespace nash {

// Not owned. weights: [size], each at least 1.
struct ByteRows {
  const uint8_t* data = nullptr;  // [size][stride]
  const uint8_t* weights = nullptr;
  uint64_t size = 0;
  int stride = 0;

  const uint8_t* row(uint64_t i) const { return data + i * stride; }
};

// Rows of 32 * kVectors bytes. Between cumulative histograms of one total this is the earth mover's
// distance, in bins times the total (Rubner, Tomasi, Guibas 2000, section 2: in one dimension it is
// the area between the distribution functions).
template <int kVectors>
struct AbsoluteDistance {
  static constexpr int kStride = 32 * kVectors;

  static uint32_t Between(const uint8_t* a, const uint8_t* b) {
    __m256i sum = _mm256_setzero_si256();
    for (int v = 0; v < kVectors; ++v) {
      const __m256i left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a) + v);
      const __m256i right = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b) + v);
      sum = _mm256_add_epi64(sum, _mm256_sad_epu8(left, right));
    }
    const __m128i half =
        _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(half) + _mm_extract_epi32(half, 2));
  }
  static uint32_t LengthUp(uint32_t distance) { return distance; }
  static uint32_t LengthDown(uint32_t distance) { return distance; }
};

// Rows of 8 bytes. The length is the Euclidean one, in units of 1/64: at most 64 * 722.
struct SquaredDistance8 {
  static constexpr int kStride = 8;

  static uint32_t Between(const uint8_t* a, const uint8_t* b) {
    const __m128i left = _mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(a)));
    const __m128i right = _mm_cvtepu8_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(b)));
    const __m128i difference = _mm_sub_epi16(left, right);
    __m128i sum = _mm_madd_epi16(difference, difference);
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(1, 0, 3, 2)));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(2, 3, 0, 1)));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(sum));
  }
  // The square root of a whole number below 2^52 is never rounded up to a whole number.
  static uint32_t LengthDown(uint32_t distance) {
    return static_cast<uint32_t>(std::sqrt(4096.0 * distance));
  }
  static uint32_t LengthUp(uint32_t distance) {
    const uint64_t down = LengthDown(distance);
    return static_cast<uint32_t>(down + (down * down != uint64_t{4096} * distance));
  }
};

inline constexpr uint32_t kLengthMax = 64 * 722;

// Calls `body` with the distance of `metric` as its template argument; returns what it returns.
template <typename Body>
auto WithDistance(RowMetric metric, Body body) {
  switch (metric) {
    case RowMetric::kAbsolute64:
      return body.template operator()<AbsoluteDistance<2>>();
    case RowMetric::kAbsolute192:
      return body.template operator()<AbsoluteDistance<6>>();
    case RowMetric::kSquared8:
    case RowMetric::kInvalid:
      break;
  }
  return body.template operator()<SquaredDistance8>();
}

inline int StrideOf(RowMetric metric) {
  return WithDistance(metric, []<typename Distance>() { return Distance::kStride; });
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_ROW_DISTANCE_H_
