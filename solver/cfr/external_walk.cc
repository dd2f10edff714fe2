// A walk is two loops over one array of lists, and lists point into arenas:
//
//   lists_       root | a | b | c | ...      breadth first; Forward() appends while it goes through
//   deals_       [root's][b's][c's]...       children of the traverser's node share its range
//   rows_, values_, kept_, actions_          by item: each list has `count` items of its own
//   strategies_  [W floats an item]...       of lists that the pass changes, no others
//   children_    [num_actions a list]...     where the values of each child begin
//
// Why lists and not a recursion for each deal: all deals at a node use one mask, one width and one
// block of the table, so that the loop over them mispredicts few branches, and the rows that it
// needs are known long before (LocateUntil). A pass never reads what it has added: sums are added
// in Forward(), but no pass reads them, and regrets only in Backward().
//
// A row's regrets are clamped where they are read, before regret matching, because they are in a
// register there and would otherwise cost a visit of their own; what a batch may then add fits in
// int32 (docs/determinism.md, "No value wraps"). All deals of a list see the same clamped row.
//
// Pruning: Brown & Sandholm 2019, "Superhuman AI for multiplayer poker", after their "Regret-based
// pruning in extensive-form games" (NIPS 2015). A share of deals prunes nothing.
//
// Here is the way forwards; the way back is in external_walk_backward.cc, and what a walk puts off
// in external_walk_additions.cc. None of them draws a random number or deals a card: both come with
// the batch. All together are compared with a plain recursion (tests/cfr/slow_walk.h) by
// external_walk_test.cc and by the fuzz target "engine".
#include "solver/cfr/external_walk.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "solver/cfr/regret_matching.h"
#include "solver/cfr/walk_checks.h"

