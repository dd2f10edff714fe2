// Hands are played in calls of a fixed number, whose tallies are merged in order: so a seed always
// prints the same figures, whatever the threads.
//
// What is judged is in solver/evaluation/litmus*.h; here are the hands that it is judged by, and
// the two ways to print it. Aces are dealt besides, from a stream of their own, because one deal in
// 221 would have them and several checks are about nothing else. Small games are played on every
// deal with every action instead, and their figures have no interval.
//
// The exit code says whether a check failed, so that a script can stop at a strategy that fails
// one; a check that a game has no use for is skipped with its reason and fails nothing.
// tests/evaluation/litmus_test.cc gives it strategies that are wrong in one way each.
#include "solver/evaluation/litmus.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/evaluation/abstraction_hands.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/played_deals.h"
#include "tools/evaluation/stored_strategies.h"
#include "tools/program/print_json.h"
#include "tools/program/progress_line.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr uint64_t kDealsDefault = 400000;
constexpr uint64_t kDealsPerCall = 256;
constexpr uint64_t kCallsPerStep = 8;  // of each thread, between two looks at the clock
// Deals of aces: so many times fewer, since each of them counts.
constexpr uint64_t kDealsPerAces = 5;
constexpr uint64_t kAcesDealsMax = 80000;
constexpr double kTerminalEverySeconds = 0.5;
constexpr double kLogEverySeconds = 10;

// No other command deals these.
StreamName AcesStream(uint64_t seed) { return {seed, UINT64_MAX, UINT32_MAX - 1}; }

const char* VerdictName(LitmusVerdict verdict) {
  switch (verdict) {
    case LitmusVerdict::kPass:
      return "pass";
    case LitmusVerdict::kFail:
      return "FAIL";
    case LitmusVerdict::kSkipped:
      return "skip";
  }
  return "";
}

// Plays until there are enough hands, or somebody asks to stop.
class PlayedHands {
 public:
  PlayedHands(const LitmusRequest& request, const StoredStrategy& strategy, const HandModel& hands,
              const PlayedDeals& deals)
      : seed_(request.seed), wanted_(deals.wanted), is_all_(deals.is_all), pool_(request.threads) {
    const PublicTree& tree = strategy.run().tree();
    for (int t = 0; t < pool_.num_threads(); ++t) {
      players_.push_back(std::make_unique<LitmusHands>(tree, hands, strategy.policy()));
    }
    const GameDefinition& game = tree.game();
    if (game.num_hole_cards == 2 && game.num_suits >= 2) {
      aces_wanted_ = std::clamp<uint64_t>(wanted_ / kDealsPerAces, 1, kAcesDealsMax);
    }
  }

  void Play() {
    // The shorter part first: who stops the other still has it.
    aces_played_ =
        PlayDeals(aces_wanted_, [&](LitmusHands* player, uint32_t number, LitmusTally* tally) {
          player->PlayAces(AcesStream(seed_), number, tally);
        });
    played_ = PlayDeals(wanted_, [&](LitmusHands* player, uint32_t number, LitmusTally* tally) {
      player->Play(MatchStream(seed_), number, tally);
    });
    line_.End();
    if (is_exact()) tally_.SetExact();
  }

  const LitmusTally& tally() const { return tally_; }
  // But for aces, of which some deals are drawn.
  bool is_exact() const { return is_all_ && played_ == wanted_; }
  uint64_t played() const { return played_; }
  uint64_t aces_played() const { return aces_played_; }
  uint64_t wanted() const { return wanted_ + aces_wanted_; }
  bool is_complete() const { return played_ + aces_played_ == wanted(); }
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  using DealPlayer = std::function<void(LitmusHands*, uint32_t, LitmusTally*)>;

  // Returns how many were played.
  uint64_t PlayDeals(uint64_t wanted, const DealPlayer& play) {
    const uint64_t per_step = kDealsPerCall * kCallsPerStep * pool_.num_threads();
    uint64_t done = 0;
    while (done < wanted && stop_signal_received.load() == 0) {
      const uint64_t end = std::min(wanted, done + per_step);
      std::vector<LitmusTally> tallies((end - done + kDealsPerCall - 1) / kDealsPerCall);
      pool_.ForEach(tallies.size(), [&](size_t call, int thread) {
        const uint64_t begin = done + call * kDealsPerCall;
        for (uint64_t deal = begin; deal < std::min(end, begin + kDealsPerCall); ++deal) {
          play(players_[thread].get(), static_cast<uint32_t>(deal), &tallies[call]);
        }
      });
      for (const LitmusTally& tally : tallies) tally_.Merge(tally);
      told_ += end - done;
      done = end;
      Tell();
    }
    return done;
  }

  void Tell() {
    const double now = seconds();
    if (now < next_tell_seconds_ || told_ == wanted()) return;
    next_tell_seconds_ = now + (line_.is_terminal() ? kTerminalEverySeconds : kLogEverySeconds);
    line_.Show({{absl::StrFormat("%5.1f%%", 100.0 * told_ / wanted())},
                {absl::StrFormat("  %d of %d hands", told_, wanted()), 2},
                {absl::StrFormat(", %s/s", ShortRate(told_, now)), 3},
                {absl::StrFormat(", %.0f s left", now * (wanted() - told_) / told_), 1}});
  }

  const uint64_t seed_;
  const uint64_t wanted_;
  const bool is_all_;  // deals of the game
  uint64_t aces_wanted_ = 0;
  uint64_t played_ = 0;
  uint64_t aces_played_ = 0;
  uint64_t told_ = 0;
  ThreadPool pool_;
  std::vector<std::unique_ptr<LitmusHands>> players_;  // by thread
  LitmusTally tally_;
  ProgressLine line_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double next_tell_seconds_ = 2;
};

