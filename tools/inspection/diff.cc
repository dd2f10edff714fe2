// inspect_checkpoint diff: where two checkpoints of one game play differently, weighted by how
// often play comes there.
//
// At an infoset the strategies differ by the total variation: half of the sum of |a - b| over
// actions, the share of hands that are played otherwise. A decision's weight is the mean of what
// the two come there. Both are walked at once, node by node, from mapped files.
//
//   deals      d0   d1   d2  ...     drawn once, for both (drawn_deals.h)
//   reach_a    0.3  0    1           how likely a's strategy brings the deal to the decision
//   reach_b    0.1  0.2  1           the same of b's; the weight of d0 here is (0.3 + 0.1) / 2
//
// The weight counts both because either alone would hide decisions that only the other comes to. It
// also says what to leave out: below --min_reach a subtree is not read, so that a diff of two large
// runs reads the few chunks in which play mostly is.
//
// A street's figure is the mean over its decisions as they come in play, not over infosets, most of
// which are hardly ever seen. Infosets that differ most are kept in a heap of --top of them.
// tests/tools/look.py plays every deal of a small game through the lines of `policy` and compares.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/checkpoint/mapped_nodes.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/drawn_deals.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/stored/node_strategy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

struct Side {
  Checkpoint checkpoint;
  std::unique_ptr<LoadedRun> run;
  std::unique_ptr<MappedNodes> nodes;
};

struct StreetDifference {
  double weight = 0;     // how many decisions of the street a hand has, on average
  double variation = 0;  // the same, times the total variation there
};

struct Difference {
  NodeIndex node = 0;
  uint32_t bucket = 0;
  double weight = 0;
  double variation = 0;  // weighted
  std::vector<double> a;
  std::vector<double> b;
};

absl::StatusOr<Side> OpenSide(const std::string& folder, const std::string& bucket_cache) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(folder));
  ASSIGN_OR_RETURN(std::unique_ptr<LoadedRun> run, LoadRunOf(checkpoint, bucket_cache));
  return Side{std::move(checkpoint), std::move(run), nullptr};
}

// The same decisions, and the same hands in a bucket; how they were trained does not matter.
absl::Status CheckSameDecisions(const Side& a, const Side& b) {
  const PublicTree& first = a.run->tree();
  const PublicTree& second = b.run->tree();
  const auto refuse = [&](absl::string_view what) {
    return absl::FailedPreconditionError(
        absl::StrCat(b.checkpoint.path(), ": ", what, " than ", a.checkpoint.path(),
                     ": diff compares checkpoints of one game, menu and abstraction; evaluate "
                     "head_to_head plays others against each other"));
  };
  if (first.game() != second.game()) return refuse("is of another game");
  bool same = first.nodes().size() == second.nodes().size();
  for (NodeIndex node = 0; same && node < first.nodes().size(); ++node) {
    same = first.LabelsOf(node) == second.LabelsOf(node);
  }
  if (!same) return refuse("has another menu of bets");
  for (int street = 0; street < first.num_streets(); ++street) {
    if (a.run->abstraction().content_hash(street) == b.run->abstraction().content_hash(street)) {
      continue;
    }
    return refuse(absl::StrCat("has other buckets on the ", kStreetNames[street]));
  }
  return absl::OkStatus();
}

class DifferenceFinder {
 public:
  DifferenceFinder(const Side& a, const Side& b, const DrawnDeals& deals,
                   const DiffRequest& request)
      : a_(a), b_(b), deals_(deals), request_(request), streets_(a.run->tree().num_streets()) {}

  absl::Status Find() {
    const std::vector<float> all(deals_.size(), 1);
    const absl::Status status = Walk(0, all, all);
    printer_.EndLine();
    std::sort(largest_.begin(), largest_.end(), IsLarger);
    return status;
  }

  const std::vector<StreetDifference>& streets() const { return streets_; }
  const std::vector<Difference>& largest() const { return largest_; }

 private:
  static bool IsLarger(const Difference& x, const Difference& y) {
    if (x.variation != y.variation) return x.variation > y.variation;
    return std::pair(x.node, x.bucket) < std::pair(y.node, y.bucket);
  }