namespace nash {
namespace {

// Visits between the prefetch of a row and its use, and visits done between two looks ahead.
// Other values were not tried; tools/dev bench traverse shows what they do.
constexpr uint32_t kPrefetchDistance = 32;
constexpr uint32_t kVisitsPerStep = 16;
static_assert(kVisitsPerStep <= std::numeric_limits<uint16_t>::digits,
              "unsaved_ has a bit for each visit of a step");
static_assert(kActionsMax <= std::numeric_limits<uint16_t>::digits,
              "kept_ has a bit for each action");
static_assert(kActionsMax <= WidthFor(kActionsMax), "the widest lanes hold every row");
// Rows are loaded in whole lanes; what these pass the last row of a block by is its slack.
static_assert(
    [] {
      for (int n = 1; n <= kActionsMax; ++n) {
        if ((WidthFor(n) - n) * sizeof(int32_t) > TableLayout::kBlockSlackBytes) return false;
      }
      return true;
    }(),
    "a block's slack holds what lanes read past its last row");
// Lists between the prefetch of what is known of a node and its use.
constexpr size_t kListsAhead = 8;

}  // namespace

void ExternalWalk::Reserve(size_t count, int num_actions) {
  const size_t items = items_used_ + count * num_actions;
  GrowTo(deals_, deals_used_ + count * num_actions);
  GrowTo(rows_, items);
  GrowTo(values_, items);
  GrowTo(kept_, items);
  GrowTo(actions_, items);
  GrowTo(strategies_, strategies_used_ + count * WidthFor(num_actions));
}

void ExternalWalk::Push(const Pass& pass, NodeIndex node, uint32_t deals, uint32_t count,
                        absl::Span<const uint8_t> is_cut) {
  pass.table->layout().Prefetch(node);
  if (watches_) {
    for (const UndoLog* log : {pass.logs.unit, pass.logs.checkpoint}) {
      if (log != nullptr) log->PrefetchPlaceOfBits(node);
    }
  }
  const WalkList list = {node, count, deals, items_used_, 0, 0};
  items_used_ += count;
  if (!is_cut.empty() && is_cut[node]) {
    cuts_.push_back(list);
  } else {
    lists_.push_back(list);
  }
}

void ExternalWalk::Forward(const Pass& pass, NodeIndex node, absl::Span<const DealNumber> deals,
                           absl::Span<const uint8_t> is_cut, Additions additions, int thread) {
  additions_ = additions;
  thread_ = thread;
  lists_.clear();
  cuts_.clear();
  children_.clear();
  deals_used_ = items_used_ = strategies_used_ = 0;
  locate_list_ = locate_place_ = 0;
  located_ = touches_ = 0;
  unsaved_.clear();
  next_unsaved_ = 0;
  watches_ = additions == Additions::kAtOnce && pass.saves();

  Reserve(deals.size(), 1);
  std::copy(deals.begin(), deals.end(), deals_.begin());
  deals_used_ = static_cast<uint32_t>(deals.size());
  lists_.push_back({node, deals_used_, 0, 0, 0, 0});
  items_used_ = deals_used_;

  for (size_t i = 0; i < lists_.size(); ++i) {
    const PublicNode& public_node = pass.table->layout().tree().nodes()[lists_[i].node];
    Reserve(lists_[i].count, public_node.num_actions);
    lists_[i].children = static_cast<uint32_t>(children_.size());
    lists_[i].strategies = strategies_used_;
    const WalkList list = lists_[i];
    VisitForward(pass, list);
    if (pass.Changes(public_node)) {
      strategies_used_ += list.count * WidthFor(public_node.num_actions);
    }
    if (public_node.player == pass.traverser) {
      PushTraverserChildren(pass, list, is_cut);
    } else {
      PushSampledChildren(pass, list, is_cut);
    }
  }
}

void ExternalWalk::LocateUntil(const Pass& pass, uint64_t located) {
  const TableLayout& layout = pass.table->layout();
  while (located_ < located && locate_list_ < lists_.size()) {
    const WalkList& list = lists_[locate_list_];
    const PublicNode& node = layout.tree().nodes()[list.node];
    __builtin_prefetch(layout.tree().edges().data() + node.first_edge);
    const uint32_t* buckets = pass.batch->deals().buckets(node.street, node.player);
    char* block = pass.table->Block(list.node);
    const size_t row_bytes = layout.RowBytes(list.node);
    const uint32_t n = std::min(list.count - locate_place_, kVisitsPerStep);
    const DealNumber* deals = deals_.data() + list.deals + locate_place_;
    int32_t** rows = rows_.data() + list.items + locate_place_;
    for (uint32_t i = 0; i < n; ++i) {
      DCHECK_LT(buckets[deals[i]], layout.NumBuckets(list.node));
      char* row = block + buckets[deals[i]] * row_bytes;
      rows[i] = reinterpret_cast<int32_t*>(row);
      __builtin_prefetch(row);
      __builtin_prefetch(row + row_bytes - 1);  // the same line for most rows
    }
    // Whether rows are saved already is asked here, a long way ahead of the visits, since the
    // answer lies in memory as far away as the rows.
    if (watches_) {
      const bool changes = pass.Changes(node);
      unsaved_.push_back(changes ? UnsavedOf(pass, list.node, buckets, {deals, n}) : 0);
    }
    located_ += n;
    locate_place_ += n;
    if (locate_place_ == list.count) {
      ++locate_list_;
      locate_place_ = 0;
      if (watches_ && locate_list_ + kListsAhead < lists_.size()) {
        const NodeIndex ahead = lists_[locate_list_ + kListsAhead].node;
        if (pass.logs.unit != nullptr) pass.logs.unit->PrefetchBits(ahead);
        if (pass.logs.checkpoint != nullptr) pass.logs.checkpoint->PrefetchBits(ahead);
      }
    }
  }
}

// Bit i: whether the row of deals[i] must be saved before it changes. Asks for the memory of those.
uint16_t ExternalWalk::UnsavedOf(const Pass& pass, NodeIndex node, const uint32_t* buckets,
                                 absl::Span<const DealNumber> deals) {
  uint32_t unsaved = 0;
  for (const UndoLog* log : {pass.logs.unit, pass.logs.checkpoint}) {
    if (log == nullptr) continue;
    const UndoLog::SavedBits saved = log->BitsOf(node);
    if (!saved.needs_rows()) continue;
    uint32_t needed = 0;
    for (size_t i = 0; i < deals.size(); ++i) {
      needed |= uint32_t{!saved.Has(buckets[deals[i]])} << i;
    }
    for (uint32_t left = needed; left != 0; left &= left - 1) {
      log->PrefetchRows(node, buckets[deals[std::countr_zero(left)]]);
    }
    unsaved |= needed;
  }
  return static_cast<uint16_t>(unsaved);
}

void ExternalWalk::VisitForward(const Pass& pass, const WalkList& list) {
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  const bool is_traverser = node.player == pass.traverser;
  counts_.fill(0);
  pruned_ = false;
  for (uint32_t begin = 0; begin < list.count; begin += kVisitsPerStep) {
    const uint32_t end = std::min(begin + kVisitsPerStep, list.count);
    LocateUntil(pass, touches_ + (end - begin) + kPrefetchDistance);
    touches_ += end - begin;
    if (watches_) {
      // What LocateUntil() found when it went over these visits, kPrefetchDistance earlier. Rows of
      // this list may have been saved since, which Save() sees for itself.
      const uint16_t unsaved = unsaved_[next_unsaved_++];
      if (unsaved != 0) SaveRows(pass, list, begin, unsaved);
    }
    WithWidth(node.num_actions, [&]<int W>() {
      is_traverser ? MatchTraverser<W>(pass, list, begin, end)
                   : MatchSampled<W>(pass, list, begin, end);
    });
  }
}

// Saves the rows of the visits from `begin` on whose bits are set.
void ExternalWalk::SaveRows(const Pass& pass, const WalkList& list, uint32_t begin,
                            uint16_t unsaved) const {
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  const uint32_t* buckets = pass.batch->deals().buckets(node.street, node.player);
  const DealNumber* deals = deals_.data() + list.deals + begin;
  RowSaver saver(pass.logs, list.node, thread_);
  for (uint32_t left = unsaved; left != 0; left &= left - 1) {
    saver.Save(buckets[deals[std::countr_zero(left)]]);
  }
}

template <int W>
void ExternalWalk::MatchTraverser(const Pass& pass, const WalkList& list, uint32_t begin,
                                  uint32_t end) {
  using I = typename Lanes<W>::I;
  const TableLayout& layout = pass.table->layout();
  const PublicNode& node = layout.tree().nodes()[list.node];
  const I allowed = MaskOf<W>(node.num_actions);
  const Weights<W> uniform = UniformWeights<W>(allowed);
  const I floor = BroadcastInt<W>(pass.regret_floor);
  const I ceiling = BroadcastInt<W>(kRegretCeiling);
  const bool prunes = pass.prunes() && node.street + 1 < layout.tree().num_streets();
  uint16_t prunable = 0;  // actions that do not end the hand
  if (prunes) {
    const absl::Span<const PublicEdge> edges = layout.tree().EdgesOf(list.node);
    for (size_t a = 0; a < edges.size(); ++a) {
      if (edges[a].kind() == EdgeKind::kDecision) prunable |= 1 << a;
    }
  }
  const uint8_t* explores = pass.batch->explores();
  const DealNumber* deals = deals_.data() + list.deals;
  float* strategies = strategies_.data() + list.strategies;
  for (uint32_t i = begin; i < end; ++i) {
    int32_t* row = rows_[list.items + i];
    const I stored = LoadInts<W>(row);
    I regrets = stored < floor ? floor : stored;
    regrets = regrets > ceiling ? ceiling : regrets;
    regrets = (regrets & allowed) | (stored & ~allowed);
    // All deals of this list see the same clamped row, whichever of them stores it.
    if (additions_ == Additions::kAtOnce && MaskBits<W>(regrets != stored)) {
      StoreInts<W>(row, regrets);
    }
    if (prunes) {
      uint32_t low = explores[deals[i]] ? 0 : MaskBits<W>(regrets < pass.prune_below) & prunable;
      if (low != 0) {
        // The best action is never pruned: where all are below the threshold, there would be none
        // left to play.
        int32_t best = regrets[0];
        for (int a = 1; a < node.num_actions; ++a) best = std::max<int32_t>(best, regrets[a]);
        low &= MaskBits<W>(regrets < best);
      }
      kept_[list.items + i] = static_cast<uint16_t>(~low);
      if (low != 0) {
        pruned_ = true;
        I kept = allowed;
        for (int a = 0; a < node.num_actions; ++a) kept[a] = (low >> a & 1) ? 0 : kept[a];
        const Weights<W> match = MatchRegrets<W>(regrets, kept, UniformWeights<W>(kept));
        StoreFloats<W>(strategies + size_t{i} * W, match.Probabilities());
        continue;
      }
    }
    const Weights<W> match = MatchRegrets<W>(regrets, allowed, uniform);
    StoreFloats<W>(strategies + size_t{i} * W, match.Probabilities());
  }
}

template <int W>
void ExternalWalk::MatchSampled(const Pass& pass, const WalkList& list, uint32_t begin,
                                uint32_t end) {
  using I = typename Lanes<W>::I;
  const TableLayout& layout = pass.table->layout();
  const PublicNode& node = layout.tree().nodes()[list.node];
  const int num_actions = node.num_actions;
  const I allowed = MaskOf<W>(num_actions);
  const Weights<W> uniform = UniformWeights<W>(allowed);
  const bool averages = node.player == pass.averaged && layout.HasSums(list.node);
  const uint32_t* draws = pass.batch->draws(pass.traverser, node.depth);
  const DealNumber* deals = deals_.data() + list.deals;
  uint8_t* actions = actions_.data() + list.items;
  float* strategies = strategies_.data() + list.strategies;
  for (uint32_t i = begin; i < end; ++i) {
    int32_t* row = rows_[list.items + i];
    const uint32_t draw = draws[deals[i]];
    const Weights<W> match = MatchRegrets<W>(LoadInts<W>(row), allowed, uniform);
    const int action = match.Sample(UniformOf(draw));
    DCHECK_LT(action, num_actions);
    DCHECK_GT(match.weights[action], 0);
    actions[i] = static_cast<uint8_t>(action);
    ++counts_[action];
    if (averages) {
      const typename Lanes<W>::F units = match.Probabilities() * pass.sum_unit + DitherOf(draw);
      const I added = __builtin_convertvector(units, I) & allowed;
      if (additions_ == Additions::kLater) {
        StoreFloats<W>(strategies + size_t{i} * W, BitsAsFloats<W>(added));  // for AddStored()
      } else {
        DcheckNoWrap<W>(LoadInts<W>(row + num_actions), added, 1);
        StoreInts<W>(row + num_actions, LoadInts<W>(row + num_actions) + added);
      }
    }
  }
}

void ExternalWalk::PushTraverserChildren(const Pass& pass, const WalkList& list,
                                         absl::Span<const uint8_t> is_cut) {
  const absl::Span<const PublicEdge> edges = pass.table->layout().tree().EdgesOf(list.node);
  for (size_t a = 0; a < edges.size(); ++a) {
    children_.push_back({items_used_, false});
    if (edges[a].kind() != EdgeKind::kDecision) continue;
    if (!pruned_) {
      Push(pass, edges[a].payload(), list.deals, list.count, is_cut);
      continue;
    }
    const uint32_t first = deals_used_;
    for (uint32_t i = 0; i < list.count; ++i) {
      // Every deal is written and those that prune are written over: that spares a branch which no
      // processor predicts.
      deals_[deals_used_] = deals_[list.deals + i];
      deals_used_ += kept_[list.items + i] >> a & 1;
    }
    children_.back().partial = true;
    if (deals_used_ > first) Push(pass, edges[a].payload(), first, deals_used_ - first, is_cut);
  }
}

void ExternalWalk::PushSampledChildren(const Pass& pass, const WalkList& list,
                                       absl::Span<const uint8_t> is_cut) {
  const absl::Span<const PublicEdge> edges = pass.table->layout().tree().EdgesOf(list.node);
  // A counting sort by action. It is stable: a child's deals are in the order of this list's, which
  // is what CarrySampled() counts on when it takes their values.
  std::array<uint32_t, kActionsMax> places;
  uint32_t place = deals_used_;
  for (size_t a = 0; a < edges.size(); ++a) {
    places[a] = place;
    place += counts_[a];
  }
  DCHECK_EQ(place, deals_used_ + list.count) << "every deal goes to one child";
  const uint8_t* actions = actions_.data() + list.items;
  for (uint32_t i = 0; i < list.count; ++i) {
    deals_[places[actions[i]]++] = deals_[list.deals + i];
  }
  for (size_t a = 0; a < edges.size(); ++a) {
    children_.push_back({items_used_, false});
    if (edges[a].kind() == EdgeKind::kDecision && counts_[a] > 0) {
      Push(pass, edges[a].payload(), deals_used_, counts_[a], is_cut);
    }
    deals_used_ += counts_[a];
  }
}

}  // namespace nash
