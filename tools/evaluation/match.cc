// Everyone plays everyone: for each pair the first is measured against copies of the second in all
// other positions, and in games of three and more players the other way round as well, since one
// against many is not many against one.
//
// All pairs play the same deals, so that the differences between entrants have less luck in them
// than the results. Results are added in the order of deals whatever the threads, so that a seed
// always prints the same figures.
//
//   entrants   folders, strategy files, built-in opponents      A, B, C, ...
//   pairs      two players: A-B A-C B-C                         more: B-A and so on as well
//   a deal     the measured one in each seat in turn            AIVAT's terms taken off
//
// AIVAT takes off what was luck of known strategies and of the cards
// (solver/evaluation/aivat_match.h), so that an interval of a given width takes fewer hands. How
// many times narrower it became is printed beside the plain figures.
// tests/evaluation/aivat_match_test.cc compares with exact values.
//
// Hands can be written to a file as they are played (--history), in the order of deals. They are
// played again there by the rules of tools/history, and a difference in chips ends the program:
// rules and tree disagreeing would be a fault of ours.
#include <glog/logging.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/evaluation/aivat_match.h"
#include "solver/evaluation/head_to_head.h"
#include "solver/evaluation/rule_player.h"
#include "solver/ranges/board_hands.h"
#include "tools/acpc/dealt_hand.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/played_deals.h"
#include "tools/evaluation/stored_strategies.h"
#include "tools/history/hand_files.h"
#include "tools/program/print_json.h"
#include "tools/program/progress_line.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr size_t kDealsPerThread = 64;  // between two looks at the clock
constexpr size_t kContestantsMax = 16;
constexpr double kTerminalEverySeconds = 0.5;
constexpr double kLogEverySeconds = 10;
// Below this share of what the hands themselves vary by, nothing but rounding is left.
constexpr double kNoLuck = 1e-9;

struct Entrant {
  std::string name;  // a folder, or a rule's name
  std::optional<PlayerRule> rule;
  std::optional<StrategySource> source;
  // Made when all are known to fit:
  const Policy* policy = nullptr;
  std::unique_ptr<RulePolicy> rule_policy;
  std::unique_ptr<DealSource> deals;
};

struct Pair {
  size_t measured;
  size_t other;
  MatchMean mean;
  bool has_deal_term = false;
};

absl::StatusOr<std::vector<Entrant>> OpenEntrants(const MatchRequest& request) {
  if (request.entrants.size() < 2 || request.entrants.size() > kContestantsMax) {
    return absl::InvalidArgumentError(absl::StrCat("expected 2 to ", kContestantsMax,
                                                   " folders or built-in opponents, got ",
                                                   request.entrants.size(), "; try --help"));
  }
  std::vector<Entrant> entrants;
  for (const std::string& name : request.entrants) {
    Entrant entrant;
    entrant.name = name;
    entrant.rule = ParsePlayerRule(name);
    if (!entrant.rule.has_value()) {
      absl::StatusOr<StrategySource> source = OpenStrategySource(name);
      if (absl::IsNotFound(source.status())) {
        return absl::NotFoundError(
            absl::StrCat(source.status().message(), "; built-in opponents: ", kPlayerRuleNames));
      }
      RETURN_IF_ERROR(source.status());
      entrant.source = *std::move(source);
    }
    entrants.push_back(std::move(entrant));
  }
  return entrants;
}

// The first entrant from a folder, whose game is played. Error: InvalidArgument without one, or
// where built-in opponents do not know the game; FailedPrecondition where another's differs.
absl::StatusOr<const StrategySource*> CheckEntrants(const std::vector<Entrant>& entrants) {
  const StrategySource* first = nullptr;
  for (const Entrant& entrant : entrants) {
    if (!entrant.source.has_value()) continue;
    if (first == nullptr) {
      first = &*entrant.source;
      continue;
    }
    ASSIGN_OR_RETURN(const PublicTree a,
                     PublicTree::Build(first->definition.game, first->definition.menu));
    ASSIGN_OR_RETURN(const PublicTree b, PublicTree::Build(entrant.source->definition.game,
                                                           entrant.source->definition.menu));
    const absl::Status status = CheckSameBetting(a, b);
    if (status.ok()) continue;
    return absl::Status(status.code(),
                        absl::StrCat(first->folder, " and ", entrant.name,
                                     " cannot play each other: ", status.message(),
                                     "; train both with one game and one action menu"));
  }
  if (first == nullptr) {
    return absl::InvalidArgumentError(
        "match: all of them are built-in opponents; name a run's folder, whose game they play");
  }
  const int hole_cards = first->definition.game.num_hole_cards;
  for (const Entrant& entrant : entrants) {
    if (!entrant.rule.has_value() || hole_cards <= kRangeHoleCardsMax) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        entrant.name, ": built-in opponents are for one or two hole cards; the game has ",
        hole_cards));
  }
  return first;
}

