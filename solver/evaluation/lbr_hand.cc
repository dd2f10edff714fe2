// What is where, for a hand of the local best response in `position_`:
//
//   streets_[s].hands      the strategy's possible hands, by place; numbers name them everywhere
//   line.range[number]     how likely each has played so far
//   sums_                  the same, put together by bucket: all the strategy looks at
//
// A choice goes through up to 56 bets. Each is taken for one or two edges of the tree, of which
// there are few, so what folds is summed once an edge and not once a bet; and once a bucket, not
// once a hand, since hands of a bucket fold alike.
//
// local_best_response_test.cc compares with exact best responses, with a slow twin on Leduc and
// with what is known against a strategy that always calls.
#include "solver/evaluation/lbr_hand.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {
namespace {

int NumberOf(absl::Span<const Card> hole) {
  return hole.size() == 1 ? HandNumber(hole[0]) : HandNumber(hole[0], hole[1]);
}

}  // namespace

LbrHand::LbrHand(const LocalBestResponse& lbr)
    : lbr_(lbr), tree_(lbr.tree_), equity_work_(lbr.tree_.game()) {
  const GameDefinition& game = tree_.game();
  const std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
  uint32_t num_buckets = 0;
  for (int s = 0; s < game.num_streets; ++s) {
    streets_.emplace_back(deck, game.num_hole_cards);
    num_buckets = std::max(num_buckets, lbr.cards_.NumBuckets(s));
  }
  sums_.reach.resize(num_buckets);
  sums_.equity.resize(num_buckets);
  chances_.resize(num_buckets);
}

double LbrHand::Play(const StreamName& name, uint32_t number, const CardBatch& cards,
                     int position) {
  const GameDefinition& game = tree_.game();
  name_ = name;
  number_ = number;
  position_ = position;
  const auto hole_of = [&](int player) {
    std::vector<Card> hole;
    for (int h = 0; h < game.num_hole_cards; ++h) {
      hole.push_back(cards.slot(player * game.num_hole_cards + h)[0]);
    }
    std::sort(hole.begin(), hole.end());
    return hole;
  };
  own_hole_ = hole_of(position);
  other_number_ = NumberOf(hole_of(1 - position));
  board_.clear();
  for (int slot = 2 * game.num_hole_cards; slot < game.CardsPerDeal(); ++slot) {
    board_.push_back(cards.slot(slot)[0]);
  }
  for (int s = 0, begin = 0; s < game.num_streets; ++s) {
    std::sort(board_.begin() + begin, board_.begin() + game.BoardCardsOn(s));
    begin = game.BoardCardsOn(s);
  }
  for (StreetView& street : streets_) {
    street.has_hands = street.has_buckets = street.has_equities = false;
  }
  const uint64_t hand = uint64_t{number} * 2 + position;
  Line line = {TranslatedHand(tree_, 1 - position, lbr_.options_.translation, hand)};
  line.range.fill(1);
  return PlayOn(&line);
}

LbrHand::StreetView& LbrHand::HandsOn(int street) {
  StreetView& view = streets_[street];
  if (view.has_hands) return view;
  CardSet dead = 0;
  for (int c = 0; c < tree_.game().BoardCardsOn(street); ++c) dead |= SetOf(board_[c]);
  for (Card card : own_hole_) dead |= SetOf(card);
  view.hands.Set(dead);
  view.has_hands = true;
  return view;
}

LbrHand::StreetView& LbrHand::BucketsOn(int street) {
  StreetView& view = HandsOn(street);
  if (view.has_buckets) return view;
  view.buckets.resize(view.hands.size());
  lbr_.cards_.FindBuckets(street,
                          absl::MakeConstSpan(board_).subspan(0, tree_.game().BoardCardsOn(street)),
                          view.hands, absl::MakeSpan(view.buckets));
  view.has_buckets = true;
  return view;
}

LbrHand::StreetView& LbrHand::EquitiesOn(int street) {
  StreetView& view = HandsOn(street);
  if (view.has_equities) return view;
  view.equities.resize(view.hands.size());
  lbr_.equity_.Find(street,
                    absl::MakeConstSpan(board_).subspan(0, tree_.game().BoardCardsOn(street)),
                    own_hole_, view.hands, absl::MakeSpan(view.equities), &equity_work_);
  view.has_equities = true;
  return view;
}

