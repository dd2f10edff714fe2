#include "tools/stored/opening_grid.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "solver/cards/preflop_class.h"
#include "tools/stored/node_strategy.h"

namespace nash {
namespace {

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

}  // namespace

absl::StatusOr<std::string> FormatGrid(const LoadedRun& run, NodeIndex node,
                                       absl::Span<const int32_t> values, bool colour) {
  const PublicTree& tree = run.tree();
  if (!run.abstraction().HasPreflopGrid(tree.nodes()[node].street)) {
    return absl::InvalidArgumentError(
        absl::StrCat("betting \"", tree.Betting(node),
                     "\": the grid shows the 169 preflop classes of hold'em, and this "
                     "node's buckets are others: use inspect_checkpoint policy"));
  }
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
  return out + "\n";
}

}  // namespace nash
