// An answer in five steps, none of which leaves anything behind for the next question:
//
//   the hand so far          played through from its start, as it was played and as the tree has it
//   the decision             TranslatedHand or MultiwayHand says which node, and what is barred
//   cards -> bucket          by the bucket files beside the strategy
//   the row                  probabilities of the node's actions, adjusted
//   actions of the table     edges turned back into chips; those that come to one are added up
//
// What is drawn is a function of seed, hand and number of the decision, so that a hand that is
// asked about twice is answered alike by any thread or process.
//
// Stakes may be a multiple of those that were trained (Scale); stacks may differ only where the
// user has said so, since a strategy that thinks of other stacks plays worse and cannot know it.
// tests/play/strategy_player_test.cc compares with rows of Kuhn's game and has tables of three.
#include "solver/play/strategy_player.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rng.h"
#include "common/status_macros.h"
#include "solver/cards/card.h"
#include "solver/play/strategy_buckets.h"
#include "solver/translation/multiway_hand.h"

namespace nash {
namespace {

std::string Chips(const std::array<int32_t, kPlayersMax>& chips, int num_players) {
  return absl::StrJoin(absl::MakeConstSpan(chips.data(), num_players), " ");
}

// In [0, 1).
double DrawAction(uint64_t seed, const PlayedHand& hand) {
  const StreamName name = {seed, hand.number >> 32, static_cast<uint32_t>(hand.position)};
  const RandomBlock block = Draw(name, DrawPurpose::kPlaying, static_cast<uint32_t>(hand.number),
                                 static_cast<uint32_t>(hand.actions.size()));
  return block[0] / 4294967296.0;
}

size_t Choose(absl::Span<const WeighedAction> actions, double draw) {
  size_t last = 0;
  for (size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].probability <= 0) continue;
    if (draw < actions[i].probability) return i;
    draw -= actions[i].probability;
    last = i;
  }
  return last;  // by rounding
}

// The rules but for chips.
bool HasSameRules(const GameDefinition& a, const GameDefinition& b) {
  GameDefinition c = a;
  c.blind_chips = b.blind_chips;
  c.stack_chips = b.stack_chips;
  c.dead_chips = b.dead_chips;
  c.raise_chips = b.raise_chips;
  return c == b;
}

// Whether all of `a` are one multiple of all of `b`, of which the first that is not zero sets it.
class Scale {
 public:
  bool Fits(int64_t a, int64_t b) {
    if (a_ == 0 && b != 0) {
      a_ = a;
      b_ = b;
    }
    return a_ == 0 ? a == 0 : a * b_ == b * a_;
  }

 private:
  int64_t a_ = 0;
  int64_t b_ = 0;
};

}  // namespace

StrategyPlayer::StrategyPlayer(std::unique_ptr<StrategyFile> file, Abstraction abstraction,
                               const TranslationOptions& translation)
    : file_(std::move(file)), abstraction_(std::move(abstraction)), translation_(translation) {
  for (const Card card : MakeDeck(game().num_ranks, game().num_suits)) deck_ |= SetOf(card);
}

absl::StatusOr<std::unique_ptr<StrategyPlayer>> StrategyPlayer::Open(const std::string& path,
                                                                     const PlayerOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<StrategyFile> file, StrategyFile::Open(path));
  const RunDefinition& definition = file->content().definition;
  ASSIGN_OR_RETURN(const BucketsFound found,
                   FindBucketsOf(file->content(), path, options.bucket_folder));
  absl::StatusOr<Abstraction> abstraction = Abstraction::Open(
      definition.abstraction, definition.game, found.folder, BucketCheck::kAtOnce, found.places);
  if (!abstraction.ok()) return BucketsError(abstraction.status(), found);
  RETURN_IF_ERROR(CheckBuckets(file->content(), *abstraction, path));
  return std::unique_ptr<StrategyPlayer>(
      new StrategyPlayer(std::move(file), *std::move(abstraction), options.translation));
}

