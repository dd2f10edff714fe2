#include "solver/evaluation/head_to_head.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/checkpoint/reader.h"
#include "solver/run/run_definition.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/match_report.h"
#include "tools/loaded_run.h"
#include "tools/program/build_progress.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/stored_policy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

constexpr uint64_t kDealsDefault = 100000;
constexpr uint64_t kDealsMax = uint64_t{1} << 31;
constexpr size_t kDealsPerWalk = 64;
constexpr size_t kWalksPerStep = 8;  // of each thread, between two looks at the clock
// No unit of training is named so: a match deals other cards than a run of its seed learnt from.
constexpr uint64_t kMatchRound = UINT64_MAX;
constexpr uint32_t kMatchUnit = UINT32_MAX;

// Where a strategy comes from.
struct Source {
  Checkpoint checkpoint;
  RunDefinition definition;
};

absl::StatusOr<Source> OpenSource(const std::string& folder) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(folder));
  ASSIGN_OR_RETURN(RunDefinition definition, DefinitionOf(checkpoint));
  if (definition.game.num_players != 2) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": a game of ",
                                                   definition.game.num_players,
                                                   " players; head_to_head is for games of two"));
  }
  return Source{std::move(checkpoint), std::move(definition)};
}

// Before any buckets are built.
absl::Status CheckCanPlay(const HeadToHeadRequest& request, const Source& a, const Source& b) {
  ASSIGN_OR_RETURN(const PublicTree tree_a,
                   PublicTree::Build(a.definition.game, a.definition.menu));
  ASSIGN_OR_RETURN(const PublicTree tree_b,
                   PublicTree::Build(b.definition.game, b.definition.menu));
  const absl::Status status = CheckSameBetting(tree_a, tree_b);
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(request.folders[0], " and ", request.folders[1],
                                   " cannot play each other: ", status.message(),
                                   "; train both with one game and one action menu"));
}

absl::StatusOr<uint64_t> ParseDeals(const std::string& deals, const GameDefinition& game) {
  const uint64_t all = CountEnumeratedDeals(game);
  if (deals.empty()) return all > 0 ? all : kDealsDefault;
  if (deals == "all") {
    if (all > 0) return all;
    return absl::InvalidArgumentError(absl::StrCat("--deals=all: the game has more than ",
                                                   kEnumeratedDealsMax,
                                                   " deals; name a number of them to draw"));
  }
  uint64_t number = 0;
  if (!absl::SimpleAtoi(deals, &number) || number < 2 || number > kDealsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--deals=", deals, ": a number from 2 to ", kDealsMax, ", or all"));
  }
  if (all > 0) {
    return absl::InvalidArgumentError(absl::StrCat("--deals=", deals, ": the game has ", all,
                                                   " deals, which are all played; leave it out"));
  }
  return number;
}

// Says what will be taken. Error: ResourceExhausted.
absl::Status CheckMemory(const std::array<const LoadedRun*, 2>& runs, StrategyKind kind) {
  uint64_t needed = 0;
  for (const LoadedRun* run : runs) needed += StoredPolicy::BytesNeeded(*run, kind);
  const uint64_t available = AvailableMemoryBytes();
  if (needed > available) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "the two strategies take %.2f GB of memory and %.2f GB are available: use a machine with "
        "more, or runs with fewer buckets",
        needed / 1e9, available / 1e9));
  }
  absl::FPrintF(
      stderr, "memory: strategies %.1f MB, buckets %.1f MB; %.1f MB are available\n", needed / 1e6,
      (runs[0]->abstraction().bytes() + runs[1]->abstraction().bytes()) / 1e6, available / 1e6);
  return absl::OkStatus();
}

// Plays until all deals are played or somebody asks to stop.
void Play(const PublicTree& tree, const std::array<Contestant, 2>& contestants, int threads,
          Match* match) {
  ThreadPool pool(threads);
  MatchProgress progress;
  const StreamName name = {match->seed, kMatchRound, kMatchUnit};
  std::vector<DealChips> chips(kDealsPerWalk * kWalksPerStep * threads);
  const auto start = std::chrono::steady_clock::now();
  while (match->mean.deals() < match->deals_wanted && stop_signal_received.load() == 0) {
    const uint64_t first = match->mean.deals();
    const size_t n = std::min<uint64_t>(chips.size(), match->deals_wanted - first);
    pool.ForEach((n + kDealsPerWalk - 1) / kDealsPerWalk, [&](size_t walk, int) {
      const size_t begin = walk * kDealsPerWalk;
      PlayDeals(tree, contestants, name, static_cast<uint32_t>(first + begin),
                absl::MakeSpan(chips).subspan(begin, std::min(kDealsPerWalk, n - begin)));
    });
    // In the order of deals, whoever played them.
    for (size_t deal = 0; deal < n; ++deal) match->mean.Add(chips[deal]);
    match->seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress.Print(*match);
  }
  progress.EndLine();
}

MatchSide SideOf(const std::string& folder, const Source& source) {
  return {folder, source.definition.name, Fingerprint(source.definition),
          source.checkpoint.manifest().position.iterations};
}

}  // namespace

absl::Status EvaluateHeadToHead(const HeadToHeadRequest& request) {
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const Source source_a, OpenSource(request.folders[0]));
  ASSIGN_OR_RETURN(const Source source_b, OpenSource(request.folders[1]));
  RETURN_IF_ERROR(CheckCanPlay(request, source_a, source_b));
  const GameDefinition& game = source_a.definition.game;

  Match match;
  ASSIGN_OR_RETURN(match.deals_wanted, ParseDeals(request.deals, game));
  match.is_exact = match.deals_wanted == CountEnumeratedDeals(game);
  match.sides = {SideOf(request.folders[0], source_a), SideOf(request.folders[1], source_b)};
  match.policy = request.policy;
  match.seed = request.seed;
  match.big_blind_chips = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());

  BuildProgressPrinter printer;
  LoadOptions options;
  options.bucket_cache = request.bucket_cache;
  options.build.threads = request.threads;
  options.build.progress = [&](const BuildProgress& p) { printer.Print(p); };
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run_a,
                   LoadedRun::Make(source_a.definition, options));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run_b,
                   LoadedRun::Make(source_b.definition, options));
  RETURN_IF_ERROR(CheckMemory({run_a.get(), run_b.get()}, kind));
  ASSIGN_OR_RETURN(const StoredPolicy a, StoredPolicy::Load(*run_a, source_a.checkpoint, kind));
  ASSIGN_OR_RETURN(const StoredPolicy b, StoredPolicy::Load(*run_b, source_b.checkpoint, kind));
  const BucketDealSource deals_a(game, run_a->abstraction());
  const BucketDealSource deals_b(game, run_b->abstraction());

  CatchStopSignals();
  Play(run_a->tree(), {{{&a.policy(), &deals_a}, {&b.policy(), &deals_b}}}, request.threads,
       &match);
  if (match.mean.deals() > 0) {
    request.as_json ? PrintMatchJson(match) : PrintMatchTable(match);
  }
  if (match.mean.deals() == match.deals_wanted) return absl::OkStatus();
  return absl::CancelledError(absl::StrCat("stopped after ", match.mean.deals(), " of ",
                                           match.deals_wanted,
                                           " deals; what is printed is of these"));
}

}  // namespace nash
