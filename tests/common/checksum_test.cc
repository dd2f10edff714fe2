#include "common/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace nash {
namespace {

// From `printf 'abc' | xxh128sum` and `printf '' | xxh128sum` of Debian's xxhash 0.8.1.
TEST(Checksum, IsWhatTheCommandLineToolPrints) {
  EXPECT_EQ(ChecksumOf("").Hex(), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(ChecksumOf("abc").Hex(), "06b05ab6733a618578af5f94892f3950");
}

TEST(Checksum, OfTwoPartsIsThatOfTheWhole) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>(i * 31);
  for (const size_t cut : {size_t{0}, size_t{1}, size_t{24}, size_t{4096}, text.size()}) {
    EXPECT_EQ(ChecksumOf(text.substr(0, cut), text.substr(cut)), ChecksumOf(text)) << cut;
  }
}

TEST(Checksum, ChangesWithEveryBit) {
  const std::string text(300, 'x');
  const Checksum before = ChecksumOf(text);
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] ^= static_cast<char>(1 << bit);
      EXPECT_NE(ChecksumOf(flipped), before) << "byte " << i << ", bit " << bit;
    }
  }
}

TEST(Checksum, ShortOnesAreXxh3) {
  // printf abc | xxhsum -H3
  EXPECT_EQ(Checksum64Of("abc"), 0x78af5f94892f3950);
  EXPECT_EQ(Checksum64Of(""), 0x2d06800538d394c2);  // the algorithm's test vector
}

}  // namespace
}  // namespace nash