double LbrHand::PlayOn(Line* line) {
  while (!line->hand.state().is_over()) {
    if (!line->hand.is_strategys_turn()) {
      const ActionLabel action = Choose(*line);
      if (action == kFoldLabel) {
        line->hand.TakeFold();
      } else if (action == kCallLabel) {
        line->hand.TakeCall();
      } else if (lbr_.follows_all_ && line->hand.CanTakeRaise()) {
        return FollowMeanings(action, line);
      } else {
        line->hand.TakeRaise(action);
      }
      continue;
    }
    const TranslatedDecision decision = line->hand.decision();
    if (decision.always_calls) {
      line->hand.Take(0);
      continue;
    }
    const StreetView& view = BucketsOn(line->hand.state().street());
    const uint32_t bucket = view.buckets[view.hands.PositionOf(other_number_)];
    const absl::Span<const double> probabilities = Probabilities(decision, bucket);
    if (lbr_.follows_all_) return FollowAll(*line, probabilities);
    Observe(DrawEdge(probabilities, line), line);
  }
  return Score(*line);
}

absl::Span<const double> LbrHand::Probabilities(const TranslatedDecision& decision,
                                                uint32_t bucket) {
  const int num_actions = tree_.nodes()[decision.node].num_actions;
  const absl::Span<double> probabilities = absl::MakeSpan(probabilities_.data(), num_actions);
  lbr_.policy_.Probabilities(decision.node, bucket, probabilities);
  decision.Adjust(probabilities);
  return probabilities;
}

double LbrHand::FollowMeanings(int32_t total_chips, Line* line) {
  const BetSizeMapping meaning = line->hand.MeaningOf(total_chips);
  double value = 0;
  if (meaning.low != meaning.high) {
    Line low = *line;
    low.hand.TakeRaiseFor(total_chips, meaning.low);
    value = meaning.low_probability * PlayOn(&low);
  }
  line->hand.TakeRaiseFor(total_chips, meaning.high);
  return value + (meaning.low == meaning.high ? 1 : 1 - meaning.low_probability) * PlayOn(line);
}

double LbrHand::FollowAll(const Line& line, absl::Span<const double> probabilities) {
  const std::vector<double> kept(probabilities.begin(), probabilities.end());
  double value = 0;
  for (size_t edge = 0; edge < kept.size(); ++edge) {
    if (kept[edge] == 0) continue;
    Line next = line;
    Observe(static_cast<int>(edge), &next);
    value += kept[edge] * PlayOn(&next);
  }
  return value;
}

int LbrHand::DrawEdge(absl::Span<const double> probabilities, Line* line) const {
  const StreamName name = {name_.seed, name_.round, static_cast<uint32_t>(position_)};
  const RandomBlock block = Draw(name, DrawPurpose::kSampling, number_, line->num_draws++);
  double left = block[0] / 4294967296.0;
  int last = 0;
  for (size_t edge = 0; edge < probabilities.size(); ++edge) {
    if (probabilities[edge] == 0) continue;
    last = static_cast<int>(edge);
    left -= probabilities[edge];
    if (left < 0) break;
  }
  return last;
}

void LbrHand::Observe(int edge, Line* line) {
  const TranslatedDecision decision = line->hand.decision();
  SumByBucket(*line);
  for (uint32_t bucket : sums_.buckets) chances_[bucket] = Probabilities(decision, bucket)[edge];
  const StreetView& view = BucketsOn(line->hand.state().street());
  double total = 0;
  for (int i = 0; i < view.hands.size(); ++i) {
    double& reach = line->range[view.hands.numbers()[i]];
    if (reach > 0) reach *= chances_[view.buckets[i]];
    total += reach;
  }
  CHECK_GT(total, 0) << "the strategy does what none of its hands does";
  for (uint16_t number : view.hands.numbers()) line->range[number] /= total;
  line->hand.Take(edge);
}

