#include "tests/bench/traverse/textbook.h"

#include <cmath>

namespace nash {

float TextbookTraverser::Uniform() {  // xorshift64*
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return static_cast<float>((state_ * 0x2545F4914F6CDD1DULL) >> 40) * 0x1p-24f;
}

float TextbookTraverser::EdgeValue(const PublicEdge& edge) {
  const float amount = static_cast<float>(edge.amount_chips);
  switch (edge.kind()) {
    case EdgeKind::kDecision:
      return Visit(edge.payload());
    case EdgeKind::kFold:
      return static_cast<int>(edge.payload()) == traverser_ ? -amount : amount;
    default:
      return (traverser_ == 0 ? amount : -amount) * batch_->outcomes()[deal_];
  }
}

float TextbookTraverser::Visit(NodeIndex index) {
  ++touches_;
  const PublicTree& tree = table_->layout().tree();
  const PublicNode& node = tree.nodes()[index];
  const PublicEdge* edges = tree.edges().data() + node.first_edge;
  int32_t* row = table_->Row(index, batch_->deals().buckets(node.street, node.player)[deal_]);
  const int n = node.num_actions;
  float strategy[kActionsMax];
  float total = 0;
  for (int a = 0; a < n; ++a) {
    strategy[a] = row[a] > 0 ? static_cast<float>(row[a]) : 0.0f;
    total += strategy[a];
  }
  for (int a = 0; a < n; ++a) strategy[a] = total > 0 ? strategy[a] / total : 1.0f / n;
  if (node.player != traverser_) {
    float u = Uniform();
    int action = 0;
    while (action + 1 < n && u >= strategy[action]) u -= strategy[action++];
    for (int a = 0; a < n; ++a) row[n + a] += static_cast<int32_t>(strategy[a] * kSumUnit + 0.5f);
    return EdgeValue(edges[action]);
  }
  float values[kActionsMax];
  float value = 0;
  for (int a = 0; a < n; ++a) {
    values[a] = EdgeValue(edges[a]);
    value += strategy[a] * values[a];
  }
  for (int a = 0; a < n; ++a) {
    row[a] += static_cast<int32_t>(std::floor((values[a] - value) * scale_ + 0.5f));
  }
  return value;
}

}  // namespace nash