  // reach_a, reach_b: [deals].
  absl::Status Walk(NodeIndex node, const std::vector<float>& reach_a,
                    const std::vector<float>& reach_b) {
    printer_.Print({"diff", node, a_.run->tree().nodes().size(), "decisions"});
    std::vector<float> reach(deals_.size());
    for (size_t i = 0; i < reach.size(); ++i) reach[i] = (reach_a[i] + reach_b[i]) / 2;
    // Reach only falls on the way down: a subtree that is cut here holds nothing that would be kept
    // below.
    const double here = deals_.MeanOf(reach);
    if (here == 0 || here < request_.min_reach) return absl::OkStatus();
    ASSIGN_OR_RETURN(const absl::Span<const int32_t> values_a, a_.nodes->ValuesOf(node));
    ASSIGN_OR_RETURN(const absl::Span<const int32_t> values_b, b_.nodes->ValuesOf(node));
    const NodeStrategy a(a_.run->layout(), node, values_a);
    const NodeStrategy b(b_.run->layout(), node, values_b);
    const std::vector<float> actions_a = deals_.ActionsAt(node, a, reach);
    const std::vector<float> actions_b = deals_.ActionsAt(node, b, reach);
    Compare(node, reach, actions_a, actions_b);
    const int num_actions = a_.run->tree().nodes()[node].num_actions;
    for (int action = 0; action < num_actions; ++action) {
      const PublicEdge& edge = a_.run->tree().EdgesOf(node)[action];
      if (edge.kind() != EdgeKind::kDecision) continue;
      RETURN_IF_ERROR(Walk(edge.payload(),
                           DrawnDeals::After(reach_a, actions_a, num_actions, action),
                           DrawnDeals::After(reach_b, actions_b, num_actions, action)));
    }
    return absl::OkStatus();
  }

  void Compare(NodeIndex node, const std::vector<float>& reach, const std::vector<float>& actions_a,
               const std::vector<float>& actions_b) {
    const size_t num_actions = a_.run->tree().nodes()[node].num_actions;
    const absl::Span<const uint32_t> buckets = deals_.BucketsAt(node);
    StreetDifference& street = streets_[a_.run->tree().nodes()[node].street];
    std::map<uint32_t, Difference> by_bucket;
    for (uint32_t deal = 0; deal < deals_.size(); ++deal) {
      if (reach[deal] == 0) continue;
      double variation = 0;
      const float* const of_a = actions_a.data() + deal * num_actions;
      const float* const of_b = actions_b.data() + deal * num_actions;
      for (size_t i = 0; i < num_actions; ++i) variation += std::abs(of_a[i] - of_b[i]) / 2;
      const double weight = double{reach[deal]} / deals_.size();
      street.weight += weight;
      street.variation += weight * variation;
      Difference& found = by_bucket[buckets[deal]];
      if (found.weight == 0) {
        found.node = node;
        found.bucket = buckets[deal];
        found.a.assign(of_a, of_a + num_actions);
        found.b.assign(of_b, of_b + num_actions);
      }
      found.weight += weight;
      found.variation += weight * variation;
    }
    for (auto& [bucket, found] : by_bucket) Keep(std::move(found));
  }

  // A heap of the largest, the smallest of them on top.
  void Keep(Difference found) {
    if (found.variation == 0 || request_.top == 0) return;
    if (largest_.size() == request_.top) {
      if (!IsLarger(found, largest_.front())) return;
      std::pop_heap(largest_.begin(), largest_.end(), IsLarger);
      largest_.pop_back();
    }
    largest_.push_back(std::move(found));
    std::push_heap(largest_.begin(), largest_.end(), IsLarger);
  }

  const Side& a_;
  const Side& b_;
  const DrawnDeals& deals_;
  const DiffRequest& request_;
  std::vector<StreetDifference> streets_;
  std::vector<Difference> largest_;
  BuildProgressPrinter printer_{2};
};

double MeanVariation(const StreetDifference& street) {
  return street.weight > 0 ? street.variation / street.weight : 0;
}

