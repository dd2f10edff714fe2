// Pairs lie on the diagonal, suited hands above it, offsuit ones below, aces first:
// PreflopClassAt() has the order. The mean over all hands counts each class by its hands, 6, 4 or
// 12 of 1,326. In colour a cell mixes raise into red, call into green and fold into blue; without,
// a letter names the action that is taken most, a capital from 90% on.
// tests/tools/inspect_checkpoint_test.sh compares its numbers with those of `policy`.
#include "tools/stored/opening_grid.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/status_macros.h"
#include "solver/cards/preflop_class.h"
#include "tools/stored/node_strategy.h"

namespace nash {
namespace {

// As PreflopClassAt() counts them.
constexpr absl::string_view kRanks = "AKQJT98765432";

// docs/measurements/convergence.md, "Seeds".
constexpr char kNoise[] =
    "single hands are noisy: between two seeds of the quick start an action's percentage differs\n"
    "  by 10 points in the mean and by 61 at most, that over all hands by 4";

// Probabilities of the three kinds of action.
struct Mix {
  double fold = 0, call = 0, raise = 0;
};

Mix MixOf(absl::Span<const ActionLabel> labels, absl::Span<const double> probabilities) {
  Mix mix;
  for (size_t a = 0; a < labels.size(); ++a) {
    double& part = labels[a] == kFoldLabel   ? mix.fold
                   : labels[a] == kCallLabel ? mix.call
                                             : mix.raise;
    part += probabilities[a];
  }
  return mix;
}

std::string Cell(const std::string& name, const Mix& mix, bool colour) {
  if (colour) {
    const auto level = [](double p) { return static_cast<int>(40 + 175 * p); };
    return absl::StrFormat("\033[48;2;%d;%d;%dm\033[97m %-3s \033[0m", level(mix.raise),
                           level(mix.call), level(mix.fold), name);
  }
  const double most = std::max({mix.fold, mix.call, mix.raise});
  char letter = most == mix.raise ? 'r' : most == mix.call ? 'c' : 'f';
  if (most >= 0.9) letter = static_cast<char>(letter - 'a' + 'A');
  return absl::StrFormat("%-3s%c ", name, letter);
}

absl::Status CheckHasGrid(const LoadedRun& run, NodeIndex node) {
  const PublicTree& tree = run.tree();
  if (run.abstraction().HasPreflopGrid(tree.nodes()[node].street)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("betting \"", tree.Betting(node),
                   "\": the grid shows the 169 preflop classes of hold'em, and this "
                   "node's buckets are others: use inspect_checkpoint policy"));
}

}  // namespace

absl::StatusOr<std::string> FormatGrid(const LoadedRun& run, NodeIndex node,
                                       absl::Span<const int32_t> values, bool colour) {
  RETURN_IF_ERROR(CheckHasGrid(run, node));
  const PublicTree& tree = run.tree();
  const absl::Span<const ActionLabel> labels = tree.LabelsOf(node);
  const NodeStrategy strategy(run.layout(), node, values);
  std::vector<double> probabilities(labels.size()), all(labels.size());
  std::string out;
  for (int row = 0; row < kRanksMax; ++row) {
    out += "  ";
    for (int column = 0; column < kRanksMax; ++column) {
      const int hand = PreflopClassAt({.row = row, .column = column});
      strategy.Probabilities(hand, absl::MakeSpan(probabilities));
      for (size_t a = 0; a < all.size(); ++a) {
        all[a] += probabilities[a] * PreflopClassHands(hand) / 1326;
      }
      out += Cell(PreflopClassName(hand), MixOf(labels, probabilities), colour);
    }
    out += '\n';
  }
  out += "  over all hands:";
  for (size_t a = 0; a < labels.size(); ++a) {
    absl::StrAppendFormat(&out, "  %s %.1f%%", tree.ActionName(labels[a]), 100 * all[a]);
  }
  if (colour) {
    out +=
        "\n  \033[48;2;215;40;40m raise \033[0m \033[48;2;40;215;40m call \033[0m "
        "\033[48;2;40;40;215m fold \033[0m";
  } else {
    out += "\n  r raise, c call, f fold; capitals from 90% on";
  }
  return out + "\n  " + kNoise + "\n";
}

absl::StatusOr<std::string> FormatPercentages(const LoadedRun& run, NodeIndex node,
                                              absl::Span<const int32_t> values) {
  RETURN_IF_ERROR(CheckHasGrid(run, node));
  const PublicTree& tree = run.tree();
  const absl::Span<const ActionLabel> labels = tree.LabelsOf(node);
  const NodeStrategy strategy(run.layout(), node, values);
  std::vector<double> probabilities(labels.size());
  std::string out;
  for (size_t a = 0; a < labels.size(); ++a) {
    std::string rows;
    double all = 0;
    for (int row = 0; row < kRanksMax; ++row) {
      absl::StrAppendFormat(&rows, "  %c", kRanks[row]);
      for (int column = 0; column < kRanksMax; ++column) {
        const int hand = PreflopClassAt({.row = row, .column = column});
        strategy.Probabilities(hand, absl::MakeSpan(probabilities));
        all += probabilities[a] * PreflopClassHands(hand) / 1326;
        absl::StrAppendFormat(&rows, " %3.0f", 100 * probabilities[a]);
      }
      rows += '\n';
    }
    absl::StrAppendFormat(&out, "  %s: %.1f%% over all hands; percent\n   ",
                          tree.ActionName(labels[a]), 100 * all);
    for (const char rank : kRanks) absl::StrAppendFormat(&out, "   %c", rank);
    absl::StrAppend(&out, "\n", rows, "\n");
  }
  return out + "  " + kNoise + "\n";
}

}  // namespace nash
