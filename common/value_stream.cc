// Stream VByte without its usual table of shuffles: lengths come from comparisons, and bytes are
// moved four at a time whether needed or not. The next value overwrites what was too much, and the
// last one needs kStreamSlackBytes of room. No branch depends on a value, since lengths of
// neighbouring values are as good as random.
//
// Sizes are counted before anything is written (StreamSizesOf), eight values at a time: an encoder
// picks the shorter coding by it, and a decoder tells by it whether a stream was as short as it
// could be. value_stream_test.cc compares with the bytes of libstreamvbyte.
#include "common/value_stream.h"

#include <array>
#include <cstring>

namespace nash {
namespace {

constexpr int kCodes = 4;
constexpr std::array<std::array<uint8_t, kCodes>, 2> kBytesOfCode = {{{0, 1, 2, 4}, {1, 2, 3, 4}}};
constexpr std::array<uint32_t, 5> kMaskOfBytes = {0, 0xff, 0xffff, 0xffffff, 0xffffffff};

const std::array<uint8_t, kCodes>& BytesOfCode(StreamCoding coding) {
  return kBytesOfCode[static_cast<size_t>(coding)];
}

// No branches: lengths of neighbouring values are as good as random.
template <StreamCoding kCoding>
uint32_t CodeOf(uint32_t value) {
  if constexpr (kCoding == StreamCoding::k0124) {
    return uint32_t{value > 0} + uint32_t{value > 0xff} + uint32_t{value > 0xffff};
  } else {
    return uint32_t{value > 0xff} + uint32_t{value > 0xffff} + uint32_t{value > 0xffffff};
  }
}

template <StreamCoding kCoding>
size_t Encode(absl::Span<const uint32_t> values, uint8_t* out) {
  constexpr std::array<uint8_t, kCodes> kBytes = kBytesOfCode[static_cast<size_t>(kCoding)];
  uint8_t* data = out + StreamControlBytes(values.size());
  uint8_t* control = out;
  size_t i = 0;
  const auto put = [&](int lane) {
    const uint32_t value = values[i];
    const uint32_t code = CodeOf<kCoding>(value);
    std::memcpy(data, &value, sizeof(value));
    data += kBytes[code];
    ++i;
    return code << (2 * lane);
  };
  while (values.size() - i >= 4) {
    uint32_t codes = put(0);
    codes |= put(1);
    codes |= put(2);
    codes |= put(3);
    *control++ = static_cast<uint8_t>(codes);
  }
  if (i < values.size()) {
    uint32_t codes = 0;
    for (int lane = 0; i < values.size(); ++lane) codes |= put(lane);
    *control++ = static_cast<uint8_t>(codes);
  }
  return data - out;
}

template <StreamCoding kCoding>
void Decode(const uint8_t* stream, absl::Span<uint32_t> values) {
  constexpr std::array<uint8_t, kCodes> kBytes = kBytesOfCode[static_cast<size_t>(kCoding)];
  const uint8_t* control = stream;
  const uint8_t* data = stream + StreamControlBytes(values.size());
  size_t i = 0;
  const auto take = [&](uint32_t code) {
    const uint32_t bytes = kBytes[code & 3];
    uint32_t value;
    std::memcpy(&value, data, sizeof(value));
    values[i++] = value & kMaskOfBytes[bytes];
    data += bytes;
  };
  while (values.size() - i >= 4) {
    const uint32_t codes = *control++;
    take(codes);
    take(codes >> 2);
    take(codes >> 4);
    take(codes >> 6);
  }
  for (uint32_t codes = *control; i < values.size(); codes >>= 2) take(codes);
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
  const std::array<uint8_t, kCodes>& bytes_of = BytesOfCode(coding);
  size_t expected = control_bytes;
  for (size_t i = 0; i < n / 4; ++i) {
    const uint32_t codes = bytes[i];
    expected += bytes_of[codes & 3] + bytes_of[codes >> 2 & 3] + bytes_of[codes >> 4 & 3] +
                bytes_of[codes >> 6];
  }
  if (n % 4 != 0) {
    uint32_t codes = bytes[n / 4];
    for (size_t i = 0; i < n % 4; ++i, codes >>= 2) expected += bytes_of[codes & 3];
    if (codes != 0) return false;
  }
  return bytes.size() == expected;
}

void DecodeStream(const uint8_t* stream, StreamCoding coding, absl::Span<uint32_t> values) {
  if (values.empty()) return;
  if (coding == StreamCoding::k0124) {
    Decode<StreamCoding::k0124>(stream, values);
  } else {
    Decode<StreamCoding::k1234>(stream, values);
  }
}

}  // namespace nash
