// A small strategy with known numbers: Kuhn, 4 betting nodes of 2 actions, 3 cards as buckets. At
// every node the lowest card takes the first action always, the middle one half the time, the
// highest a third of the time.
#ifndef NASHVILLE_TESTS_PLAY_KUHN_STRATEGY_H_
#define NASHVILLE_TESTS_PLAY_KUHN_STRATEGY_H_

#include <glog/logging.h>

#include <string>

#include "solver/abstraction/abstraction.h"
#include "solver/play/strategy_file.h"
#include "tests/game/shipped_games.h"

namespace nash {

class KuhnStrategy {
 public:
  KuhnStrategy()
      : definition_(LoadRunDefinition("configs/kuhn.yaml").value()),
        tree_(Built(definition_.game, definition_.menu)),
        policy_(tree_, {3}) {
    for (NodeIndex node = 0; node < tree_.nodes().size(); ++node) {
      const double firsts[] = {1, 0.5, 1.0 / 3};
      for (uint32_t bucket = 0; bucket < 3; ++bucket) {
        policy_.Row(node, bucket)[0] = firsts[bucket];
        policy_.Row(node, bucket)[1] = 1 - firsts[bucket];
      }
    }
  }

  TabularPolicy& policy() { return policy_; }
  const PublicTree& tree() const { return tree_; }
  StrategyToWrite ToWrite(ProbabilityBits bits) const {
    const Abstraction abstraction =
        Abstraction::Open(definition_.abstraction, definition_.game, "").value();
    StrategyToWrite strategy;
    strategy.definition = &definition_;
    strategy.iterations = 300;
    strategy.tree = &tree_;
    strategy.policy = &policy_;
    strategy.bits = bits;
    strategy.num_buckets = {3};
    strategy.bucket_hashes = {abstraction.content_hash(0)};
    return strategy;
  }

  std::string File(ProbabilityBits bits) const { return FileOf(ToWrite(bits)); }

  // With five bytes in the place of a bucket file, which this game does not need.
  std::string PackedFile(ProbabilityBits bits) const {
    StrategyToWrite strategy = ToWrite(bits);
    strategy.bucket_files[0] = "hello";
    return FileOf(strategy);
  }

 private:
  static std::string FileOf(const StrategyToWrite& strategy) {
    std::string file;
    const auto written = WriteStrategy(
        strategy,
        [&](absl::string_view bytes) {
          file.append(bytes.data(), bytes.size());
          return absl::OkStatus();
        },
        [](uint64_t, uint64_t) { return absl::OkStatus(); });
    CHECK(written.ok()) << written.status();
    CHECK_EQ(written->bytes, file.size());
    return file;
  }

  const RunDefinition definition_;
  const PublicTree tree_;
  TabularPolicy policy_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_PLAY_KUHN_STRATEGY_H_