class Tournament {
 public:
  Tournament(const MatchRequest& request, const PublicTree& tree,
             const std::vector<Entrant>& entrants, uint64_t deals, HandFileWriter* history)
      : request_(request),
        history_(history),
        tree_(tree),
        entrants_(entrants),
        deals_wanted_(deals),
        pool_(request.threads) {
    // Of two players, what one wins the other loses: each pair is played once.
    for (size_t i = 0; i < entrants.size(); ++i) {
      for (size_t j = 0; j < entrants.size(); ++j) {
        if (i < j || (i > j && tree.num_players() > 2)) pairs_.push_back({i, j, {}});
      }
    }
  }

  // Errors: those of the file of hands.
  absl::Status Play() {
    absl::Status status;
    for (size_t i = 0; i < pairs_.size() && status.ok() && stop_signal_received.load() == 0; ++i) {
      status = PlayPair(i);
    }
    progress_.End();
    return status;
  }

  const std::vector<Pair>& pairs() const { return pairs_; }
  uint64_t deals_wanted() const { return deals_wanted_; }
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  uint64_t deals() const {
    uint64_t deals = 0;
    for (const Pair& pair : pairs_) deals += pair.mean.deals();
    return deals;
  }
  bool is_complete() const { return deals() == deals_wanted_ * pairs_.size(); }

 private:
  absl::Status PlayPair(size_t index) {
    Pair& pair = pairs_[index];
    const Entrant& measured = entrants_[pair.measured];
    const Entrant& other = entrants_[pair.other];
    std::vector<std::unique_ptr<AivatMatch>> matches;
    for (int t = 0; t < pool_.num_threads(); ++t) {
      matches.push_back(
          std::make_unique<AivatMatch>(tree_, MatchPlayer{measured.policy, measured.deals.get()},
                                       MatchPlayer{other.policy, other.deals.get()}));
      if (history_ != nullptr) matches.back()->KeepActions();
    }
    pair.has_deal_term = CountEnumeratedDeals(tree_.game()) > 0 && matches[0]->is_walked();
    if (pair.has_deal_term) {
      pool_.ForEach(matches.size(), [&](size_t t, int) { matches[t]->ExpectAllDeals(); });
    }
    std::vector<MatchDeal> deals(kDealsPerThread * matches.size());
    while (pair.mean.deals() < deals_wanted_ && stop_signal_received.load() == 0) {
      const uint64_t first = pair.mean.deals();
      const size_t n = std::min<uint64_t>(deals.size(), deals_wanted_ - first);
      pool_.ForEach(n, [&](size_t k, int thread) {
        deals[k] =
            matches[thread]->Play(MatchStream(request_.seed), static_cast<uint32_t>(first + k));
      });
      // In the order of deals, whoever played them.
      for (size_t k = 0; k < n; ++k) {
        pair.mean.Add(deals[k]);
        if (history_ == nullptr) continue;
        RETURN_IF_ERROR(Write(pair, static_cast<uint32_t>(first + k), deals[k]));
      }
      Tell(index);
    }
    return absl::OkStatus();
  }

  // The hands of one deal. Players are called A, B, ...; copies B1, B2, ...
  absl::Status Write(const Pair& pair, uint32_t number, const MatchDeal& deal) {
    const int n = tree_.num_players();
    for (int measured = 0; measured < n; ++measured) {
      HandRecord hand;
      hand.game = tree_.game();
      hand.state = DealHand(hand.game, request_.seed, number);
      hand.state.hand = num_written_++;
      hand.state.actions = deal.actions[measured];
      hand.state.board.resize(BoardCardsShown(hand.game, hand.state.actions));
      for (int p = 0; p < n; ++p) {
        const bool is_copy = p != measured && n > 2;
        hand.names.push_back(
            absl::StrCat(std::string(1, 'A' + (p == measured ? pair.measured : pair.other)),
                         is_copy ? absl::StrCat((p - measured + n) % n) : ""));
      }
      RETURN_IF_ERROR(CompleteHand(&hand));
      // The hand's own rules and those of the tree are one.
      CHECK_LT(std::abs(hand.values[measured] - deal.chips[measured]), 1e-6);
      RETURN_IF_ERROR(history_->Add(hand));
    }
    return absl::OkStatus();
  }

