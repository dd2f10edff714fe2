// Replays a log of acpc_dealer with the tests' own state machine of the rules (slow_hand.h) and
// ranks of hands, sharing no code with the dealer but the game's definition. Every action must be
// legal, every card dealt once, every hand's chips those of the replay, the score their sum.
//
//     replay_log GAME LOG HANDS        prints the score; exits 1 at the first line that is wrong
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "solver/game/game_definition.h"
#include "tests/cards/reference_hand_rank.h"
#include "tests/game/slow_hand.h"

namespace {

using Strength = std::array<int, 6>;

[[noreturn]] void Fail(const std::string& line, const std::string& what) {
  std::fprintf(stderr, "%s\n  %s\n", line.c_str(), what.c_str());
  std::exit(1);
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) c == separator ? (void)parts.emplace_back() : parts.back().push_back(c);
  return parts;
}

std::vector<nash::Card> Cards(const std::string& line, const std::string& names) {
  static const std::string kRanks = "23456789TJQKA", kSuits = "cdhs";
  std::vector<nash::Card> cards;
  if (names.size() % 2 != 0) Fail(line, "half a card");
  for (size_t i = 0; i < names.size(); i += 2) {
    const size_t rank = kRanks.find(names[i]), suit = kSuits.find(names[i + 1]);
    if (rank == std::string::npos || suit == std::string::npos) Fail(line, "no card");
    cards.push_back(static_cast<nash::Card>(rank * 4 + suit));
  }
  return cards;
}

// Of less than five cards, more of a kind win, then higher ones.
Strength StrengthOf(const std::vector<nash::Card>& cards) {
  if (cards.size() >= 5) {
    const auto rank = nash::ReferenceRank(cards);
    return {rank[0], rank[1], rank[2], rank[3], rank[4], rank[5]};
  }
  std::map<int, int> count;
  for (const nash::Card card : cards) ++count[card / 4];
  std::set<std::pair<int, int>, std::greater<>> order;
  for (const auto& [rank, n] : count) order.insert({n, rank});
  Strength strength{};
  size_t i = 0;
  for (const auto& [n, rank] : order) strength[i++] = n * 100 + rank;
  return strength;
}

class Replay {
 public:
  explicit Replay(const nash::GameDefinition& game) : game_(game) {}

  void Hand(const std::string& line, size_t number) {
    const std::vector<std::string> fields = Split(line, ':');
    if (fields.size() != 6) Fail(line, "six fields");
    if (fields[1] != std::to_string(number)) Fail(line, "the hands are not in order");
    nash::SlowHand hand(game_);
    Play(line, fields[2], &hand);
    std::vector<std::string> streets = Split(fields[3], '/');
    const std::vector<std::string> holes = Split(streets[0], '|');
    const size_t n = game_.num_players;
    if (holes.size() != n) Fail(line, "hole cards of every position");
    std::vector<nash::Card> board;
    for (size_t s = 1; s < streets.size(); ++s) {
      const auto dealt = Cards(line, streets[s]);
      if (dealt.size() != game_.num_board_cards[s]) Fail(line, "cards of a street");
      board.insert(board.end(), dealt.begin(), dealt.end());
    }
    std::set<nash::Card> seen(board.begin(), board.end());
    std::vector<Strength> ranks;
    size_t folded = 0;
    for (size_t p = 0; p < n; ++p) {
      std::vector<nash::Card> cards = Cards(line, holes[p]);
      if (cards.size() != game_.num_hole_cards) Fail(line, "hole cards");
      seen.insert(cards.begin(), cards.end());
      cards.insert(cards.end(), board.begin(), board.end());
      ranks.push_back(StrengthOf(cards));
      folded += hand.seats()[p].folded;
    }
    if (seen.size() != board.size() + n * game_.num_hole_cards) Fail(line, "a card twice");
    const bool is_showdown = folded + 1 < n;
    const int streets_seen = is_showdown ? game_.num_streets : hand.round() + 1;
    size_t board_cards = 0;
    for (int s = 0; s < streets_seen; ++s) board_cards += game_.num_board_cards[s];
    if (board.size() != board_cards) Fail(line, "the board is not that of the betting");
    Score(line, hand, ranks, Split(fields[4], '|'), Split(fields[5], '|'));
  }

