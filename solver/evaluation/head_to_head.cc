// One depth-first walk of the tree for a whole batch of deals in both seatings. An item is a deal
// in a seating with the probability that both players play to here; items of a node lie on a stack,
// above those of the nodes over it:
//
//   items_           | root: every deal twice | child: those that reach it | grandchild | ...
//   probabilities_   | root: items x actions  | child ...
//
// A child's items are pushed while its parent's actions are gone through, and popped when it is
// done, so that memory is a path's, not a tree's. Items that cannot be reached are dropped where
// they arise.
//
// Each contestant has buckets of its own, so two batches of one name are dealt: same cards, other
// buckets. Strengths are facts about cards, and either batch has them.
//
// What is left to chance is which cards are dealt, and DealMean measures that. Both seatings of a
// deal are one observation, as they share their luck. Of that what the board brings is taken off as
// AIVAT does it (aivat_match.h): at each step to other streets, by what both play for if they call,
// weighted as ends are. In a small game the first deals of any stream are all deals, once each
// (CountEnumeratedDeals). head_to_head_test.cc compares with explicit histories, and plays known
// equilibria.
#include "solver/evaluation/head_to_head.h"

#include <glog/logging.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/cards/card.h"
#include "solver/evaluation/board_luck.h"
#include "solver/evaluation/call_down.h"

namespace nash {
namespace {

// A deal in one seating, that both players play to with probability `reach`.
struct Item {
  uint32_t deal;
  uint32_t seating;  // the position of the first contestant
  double reach;
};

class Walk {
 public:
  // edges: [deal][street] of position 0, by BoardLuck; empty: the luck of the board is left.
  // values: [deals] of position 0 in each seating, added to.
  Walk(const PublicTree& tree, const std::array<Contestant, 2>& contestants,
       const std::array<const DealBatch*, 2>& batches, absl::Span<const double> edges,
       absl::Span<DealChips> values)
      : tree_(tree), contestants_(contestants), batches_(batches), edges_(edges), values_(values) {
    for (uint32_t deal = 0; deal < values.size(); ++deal) {
      for (uint32_t seating = 0; seating < 2; ++seating) items_.push_back({deal, seating, 1.0});
    }
  }

  void Root() { Visit(0, 0); }

 private:
  // The items from `first` on are those of the node.
  void Visit(NodeIndex node, size_t first) {
    const PublicNode& n = tree_.nodes()[node];
    const size_t last = items_.size();
    const size_t first_probability = probabilities_.size();
    probabilities_.resize(first_probability + (last - first) * n.num_actions);
    for (size_t i = first; i < last; ++i) {
      const Item& item = items_[i];
      const size_t actor = item.seating == n.player ? 0 : 1;
      const uint32_t bucket = batches_[actor]->buckets(n.street, n.player)[item.deal];
      contestants_[actor].policy->Probabilities(
          node, bucket,
          absl::MakeSpan(&probabilities_[first_probability + (i - first) * n.num_actions],
                         n.num_actions));
    }
    for (int a = 0; a < n.num_actions; ++a) {
      const PublicEdge& edge = tree_.edges()[n.first_edge + a];
      const bool is_decision = edge.kind() == EdgeKind::kDecision;
      const int next = edges_.empty() ? n.street : StreetAfter(tree_, n.street, edge);
      const double called_chips = next == n.street ? 0 : CalledEnd(tree_, edge).amount_chips;
      for (size_t i = first; i < last; ++i) {
        const double reach =
            items_[i].reach * probabilities_[first_probability + (i - first) * n.num_actions + a];
        if (reach == 0) continue;
        const Item child = {items_[i].deal, items_[i].seating, reach};
        if (next != n.street) {
          const double* const edges = &edges_[child.deal * tree_.num_streets()];
          values_[child.deal][child.seating] +=
              reach * called_chips * (edges[n.street] - edges[next]);
        }
        if (is_decision) {
          items_.push_back(child);
        } else {
          values_[child.deal][child.seating] += reach * PayoffChips(edge, child.deal);
        }
      }
      // Ends of hands push no items. The recursion is at most kDepthMax calls deep.
      if (items_.size() > last) Visit(edge.payload(), last);
      items_.resize(last);
    }
    probabilities_.resize(first_probability);
  }

