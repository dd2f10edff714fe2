// Limit games as explicit histories, with best responses and CFR: slow, short, and written from the
// rules alone, so that the real code can be compared with it. Shares nothing with solver/.
#ifndef NASHVILLE_TESTS_EVALUATION_EXPLICIT_GAME_H_
#define NASHVILLE_TESTS_EVALUATION_EXPLICIT_GAME_H_

#include <functional>
#include <string>
#include <vector>

namespace nash {

// Cards are 0 to ranks * suits - 1; the rank of a card is card / suits.
using ExplicitCards = std::vector<int>;

struct ExplicitRules {
  int players = 2;
  int ranks = 3;
  int suits = 1;
  int hole_cards = 1;
  std::vector<int> board_cards;  // by street, dealt at its start
  std::vector<int> raise_chips;  // by street
  int raises_max = 1;            // by street
  std::vector<int> stacks;       // by position; blinds are 1 each
  // The higher wins. hole: sorted; board: complete, as dealt.
  std::function<int(const ExplicitCards& hole, const ExplicitCards& board)> strength;
  std::vector<int> antes = {};  // by position, besides the stacks; empty: none
};

ExplicitRules KuhnRules(int players);
ExplicitRules LeducRules(int players);
// Two players, three streets, a board of one card and one, and stacks that run out before the last
// street at times.
ExplicitRules LongRules();

// One infoset: sorted hole cards, board cards as dealt so far, and the betting without '/'.
std::string ExplicitKey(const ExplicitCards& hole, const ExplicitCards& board,
                        const std::string& betting);

// The probabilities of [num_actions] actions at an infoset: fold (where legal), call, raise.
using ExplicitPolicy = std::function<std::vector<double>(const std::string& key, int num_actions)>;

class ExplicitGame {
 public:
  explicit ExplicitGame(const ExplicitRules& rules);

  // By position.
  std::vector<double> Values(const ExplicitPolicy& policy) const;
  std::vector<double> BestResponses(const ExplicitPolicy& policy) const;
  // Average policy of `iterations` of vanilla CFR (Zinkevich et al. 2007): every history, every
  // iteration, all players at once.
  ExplicitPolicy SolveByCfr(int iterations) const;
  // All infosets at which a player acts.
  std::vector<std::string> Keys() const;

 private:
  struct Betting {
    std::string actions;
    int player = -1;  // -1: over
    int street = 0;
    std::vector<int> spent;
    std::vector<bool> folded;
    std::vector<int> children;  // indices into bettings_, by legal action
  };

  Betting Replay(const std::string& actions) const;
  int AddBetting(const std::string& actions);
  void AddDeals(ExplicitCards* cards, int size);
  void AddViews();
  // The infoset of the player who acts: an index below bettings_.size() * views_.size().
  size_t Infoset(int deal, int betting) const;
  std::string Key(size_t infoset) const;
  // [infoset][action], for those at which a player acts.
  std::vector<std::vector<double>> Probabilities(const ExplicitPolicy& policy) const;
  double BestResponse(const std::vector<std::vector<double>>& probabilities, int responder) const;
  ExplicitCards Hole(int deal, int player) const;
  double Payoff(int deal, const Betting& betting, int player) const;

  ExplicitRules rules_;
  std::vector<Betting> bettings_;     // 0 is the start
  std::vector<ExplicitCards> deals_;  // hole cards by position, then the board; equally likely
  std::vector<std::string> views_;    // what a player may see of the cards: keys without betting
  std::vector<int> view_of_;          // by deal, player and street
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_EVALUATION_EXPLICIT_GAME_H_
