// External sampling as textbooks write it: one deal at a time, by recursion, in place.
//
// Lanctot et al. 2009, section 3.2. The yardstick for the level-by-level traverser: it works on the
// same tree and the same table and is compiled the same way. Thread-compatible.
#ifndef NASHVILLE_TESTS_BENCH_TRAVERSE_TEXTBOOK_H_
#define NASHVILLE_TESTS_BENCH_TRAVERSE_TEXTBOOK_H_

#include <cstdint>

#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/table.h"

namespace nash {

class TextbookTraverser {
 public:
  TextbookTraverser(Table* table, float regret_scale, uint64_t seed)
      : table_(table), scale_(regret_scale), state_(seed) {}

  // One traversal for `traverser` with deal number `deal` of `batch`.
  void Traverse(const PreparedBatch& batch, int deal, int traverser) {
    batch_ = &batch;
    deal_ = deal;
    traverser_ = traverser;
    Visit(0);
  }
  uint64_t touches() const { return touches_; }

 private:
  float Visit(NodeIndex node);
  float EdgeValue(const PublicEdge& edge);
  float Uniform();

  Table* table_;
  float scale_;
  uint64_t state_;
  const PreparedBatch* batch_ = nullptr;
  int deal_ = 0;
  int traverser_ = 0;
  uint64_t touches_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_TRAVERSE_TEXTBOOK_H_