  void Tell(size_t index) {
    const double now = seconds();
    if (now < next_print_seconds_ || is_complete()) return;
    next_print_seconds_ =
        now + (progress_.is_terminal() ? kTerminalEverySeconds : kLogEverySeconds);
    const Pair& pair = pairs_[index];
    const uint64_t wanted = deals_wanted_ * pairs_.size();
    progress_.Show({{absl::StrFormat("%5.1f%%", 100.0 * deals() / wanted)},
                    {absl::StrFormat("  %d of %d deals", deals(), wanted), 2},
                    {absl::StrFormat(", %s/s", ShortRate(deals(), now)), 3},
                    {absl::StrFormat(
                        ", %c wins %s chips a hand from %c", 'A' + static_cast<char>(pair.measured),
                        IntervalText(pair.mean.corrected(), pair.mean.corrected_half_width()),
                        'A' + static_cast<char>(pair.other))},
                    {absl::StrFormat(", %.0f s left", now * (wanted - deals()) / deals()), 1}});
  }

  const MatchRequest& request_;
  HandFileWriter* const history_;  // null: hands are not kept
  uint32_t num_written_ = 0;       // hands
  const PublicTree& tree_;
  const std::vector<Entrant>& entrants_;
  const uint64_t deals_wanted_;
  ThreadPool pool_;
  std::vector<Pair> pairs_;
  ProgressLine progress_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double next_print_seconds_ = 2;
};

// How many times AIVAT narrows the interval; none where it leaves no luck at all.
std::optional<double> FactorOf(const MatchMean& mean) {
  if (mean.corrected_half_width() <= kNoLuck * mean.half_width()) return std::nullopt;
  return mean.half_width() / mean.corrected_half_width();
}

void PrintTables(const std::vector<Entrant>& entrants, const Tournament& tournament,
                 int32_t big_blind_chips, int num_players) {
  for (size_t i = 0; i < entrants.size(); ++i) {
    const Entrant& entrant = entrants[i];
    absl::PrintF("%-18s%s%s\n", std::string(1, 'A' + i), entrant.name,
                 entrant.source.has_value()
                     ? absl::StrFormat(": %s, %d iterations", entrant.source->definition.name,
                                       entrant.source->iterations())
                     : ": built in");
  }
  absl::PrintF("deals             %d of each pair%s, each in %d seatings, in %.1f s\n",
               tournament.deals_wanted(),
               tournament.is_complete()
                   ? ""
                   : absl::StrFormat(" wanted, %d played in all", tournament.deals()),
               num_players, tournament.seconds());
  for (const Pair& pair : tournament.pairs()) {
    const MatchMean& mean = pair.mean;
    if (mean.deals() == 0) continue;
    const double half = FactorOf(mean).has_value() ? mean.corrected_half_width() : 0;
    std::string positions;
    for (int p = 0; p < num_players; ++p) {
      absl::StrAppendFormat(&positions, "  %+.3f", mean.corrected_in(p));
    }
    const std::string copies = num_players > 2 ? absl::StrCat(num_players - 1, " x ") : "";
    absl::PrintF("%c against %s%c   %s chips a hand", 'A' + static_cast<char>(pair.measured),
                 copies, 'A' + static_cast<char>(pair.other), IntervalText(mean.corrected(), half));
    if (big_blind_chips > 0) {
      const double milli_blinds = 1000.0 / big_blind_chips;
      absl::PrintF("  (%s mbb/g)",
                   IntervalText(milli_blinds * mean.corrected(), milli_blinds * half));
    }
    absl::PrintF("\n  by position     %s\n", positions);
    absl::PrintF(
        "  without AIVAT     %s; %s\n", IntervalText(mean.chips(), mean.half_width()),
        FactorOf(mean).has_value()
            ? absl::StrFormat("the interval is %.1f times narrower with it", *FactorOf(mean))
            : "with it no luck is left");
  }
}

