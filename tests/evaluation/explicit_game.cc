#include "tests/evaluation/explicit_game.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace nash {
namespace {

int HighCard(const ExplicitCards& hole, const ExplicitCards&) { return hole[0]; }

// Six ranks or fewer of two suits: a pair with the board beats any high card.
int LeducStrength(const ExplicitCards& hole, const ExplicitCards& board) {
  const int rank = hole[0] / 2;
  return rank == board[0] / 2 ? 100 + rank : rank;
}

}  // namespace

ExplicitRules KuhnRules(int players) {
  return {.players = players,
          .ranks = players + 1,
          .board_cards = {0},
          .raise_chips = {1},
          .stacks = std::vector<int>(players, 1000),
          .strength = HighCard};
}

ExplicitRules LeducRules(int players) {
  return {.players = players,
          .ranks = players + 1,
          .suits = 2,
          .board_cards = {0, 1},
          .raise_chips = {2, 4},
          .raises_max = 2,
          .stacks = std::vector<int>(players, 1000),
          .strength = LeducStrength};
}

ExplicitRules LongRules() {
  return {.players = 2,
          .ranks = 3,
          .suits = 2,
          .hole_cards = 1,
          .board_cards = {0, 1, 1},
          .raise_chips = {1, 2, 2},
          .raises_max = 1,
          .stacks = {4, 4},
          .strength = [](const ExplicitCards& hole, const ExplicitCards& board) {
            // Pairs first, then rank; the order of the board matters, to catch a wrong one.
            const int rank = hole[0] / 2;
            return rank + 10 * (rank == board[0] / 2) + 20 * (rank == board[1] / 2);
          }};
}

std::string ExplicitKey(const ExplicitCards& hole, const ExplicitCards& board,
                        const std::string& betting) {
  std::string key;
  for (int card : hole) key += std::to_string(card) + ".";
  key += "|";
  for (int card : board) key += std::to_string(card) + ".";
  return key + "|" + betting;
}

ExplicitGame::ExplicitGame(const ExplicitRules& rules) : rules_(rules) {
  AddBetting("");
  ExplicitCards cards;
  const int board = std::accumulate(rules.board_cards.begin(), rules.board_cards.end(), 0);
  AddDeals(&cards, rules.players * rules.hole_cards + board);
  AddViews();
}

void ExplicitGame::AddDeals(ExplicitCards* cards, int size) {
  if (cards->size() == size) {
    deals_.push_back(*cards);
    return;
  }
  for (int card = 0; card < rules_.ranks * rules_.suits; ++card) {
    if (std::count(cards->begin(), cards->end(), card) > 0) continue;
    cards->push_back(card);
    AddDeals(cards, size);
    cards->pop_back();
  }
}

// The whole betting, played again from the blinds.
ExplicitGame::Betting ExplicitGame::Replay(const std::string& actions) const {
  const int n = rules_.players;
  Betting b = {.actions = actions, .spent = std::vector<int>(n, 1), .folded = std::vector<bool>(n)};
  std::vector<bool> acted(n);
  int raises = 0;
  const auto top = [&] { return *std::max_element(b.spent.begin(), b.spent.end()); };
  const auto can_act = [&](int p) { return !b.folded[p] && b.spent[p] < rules_.stacks[p]; };
  const auto count = [&](auto predicate) {
    int number = 0;
    for (int p = 0; p < n; ++p) number += predicate(p);
    return number;
  };
  const auto must_act = [&](int p) { return can_act(p) && !acted[p]; };
  const auto next_from = [&](int p) {
    while (!must_act(p % n)) ++p;
    return p % n;
  };
  b.player = next_from(0);
  for (char action : actions) {
    const int p = b.player;
    acted[p] = true;
    if (action == 'f') b.folded[p] = true;
    if (action == 'c') b.spent[p] = std::min(top(), rules_.stacks[p]);
    if (action == 'r') {
      b.spent[p] = std::min(top() + rules_.raise_chips[b.street], rules_.stacks[p]);
      ++raises;
      acted.assign(n, false);
      acted[p] = true;
    }
    const bool one_left = count([&](int q) { return !b.folded[q]; }) == 1;
    if (!one_left && count(must_act) > 0) {
      b.player = next_from(p + 1);
      continue;
    }
    const bool last = b.street + 1 == rules_.board_cards.size();
    b.player = -1;
    if (one_left || last || count(can_act) <= 1) break;
    ++b.street;
    raises = 0;
    acted.assign(n, false);
    b.player = next_from(0);
  }
  if (b.player < 0) return b;
  const int p = b.player;
  if (b.spent[p] < top()) b.children.push_back('f');
  b.children.push_back('c');
  if (raises < rules_.raises_max && rules_.stacks[p] > top() && count(can_act) > 1) {
    b.children.push_back('r');
  }
  return b;
}