  // What position 0 wins.
  double PayoffChips(const PublicEdge& edge, uint32_t deal) const {
    if (edge.kind() == EdgeKind::kFold) {
      return tree_.OwnChips(0) + (edge.payload() == 0 ? -edge.amount_chips : edge.amount_chips);
    }
    DCHECK(edge.kind() == EdgeKind::kShowdown);
    const int32_t own = batches_[0]->strengths(0)[deal];
    const int32_t other = batches_[0]->strengths(1)[deal];
    return tree_.OwnChips(0) + edge.amount_chips * ((own > other) - (own < other));
  }

  const PublicTree& tree_;
  const std::array<Contestant, 2>& contestants_;
  const std::array<const DealBatch*, 2>& batches_;
  const absl::Span<const double> edges_;
  const absl::Span<DealChips> values_;
  // Stacks: those of a node lie after those of the nodes above it.
  std::vector<Item> items_;
  std::vector<double> probabilities_;
};

std::string ActionNames(const PublicTree& tree, NodeIndex node) {
  std::string names;
  for (const ActionLabel label : tree.LabelsOf(node)) {
    absl::StrAppend(&names, names.empty() ? "" : " ", tree.ActionName(label));
  }
  return names;
}

}  // namespace

absl::Status CheckSameBetting(const PublicTree& a, const PublicTree& b) {
  if (!(a.game() == b.game())) {
    return absl::FailedPreconditionError("the rules of their games differ");
  }
  // In preorder the first nodes that differ have the same parents.
  const size_t nodes = std::min(a.nodes().size(), b.nodes().size());
  for (NodeIndex node = 0; node < nodes; ++node) {
    if (a.LabelsOf(node) == b.LabelsOf(node)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("their bets differ: after \"", a.Betting(node), "\" the first may play ",
                     ActionNames(a, node), ", the second ", ActionNames(b, node)));
  }
  // The rules and the actions so far decide what comes next.
  CHECK_EQ(a.nodes().size(), b.nodes().size());
  return absl::OkStatus();
}

uint32_t CountEnumeratedDeals(const GameDefinition& game) {
  const uint32_t deck = static_cast<uint32_t>(game.num_ranks * game.num_suits);
  uint32_t deals = 1;
  for (int slot = 0; slot < game.CardsPerDeal(); ++slot) {
    deals *= deck - slot;
    if (deals > kEnumeratedDealsMax) return 0;
  }
  return deals;
}

void PlayDeals(const PublicTree& tree, const std::array<Contestant, 2>& contestants,
               const StreamName& name, uint32_t first_deal, LuckOfBoard luck,
               absl::Span<DealChips> chips) {
  CHECK_EQ(tree.num_players(), 2);
  const int n = static_cast<int>(chips.size());
  DealBatch first(2, tree.num_streets(), n);
  DealBatch second(2, tree.num_streets(), n);
  contestants[0].deals->Fill(name, first_deal, n, 0, &first);
  contestants[1].deals->Fill(name, first_deal, n, 0, &second);
  std::fill(chips.begin(), chips.end(), DealChips{});
  const std::array<const DealBatch*, 2> batches = {&first, &second};
  std::vector<double> edges;
  if (luck == LuckOfBoard::kTakenOff) {
    BoardLuck board(tree.game());
    for (int deal = 0; deal < n; ++deal) {
      board.Deal(name, first_deal + deal);
      for (int street = 0; street < tree.num_streets(); ++street) {
        edges.push_back(board.Edge(street));
      }
    }
  }
  Walk(tree, contestants, batches, edges, chips).Root();
  for (DealChips& deal : chips) deal[1] = -deal[1];  // the second contestant sat in position 0
}

void DealMean::Add(const DealChips& chips) {
  pairs_.Add((chips[0] + chips[1]) / 2);
  for (size_t position = 0; position < 2; ++position) position_sums_[position] += chips[position];
}

double DealMean::half_width_chips() const { return pairs_.HalfWidth95(); }

}  // namespace nash
