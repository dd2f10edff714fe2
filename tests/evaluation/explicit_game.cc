#include "tests/evaluation/explicit_game.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

namespace nash {
namespace {

int HighCard(const ExplicitCards& hole, const ExplicitCards&) { return hole[0]; }

// Six ranks or fewer of two suits: a pair with the board beats any high card.
int LeducStrength(const ExplicitCards& hole, const ExplicitCards& board) {
  const int rank = hole[0] / 2;
  return rank == board[0] / 2 ? 100 + rank : rank;
}

std::vector<double> Normalised(std::vector<double> weights) {
  double total = 0;
  for (double& w : weights) total += (w = std::max(w, 0.0));
  for (double& w : weights) w = total > 0 ? w / total : 1.0 / weights.size();
  return weights;
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

std::string ExplicitGame::Key(int deal, const Betting& betting) const {
  int seen = 0;
  for (int street = 0; street <= betting.street; ++street) seen += rules_.board_cards[street];
  const auto board = deals_[deal].begin() + rules_.players * rules_.hole_cards;
  return ExplicitKey(Hole(deal, betting.player), ExplicitCards(board, board + seen),
                     betting.actions);
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
  return chips;
}

std::vector<std::string> ExplicitGame::Keys() const {
  std::map<std::string, bool> keys;
  for (int deal = 0; deal < deals_.size(); ++deal) {
    for (const Betting& betting : bettings_) {
      if (betting.player >= 0) keys[Key(deal, betting)] = true;
    }
  }
  std::vector<std::string> out;
  for (const auto& [key, unused] : keys) out.push_back(key);
  return out;
}

std::vector<double> ExplicitGame::Values(const ExplicitPolicy& policy) const {
  std::vector<double> values(rules_.players);
  std::function<void(int, int, double)> walk = [&](int deal, int index, double reach) {
    const Betting& b = bettings_[index];
    if (b.player < 0) {
      for (int p = 0; p < rules_.players; ++p) values[p] += reach * Payoff(deal, b, p);
      return;
    }
    const std::vector<double> probabilities = policy(Key(deal, b), b.children.size());
    for (size_t a = 0; a < b.children.size(); ++a) {
      walk(deal, b.children[a], reach * probabilities[a]);
    }
  };
  for (int deal = 0; deal < deals_.size(); ++deal) walk(deal, 0, 1.0 / deals_.size());
  return values;
}

std::vector<double> ExplicitGame::BestResponses(const ExplicitPolicy& policy) const {
  std::vector<double> values;
  for (int responder = 0; responder < rules_.players; ++responder) {
    // By betting and deal: the others' reach, and what the responder gets from there on.
    const size_t num_deals = deals_.size();
    std::vector<double> reach(bettings_.size() * num_deals, 1);
    std::vector<double> value(bettings_.size() * num_deals);
    for (int i = 0; i < bettings_.size(); ++i) {
      const Betting& b = bettings_[i];
      for (int d = 0; b.player >= 0 && d < num_deals; ++d) {
        const std::vector<double> p = policy(Key(d, b), b.children.size());
        for (size_t a = 0; a < b.children.size(); ++a) {
          reach[b.children[a] * num_deals + d] =
              reach[i * num_deals + d] * (b.player == responder ? 1 : p[a]);
        }
      }
    }
    // Children come after their parents, so backwards is bottom up.
    for (int i = static_cast<int>(bettings_.size()) - 1; i >= 0; --i) {
      const Betting& b = bettings_[i];
      std::map<std::string, std::vector<double>> totals;  // responder's: by infoset and action
      for (int d = 0; b.player == responder && d < num_deals; ++d) {
        std::vector<double>& total = totals[Key(d, b)];
        total.resize(b.children.size());
        for (size_t a = 0; a < b.children.size(); ++a) {
          total[a] += reach[i * num_deals + d] * value[b.children[a] * num_deals + d];
        }
      }
      for (int d = 0; d < num_deals; ++d) {
        double& v = value[i * num_deals + d];
        if (b.player < 0) {
          v = Payoff(d, b, responder);
        } else if (b.player == responder) {
          const std::vector<double>& t = totals[Key(d, b)];
          v = value[b.children[std::max_element(t.begin(), t.end()) - t.begin()] * num_deals + d];
        } else {
          const std::vector<double> p = policy(Key(d, b), b.children.size());
          for (size_t a = 0; a < p.size(); ++a) v += p[a] * value[b.children[a] * num_deals + d];
        }
      }
    }
    values.push_back(std::accumulate(value.begin(), value.begin() + num_deals, 0.0) / num_deals);
  }
  return values;
}

ExplicitPolicy ExplicitGame::SolveByCfr(int iterations) const {
  struct Infoset {
    std::vector<double> regrets, sums, strategy;
  };
  // Infosets and payoffs by (betting, deal), looked up once.
  const size_t num_deals = deals_.size();
  auto infosets = std::make_shared<std::map<std::string, Infoset>>();
  std::vector<Infoset*> infoset_of(bettings_.size() * num_deals);
  std::vector<std::vector<double>> payoffs(bettings_.size() * num_deals);
  for (int i = 0; i < bettings_.size(); ++i) {
    const Betting& b = bettings_[i];
    for (int d = 0; d < num_deals; ++d) {
      const size_t at = i * num_deals + d;
      if (b.player < 0) {
        for (int p = 0; p < rules_.players; ++p) payoffs[at].push_back(Payoff(d, b, p));
      } else {
        infoset_of[at] = &(*infosets)[Key(d, b)];
        infoset_of[at]->regrets.resize(b.children.size());
        infoset_of[at]->sums.resize(b.children.size());
      }
    }
  }
  using Reach = std::vector<double>;  // by position
  std::function<Reach(int, int, const Reach&)> walk = [&](int d, int i, const Reach& reach) {
    const Betting& b = bettings_[i];
    if (b.player < 0) return payoffs[i * num_deals + d];
    Infoset& infoset = *infoset_of[i * num_deals + d];
    std::vector<double> values(rules_.players);
    std::vector<double> action_values;
    for (size_t a = 0; a < b.children.size(); ++a) {
      Reach next = reach;
      next[b.player] *= infoset.strategy[a];
      const std::vector<double> child = walk(d, b.children[a], next);
      action_values.push_back(child[b.player]);
      for (int p = 0; p < rules_.players; ++p) values[p] += infoset.strategy[a] * child[p];
    }
    double others = 1;
    for (int p = 0; p < rules_.players; ++p) others *= p == b.player ? 1 : reach[p];
    for (size_t a = 0; a < b.children.size(); ++a) {
      infoset.regrets[a] += others * (action_values[a] - values[b.player]);
      infoset.sums[a] += reach[b.player] * infoset.strategy[a];
    }
    return values;
  };
  for (int t = 0; t < iterations; ++t) {
    for (auto& [key, infoset] : *infosets) infoset.strategy = Normalised(infoset.regrets);
    for (int d = 0; d < num_deals; ++d) walk(d, 0, Reach(rules_.players, 1));
  }
  return [infosets](const std::string& key, int) { return Normalised(infosets->at(key).sums); };
}

}  // namespace nash
