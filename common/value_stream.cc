// Stream VByte four values at a time, as its paper does it: a table of byte shuffles, one for each
// control byte, spreads packed bytes over four values or packs them.
//
//   control byte   code of value 3 | 2 | 1 | 0, two bits each
//   decode         16 bytes -> shuffle(kSpread[control]) -> 4 values;   data += bytes(control)
//   encode         4 values -> shuffle(kPack[control]) -> 16 bytes;     data += bytes(control)
//
// So no branch depends on a value: lengths of neighbouring values are as good as random. A store or
// a load of 16 bytes goes past what it needs; what the encoder wrote too much the next four values
// overwrite, and the last ones need kStreamSlackBytes of room. The decoder takes what is near the
// stream's end value by value, and so reads nothing past it.
//
// Sizes are counted before anything is written (StreamSizesOf), eight values at a time: an encoder
// picks the shorter coding by it, and a decoder tells by it whether a stream was as short as it
// could be. value_stream_test.cc compares with the bytes of libstreamvbyte.
#include "common/value_stream.h"

#include <immintrin.h>

#include <array>
#include <cstring>

namespace nash {
namespace {

constexpr int kCodes = 4;
constexpr std::array<std::array<uint8_t, kCodes>, 2> kBytesOfCode = {{{0, 1, 2, 4}, {1, 2, 3, 4}}};

// What the 256 control bytes stand for, in one coding.
struct alignas(64) ControlTable {
  uint8_t spread[256][16];  // shuffles packed bytes to four values
  uint8_t pack[256][16];    // and back
  uint8_t bytes[256];       // of the four values
};

constexpr uint8_t kNoByte = 0x80;  // a shuffle puts zero there

constexpr ControlTable MakeControlTable(StreamCoding coding) {
  ControlTable table{};
  for (int control = 0; control < 256; ++control) {
    uint8_t packed = 0;
    for (int i = 0; i < 16; ++i) table.pack[control][i] = kNoByte;
    for (int value = 0; value < 4; ++value) {
      const uint8_t bytes = kBytesOfCode[static_cast<size_t>(coding)][control >> (2 * value) & 3];
      for (uint8_t byte = 0; byte < 4; ++byte) {
        const uint8_t in_value = static_cast<uint8_t>(4 * value + byte);
        table.spread[control][in_value] = byte < bytes ? packed : kNoByte;
        if (byte < bytes) table.pack[control][packed++] = in_value;
      }
    }
    table.bytes[control] = packed;
  }
  return table;
}

constexpr std::array<ControlTable, 2> kControlTables = {MakeControlTable(StreamCoding::k0124),
                                                        MakeControlTable(StreamCoding::k1234)};

const ControlTable& TableOf(StreamCoding coding) {
  return kControlTables[static_cast<size_t>(coding)];
}

__m128i Load16(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
void Store16(__m128i vector, void* to) { _mm_storeu_si128(static_cast<__m128i*>(to), vector); }

// All ones where value > most, as unsigned numbers.
__m128i IsAbove(__m128i values, uint32_t most) {
  const __m128i limit = _mm_set1_epi32(static_cast<int32_t>(most));
  const __m128i is_within = _mm_cmpeq_epi32(_mm_min_epu32(values, limit), values);
  return _mm_xor_si128(is_within, _mm_set1_epi32(-1));
}

template <StreamCoding kCoding>
inline __attribute__((always_inline)) uint32_t ControlOf(__m128i values) {
  const bool is_0124 = kCoding == StreamCoding::k0124;
  __m128i codes = _mm_add_epi32(IsAbove(values, 0xff), IsAbove(values, 0xffff));
  codes = _mm_add_epi32(codes, IsAbove(values, is_0124 ? 0 : 0xffffff));
  codes = _mm_sub_epi32(_mm_setzero_si128(), codes);
  // The low byte of each, side by side; then the products' terms of 2^24 and up are the codes side
  // by side in two bits each, and no two of the others meet.
  codes = _mm_shuffle_epi8(codes, _mm_set1_epi32(0x0c080400));
  return (static_cast<uint32_t>(_mm_cvtsi128_si32(codes)) * 0x01041040u) >> 24;
}

template <StreamCoding kCoding>
size_t Encode(absl::Span<const uint32_t> values, uint8_t* out) {
  const ControlTable& table = TableOf(kCoding);
  uint8_t* data = out + StreamControlBytes(values.size());
  uint8_t* control = out;
  const auto put = [&](__m128i four) {
    const uint32_t codes = ControlOf<kCoding>(four);
    Store16(_mm_shuffle_epi8(four, Load16(table.pack[codes])), data);
    return codes;
  };
  size_t i = 0;
  for (; values.size() - i >= 4; i += 4) {
    const uint32_t codes = put(Load16(&values[i]));
    *control++ = static_cast<uint8_t>(codes);
    data += table.bytes[codes];
  }
  if (i < values.size()) {
    const size_t left = values.size() - i;
    uint32_t last[4] = {};
    std::memcpy(last, &values[i], left * sizeof(uint32_t));
    const uint32_t codes = put(Load16(last));
    *control = static_cast<uint8_t>(codes);
    // Values that are not there are zeros: they have the lowest code, and no bytes here.
    const auto& bytes = kBytesOfCode[static_cast<size_t>(kCoding)];
    for (size_t k = 0; k < left; ++k) data += bytes[codes >> (2 * k) & 3];
  }
  return data - out;
}

void Decode(absl::Span<const uint8_t> stream, StreamCoding coding, absl::Span<uint32_t> values) {
  const ControlTable& table = TableOf(coding);
  const size_t control_bytes = StreamControlBytes(values.size());
  const uint8_t* control = stream.data();
  const uint8_t* data = stream.data() + control_bytes;
  const uint8_t* const end = stream.data() + stream.size();
  size_t i = 0;
  for (; values.size() - i >= 4 && end - data >= 16; i += 4) {
    const uint8_t codes = *control++;
    Store16(_mm_shuffle_epi8(Load16(data), Load16(table.spread[codes])), &values[i]);
    data += table.bytes[codes];
  }
  const auto& bytes_of = kBytesOfCode[static_cast<size_t>(coding)];
  while (i < values.size()) {
    uint32_t codes = *control++;
    for (int k = 0; k < 4 && i < values.size(); ++k, codes >>= 2) {
      const uint8_t bytes = bytes_of[codes & 3];
      uint32_t value = 0;
      std::memcpy(&value, data, bytes);
      values[i++] = value;
      data += bytes;
    }
  }
}

}  // namespace

StreamSizes StreamSizesOf(absl::Span<const uint32_t> values) {
  // Counted eight values at a time; a comparison that holds is -1.
  using Vector = uint32_t __attribute__((vector_size(32)));
  constexpr size_t kVectorSize = 8;
  Vector counts[4] = {};
  const auto count = [&counts](const uint32_t* from, size_t n) {
    Vector v{};
    std::memcpy(&v, from, n * sizeof(uint32_t));
    counts[0] -= (Vector)(v > 0);
    counts[1] -= (Vector)(v > 0xff);
    counts[2] -= (Vector)(v > 0xffff);
    counts[3] -= (Vector)(v > 0xffffff);
  };
  size_t i = 0;
  for (; values.size() - i >= kVectorSize; i += kVectorSize) count(&values[i], kVectorSize);
  if (i < values.size()) count(&values[i], values.size() - i);
  size_t above[4] = {};
  for (int bytes = 0; bytes < 4; ++bytes) {
    for (size_t k = 0; k < kVectorSize; ++k) above[bytes] += counts[bytes][k];
  }
  const size_t control = StreamControlBytes(values.size());
  return {.bytes_0124 = control + above[0] + above[1] + 2 * above[2],
          .bytes_1234 = control + values.size() + above[1] + above[2] + above[3]};
}

size_t EncodeStream(absl::Span<const uint32_t> values, StreamCoding coding, uint8_t* out) {
  return coding == StreamCoding::k0124 ? Encode<StreamCoding::k0124>(values, out)
                                       : Encode<StreamCoding::k1234>(values, out);
}

bool IsStream(absl::Span<const uint8_t> bytes, StreamCoding coding, size_t n) {
  const size_t control_bytes = StreamControlBytes(n);
  if (bytes.size() < control_bytes || bytes.size() > StreamBytesMax(n)) return false;
  const ControlTable& table = TableOf(coding);
  size_t expected = control_bytes;
  for (size_t i = 0; i < n / 4; ++i) expected += table.bytes[bytes[i]];
  if (n % 4 != 0) {
    uint32_t codes = bytes[n / 4];
    const auto& bytes_of = kBytesOfCode[static_cast<size_t>(coding)];
    for (size_t i = 0; i < n % 4; ++i, codes >>= 2) expected += bytes_of[codes & 3];
    if (codes != 0) return false;
  }
  return bytes.size() == expected;
}

void DecodeStream(absl::Span<const uint8_t> stream, StreamCoding coding,
                  absl::Span<uint32_t> values) {
  if (!values.empty()) Decode(stream, coding, values);
}

}  // namespace nash
