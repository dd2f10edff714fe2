#include "common/value_stream.h"

#include <gtest/gtest.h>
#include <streamvbyte.h>

#include <random>
#include <vector>

namespace nash {
namespace {

constexpr StreamCoding kCodings[] = {StreamCoding::k0124, StreamCoding::k1234};

// Values of all lengths, and the borders between them.
std::vector<uint32_t> SomeValues(size_t n, uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::vector<uint32_t> borders = {0,       1,        0xff,      0x100,     0xffff,
                                         0x10000, 0xffffff, 0x1000000, 0xffffffff};
  std::vector<uint32_t> values(n);
  for (uint32_t& value : values) {
    value = random() % 4 == 0 ? borders[random() % borders.size()]
                              : static_cast<uint32_t>(random()) >> (random() % 32);
  }
  return values;
}

std::vector<uint8_t> Encode(const std::vector<uint32_t>& values, StreamCoding coding) {
  std::vector<uint8_t> bytes(StreamBytesMax(values.size()) + kStreamSlackBytes);
  bytes.resize(EncodeStream(values, coding, bytes.data()));
  return bytes;
}

// The library is an independent implementation of the same paper.
std::vector<uint8_t> EncodeWithLibrary(const std::vector<uint32_t>& values, StreamCoding coding) {
  std::vector<uint8_t> bytes(StreamBytesMax(values.size()) + 64);
  const auto n = static_cast<uint32_t>(values.size());
  bytes.resize(coding == StreamCoding::k0124
                   ? streamvbyte_encode_0124(values.data(), n, bytes.data())
                   : streamvbyte_encode(values.data(), n, bytes.data()));
  return bytes;
}

TEST(ValueStream, HasTheBytesOfTheLibraryAndReadsThem) {
  for (const StreamCoding coding : kCodings) {
    for (size_t n = 0; n < 200; ++n) {
      const std::vector<uint32_t> values = SomeValues(n, n);
      std::vector<uint8_t> bytes = Encode(values, coding);
      ASSERT_EQ(bytes, EncodeWithLibrary(values, coding)) << n;
      ASSERT_EQ(bytes.size(), StreamSizesOf(values).BytesIn(coding)) << n;
      ASSERT_TRUE(IsStream(bytes, coding, n)) << n;
      std::vector<uint32_t> back(n);
      const std::vector<uint8_t> exact = bytes;  // so that a sanitizer sees reads past the end
      DecodeStream(exact, coding, absl::MakeSpan(back));
      ASSERT_EQ(back, values) << n;
    }
  }
}

TEST(ValueStream, HasOneLength) {
  for (const StreamCoding coding : kCodings) {
    for (size_t n = 1; n < 20; ++n) {
      std::vector<uint8_t> bytes = Encode(SomeValues(n, n), coding);
      EXPECT_FALSE(IsStream({bytes.data(), bytes.size() - 1}, coding, n));
      bytes.push_back(0);
      EXPECT_FALSE(IsStream(bytes, coding, n));
      EXPECT_FALSE(IsStream({bytes.data(), n / 4}, coding, n)) << "control bytes cut";
    }
    EXPECT_TRUE(IsStream({}, coding, 0));
  }
}

TEST(ValueStream, ControlBitsOfNoValueAreZero) {
  std::vector<uint8_t> bytes = Encode({7}, StreamCoding::k0124);
  ASSERT_TRUE(IsStream(bytes, StreamCoding::k0124, 1));
  bytes[0] |= 1 << 2;
  bytes.push_back(0);
  EXPECT_FALSE(IsStream(bytes, StreamCoding::k0124, 1));
}

TEST(ValueStream, TheShorterCodingIsChosen) {
  EXPECT_EQ(StreamSizesOf({{0, 0, 0, 0}}).Shorter(), StreamCoding::k0124);  // 1 byte, not 5
  EXPECT_EQ(StreamSizesOf({{0x10000}}).Shorter(), StreamCoding::k1234);     // 4 bytes, not 5
  EXPECT_EQ(StreamSizesOf({{0, 0x10000}}).Shorter(), StreamCoding::k0124);  // 5 bytes both
}

}  // namespace
}  // namespace nash