void LbrHand::SumByBucket(const Line& line) {
  const StreetView& view = BucketsOn(line.hand.state().street());
  const float* const equities = view.has_equities ? view.equities.data() : nullptr;
  for (uint32_t bucket : sums_.buckets) sums_.reach[bucket] = sums_.equity[bucket] = 0;
  sums_.buckets.clear();
  sums_.total_reach = sums_.total_equity = 0;
  for (int i = 0; i < view.hands.size(); ++i) {
    const double reach = line.range[view.hands.numbers()[i]];
    if (reach == 0) continue;
    const uint32_t bucket = view.buckets[i];
    if (sums_.reach[bucket] == 0) sums_.buckets.push_back(bucket);
    sums_.reach[bucket] += reach;
    if (equities != nullptr) sums_.equity[bucket] += reach * equities[i];
  }
  for (uint32_t bucket : sums_.buckets) {
    sums_.total_reach += sums_.reach[bucket];
    sums_.total_equity += sums_.equity[bucket];
  }
}

LbrHand::Folds LbrHand::FoldsTo(const TranslatedHand& hand, int edge) {
  const TranslatedDecision decision = hand.DecisionAfter(edge);
  Folds folds;
  if (decision.always_calls || decision.never_folds ||
      tree_.LabelsOf(decision.node)[0] != kFoldLabel) {
    return folds;
  }
  for (uint32_t bucket : sums_.buckets) {
    const double chance = Probabilities(decision, bucket)[0];
    folds.reach += chance * sums_.reach[bucket];
    folds.equity += chance * sums_.equity[bucket];
  }
  return folds;
}

ActionLabel LbrHand::Choose(const Line& line) {
  const BettingState& state = line.hand.state();
  if (state.street() < lbr_.options_.from_street) return kCallLabel;
  EquitiesOn(state.street());
  SumByBucket(line);
  const double reach = sums_.total_reach;
  const double equity = sums_.total_equity;
  const double called_chips =
      DeadChips() + std::min(state.max_spent_chips(), tree_.game().BetChipsMax(position_));
  double best = (2 * equity / reach - 1) * called_chips;
  ActionLabel action = kCallLabel;
  const double folded = -state.spent_chips(position_) - DeadChips();
  if (state.CanFold() && folded >= best) {
    best = folded;
    action = kFoldLabel;
  }
  if (lbr_.options_.bets == LbrBets::kNone || !line.hand.CanTakeRaise()) return action;
  LocalBestResponse::ListRaises(state, lbr_.fractions_, &raises_);
  std::array<std::optional<Folds>, kActionsMax> folds_by_edge;
  const double spent_chips = state.spent_chips(1 - position_) + DeadChips();
  const auto value_of = [&](int edge, double chips) {
    std::optional<Folds>& folds = folds_by_edge[edge];
    if (!folds.has_value()) folds = FoldsTo(line.hand, edge);
    return (folds->reach * spent_chips +
            (2 * (equity - folds->equity) - (reach - folds->reach)) * (chips + DeadChips())) /
           reach;
  };
  for (int32_t total_chips : raises_) {
    const BetSizeMapping meaning = line.hand.MeaningOf(total_chips);
    double value = value_of(meaning.low, total_chips);
    if (meaning.high != meaning.low) {
      value = meaning.low_probability * value +
              (1 - meaning.low_probability) * value_of(meaning.high, total_chips);
    }
    if (value > best) {
      best = value;
      action = total_chips;
    }
  }
  return action;
}

double LbrHand::Score(const Line& line) {
  const BettingState& state = line.hand.state();
  const int other = 1 - position_;
  const double own_chips = tree_.OwnChips(position_);
  if ((state.in_hand() >> position_ & 1) == 0) {
    return own_chips - state.spent_chips(position_) - DeadChips();
  }
  if ((state.in_hand() >> other & 1) == 0) {
    return own_chips + state.spent_chips(other) + DeadChips();
  }
  const int street =
      lbr_.equity_.IsExact(state.street()) ? state.street() : tree_.num_streets() - 1;
  const StreetView& view = EquitiesOn(street);
  double reach = 0;
  double equity = 0;
  for (int i = 0; i < view.hands.size(); ++i) {
    const double own = line.range[view.hands.numbers()[i]];
    reach += own;
    equity += own * view.equities[i];
  }
  const double matched_chips = DeadChips() + std::min(state.spent_chips(0), state.spent_chips(1));
  return own_chips + (2 * equity / reach - 1) * matched_chips;
}

}  // namespace nash