int ExplicitGame::AddBetting(const std::string& actions) {
  const int index = static_cast<int>(bettings_.size());
  bettings_.push_back(Replay(actions));
  for (size_t a = 0; a < bettings_[index].children.size(); ++a) {
    const char action = static_cast<char>(bettings_[index].children[a]);
    const int child = AddBetting(actions + action);
    bettings_[index].children[a] = child;
  }
  return index;
}

ExplicitCards ExplicitGame::Hole(int deal, int player) const {
  const auto first = deals_[deal].begin() + player * rules_.hole_cards;
  ExplicitCards hole(first, first + rules_.hole_cards);
  std::sort(hole.begin(), hole.end());
  return hole;
}

void ExplicitGame::AddViews() {
  std::map<std::string, int> index;
  for (int deal = 0; deal < deals_.size(); ++deal) {
    for (int player = 0; player < rules_.players; ++player) {
      int seen = 0;
      for (int cards : rules_.board_cards) {
        seen += cards;
        const auto board = deals_[deal].begin() + rules_.players * rules_.hole_cards;
        const std::string view =
            ExplicitKey(Hole(deal, player), ExplicitCards(board, board + seen), "");
        const auto [place, is_new] = index.insert({view, views_.size()});
        if (is_new) views_.push_back(view);
        view_of_.push_back(place->second);
      }
    }
  }
}

size_t ExplicitGame::Infoset(int deal, int betting) const {
  const Betting& b = bettings_[betting];
  const int streets = static_cast<int>(rules_.board_cards.size());
  const int view = view_of_[(deal * rules_.players + b.player) * streets + b.street];
  return betting * views_.size() + view;
}

std::string ExplicitGame::Key(size_t infoset) const {
  return views_[infoset % views_.size()] + bettings_[infoset / views_.size()].actions;
}

std::vector<std::vector<double>> ExplicitGame::Probabilities(const ExplicitPolicy& policy) const {
  std::vector<std::vector<double>> probabilities(bettings_.size() * views_.size());
  for (int deal = 0; deal < deals_.size(); ++deal) {
    for (int i = 0; i < bettings_.size(); ++i) {
      if (bettings_[i].player < 0) continue;
      const size_t infoset = Infoset(deal, i);
      if (!probabilities[infoset].empty()) continue;
      probabilities[infoset] = policy(Key(infoset), bettings_[i].children.size());
    }
  }
  return probabilities;
}

// Chip by chip: the k-th chip of every player forms a pot of its own, won by the best hands among
// those who paid into it and did not fold.
double ExplicitGame::Payoff(int deal, const Betting& betting, int player) const {
  const ExplicitCards board(deals_[deal].begin() + rules_.players * rules_.hole_cards,
                            deals_[deal].end());
  double chips = -betting.spent[player];
  const int most = *std::max_element(betting.spent.begin(), betting.spent.end());
  for (int chip = 0; chip < most; ++chip) {
    int pot = 0;
    int best = std::numeric_limits<int>::min();
    std::vector<int> winners;
    for (int p = 0; p < rules_.players; ++p) {
      if (betting.spent[p] <= chip) continue;
      ++pot;
      if (betting.folded[p]) continue;
      const int strength = rules_.strength(Hole(deal, p), board);
      if (strength > best) winners.clear();
      best = std::max(best, strength);
      if (strength == best) winners.push_back(p);
    }
    // A chip that only folded players matched goes to whoever is left.
    if (std::count(winners.begin(), winners.end(), player) > 0) {
      chips += double(pot) / winners.size();
    }
  }
  if (rules_.antes.empty()) return chips;
  // All antes go to the best of those who hold cards.
  int best = std::numeric_limits<int>::min();
  int winners = 0;
  for (int p = 0; p < rules_.players; ++p) {
    if (betting.folded[p]) continue;
    const int strength = rules_.strength(Hole(deal, p), board);
    if (strength > best) winners = 0;
    best = std::max(best, strength);
    winners += strength == best;
  }
  chips -= rules_.antes[player];
  if (!betting.folded[player] && rules_.strength(Hole(deal, player), board) == best) {
    chips += std::accumulate(rules_.antes.begin(), rules_.antes.end(), 0.0) / winners;
  }
  return chips;
}

std::vector<std::string> ExplicitGame::Keys() const {
  std::vector<std::string> keys;
  Probabilities([&](const std::string& key, int num_actions) {
    keys.push_back(key);
    return std::vector<double>(num_actions);
  });
  return keys;
}

}  // namespace nash
