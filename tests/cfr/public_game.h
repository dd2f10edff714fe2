// A small game whose boards are walked: what public chance sampling needs, with a table in lanes.
#ifndef NASHVILLE_TESTS_CFR_PUBLIC_GAME_H_
#define NASHVILLE_TESTS_CFR_PUBLIC_GAME_H_

#include <string>
#include <vector>

#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/training_setup.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/ranges/dealt_boards.h"
#include "tests/abstraction/lossless.h"

namespace nash {

class PublicGame {
 public:
  explicit PublicGame(const std::string& name, AverageStreets average = AverageStreets::kAll)
      : game_(*LoadGameDefinition("configs/games/" + name + ".game")),
        tree_(*PublicTree::Build(game_, {})),
        abstraction_(*Abstraction::Open(Lossless(game_), game_, "")),
        layout_(*TableLayout::Make(tree_, NumBucketsOf(abstraction_, game_), average,
                                   RowForm{LanesOf(Sampler::kPublic)})),
        deals_(game_, abstraction_),
        cards_(abstraction_),
        boards_(game_, cards_) {}
  const TableLayout& layout() const { return layout_; }
  const PublicTree& tree() const { return tree_; }
  const Abstraction& abstraction() const { return abstraction_; }
  TrainingSetup Setup(const CfrOptions& options, const RoundShape& shape, Table* table,
                      ThreadPool* pool) const {
    return {options, shape, 7, table, &deals_, pool, &boards_};
  }

 private:
  const GameDefinition game_;
  const PublicTree tree_;
  const Abstraction abstraction_;
  const TableLayout layout_;
  const BucketDealSource deals_;
  const AbstractionHands cards_;
  const DealtBoards boards_;
};

inline CfrOptions PublicOptions() {
  CfrOptions options;
  options.sampler = Sampler::kPublic;
  options.variant = Variant::kLinear;
  options.discount_every_iterations = 12;
  options.quantum_chips = 0.00002;
  return options;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_PUBLIC_GAME_H_
