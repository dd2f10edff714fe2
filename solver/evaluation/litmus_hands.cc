// One recursion serves both ways of playing: where deals are few it follows every action with its
// probability as weight, elsewhere it draws one. What the last street is judged by are facts about
// cards alone (StandingOf), found once for each player who comes to a decision there:
//
//   better == 0, beaten many    the nuts, and not only the board that all share
//   beaten == 0, tied few       nothing: it cannot win, and at best shares the pot now and then
//
// Weights of the other players' actions are those of the very deal, so that cards which the hands
// take from each other count as they should. litmus_test.cc plays strategies that break one rule
// each, and compares the shares with sums over all deals of small games.
#include "solver/evaluation/litmus_hands.h"

#include <glog/logging.h>

#include <algorithm>
#include <cmath>

#include "solver/evaluation/head_to_head.h"

namespace nash {
namespace {

// A hand that ties with more than this share of all others may call for half of the pot.
constexpr int kTiedShareMax = 10;  // one in so many

int CallAction(absl::Span<const ActionLabel> labels) { return labels[0] == kFoldLabel ? 1 : 0; }

int CardNumber(absl::Span<const Card> hole) {
  return hole.size() == 1 ? HandNumber(hole[0]) : HandNumber(hole[0], hole[1]);
}

}  // namespace

void LitmusSpot::Add(double weight, double figure) {
  ++decisions_;
  weight_ += weight;
  sum_ += weight * figure;
  squares_ += weight * figure * figure;
}

void LitmusSpot::Merge(const LitmusSpot& other) {
  decisions_ += other.decisions_;
  weight_ += other.weight_;
  sum_ += other.sum_;
  squares_ += other.squares_;
  unlearned_ += other.unlearned_;
}

double LitmusSpot::unlearned_share() const {
  const double all = weight_ + unlearned_;
  return all > 0 ? unlearned_ / all : 0;
}

double LitmusSpot::half_width() const {
  if (is_exact_ || decisions_ < 2) return 0;
  const double variance = std::max(0.0, squares_ / weight_ - mean() * mean());
  return 1.96 * std::sqrt(variance / (decisions_ - 1));
}

void LitmusTally::Merge(const LitmusTally& other) {
  aces_fold.Merge(other.aces_fold);
  nuts_fold.Merge(other.nuts_fold);
  nuts_pass.Merge(other.nuts_pass);
  nothing_call.Merge(other.nothing_call);
  fold_excess.Merge(other.fold_excess);
  bet_fold.Merge(other.bet_fold);
}

void LitmusTally::SetExact() {
  for (LitmusSpot* spot : {&nuts_fold, &nuts_pass, &nothing_call, &fold_excess, &bet_fold}) {
    spot->SetExact();
  }
}

LitmusHands::LitmusHands(const PublicTree& tree, const HandModel& hands, const Policy& policy)
    : tree_(tree),
      game_(tree.game()),
      hands_(hands),
      policy_(policy),
      follows_all_(CountEnumeratedDeals(tree.game()) > 0),
      deck_(MakeDeck(game_.num_ranks, game_.num_suits)),
      cards_(game_.CardsPerDeal(), 1),
      live_(deck_, game_.num_hole_cards) {
  CHECK_LE(game_.num_hole_cards, kRangeHoleCardsMax);
}

void LitmusHands::Deal(const StreamName& name, uint32_t number) {
  draws_ = name;
  number_ = number;
  aces_player_ = -1;
  DrawCards(game_, name, number, 1, &cards_);
}

// Hole cards and boards as HandModel takes them.
void LitmusHands::SortCards() {
  int slot = 0;
  for (int player = 0; player < game_.num_players; ++player) {
    hole_[player].clear();
    for (int h = 0; h < game_.num_hole_cards; ++h) {
      hole_[player].push_back(cards_.slot(slot++)[0]);
    }
    std::sort(hole_[player].begin(), hole_[player].end());
  }
  board_.clear();
  for (int street = 0; street < game_.num_streets; ++street) {
    for (int c = 0; c < game_.num_board_cards[street]; ++c) {
      board_.push_back(cards_.slot(slot++)[0]);
    }
    std::sort(board_.end() - game_.num_board_cards[street], board_.end());
  }
  buckets_ = {};
  standings_ = {};
  has_strengths_ = false;
}

uint32_t LitmusHands::Bucket(int street, int player) {
  std::optional<uint32_t>& bucket = buckets_[street][player];
  if (!bucket.has_value()) {
    bucket = hands_.Bucket(street, hole_[player],
                           absl::MakeConstSpan(board_).subspan(0, game_.BoardCardsOn(street)));
  }
  return *bucket;
}

const LitmusHands::Standing& LitmusHands::StandingOf(int player) {
  std::optional<Standing>& kept = standings_[player];
  if (kept.has_value()) return *kept;
  if (!has_strengths_) {
    CardSet dead = 0;
    for (const Card card : board_) dead |= SetOf(card);
    live_.Set(dead);
    strengths_.resize(live_.size());
    hands_.FindStrengths(board_, live_, absl::MakeSpan(strengths_));
    has_strengths_ = true;
  }
  const std::vector<Card>& hole = hole_[player];
  const int32_t own = strengths_[live_.PositionOf(CardNumber(hole))];
  Standing standing;
  for (int h = 0; h < live_.size(); ++h) {
    const Card low = live_.low()[h];
    const Card high = live_.high()[h];
    if (low == hole.front() || low == hole.back()) continue;
    if (high == hole.front() || high == hole.back()) continue;
    standing.beaten += strengths_[h] < own;
    standing.tied += strengths_[h] == own;
    standing.better += strengths_[h] > own;
  }
  kept = standing;
  return *kept;
}

void LitmusHands::JudgeLastStreet(NodeIndex node, const Place& place,
                                  absl::Span<const double> probabilities, bool is_learned,
                                  LitmusTally* tally) {
  const auto add = [&](LitmusSpot* spot, double figure) {
    if (is_learned) {
      spot->Add(place.weight, figure);
    } else {
      spot->AddUnlearned(place.weight);
    }
  };
  const absl::Span<const ActionLabel> labels = tree_.LabelsOf(node);
  const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
  const int call = CallAction(labels);
  const bool faces_bet = call == 1;
  const bool call_ends = edges[call].kind() != EdgeKind::kDecision;
  const Standing& standing = StandingOf(tree_.nodes()[node].player);
  const int others = standing.beaten + standing.tied + standing.better;
  if (standing.better == 0 && 2 * standing.beaten >= others) {
    if (faces_bet) add(&tally->nuts_fold, probabilities[0]);
    if (call_ends && static_cast<int>(labels.size()) > call + 1) {
      add(&tally->nuts_pass, probabilities[call] + (faces_bet ? probabilities[0] : 0));
    }
  } else if (faces_bet && call_ends && standing.beaten == 0 &&
             standing.tied * kTiedShareMax <= others) {
    add(&tally->nothing_call, probabilities[call]);
  }
  if (game_.num_players == 2 && faces_bet && place.raises == 1) {
    // Before the bet both had put in the same, dead chips among it (PublicTree::OwnChips()): half
    // of the pot each, which is what a fold costs.
    const double bet = edges[1].amount_chips - edges[0].amount_chips;
    const double pot = 2.0 * edges[0].amount_chips;
    add(&tally->fold_excess, probabilities[0] - bet / (pot + bet));
    add(&tally->bet_fold, probabilities[0]);
  }
}

void LitmusHands::Judge(NodeIndex node, const Place& place, absl::Span<const double> probabilities,
                        LitmusTally* tally) {
  const PublicNode& n = tree_.nodes()[node];
  const bool is_last_street = n.street == game_.num_streets - 1 && aces_player_ < 0;
  const bool has_aces = n.player == aces_player_ && tree_.LabelsOf(node)[0] == kFoldLabel;
  if (!is_last_street && !has_aces) return;
  const bool is_learned = policy_.IsLearned(node, Bucket(n.street, n.player));
  if (is_last_street) JudgeLastStreet(node, place, probabilities, is_learned, tally);
  if (!has_aces) return;
  if (is_learned) {
    tally->aces_fold.Add(place.weight, probabilities[0]);
  } else {
    tally->aces_fold.AddUnlearned(place.weight);
  }
}

void LitmusHands::Visit(NodeIndex node, const Place& place, LitmusTally* tally) {
  const PublicNode& n = tree_.nodes()[node];
  if (aces_player_ >= 0 && n.street > 0) return;
  std::array<double, kActionsMax> room;
  const absl::Span<double> probabilities = absl::MakeSpan(room.data(), n.num_actions);
  policy_.Probabilities(node, Bucket(n.street, n.player), probabilities);
  Judge(node, place, probabilities, tally);
  const absl::Span<const PublicEdge> edges = tree_.EdgesOf(node);
  const absl::Span<const ActionLabel> labels = tree_.LabelsOf(node);
  const auto go = [&](int action, double weight) {
    if (edges[action].kind() != EdgeKind::kDecision) return;
    const NodeIndex child = edges[action].payload();
    const bool is_same_street = tree_.nodes()[child].street == n.street;
    Visit(child, {weight, is_same_street ? place.raises + (labels[action] > 0) : 0}, tally);
  };
  if (follows_all_) {
    for (int a = 0; a < n.num_actions; ++a) {
      if (probabilities[a] > 0) go(a, place.weight * probabilities[a]);
    }
    return;
  }
  double left = Draw(draws_, DrawPurpose::kSampling, number_, n.depth)[0] / 4294967296.0;
  int taken = 0;
  for (int a = 0; a < n.num_actions; ++a) {
    if (probabilities[a] == 0) continue;
    taken = a;
    left -= probabilities[a];
    if (left < 0) break;
  }
  go(taken, place.weight);
}

void LitmusHands::Play(const StreamName& name, uint32_t number, LitmusTally* tally) {
  Deal(name, number);
  SortCards();
  Visit(0, {1.0, 0}, tally);
}

void LitmusHands::PlayAces(const StreamName& name, uint32_t number, LitmusTally* tally) {
  CHECK_EQ(game_.num_hole_cards, 2);
  CHECK_GE(game_.num_suits, 2);
  Deal(name, number);
  aces_player_ = static_cast<int>(number % game_.num_players);
  const RandomBlock random = Draw(name, DrawPurpose::kEvaluation, number, 0);
  const uint32_t first = UniformBelow(random[0], game_.num_suits);
  const uint32_t second =
      (first + 1 + UniformBelow(random[1], game_.num_suits - 1)) % game_.num_suits;
  // A card that was dealt elsewhere changes places with the one that goes: the others stay as
  // likely in every order as they were.
  for (int h = 0; h < 2; ++h) {
    const Card ace = deck_[deck_.size() - 1 - (h == 0 ? first : second)];
    Card* const place = cards_.slot(2 * aces_player_ + h);
    for (int slot = 0; slot < cards_.num_slots(); ++slot) {
      if (cards_.slot(slot)[0] == ace) cards_.slot(slot)[0] = *place;
    }
    *place = ace;
  }
  SortCards();
  Visit(0, {1.0, 0}, tally);
}

}  // namespace nash
