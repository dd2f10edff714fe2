// A query walks from the first decision down to the one that is asked for, once, with all hands of
// the board side by side:
//
//   hands      AsAh AsAd ...                    BoardHands: what the board leaves of the deck
//   buckets    [street][hand]                   one look-up of a street for all hands
//   reach      [hand][player]  1 -> product     at each decision of the path, of who acts there
//
// Buckets of each street are found with the board as it was then. The players' reaches are kept
// apart because a range is one player's product. Cards of the others take nothing from it, as is
// usual in what solvers print; equity.cc takes them into account.
//
// It costs a row for each hand and decision on the path, some thousands of rows. What takes longer
// is the first look at a chunk, which is checked whole: CheckPath() does that for all chunks of the
// path and for the bucket files of these streets, side by side, before any value is believed.
//
// tests/tools/browse_test.sh multiplies the lines of `policy` along the path by itself and
// compares.
#include "tools/inspection/decision.h"

#include <algorithm>
#include <array>
#include <future>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/game/street_names.h"
#include "solver/ranges/board_hands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/threads_flag.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// Streets share sorted cards in any order that somebody may type.
void SortStreets(const GameDefinition& game, int street, std::vector<Card>* board) {
  auto first = board->begin();
  for (int s = 0; s <= street; ++s) {
    std::sort(first, first + game.num_board_cards[s]);
    first += game.num_board_cards[s];
  }
}

void Act(ActionLabel label, BettingState* betting) {
  if (label == kFoldLabel) return betting->Fold();
  if (label == kCallLabel) return betting->Call();
  betting->RaiseTo(label);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DecisionViewer>> DecisionViewer::Open(
    const std::string& folder, const std::string& bucket_cache) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(folder));
  ASSIGN_OR_RETURN(std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, bucket_cache, BucketCheck::kWhenAsked));
  return Make(std::move(checkpoint), std::move(run));
}

absl::StatusOr<std::unique_ptr<DecisionViewer>> DecisionViewer::Make(
    Checkpoint checkpoint, std::shared_ptr<const LoadedRun> run) {
  if (run->tree().game().num_hole_cards > kRangeHoleCardsMax) {
    return absl::InvalidArgumentError("hands of more than two hole cards are not shown one by one");
  }
  return std::unique_ptr<DecisionViewer>(new DecisionViewer(std::move(checkpoint), std::move(run)));
}

// Chunks of 64 MB are checked side by side, and what bucket files say of the board's hands beside
// them.
absl::Status DecisionViewer::CheckPath(const Decision& decision, const BoardHands& hands) const {
  const PublicTree& tree = run_->tree();
  std::future<absl::Status> buckets = std::async(std::launch::async, [&] {
    for (int s = 0; s <= tree.nodes()[decision.node].street; ++s) {
      const auto board = absl::MakeConstSpan(decision.board).first(tree.game().BoardCardsOn(s));
      RETURN_IF_ERROR(run_->abstraction().CheckHands(s, board, hands.low(), hands.high()));
    }
    return absl::OkStatus();
  });
  std::vector<NodeIndex> nodes = {decision.node};
  for (const PathStep& step : decision.path) nodes.push_back(step.node);
  const absl::Status status = nodes_.Check(nodes, NumCores());
  RETURN_IF_ERROR(buckets.get());
  return status;
}

absl::StatusOr<std::vector<Card>> DecisionViewer::BoardOf(int street,
                                                          absl::string_view text) const {
  const GameDefinition& game = run_->tree().game();
  const size_t wanted = game.BoardCardsOn(street);
  absl::StatusOr<std::vector<Card>> board = ParseCards(text);
  if (!board.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--board=", absl::CEscape(text),
                                                   ": cards are a rank (23456789TJQKA) and a suit ",
                                                   "(cdhs) each, as in Th9h2c"));
  }
  if (board->size() < wanted) {
    return absl::InvalidArgumentError(absl::StrCat("--board=", text, ": on the ",
                                                   kStreetNames[street], " there are ", wanted,
                                                   " cards, found ", board->size()));
  }
  const std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
  CardSet seen = 0;
  for (const Card card : *board) {
    if ((seen & SetOf(card)) != 0 || std::count(deck.begin(), deck.end(), card) == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--board=", text, ": ", CardName(card),
                       (seen & SetOf(card)) != 0 ? " is there twice" : " is not in this deck"));
    }
    seen |= SetOf(card);
  }
  board->resize(wanted);
  SortStreets(game, street, &*board);
  return board;
}

