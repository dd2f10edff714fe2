// Local best response (Lisy & Bowling 2017, "Equilibrium approximation quality of current no-limit
// poker bots") as a subcommand: what it wins is a bound of how much the strategy can lose, in chips
// a hand.
//
// The strategy acts by its table; the answer knows that table, looks at what the strategy may hold
// and takes the best of a few bets, assuming that there are no bets after. The bets that it tries
// (--bets) may lie off the strategy's menu: then the strategy has to translate them, and what it
// loses by that is measured too. `56` tries the bets of the paper's largest menu.
//
// Each deal is played in both seats and counts once. A workspace for each thread holds the
// opponent's range; deals are added up in their order. tests/evaluation/local_best_response_test.cc
// has the play.
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
#include "solver/evaluation/local_best_response.h"
#include "solver/evaluation/range_response.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/played_deals.h"
#include "tools/evaluation/ranges.h"
#include "tools/evaluation/stored_strategies.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/translation_flag.h"

namespace nash {
namespace {

constexpr uint64_t kDealsDefault = 10000;
// Some tens of milliseconds a deal: small steps, so that progress moves and Ctrl-C is heard.
constexpr DealSteps kSteps = {.deals_per_call = 1, .calls_per_step = 64};

struct BetsName {
  const char* name;
  LbrBets bets;
};
constexpr BetsName kBetsNames[] = {
    {"call", LbrBets::kNone}, {"pot", LbrBets::kPotAndAllIn}, {"56", LbrBets::kMany}};

absl::StatusOr<LbrOptions> ParseOptions(const LbrRequest& request, int num_streets) {
  LbrOptions options;
  options.translation.seed = request.seed;
  ASSIGN_OR_RETURN(options.from_street, ParseFromStreet(request.from, num_streets));
  const auto* bets = std::find_if(std::begin(kBetsNames), std::end(kBetsNames),
                                  [&](const BetsName& b) { return request.bets == b.name; });
  if (bets == std::end(kBetsNames)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--bets=", request.bets, "; allowed: call, pot, 56"));
  }
  options.bets = bets->bets;
  ASSIGN_OR_RETURN(options.translation.kind, ParseTranslationKind(request.translation));
  return options;
}

struct Outcome {
  const LbrRequest& request;
  const StrategySource& source;
  const PlayedDeals& played;
  int32_t big_blind_chips;
};

void PrintTable(const Outcome& outcome) {
  const PlayedDeals& played = outcome.played;
  const DealMean& mean = played.mean;
  const double half_width = played.half_width_chips();
  absl::PrintF("run               %s, %s strategy, %d iterations\n", outcome.source.definition.name,
               outcome.request.policy, outcome.source.iterations());
  absl::PrintF("local best        bets: %s; from %s on; translation: %s\n", outcome.request.bets,
               outcome.request.from.empty() ? "preflop" : outcome.request.from,
               outcome.request.translation);
  absl::PrintF("deals             %d%s, each in both seats, in %.1f s\n", mean.deals(),
               !played.is_complete() ? absl::StrFormat(" of %d", played.wanted)
               : played.is_all       ? ", all there are"
                                     : "",
               played.seconds);
  absl::PrintF("it wins           %s chips a hand (%s)\n", IntervalText(mean.chips(), half_width),
               played.is_exact() ? "exact" : "95% interval");
  if (outcome.big_blind_chips > 0) {
    const double milli_blinds = 1000.0 / outcome.big_blind_chips;
    absl::PrintF("                  %s mbb/g\n",
                 IntervalText(milli_blinds * mean.chips(), milli_blinds * half_width));
  }
  absl::PrintF("by its position   %+.6f  %+.6f  chips a hand\n", mean.chips_in(0),
               mean.chips_in(1));
}

void PrintAsJson(const Outcome& outcome) {
  const PlayedDeals& played = outcome.played;
  nlohmann::ordered_json json;
  json["run"] = outcome.source.definition.name;
  json["run_fingerprint"] = Fingerprint(outcome.source.definition);
  json["iterations"] = outcome.source.iterations();
  json["policy"] = outcome.request.policy;
  json["bets"] = outcome.request.bets;
  json["from"] = outcome.request.from.empty() ? "preflop" : outcome.request.from;
  json["translation"] = outcome.request.translation;
  json["seed"] = outcome.request.seed;
  json["deals"] = played.mean.deals();
  json["is_complete"] = played.is_complete();
  json["is_exact"] = played.is_exact();
  json["chips"] = played.mean.chips();
  json["chips_half_width"] = played.half_width_chips();
  if (outcome.big_blind_chips > 0) {
    const double milli_blinds = 1000.0 / outcome.big_blind_chips;
    json["mbb_per_game"] = milli_blinds * played.mean.chips();
    json["mbb_half_width"] = milli_blinds * played.half_width_chips();
  }
  json["chips_by_position"] = {played.mean.chips_in(0), played.mean.chips_in(1)};
  json["seconds"] = played.seconds;
  PrintJson(json);
}

}  // namespace

absl::Status EvaluateLbr(const LbrRequest& request) {
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const StrategySource source, OpenStrategySource(request.folder));
  const GameDefinition& game = source.definition.game;
  if (!CanWalkRanges(game)) {
    return absl::InvalidArgumentError(absl::StrCat(
        request.folder, ": a game of ", game.num_players, " players with ", game.num_hole_cards,
        " hole cards; lbr is for two players with one or two hole cards"));
  }
  ASSIGN_OR_RETURN(const LbrOptions options, ParseOptions(request, game.num_streets));
  ASSIGN_OR_RETURN(PlayedDeals played, ParseDeals(request.deals, game, kDealsDefault));
  const StrategySource* const sources[] = {&source};
  ASSIGN_OR_RETURN(const std::vector<StoredStrategy> strategies,
                   LoadStrategies(sources, {kind, request.bucket_cache, request.threads}));
  const LoadedRun& run = strategies[0].run();
  const AbstractionHands hands(run.abstraction());
  ThreadPool pool(request.threads);
  ASSIGN_OR_RETURN(
      const std::unique_ptr<LocalBestResponse> lbr,
      LocalBestResponse::Make(run.tree(), hands, strategies[0].policy(), options, &pool));
  std::vector<LocalBestResponse::WorkspacePtr> workspaces;
  for (int t = 0; t < pool.num_threads(); ++t) workspaces.push_back(lbr->MakeWorkspace());
  CatchStopSignals();
  PlayUntilDone(
      [&](uint32_t first, absl::Span<DealChips> chips, int thread) {
        for (size_t i = 0; i < chips.size(); ++i) {
          chips[i] = lbr->Play(MatchStream(request.seed), first + static_cast<uint32_t>(i),
                               workspaces[thread].get());
        }
      },
      kSteps, "it", &pool, &played);
  const Outcome outcome = {request, source, played,
                           *std::max_element(game.blind_chips.begin(), game.blind_chips.end())};
  if (played.mean.deals() > 0) request.as_json ? PrintAsJson(outcome) : PrintTable(outcome);
  return CheckAllPlayed(played);
}

}  // namespace nash