  // "a|b:name|name"
  void Total(const std::string& line) const {
    const std::vector<std::string> fields = Split(line, ':');
    const std::vector<std::string> chips = Split(fields.at(1), '|'),
                                   names = Split(fields.at(2), '|');
    for (size_t i = 0; i < names.size(); ++i) {
      const double shares = std::stod(chips.at(i)) * nash::SlowHand::kSharesPerChip;
      if (std::abs(shares - static_cast<double>(totals_.at(names[i]))) > 0.01) {
        Fail(line, names[i] + " has won other chips");
      }
    }
  }

 private:
  void Play(const std::string& line, const std::string& betting, nash::SlowHand* hand) {
    for (size_t at = 0; at < betting.size();) {
      if (betting[at] == '/') {
        ++at;
        continue;
      }
      if (hand->over()) Fail(line, "an action after the end");
      const char action = betting[at++];
      std::string digits;
      while (at < betting.size() && isdigit(betting[at])) digits += betting[at++];
      int64_t total = 0;
      if (action == 'f' && !hand->FoldLegal()) Fail(line, "an illegal fold");
      if (action == 'r') {
        const auto legal = hand->RaiseLegal();
        if (!legal.has_value()) Fail(line, "an illegal raise");
        total = digits.empty() ? legal->first : std::stoll(digits);
        if (total < legal->first || total > legal->second) Fail(line, "an illegal raise");
      }
      hand->Play(action, total);
    }
    if (!hand->over()) Fail(line, "the hand is not over");
    // Its own text, without what limit games leave out and with slashes to the last street.
    std::string own = hand->history();
    if (game_.betting == nash::BettingKind::kLimit)
      std::erase_if(own, [](char c) { return isdigit(c); });
    if (betting.substr(0, own.size()) != own ||
        betting.find_first_not_of('/', own.size()) != std::string::npos) {
      Fail(line, "slashes: expected " + own);
    }
  }

  void Score(const std::string& line, const nash::SlowHand& hand,
             const std::vector<Strength>& ranks, const std::vector<std::string>& chips,
             const std::vector<std::string>& names) {
    std::vector<int> strengths;
    for (const Strength& own : ranks) {
      int better_than = 0;
      for (const Strength& other : ranks) better_than += other < own;
      strengths.push_back(better_than);
    }
    const std::vector<int64_t> payoffs = hand.Payoffs(strengths);
    if (chips.size() != payoffs.size() || names.size() != payoffs.size()) Fail(line, "a field");
    for (size_t p = 0; p < payoffs.size(); ++p) {
      const double shares = std::stod(chips[p]) * nash::SlowHand::kSharesPerChip;
      if (std::abs(shares - static_cast<double>(payoffs[p])) > 0.01) {
        Fail(line, "position " + std::to_string(p) + " has won other chips");
      }
      totals_[names[p]] += payoffs[p];
    }
  }

  const nash::GameDefinition& game_;
  std::map<std::string, int64_t> totals_;  // in shares of a chip, by name
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto game = nash::LoadGameDefinition(argv[1]);
  if (!game.ok()) return 2;
  std::ifstream log(argv[2]);
  Replay replay(*game);
  size_t num_hands = 0;
  bool is_scored = false;
  for (std::string line; std::getline(log, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (is_scored) Fail(line, "comes after the score");
    if (line.rfind("STATE:", 0) == 0) {
      replay.Hand(line, num_hands++);
    } else if (line.rfind("SCORE:", 0) == 0) {
      replay.Total(line);
      is_scored = true;
      std::printf("%s\n", line.c_str());
    } else {
      Fail(line, "no such line");
    }
  }
  if (!is_scored || num_hands != std::strtoul(argv[3], nullptr, 10)) Fail(argv[2], "not whole");
  return 0;
}
