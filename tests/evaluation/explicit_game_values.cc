// ExplicitGame: expected values, best responses and CFR.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <numeric>

#include "tests/evaluation/explicit_game.h"

namespace nash {
namespace {

std::vector<double> Normalised(std::vector<double> weights) {
  double total = 0;
  for (double& w : weights) total += (w = std::max(w, 0.0));
  for (double& w : weights) w = total > 0 ? w / total : 1.0 / weights.size();
  return weights;
}

}  // namespace

std::vector<double> ExplicitGame::Values(const ExplicitPolicy& policy) const {
  const std::vector<std::vector<double>> probabilities = Probabilities(policy);
  std::vector<double> values(rules_.players);
  std::function<void(int, int, double)> walk = [&](int deal, int i, double reach) {
    const Betting& b = bettings_[i];
    if (b.player < 0) {
      for (int p = 0; p < rules_.players; ++p) values[p] += reach * Payoff(deal, b, p);
      return;
    }
    const std::vector<double>& p = probabilities[Infoset(deal, i)];
    for (size_t a = 0; a < p.size(); ++a) walk(deal, b.children[a], reach * p[a]);
  };
  for (int deal = 0; deal < deals_.size(); ++deal) walk(deal, 0, 1.0 / deals_.size());
  return values;
}

std::vector<double> ExplicitGame::BestResponses(const ExplicitPolicy& policy) const {
  const std::vector<std::vector<double>> probabilities = Probabilities(policy);
  std::vector<double> values;
  for (int p = 0; p < rules_.players; ++p) values.push_back(BestResponse(probabilities, p));
  return values;
}

double ExplicitGame::BestResponse(const std::vector<std::vector<double>>& probabilities,
                                  int responder) const {
  // By betting and deal: the others' reach, and what the responder gets from there on.
  const size_t num_deals = deals_.size();
  std::vector<double> reach(bettings_.size() * num_deals, 1);
  std::vector<double> value(bettings_.size() * num_deals);
  for (int i = 0; i < bettings_.size(); ++i) {
    const Betting& b = bettings_[i];
    for (int d = 0; b.player >= 0 && d < num_deals; ++d) {
      const std::vector<double>& p = probabilities[Infoset(d, i)];
      for (size_t a = 0; a < p.size(); ++a) {
        reach[b.children[a] * num_deals + d] =
            reach[i * num_deals + d] * (b.player == responder ? 1 : p[a]);
      }
    }
  }
  // Children come after their parents, so backwards is bottom up.
  for (int i = static_cast<int>(bettings_.size()) - 1; i >= 0; --i) {
    const Betting& b = bettings_[i];
    std::map<size_t, std::vector<double>> totals;  // the responder's: by infoset and action
    for (int d = 0; b.player == responder && d < num_deals; ++d) {
      std::vector<double>& total = totals[Infoset(d, i)];
      total.resize(b.children.size());
      for (size_t a = 0; a < total.size(); ++a) {
        total[a] += reach[i * num_deals + d] * value[b.children[a] * num_deals + d];
      }
    }
    for (int d = 0; d < num_deals; ++d) {
      double& v = value[i * num_deals + d];
      if (b.player < 0) {
        v = Payoff(d, b, responder);
      } else if (b.player == responder) {
        const std::vector<double>& t = totals[Infoset(d, i)];
        v = value[b.children[std::max_element(t.begin(), t.end()) - t.begin()] * num_deals + d];
      } else {
        const std::vector<double>& p = probabilities[Infoset(d, i)];
        for (size_t a = 0; a < p.size(); ++a) v += p[a] * value[b.children[a] * num_deals + d];
      }
    }
  }
  return std::accumulate(value.begin(), value.begin() + num_deals, 0.0) / num_deals;
}

ExplicitPolicy ExplicitGame::SolveByCfr(int iterations) const {
  struct Learner {
    std::vector<double> regrets, sums, strategy;
  };
  // Learners and payoffs by (betting, deal), looked up once.
  const size_t num_deals = deals_.size();
  auto learners = std::make_shared<std::map<std::string, Learner>>();
  std::vector<Learner*> learner_of(bettings_.size() * num_deals);
  std::vector<std::vector<double>> payoffs(bettings_.size() * num_deals);
  for (int i = 0; i < bettings_.size(); ++i) {
    const Betting& b = bettings_[i];
    for (int d = 0; d < num_deals; ++d) {
      const size_t at = i * num_deals + d;
      if (b.player < 0) {
        for (int p = 0; p < rules_.players; ++p) payoffs[at].push_back(Payoff(d, b, p));
      } else {
        learner_of[at] = &(*learners)[Key(Infoset(d, i))];
        learner_of[at]->regrets.resize(b.children.size());
        learner_of[at]->sums.resize(b.children.size());
      }
    }
  }
  using Reach = std::vector<double>;  // by position
  std::function<Reach(int, int, const Reach&)> walk = [&](int d, int i, const Reach& reach) {
    const Betting& b = bettings_[i];
    if (b.player < 0) return payoffs[i * num_deals + d];
    Learner& learner = *learner_of[i * num_deals + d];
    std::vector<double> values(rules_.players);
    std::vector<double> action_values;
    for (size_t a = 0; a < b.children.size(); ++a) {
      Reach next = reach;
      next[b.player] *= learner.strategy[a];
      const std::vector<double> child = walk(d, b.children[a], next);
      action_values.push_back(child[b.player]);
      for (int p = 0; p < rules_.players; ++p) values[p] += learner.strategy[a] * child[p];
    }
    double others = 1;
    for (int p = 0; p < rules_.players; ++p) others *= p == b.player ? 1 : reach[p];
    for (size_t a = 0; a < b.children.size(); ++a) {
      learner.regrets[a] += others * (action_values[a] - values[b.player]);
      learner.sums[a] += reach[b.player] * learner.strategy[a];
    }
    return values;
  };
  for (int t = 0; t < iterations; ++t) {
    for (auto& [key, learner] : *learners) learner.strategy = Normalised(learner.regrets);
    for (int d = 0; d < num_deals; ++d) walk(d, 0, Reach(rules_.players, 1));
  }
  return [learners](const std::string& key, int) { return Normalised(learners->at(key).sums); };
}

}  // namespace nash