void PrintAsJson(const MatchRequest& request, const std::vector<Entrant>& entrants,
                 const Tournament& tournament, int32_t big_blind_chips, int num_players) {
  nlohmann::ordered_json json;
  for (const Entrant& entrant : entrants) {
    nlohmann::ordered_json one = {{"name", entrant.name}};
    if (entrant.source.has_value()) {
      one["run"] = entrant.source->definition.name;
      one["run_fingerprint"] = Fingerprint(entrant.source->definition);
      one["iterations"] = entrant.source->iterations();
    }
    json["entrants"].push_back(one);
  }
  json["policy"] = request.policy;
  json["seed"] = request.seed;
  json["players"] = num_players;
  json["is_complete"] = tournament.is_complete();
  json["pairs"] = nlohmann::ordered_json::array();
  for (const Pair& pair : tournament.pairs()) {
    const MatchMean& mean = pair.mean;
    if (mean.deals() == 0) continue;
    nlohmann::ordered_json one = {{"measured", pair.measured},
                                  {"other", pair.other},
                                  {"deals", mean.deals()},
                                  {"chips", mean.corrected()},
                                  {"chips_half_width", mean.corrected_half_width()},
                                  {"chips_without_aivat", mean.chips()},
                                  {"half_width_without_aivat", mean.half_width()}};
    if (big_blind_chips > 0) {
      one["mbb_per_game"] = 1000 * mean.corrected() / big_blind_chips;
      one["mbb_half_width"] = 1000 * mean.corrected_half_width() / big_blind_chips;
    }
    const std::optional<double> factor = FactorOf(mean);
    one["aivat_factor"] = factor.has_value() ? nlohmann::ordered_json(*factor) : nullptr;
    for (int p = 0; p < num_players; ++p) {
      one["chips_by_position"].push_back(mean.corrected_in(p));
    }
    json["pairs"].push_back(one);
  }
  json["seconds"] = tournament.seconds();
  PrintJson(json);
}

}  // namespace

absl::Status EvaluateMatch(const MatchRequest& request) {
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(std::vector<Entrant> entrants, OpenEntrants(request));
  ASSIGN_OR_RETURN(const StrategySource* const first, CheckEntrants(entrants));
  const GameDefinition& game = first->definition.game;
  if (request.deals < 2 || request.deals > UINT32_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--deals=", request.deals, ": an interval takes at least 2; at most ", UINT32_MAX));
  }
  std::vector<const StrategySource*> sources;
  for (const Entrant& entrant : entrants) {
    if (entrant.source.has_value()) sources.push_back(&*entrant.source);
  }
  ASSIGN_OR_RETURN(const std::vector<StoredStrategy> strategies,
                   LoadStrategies(sources, {kind, request.bucket_cache, request.threads}));
  const PublicTree& tree = strategies[0].run().tree();
  auto strategy = strategies.begin();
  for (Entrant& entrant : entrants) {
    if (entrant.source.has_value()) {
      entrant.policy = &strategy->policy();
      entrant.deals = std::make_unique<BucketDealSource>(game, strategy->run().abstraction());
      ++strategy;
    } else {
      entrant.rule_policy = std::make_unique<RulePolicy>(tree, *entrant.rule);
      entrant.policy = entrant.rule_policy.get();
      entrant.deals = std::make_unique<RuleDeals>(game, *entrant.rule);
    }
  }
  std::optional<HandFileWriter> history;
  if (!request.history.empty()) {
    ASSIGN_OR_RETURN(history, HandFileWriter::Create(request.history, game));
  }
  CatchStopSignals();
  Tournament tournament(request, tree, entrants, request.deals,
                        history.has_value() ? &*history : nullptr);
  RETURN_IF_ERROR(tournament.Play());
  if (history.has_value()) RETURN_IF_ERROR(history->Finish());
  const int32_t big_blind_chips =
      *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  if (tournament.deals() > 0) {
    if (request.as_json) {
      PrintAsJson(request, entrants, tournament, big_blind_chips, game.num_players);
    } else {
      PrintTables(entrants, tournament, big_blind_chips, game.num_players);
    }
  }
  if (tournament.is_complete()) return absl::OkStatus();
  return absl::CancelledError(absl::StrCat("stopped after ", tournament.deals(), " of ",
                                           tournament.deals_wanted() * tournament.pairs().size(),
                                           " deals; what is printed is of these"));
}

}  // namespace nash