absl::Status StrategyPlayer::CheckGame(const GameDefinition& played, StakesRule rule) const {
  const GameDefinition& trained = game();
  if (played == trained) return absl::OkStatus();
  if (!HasSameRules(trained, played)) {
    return absl::FailedPreconditionError(
        absl::StrCat(file_->path(),
                     ": was trained for another game than the one at the table: players, streets, "
                     "cards, order of play or limits differ; use a strategy of that game"));
  }
  const int n = trained.num_players;
  Scale scale;
  bool is_multiple = true;
  for (int p = 0; p < n; ++p) {
    is_multiple &= scale.Fits(played.blind_chips[p], trained.blind_chips[p]);
    is_multiple &= scale.Fits(played.dead_chips[p], trained.dead_chips[p]);
  }
  for (int s = 0; s < trained.num_streets && trained.betting == BettingKind::kLimit; ++s) {
    is_multiple &= scale.Fits(played.raise_chips[s], trained.raise_chips[s]);
  }
  const std::string chips =
      absl::StrCat(file_->path(), ": was trained with blinds ", Chips(trained.blind_chips, n),
                   " and stacks ", Chips(trained.stack_chips, n), ", at the table there are ",
                   Chips(played.blind_chips, n), " and ", Chips(played.stack_chips, n), ": ");
  const int32_t largest_blind =
      *std::max_element(played.blind_chips.begin(), played.blind_chips.end());
  for (int p = 0; p < n; ++p) {
    if (played.BetChipsMax(p) > largest_blind) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(chips, "position ", p, " has no more than a blind, which it does not play"));
  }
  if (!is_multiple) {
    return absl::FailedPreconditionError(
        absl::StrCat(chips,
                     "blinds, antes and limit bets may be a multiple of those that it was "
                     "trained with, nothing else; use a strategy of that game"));
  }
  if (rule == StakesRule::kScale) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(chips,
                   "use a strategy of that game, or have bets keep their share of the pot "
                   "(stakes: scale), which plays all the worse the more stacks differ"));
}

absl::StatusOr<std::vector<Card>> StrategyPlayer::SeenCards(const PlayedHand& hand,
                                                            int street) const {
  const size_t board_cards = game().BoardCardsOn(street);
  if (hand.hole.size() != game().num_hole_cards || hand.board.size() < board_cards) {
    return absl::InvalidArgumentError(absl::StrCat(
        "hole cards ", CardNames(hand.hole), " and board ", CardNames(hand.board), " on street ",
        street, ": expected ", game().num_hole_cards, " and ", board_cards, " cards"));
  }
  std::vector<Card> seen(hand.hole.begin(), hand.hole.end());
  seen.insert(seen.end(), hand.board.begin(), hand.board.begin() + board_cards);
  CardSet set = 0;
  for (const Card card : seen) {
    if (card >= kCardsMax || (deck_ & SetOf(card)) == 0 || (set & SetOf(card)) != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("cards ", CardNames(hand.hole), " ", CardNames(hand.board),
                       ": one is there twice, or is not in the deck of the game"));
    }
    set |= SetOf(card);
  }
  return seen;
}

template <typename Hand>
absl::StatusOr<PlayerAnswer> StrategyPlayer::AskIn(const PlayedHand& hand, Hand replay) const {
  for (const ActionLabel action : hand.actions) {
    if (replay.state().is_over()) return absl::InvalidArgumentError("actions after the hand's end");
    replay.TakeAction(action);
  }
  if (replay.state().is_over() || replay.state().player() != hand.position) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is not the turn of position ", hand.position));
  }
  const int street = replay.state().street();
  ASSIGN_OR_RETURN(const std::vector<Card> seen, SeenCards(hand, street));
  const TranslatedDecision where = replay.decision();
  PlayerAnswer answer;
  if (where.always_calls) {
    answer.actions = {{kCallLabel, 1}};
    answer.is_off_tree = true;
    return answer;
  }
  const StrategyContent& strategy = file_->content();
  std::array<double, kActionsMax> values;
  const auto probabilities =
      absl::MakeSpan(values.data(), strategy.tree->nodes()[where.node].num_actions);
  strategy.policy->Probabilities(where.node, abstraction_.BucketOf(street, seen), probabilities);
  where.Adjust(probabilities);
  for (size_t edge = 0; edge < probabilities.size(); ++edge) {
    const ActionLabel action = replay.ActionOf(static_cast<int>(edge));
    const auto same = std::find_if(answer.actions.begin(), answer.actions.end(),
                                   [&](const WeighedAction& a) { return a.action == action; });
    if (same == answer.actions.end()) {
      answer.actions.push_back({action, probabilities[edge]});
    } else {
      same->probability += probabilities[edge];
    }
  }
  answer.chosen = Choose(answer.actions, DrawAction(translation_.seed, hand));
  return answer;
}

absl::StatusOr<PlayerAnswer> StrategyPlayer::Ask(const PlayedHand& hand) const {
  const GameDefinition& played = hand.game == nullptr ? game() : *hand.game;
  DCHECK(CheckGame(played, StakesRule::kScale).ok());
  if (hand.position < 0 || hand.position >= played.num_players) {
    return absl::InvalidArgumentError(
        absl::StrCat("position ", hand.position, " of ", played.num_players, " players, from 0"));
  }
  const PublicTree& tree = *file_->content().tree;
  if (played.num_players == 2) {
    return AskIn(hand, TranslatedHand(tree, played, hand.position, translation_, hand.number));
  }
  return AskIn(hand, MultiwayHand(tree, played, hand.position, translation_, hand.number));
}

}  // namespace nash
