// Rounding by largest remainders (Hamilton's method): every part is rounded down, and the parts
// that are missing go to those that lost most. The sum is exact and no probability is off by as
// much as one part, whereas rounding each to the nearest would leave sums that are not one.
//
// Rows have no offsets of their own: a node's rows have one length, so that a row's place follows
// from the node's and its bucket. What is mapped may hold any bytes; AllRowsAreWhole() looks at all
// of them once, after which `left` cannot fall below zero. tests/play/quantised_policy_test.cc has
// both bounds.
#include "solver/play/quantised_policy.h"

#include <glog/logging.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nash {

void Quantise(absl::Span<const double> probabilities, ProbabilityBits bits,
              absl::Span<uint32_t> parts) {
  CHECK_EQ(probabilities.size(), parts.size());
  const uint32_t whole = WholeOf(bits);
  std::array<double, kActionsMax> lost;
  uint32_t total = 0;
  for (size_t a = 0; a < parts.size(); ++a) {
    const double exact = std::clamp(probabilities[a], 0.0, 1.0) * whole;
    parts[a] = static_cast<uint32_t>(exact);
    lost[a] = exact - parts[a];
    total += parts[a];
  }
  // Fewer parts are missing than there are actions, but for sums that are not one to the last bit.
  for (; total < whole; ++total) {
    const auto most = std::max_element(lost.begin(), lost.begin() + parts.size());
    *most -= 1;
    ++parts[most - lost.begin()];
  }
  for (; total > whole; --total) --*std::max_element(parts.begin(), parts.end());
}

std::vector<uint64_t> RowOffsets(const PublicTree& tree, absl::Span<const uint32_t> num_buckets,
                                 ProbabilityBits bits) {
  std::vector<uint64_t> offsets;
  offsets.reserve(tree.nodes().size() + 1);
  uint64_t bytes = 0;
  for (const PublicNode& node : tree.nodes()) {
    offsets.push_back(bytes);
    bytes += uint64_t{num_buckets[node.street]} * (node.num_actions - 1u) * BytesOf(bits);
  }
  offsets.push_back(bytes);
  return offsets;
}

uint32_t QuantisedPolicy::PartAt(uint64_t place) const {
  const uint8_t* const bytes = rows_ + place;
  return bits_ == ProbabilityBits::k8 ? bytes[0] : bytes[0] | bytes[1] << 8;
}

void QuantisedPolicy::Probabilities(NodeIndex node, uint32_t bucket,
                                    absl::Span<double> probabilities) const {
  const size_t stored = probabilities.size() - 1;
  const uint32_t whole = WholeOf(bits_);
  uint64_t place = row_offsets_[node] + bucket * stored * BytesOf(bits_);
  DCHECK_LE(place + stored * BytesOf(bits_), row_offsets_[node + 1]);
  uint32_t left = whole;
  for (size_t a = 0; a < stored; ++a, place += BytesOf(bits_)) {
    const uint32_t part = PartAt(place);
    probabilities[a] = static_cast<double>(part) / whole;
    left -= part;
  }
  probabilities[stored] = static_cast<double>(left) / whole;
}

bool QuantisedPolicy::AllRowsAreWhole() const {
  const uint32_t whole = WholeOf(bits_);
  for (NodeIndex node = 0; node < tree_->nodes().size(); ++node) {
    const int stored = tree_->nodes()[node].num_actions - 1;
    for (uint64_t place = row_offsets_[node]; place < row_offsets_[node + 1];) {
      uint32_t total = 0;
      for (int a = 0; a < stored; ++a, place += BytesOf(bits_)) total += PartAt(place);
      if (total > whole) return false;
    }
  }
  return true;
}

}  // namespace nash