void PrintDiffJson(const Side& a, const Side& b, const DrawnDeals& deals,
                   const DifferenceFinder& finder) {
  const PublicTree& tree = a.run->tree();
  const auto rounded = [](double value) { return std::round(value * 1e9) / 1e9; };
  nlohmann::ordered_json json;
  json["a"] = a.checkpoint.path();
  json["b"] = b.checkpoint.path();
  json["same_state"] = a.checkpoint.manifest().state_hash == b.checkpoint.manifest().state_hash;
  json["deals"] = deals.size();
  json["is_exact"] = deals.is_exact();
  json["streets"] = nlohmann::ordered_json::array();
  for (size_t s = 0; s < finder.streets().size(); ++s) {
    const StreetDifference& street = finder.streets()[s];
    json["streets"].push_back({{"name", kStreetNames[s]},
                               {"decisions_a_hand", rounded(street.weight)},
                               {"total_variation", rounded(MeanVariation(street))}});
  }
  json["largest"] = nlohmann::ordered_json::array();
  for (const Difference& found : finder.largest()) {
    nlohmann::ordered_json actions = nlohmann::ordered_json::array();
    for (size_t i = 0; i < found.a.size(); ++i) {
      actions.push_back({{"name", tree.ActionName(tree.LabelsOf(found.node)[i])},
                         {"a", rounded(found.a[i])},
                         {"b", rounded(found.b[i])}});
    }
    const PublicNode& n = tree.nodes()[found.node];
    json["largest"].push_back({{"betting", BettingName(tree, found.node)},
                               {"player", n.player},
                               {"street", kStreetNames[n.street]},
                               {"hand", a.run->abstraction().HandName(n.street, found.bucket)},
                               {"reach", rounded(found.weight)},
                               {"total_variation", rounded(found.variation / found.weight)},
                               {"actions", std::move(actions)}});
  }
  PrintJson(json);
}

void PrintDiffTable(const Side& a, const DrawnDeals& deals, const DifferenceFinder& finder) {
  const PublicTree& tree = a.run->tree();
  absl::PrintF("total variation over %s%d deals, weighted by reach\n",
               deals.is_exact() ? "all " : "", deals.size());
  for (size_t s = 0; s < finder.streets().size(); ++s) {
    const StreetDifference& street = finder.streets()[s];
    absl::PrintF("  %-8s %8.4f%%   (%.3f decisions a hand)\n", kStreetNames[s],
                 100 * MeanVariation(street), street.weight);
  }
  if (!finder.largest().empty()) {
    absl::PrintF("where they differ most, of a hand's play (reach x variation)\n");
  }
  for (const Difference& found : finder.largest()) {
    const PublicNode& n = tree.nodes()[found.node];
    std::string line = absl::StrFormat(
        "  %8.5f%%  %s  %s, position %d:", 100 * found.variation, BettingName(tree, found.node),
        a.run->abstraction().HandName(n.street, found.bucket), n.player);
    for (size_t i = 0; i < found.a.size(); ++i) {
      absl::StrAppendFormat(&line, "  %s %.1f%% -> %.1f%%",
                            tree.ActionName(tree.LabelsOf(found.node)[i]), 100 * found.a[i],
                            100 * found.b[i]);
    }
    absl::PrintF("%s\n", line);
  }
}

}  // namespace

absl::Status InspectDiff(const DiffRequest& request) {
  if (!(request.min_reach >= 0) || request.min_reach > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--min_reach=", request.min_reach, ": a share from 0 to 1"));
  }
  ASSIGN_OR_RETURN(Side a, OpenSide(request.folder, request.bucket_cache));
  ASSIGN_OR_RETURN(Side b, OpenSide(request.other_folder, request.bucket_cache));
  RETURN_IF_ERROR(CheckSameDecisions(a, b));
  a.nodes = std::make_unique<MappedNodes>(a.checkpoint, a.run->layout());
  b.nodes = std::make_unique<MappedNodes>(b.checkpoint, b.run->layout());
  ASSIGN_OR_RETURN(const DrawnDeals deals, DrawnDeals::Draw(*a.run, request.deals, request.seed));
  DifferenceFinder finder(a, b, deals, request);
  RETURN_IF_ERROR(finder.Find());
  if (request.as_json) {
    PrintDiffJson(a, b, deals, finder);
  } else {
    PrintDiffTable(a, deals, finder);
  }
  return absl::OkStatus();
}

}  // namespace nash
