// Two stored strategies and one stream of deals. What can be refused (another game, another menu,
// more than two players) is refused by trees alone, before buckets are built or checkpoints read:
// either may take minutes. Each side sees the cards through buckets of its own; the tree is one
// (solver/evaluation/head_to_head.h). The seed names the deals and nothing else is drawn, so that a
// match is the same on any threads, and matches of one seed can be compared deal by deal.
// tests/tools/evaluate_test.sh has its figures; head_to_head_test.cc the play.
#include "solver/evaluation/head_to_head.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/run/run_definition.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/match_report.h"
#include "tools/evaluation/played_deals.h"
#include "tools/evaluation/stored_strategies.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/stored_policy.h"

namespace nash {
namespace {

constexpr uint64_t kDealsDefault = 100000;

absl::StatusOr<StrategySource> OpenSource(const std::string& folder) {
  ASSIGN_OR_RETURN(StrategySource source, OpenStrategySource(folder));
  if (source.definition.game.num_players != 2) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": a game of ",
                                                   source.definition.game.num_players,
                                                   " players; head_to_head is for games of two"));
  }
  return source;
}

// Before any buckets are built.
absl::Status CheckCanPlay(const StrategySource& a, const StrategySource& b) {
  ASSIGN_OR_RETURN(const PublicTree tree_a,
                   PublicTree::Build(a.definition.game, a.definition.menu));
  ASSIGN_OR_RETURN(const PublicTree tree_b,
                   PublicTree::Build(b.definition.game, b.definition.menu));
  const absl::Status status = CheckSameBetting(tree_a, tree_b);
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(a.folder, " and ", b.folder, " cannot play each other: ", status.message(),
                   "; train both with one game and one action menu"));
}

MatchSide SideOf(const StrategySource& source) {
  return {source.folder, source.definition.name, Fingerprint(source.definition),
          source.iterations()};
}

}  // namespace

absl::Status EvaluateHeadToHead(const HeadToHeadRequest& request) {
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const StrategySource source_a, OpenSource(request.folders[0]));
  ASSIGN_OR_RETURN(const StrategySource source_b, OpenSource(request.folders[1]));
  RETURN_IF_ERROR(CheckCanPlay(source_a, source_b));
  const GameDefinition& game = source_a.definition.game;

  Match match;
  ASSIGN_OR_RETURN(match.played, ParseDeals(request.deals, game, kDealsDefault));
  match.sides = {SideOf(source_a), SideOf(source_b)};
  match.policy = request.policy;
  match.seed = request.seed;
  match.big_blind_chips = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());

  const std::array<const StrategySource*, 2> sources = {&source_a, &source_b};
  ASSIGN_OR_RETURN(const std::vector<StoredStrategy> strategies,
                   LoadStrategies(sources, {kind, request.bucket_cache, request.threads}));
  const StoredStrategy& a = strategies[0];
  const StoredStrategy& b = strategies[1];
  const BucketDealSource deals_a(game, a.run().abstraction());
  const BucketDealSource deals_b(game, b.run().abstraction());

  CatchStopSignals();
  const std::array<Contestant, 2> contestants = {
      {{&a.policy(), &deals_a}, {&b.policy(), &deals_b}}};
  ThreadPool pool(request.threads);
  const LuckOfBoard luck =
      CountEnumeratedDeals(game) > 0 ? LuckOfBoard::kLeft : LuckOfBoard::kTakenOff;
  PlayUntilDone(
      [&](uint32_t first, absl::Span<DealChips> chips, int) {
        PlayDeals(a.run().tree(), contestants, MatchStream(request.seed), first, luck, chips);
      },
      DealSteps(), "A", &pool, &match.played);
  if (match.played.mean.deals() > 0) {
    request.as_json ? PrintMatchJson(match) : PrintMatchTable(match);
  }
  return CheckAllPlayed(match.played);
}

}  // namespace nash