absl::StatusOr<Decision> DecisionViewer::At(const std::string& betting,
                                            absl::string_view board) const {
  const PublicTree& tree = run_->tree();
  const GameDefinition& game = tree.game();
  ASSIGN_OR_RETURN(const NodeIndex node, FindNode(tree, betting));
  Decision out((BettingState(&game)));
  out.node = node;
  out.path = PathTo(tree, node);
  const int street = tree.nodes()[node].street;
  ASSIGN_OR_RETURN(out.board, BoardOf(street, board));
  CardSet cards = 0;
  for (const Card card : out.board) cards |= SetOf(card);
  BoardHands hands(MakeDeck(game.num_ranks, game.num_suits), game.num_hole_cards);
  hands.Set(cards);
  RETURN_IF_ERROR(CheckPath(out, hands));
  std::array<std::vector<uint32_t>, kStreetsMax> buckets;
  for (int s = 0; s <= street; ++s) {
    buckets[s].resize(hands.size());
    run_->cards().FindBuckets(s, absl::MakeConstSpan(out.board).first(game.BoardCardsOn(s)), hands,
                              absl::MakeSpan(buckets[s]));
  }
  out.hands.resize(hands.size());
  for (int i = 0; i < hands.size(); ++i) {
    DecisionHand& hand = out.hands[i];
    hand.hole = {hands.high()[i]};
    if (game.num_hole_cards == 2) hand.hole.push_back(hands.low()[i]);
    hand.bucket = buckets[street][i];
    hand.reach.assign(game.num_players, 1);
  }

  std::vector<double> probabilities;
  for (const PathStep& step : out.path) {
    const PublicNode& at = tree.nodes()[step.node];
    ASSIGN_OR_RETURN(const absl::Span<const int32_t> values, nodes_.ValuesOf(step.node));
    const NodeStrategy strategy(run_->layout(), step.node, values);
    probabilities.resize(at.num_actions);
    for (int i = 0; i < hands.size(); ++i) {
      strategy.Probabilities(buckets[at.street][i], absl::MakeSpan(probabilities));
      out.hands[i].reach[at.player] *= probabilities[step.action];
    }
    Act(tree.LabelsOf(step.node)[step.action], &out.betting);
  }

  const int num_actions = tree.nodes()[node].num_actions;
  const int player = tree.nodes()[node].player;
  ASSIGN_OR_RETURN(const absl::Span<const int32_t> values, nodes_.ValuesOf(node));
  const NodeStrategy strategy(run_->layout(), node, values);
  out.is_average = strategy.has_sums();
  out.mean.assign(num_actions, 0);
  double weight = 0;
  for (DecisionHand& hand : out.hands) {
    hand.actions.resize(num_actions);
    hand.regrets.resize(num_actions);
    strategy.Probabilities(hand.bucket, absl::MakeSpan(hand.actions));
    const RowView row = strategy.Row(hand.bucket);
    row.CopyRegrets(absl::MakeSpan(hand.regrets));
    if (strategy.has_sums()) hand.sums.resize(num_actions);
    for (int a = 0; a < num_actions; ++a) {
      if (strategy.has_sums()) hand.sums[a] = static_cast<double>(row.Sum(a));
      // A row that training never came to is uniform, and a reader should see why.
      hand.is_reached |= row.Regret(a) != 0 || (strategy.has_sums() && row.Sum(a) != 0);
      out.mean[a] += hand.reach[player] * hand.actions[a];
    }
    weight += hand.reach[player];
  }
  for (double& mean : out.mean) mean = weight > 0 ? mean / weight : 0;
  return out;
}

}  // namespace nash
