#include "tests/evaluation/tree_and_cards.h"

#include <glog/logging.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_replace.h"

namespace nash {

GameDefinition GameOf(const ExplicitRules& rules) {
  GameDefinition game;
  game.betting = BettingKind::kLimit;
  game.num_players = rules.players;
  game.num_streets = static_cast<int>(rules.board_cards.size());
  game.num_suits = rules.suits;
  game.num_ranks = rules.ranks;
  game.num_hole_cards = rules.hole_cards;
  for (int p = 0; p < rules.players; ++p) {
    game.blind_chips[p] = 1;
    game.dead_chips[p] = rules.antes.empty() ? 0 : rules.antes[p];
    game.stack_chips[p] = rules.stacks[p] + game.dead_chips[p];
  }
  for (int s = 0; s < game.num_streets; ++s) {
    game.raise_chips[s] = rules.raise_chips[s];
    game.max_raises[s] = rules.raises_max;
    game.num_board_cards[s] = rules.board_cards[s];
  }
  return game;
}

PublicTree TreeOf(const ExplicitRules& rules) {
  absl::StatusOr<PublicTree> tree = PublicTree::Build(GameOf(rules), ActionMenu());
  CHECK(tree.ok()) << tree.status();
  return *std::move(tree);
}

ExplicitCards ExplicitModel::Number(absl::Span<const Card> cards) const {
  const std::vector<Card> deck = MakeDeck(rules_.ranks, rules_.suits);
  ExplicitCards numbers;
  for (Card card : cards) {
    const auto place = std::find(deck.begin(), deck.end(), card);
    CHECK(place != deck.end());
    numbers.push_back(static_cast<int>(place - deck.begin()));
  }
  return numbers;
}

uint32_t ExplicitModel::Bucket(int street, absl::Span<const Card> hole,
                               absl::Span<const Card> board) const {
  // Digits 1 to deck size, so that a code says how many cards it holds.
  const uint32_t base = rules_.ranks * rules_.suits + 1;
  const auto pack = [&](ExplicitCards cards) {
    uint32_t code = 0;
    for (int card : cards) {
      code = code * base + 1 + (detail_ == Detail::kCards ? card : card / rules_.suits);
    }
    return code;
  };
  uint32_t boards = 1;
  for (size_t i = 0; i < board.size(); ++i) boards *= base;
  return pack(Number(hole)) * boards + pack(Number(board));
}

int32_t ExplicitModel::Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const {
  return rules_.strength(Number(hole), Number(board));
}

std::vector<uint32_t> ExplicitModel::NumBuckets() const {
  const uint32_t base = rules_.ranks * rules_.suits + 1;
  std::vector<uint32_t> sizes;
  uint32_t size = 1;
  for (int h = 0; h < rules_.hole_cards; ++h) size *= base;
  for (int cards : rules_.board_cards) {
    for (int i = 0; i < cards; ++i) size *= base;
    sizes.push_back(size);
  }
  return sizes;
}

TabularPolicy TabularOf(const PublicTree& tree, const ExplicitRules& rules,
                        const ExplicitPolicy& policy) {
  const ExplicitModel model(rules, ExplicitModel::Detail::kCards);
  const auto space = HandSpace::Make(tree.game(), model);
  CHECK(space.ok()) << space.status();
  TabularPolicy tabular(tree, model.NumBuckets());
  const std::vector<Card> deck = MakeDeck(rules.ranks, rules.suits);
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    const PublicNode& n = tree.nodes()[node];
    const std::string betting = absl::StrReplaceAll(tree.Betting(node), {{"/", ""}});
    for (uint32_t b = 0; b < space->num_boards(n.street); ++b) {
      for (uint32_t h = 0; h < space->num_hands(); ++h) {
        const uint32_t bucket = space->buckets(n.street, b)[h];
        if (bucket == kNoBucket) continue;
        // Back from the bucket to the cards it was made of.
        const uint32_t base = static_cast<uint32_t>(deck.size()) + 1;
        ExplicitCards cards;
        for (uint32_t code = bucket; code != 0; code /= base) cards.push_back(code % base - 1);
        std::reverse(cards.begin(), cards.end());
        const ExplicitCards hole(cards.begin(), cards.begin() + rules.hole_cards);
        const ExplicitCards board(cards.begin() + rules.hole_cards, cards.end());
        const std::vector<double> p = policy(ExplicitKey(hole, board, betting), n.num_actions);
        std::copy(p.begin(), p.end(), tabular.Row(node, bucket).begin());
      }
    }
  }
  return tabular;
}

ExplicitPolicy RandomPolicy(uint64_t seed) {
  return [seed](const std::string& key, int num_actions) {
    uint64_t hash = seed;
    for (char c : key) hash = (hash ^ static_cast<uint64_t>(c)) * 1099511628211u;
    std::mt19937_64 random(hash);
    std::vector<double> weights;
    double total = 0;
    for (int a = 0; a < num_actions; ++a) {
      // A fifth of the actions is never played; the last always may be.
      const bool never = random() % 5 == 0 && a + 1 < num_actions;
      weights.push_back(never ? 0 : 1 + static_cast<double>(random() % 1000));
      total += weights.back();
    }
    for (double& w : weights) w /= total;
    return weights;
  };
}

}  // namespace nash