int CountOf(const std::vector<LitmusCheck>& checks, LitmusVerdict verdict) {
  return static_cast<int>(
      std::count_if(checks.begin(), checks.end(),
                    [&](const LitmusCheck& check) { return check.verdict == verdict; }));
}

std::string FigureText(const LitmusCheck& check) {
  std::string text = absl::StrFormat("%.2f%%", 100 * check.figure);
  if (check.half_width > 0) absl::StrAppendFormat(&text, " +- %.2f", 100 * check.half_width);
  return text;
}

std::string BandText(const LitmusCheck& check) {
  if (check.high >= 1) return absl::StrFormat("at least %.1f%%", 100 * check.low);
  if (check.low <= 0 && (check.low == 0 || check.low <= -1)) {
    return absl::StrFormat("at most %.1f%%", 100 * check.high);
  }
  return absl::StrFormat("%.1f%% to %.1f%%", 100 * check.low, 100 * check.high);
}

struct Outcome {
  const LitmusRequest& request;
  const StrategySource& source;
  const PlayedHands& played;
  const std::vector<LitmusCheck>& checks;
};

void PrintTable(const Outcome& outcome) {
  const PlayedHands& played = outcome.played;
  absl::PrintF("run      %s, %s strategy, %d iterations\n", outcome.source.definition.name,
               outcome.request.policy, outcome.source.iterations());
  absl::PrintF("hands    %d%s, %d more with aces, in %.1f s\n", played.played(),
               played.is_exact() ? ", all deals with all actions" : " against itself",
               played.aces_played(), played.seconds());
  for (const LitmusCheck& check : outcome.checks) {
    if (check.verdict == LitmusVerdict::kSkipped) continue;
    absl::PrintF("\n%s     %-24s %-18s wanted: %s\n", VerdictName(check.verdict), check.name,
                 FigureText(check), BandText(check));
    absl::PrintF("         %s\n         why: %s\n", check.numbers, check.reason);
  }
  absl::PrintF("\n");
  for (const LitmusCheck& check : outcome.checks) {
    if (check.verdict != LitmusVerdict::kSkipped) continue;
    absl::PrintF("skip     %-24s %s\n", check.name, check.reason);
  }
  absl::PrintF("\n%d passed, %d failed, %d skipped\n",
               CountOf(outcome.checks, LitmusVerdict::kPass),
               CountOf(outcome.checks, LitmusVerdict::kFail),
               CountOf(outcome.checks, LitmusVerdict::kSkipped));
}

void PrintAsJson(const Outcome& outcome) {
  const PlayedHands& played = outcome.played;
  nlohmann::ordered_json json;
  json["run"] = outcome.source.definition.name;
  json["run_fingerprint"] = Fingerprint(outcome.source.definition);
  json["iterations"] = outcome.source.iterations();
  json["policy"] = outcome.request.policy;
  json["seed"] = outcome.request.seed;
  json["deals"] = played.played();
  json["deals_with_aces"] = played.aces_played();
  json["is_complete"] = played.is_complete();
  json["is_exact"] = played.is_exact();
  json["checks"] = nlohmann::ordered_json::array();
  for (const LitmusCheck& check : outcome.checks) {
    nlohmann::ordered_json one = {{"name", check.name}};
    switch (check.verdict) {
      case LitmusVerdict::kPass:
      case LitmusVerdict::kFail:
        one["verdict"] = check.verdict == LitmusVerdict::kPass ? "pass" : "fail";
        one["figure"] = check.figure;
        one["half_width"] = check.half_width;
        one["low"] = check.low;
        one["high"] = check.high;
        if (check.decisions > 0) one["decisions"] = check.decisions;
        one["numbers"] = check.numbers;
        break;
      case LitmusVerdict::kSkipped:
        one["verdict"] = "skipped";
        break;
    }
    one["reason"] = check.reason;
    json["checks"].push_back(one);
  }
  json["passed"] = CountOf(outcome.checks, LitmusVerdict::kPass);
  json["failed"] = CountOf(outcome.checks, LitmusVerdict::kFail);
  json["skipped"] = CountOf(outcome.checks, LitmusVerdict::kSkipped);
  json["seconds"] = played.seconds();
  PrintJson(json);
}

}  // namespace

absl::StatusOr<int> EvaluateLitmus(const LitmusRequest& request) {
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const StrategySource source, OpenStrategySource(request.folder));
  const GameDefinition& game = source.definition.game;
  if (game.num_hole_cards > kRangeHoleCardsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.folder, ": litmus is for one or two hole cards; the game has ",
                     game.num_hole_cards));
  }
  ASSIGN_OR_RETURN(const PlayedDeals deals, ParseDeals(request.deals, game, kDealsDefault));
  const StrategySource* const sources[] = {&source};
  ASSIGN_OR_RETURN(const std::vector<StoredStrategy> strategies,
                   LoadStrategies(sources, {kind, request.bucket_cache, request.threads}));
  const StoredStrategy& strategy = strategies[0];
  const AbstractionHands hands(strategy.run().abstraction());
  CatchStopSignals();
  PlayedHands played(request, strategy, hands, deals);
  played.Play();
  const std::vector<LitmusCheck> checks =
      JudgeLitmus(strategy.run().tree(), hands, strategy.policy(), played.tally());
  const Outcome outcome = {request, source, played, checks};
  if (request.as_json) {
    PrintAsJson(outcome);
  } else {
    PrintTable(outcome);
  }
  if (played.is_complete()) return CountOf(checks, LitmusVerdict::kFail);
  return absl::CancelledError(absl::StrCat("stopped after ", played.played() + played.aces_played(),
                                           " of ", played.wanted(),
                                           " hands; what is printed is of these"));
}

}  // namespace nash
