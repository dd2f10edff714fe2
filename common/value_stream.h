// Arrays of 32-bit integers in as few whole bytes as each value needs: Stream VByte (Lemire, Kurz,
// Rupp 2018, "Stream VByte: faster byte-oriented integer compression").
//
// A stream is control bytes, two bits for each value from the lowest up, and then the values'
// bytes, little-endian. One array has one encoding. The bytes are those of libstreamvbyte, which is
// not used because Debian compiles it without vector instructions, and its loops then branch on
// every value's length: docs/measurements/deltas.md. A third of a ns a value. Thread-safe: pure
// functions.
#ifndef NASHVILLE_COMMON_VALUE_STREAM_H_
#define NASHVILLE_COMMON_VALUE_STREAM_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace nash {

// What the two control bits of a value stand for.
enum class StreamCoding : uint8_t {
  k0124 = 0,  // 0, 1, 2 or 4 bytes: zeros are free
  k1234 = 1,  // 1, 2, 3 or 4 bytes
};

// What encoders may write past a stream's end.
inline constexpr size_t kStreamSlackBytes = 16;

// Bytes of the stream of n values in the best and the worst case.
constexpr size_t StreamControlBytes(size_t n) { return (n + 3) / 4; }
constexpr size_t StreamBytesMax(size_t n) { return StreamControlBytes(n) + 4 * n; }

// Bytes of the stream of these values, in each coding.
struct StreamSizes {
  size_t bytes_0124 = 0;
  size_t bytes_1234 = 0;
  // 0124 where the two are equal.
  StreamCoding Shorter() const {
    return bytes_1234 < bytes_0124 ? StreamCoding::k1234 : StreamCoding::k0124;
  }
  size_t BytesIn(StreamCoding coding) const {
    return coding == StreamCoding::k0124 ? bytes_0124 : bytes_1234;
  }
};
StreamSizes StreamSizesOf(absl::Span<const uint32_t> values);

// Writes a stream to `out`, which has room for StreamBytesMax() and the slack. Returns its bytes.
size_t EncodeStream(absl::Span<const uint32_t> values, StreamCoding coding, uint8_t* out);

// Whether these bytes are a stream of n values: exactly as long as its control bytes say, and
// nothing in unused ones. Values may still be longer than they need be: a caller that takes only
// one encoding compares what came out with StreamSizesOf().
bool IsStream(absl::Span<const uint8_t> bytes, StreamCoding coding, size_t n);

// Reads a stream for which IsStream() held, and nothing past it.
void DecodeStream(absl::Span<const uint8_t> stream, StreamCoding coding,
                  absl::Span<uint32_t> values);

}  // namespace nash

#endif  // NASHVILLE_COMMON_VALUE_STREAM_H_
