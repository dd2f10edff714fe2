// A step is so many calls for each thread; a call is so many deals in sequence by one player. Deals
// of a call share what a player has learnt of the tree, and steps are the rhythm at which Ctrl-C is
// heard and the line on the terminal moves.
//
// Results come back in an array by deal and are added from the first to the last, on one thread:
// sums of doubles depend on their order, and a seed must print the same figures on any machine. A
// game small enough to be enumerated has exactly its deals; then there is no interval, and a part
// of them is no sample, so that a number of deals is refused.
#include "tools/evaluation/played_deals.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/whole_number.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr uint64_t kDealsMax = uint64_t{1} << 31;
constexpr double kTerminalEverySeconds = 0.5;
constexpr double kLogEverySeconds = 10;

// A line on stderr from two seconds on: kept up to date on a terminal, elsewhere one now and then.
class DealProgress {
 public:
  void Print(const PlayedDeals& played, const std::string& who) {
    if (played.seconds < next_print_seconds_ || played.is_complete()) return;
    next_print_seconds_ =
        played.seconds + (line_.is_terminal() ? kTerminalEverySeconds : kLogEverySeconds);
    const uint64_t deals = played.mean.deals();
    line_.Show(
        {{absl::StrFormat("%5.1f%%", 100.0 * deals / played.wanted)},
         {absl::StrFormat("  %d of %d deals", deals, played.wanted), 2},
         {absl::StrFormat(", %s/s", ShortRate(deals, played.seconds)), 3},
         {absl::StrFormat(", %s wins %s chips a hand", who,
                          IntervalText(played.mean.chips(), played.half_width_chips()))},
         {absl::StrFormat(", %.0f s left", played.seconds * (played.wanted - deals) / deals), 1}});
  }
  // Leaves the line that is being kept up to date, for what is printed next.
  void EndLine() { line_.End(); }

 private:
  ProgressLine line_;
  double next_print_seconds_ = 2;
};

}  // namespace

std::string IntervalText(double value, double half_width) {
  return half_width == 0 ? absl::StrFormat("%+.6f", value)
                         : absl::StrFormat("%+.3f +- %.3f", value, half_width);
}

absl::StatusOr<PlayedDeals> ParseDeals(const std::string& deals, const GameDefinition& game,
                                       uint64_t deals_default) {
  PlayedDeals played;
  const uint64_t all = CountEnumeratedDeals(game);
  played.is_all = all > 0;
  played.wanted = all > 0 ? all : deals_default;
  if (deals.empty()) return played;
  if (deals == "all") {
    if (all > 0) return played;
    return absl::InvalidArgumentError(absl::StrCat("--deals=all: the game has more than ",
                                                   kEnumeratedDealsMax,
                                                   " deals; name a number of them to draw"));
  }
  played.wanted = ParseWholeNumber(deals).value_or(0);
  if (played.wanted < 2 || played.wanted > kDealsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--deals=", deals, ": a number from 2 to ", kDealsMax, ", or all"));
  }
  if (all > 0) {
    return absl::InvalidArgumentError(absl::StrCat("--deals=", deals, ": the game has ", all,
                                                   " deals, which are all played; leave it out"));
  }
  return played;
}

void PlayUntilDone(const DealPlayer& player, const DealSteps& steps, const std::string& who,
                   ThreadPool* pool, PlayedDeals* played) {
  DealProgress progress;
  std::vector<DealChips> chips(steps.deals_per_call * steps.calls_per_step * pool->num_threads());
  const auto start = std::chrono::steady_clock::now();
  while (!played->is_complete() && stop_signal_received.load() == 0) {
    const uint64_t first = played->mean.deals();
    const size_t n = std::min<uint64_t>(chips.size(), played->wanted - first);
    pool->ForEach(
        (n + steps.deals_per_call - 1) / steps.deals_per_call, [&](size_t call, int thread) {
          const size_t begin = call * steps.deals_per_call;
          player(static_cast<uint32_t>(first + begin),
                 absl::MakeSpan(chips).subspan(begin, std::min(steps.deals_per_call, n - begin)),
                 thread);
        });
    for (size_t deal = 0; deal < n; ++deal) played->mean.Add(chips[deal]);
    played->seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress.Print(*played, who);
  }
  progress.EndLine();
}

absl::Status CheckAllPlayed(const PlayedDeals& played) {
  if (played.is_complete()) return absl::OkStatus();
  return absl::CancelledError(absl::StrCat("stopped after ", played.mean.deals(), " of ",
                                           played.wanted, " deals; what is printed is of these"));
}

}  // namespace nash
