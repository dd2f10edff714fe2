// Replays fuzz seeds and simple mutations of them, without libFuzzer (see fuzz.bzl).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void Run(const std::string& input) {
  // An exact copy on the heap, so that a sanitizer sees reads past its end.
  std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Mutate(std::string input, std::mt19937_64& random) {
  const int changes = 1 + random() % 4;
  for (int i = 0; i < changes; ++i) {
    const size_t at = input.empty() ? 0 : random() % input.size();
    switch (random() % 5) {
      case 0:
        if (!input.empty()) input[at] ^= static_cast<char>(1 << random() % 8);
        break;
      case 1:
        if (!input.empty()) input[at] = static_cast<char>(random());
        break;
      case 2:
        input.insert(at, 1, static_cast<char>(random()));
        break;
      case 3:
        input.resize(at);
        break;
      case 4:
        input.insert(at, input.substr(at, random() % 64));
        break;
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937_64 random(1);
  std::vector<std::string> seeds = {""};
  int mutations = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::sscanf(argv[i], "--mutations=%d", &mutations) == 1) continue;
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "%s: cannot be read\n", argv[i]);
      return 1;
    }
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  for (const std::string& seed : seeds) {
    Run(seed);
    for (int i = 0; i < mutations; ++i) Run(Mutate(seed, random));
  }
  std::printf("%zu seeds, %d mutations each\n", seeds.size(), mutations);
  return 0;
}
