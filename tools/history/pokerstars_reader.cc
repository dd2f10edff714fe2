// A line at a time, in the order of the hand: head, table, seats, posts, *** HOLE CARDS ***, and
// only then are the stakes complete, so that a game can be made of them (Deal) and the betting
// played. From there on each "NAME: ..." is an action of BettingState or an error with its line:
// what is legal is not said here.
//
// Names may hold colons and blanks, so a line is asked which seated player it begins with, and is
// not cut at its first colon. Lines of no player are talk, and are passed over. What each has won
// follows from what came back (collected, uncalled bets) less what was put in, where no rake was
// taken; CompleteHand() compares it with the rules. tests/history/hand_files_test.cc reads what the
// writer writes, and hands of the site.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/history/pokerstars_text.h"

namespace nash {
namespace {

constexpr absl::string_view kHead = "PokerStars Hand #";
constexpr int kSeatsMax = 99;

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

// The text between the first `open` and the `close` after it; empty where there is none.
absl::string_view Between(absl::string_view text, absl::string_view open, absl::string_view close) {
  const size_t start = text.find(open);
  if (start == text.npos) return {};
  text = text.substr(start + open.size());
  return text.substr(0, std::min(text.find(close), text.size()));
}

absl::StatusOr<int32_t> Chips(absl::string_view word) {
  int32_t chips = 0;
  if (absl::SimpleAtoi(word, &chips) && chips >= 0 && chips <= kStackChipsMax) return chips;
  return Wrong(absl::StrCat("\"", word, "\": expected whole chips, up to ", kStackChipsMax));
}

// One hand, line by line.
class HandReader {
 public:
  absl::Status Take(absl::string_view line) {
    if (absl::StartsWith(line, kHead)) return Head(line);
    if (is_in_summary_) {
      has_rake_ |= absl::StrContains(line, "| Rake ") && !absl::EndsWith(line, "| Rake 0");
      return absl::OkStatus();
    }
    if (absl::StartsWith(line, "Table ")) return Table(line);
    if (absl::StartsWith(line, "*** ")) return Stage(line);
    if (absl::StartsWith(line, "Dealt to ")) return Dealt(line);
    if (absl::StartsWith(line, "Uncalled bet (")) return Uncalled(line);
    if (!is_dealt_ && absl::StartsWith(line, "Seat ")) return Seat(line);
    for (const auto& [seat, player] : players_) {
      absl::string_view rest = line;
      if (!absl::ConsumePrefix(&rest, player.name)) continue;
      if (absl::ConsumePrefix(&rest, ": ")) return Said(player.name, rest);
      if (absl::ConsumePrefix(&rest, " collected ")) return Collected(player.name, rest);
    }
    return absl::OkStatus();  // talk, and who comes and goes
  }

  absl::StatusOr<HandRecord> Finish() {
    if (!is_dealt_) return Wrong("the hand ends before *** HOLE CARDS ***");
    if (has_collected_ && !has_rake_) {
      for (size_t p = 0; p < hand_.names.size(); ++p) {
        hand_.values.push_back(won_[hand_.names[p]] - state_->spent_chips(static_cast<int>(p)) -
                               hand_.game.dead_chips[p]);
      }
    }
    const size_t shown = BoardCardsShown(hand_.game, hand_.state.actions);
    if (hand_.state.board.size() > shown) return Wrong("more board cards than the betting has");
    RETURN_IF_ERROR(CompleteHand(&hand_));
    return std::move(hand_);
  }

 private:
  struct Player {
    std::string name;
    int32_t stack = 0;
    int32_t blind = 0;
    int32_t ante = 0;
  };

  absl::Status Head(absl::string_view line) {
    uint64_t number = 0;
    if (!absl::SimpleAtoi(Between(line, "#", ":"), &number) || number > UINT32_MAX) {
      return Wrong("the number of the hand is none of 32 bits");
    }
    hand_.state.hand = static_cast<uint32_t>(number);
    if (absl::StrContains(line, "Hold'em No Limit")) return absl::OkStatus();
    if (!absl::StrContains(line, "Hold'em Limit")) {
      return Wrong("expected Hold'em No Limit or Hold'em Limit");
    }
    const absl::string_view bets = Between(line, "(", ")");
    const std::vector<absl::string_view> words = absl::StrSplit(bets, '/');
    if (words.size() != 2) return Wrong("expected (SMALL/BIG), the bets of limit");
    ASSIGN_OR_RETURN(const int32_t small, Chips(words[0]));
    ASSIGN_OR_RETURN(const int32_t big, Chips(words[1]));
    raises_ = {small, small, big, big};
    return small > 0 ? absl::OkStatus() : Wrong("bets of no chips");
  }

  absl::Status Table(absl::string_view line) {
    if (absl::SimpleAtoi(Between(line, "Seat #", " "), &button_)) return absl::OkStatus();
    return Wrong("expected \"Seat #N is the button\"");
  }

  absl::Status Seat(absl::string_view line) {
    int seat = 0;
    const size_t open = line.rfind(" (");
    if (!absl::SimpleAtoi(Between(line, "Seat ", ":"), &seat) || seat < 1 || seat > kSeatsMax ||
        open == line.npos || line.find(": ") >= open) {
      return Wrong("expected \"Seat N: NAME (CHIPS in chips)\"");
    }
    Player player;
    const size_t start = line.find(": ") + 2;
    player.name = std::string(line.substr(start, open - start));
    ASSIGN_OR_RETURN(player.stack, Chips(Between(line.substr(open), "(", " in chips")));
    if (player.name.empty() || FindSeat(player.name) != 0) return Wrong("a name twice, or none");
    if (!players_.emplace(seat, player).second) return Wrong("a seat twice");
    return players_.size() <= kPlayersMax ? absl::OkStatus() : Wrong("more than ten players");
  }

  int FindSeat(absl::string_view name) const {
    for (const auto& [seat, player] : players_) {
      if (player.name == name) return seat;
    }
    return 0;
  }

  int PositionOf(absl::string_view name) const {
    const auto found = std::find(hand_.names.begin(), hand_.names.end(), name);
    return static_cast<int>(found - hand_.names.begin());
  }

  // All that the stakes are made of has been told.
  absl::Status Deal() {
    if (players_.size() < 2) return Wrong("less than two seats");
    std::vector<Player> order;  // from the left of the button
    for (const auto& [seat, player] : players_) {
      if (seat > button_) order.push_back(player);
    }
    for (const auto& [seat, player] : players_) {
      if (seat <= button_) order.push_back(player);
    }
    std::vector<int32_t> blinds, antes, stacks;
    for (const Player& player : order) {
      hand_.names.push_back(player.name);
      blinds.push_back(player.blind);
      antes.push_back(player.ante);
      stacks.push_back(player.stack);
      if (player.blind + player.ante > player.stack || player.stack == 0) {
        return Wrong(absl::StrCat(player.name, " has less than was posted"));
      }
    }
    hand_.game = HoldemGame(blinds, antes, stacks, raises_);
    RETURN_IF_ERROR(CheckDeadChips(hand_.game));
    state_.emplace(&hand_.game);
    is_dealt_ = true;
    return absl::OkStatus();
  }

  absl::Status Stage(absl::string_view line) {
    if (absl::StartsWith(line, "*** SUMMARY")) {
      is_in_summary_ = true;
      return absl::OkStatus();
    }
    if (absl::StartsWith(line, "*** HOLE CARDS")) {
      return is_dealt_ ? Wrong("*** HOLE CARDS *** twice") : Deal();
    }
    if (!is_dealt_) return Wrong("expected *** HOLE CARDS *** before");
    if (line.find('[') == line.npos) return absl::OkStatus();  // *** SHOW DOWN ***
    const absl::string_view dealt = Between(line.substr(line.rfind('[')), "[", "]");
    const size_t before = hand_.state.board.size();
    RETURN_IF_ERROR(TakeCards(dealt, &hand_.state.board));
    for (int s = 1; s < hand_.game.num_streets; ++s) {
      if (before == static_cast<size_t>(hand_.game.BoardCardsOn(s - 1)) &&
          hand_.state.board.size() == static_cast<size_t>(hand_.game.BoardCardsOn(s)) &&
          (s <= state_->street() || state_->is_over())) {
        return absl::OkStatus();
      }
    }
    return Wrong("board cards that are too many, too few or too early");
  }

  absl::Status TakeCards(absl::string_view names, std::vector<Card>* cards) {
    ASSIGN_OR_RETURN(const std::vector<Card> found,
                     ParseCards(absl::StrReplaceAll(names, {{" ", ""}})));
    for (const Card card : found) {
      if ((used_ & SetOf(card)) != 0) {
        return Wrong(absl::StrCat("card ", CardName(card), " is there twice"));
      }
      used_ |= SetOf(card);
      cards->push_back(card);
    }
    return absl::OkStatus();
  }

  absl::Status TakeHole(absl::string_view name, absl::string_view cards) {
    const int p = PositionOf(name);
    if (!is_dealt_ || p == static_cast<int>(hand_.names.size())) {
      return Wrong("cards of somebody who has no seat");
    }
    std::vector<Card>& hole = hand_.state.holes[p];
    if (hole.empty()) {
      RETURN_IF_ERROR(TakeCards(cards, &hole));
      return hole.size() == 2 ? absl::OkStatus() : Wrong("expected two cards");
    }
    ASSIGN_OR_RETURN(const std::vector<Card> shown,
                     ParseCards(absl::StrReplaceAll(cards, {{" ", ""}})));
    const bool is_same = shown.size() == 2 && ((shown[0] == hole[0] && shown[1] == hole[1]) ||
                                               (shown[0] == hole[1] && shown[1] == hole[0]));
    return is_same ? absl::OkStatus() : Wrong("other cards than were dealt");
  }

  absl::Status Dealt(absl::string_view line) {
    const size_t open = line.rfind(" [");
    if (open == line.npos || open < 9) return Wrong("expected \"Dealt to NAME [CARDS]\"");
    return TakeHole(line.substr(9, open - 9), Between(line.substr(open), "[", "]"));
  }

  absl::Status Uncalled(absl::string_view line) {
    ASSIGN_OR_RETURN(const int32_t chips, Chips(Between(line, "(", ")")));
    const std::string name(Between(line, "returned to ", "\n"));
    if (FindSeat(name) == 0) return Wrong("a bet that is returned to somebody who has no seat");
    won_[name] += chips;
    return absl::OkStatus();
  }

  absl::Status Collected(const std::string& name, absl::string_view rest) {
    double chips = 0;
    if (!absl::SimpleAtod(rest.substr(0, rest.find(' ')), &chips) || !(chips >= 0)) {
      return Wrong("expected what was collected");
    }
    won_[name] += chips;
    has_collected_ = true;
    return absl::OkStatus();
  }

  // "NAME: rest".
  absl::Status Said(const std::string& name, absl::string_view rest) {
    const std::vector<absl::string_view> words = absl::StrSplit(rest, ' ');
    if (words[0] == "posts") return Posted(name, words);
    if (words[0] == "shows") return TakeHole(name, Between(rest, "[", "]"));
    const bool acts = words[0] == "folds" || words[0] == "checks" || words[0] == "calls" ||
                      words[0] == "bets" || words[0] == "raises";
    if (!acts) return absl::OkStatus();  // mucks hand, doesn't show hand
    if (!is_dealt_ || state_->is_over()) return Wrong("an action when nobody has to act");
    if (PositionOf(name) != state_->player()) {
      return Wrong(absl::StrCat("it is the turn of ", hand_.names[state_->player()]));
    }
    if (static_cast<int>(hand_.state.board.size()) != hand_.game.BoardCardsOn(state_->street())) {
      return Wrong("the cards of this street are not dealt yet");
    }
    ASSIGN_OR_RETURN(const ActionLabel action, Action(words));
    hand_.state.actions.push_back(action);
    ApplyAction(action, &*state_);
    return absl::OkStatus();
  }

  absl::Status Posted(const std::string& name, const std::vector<absl::string_view>& words) {
    Player& player = players_[FindSeat(name)];
    if (is_dealt_) return Wrong("a post after the deal");
    const bool is_ante = words.size() == 4 && words[1] == "the" && words[2] == "ante";
    const bool is_blind = words.size() == 4 && words[2] == "blind";
    const bool is_straddle = words.size() == 3 && words[1] == "straddle";
    if (!is_ante && !is_blind && !is_straddle) {
      return Wrong("expected a small blind, a big blind, a straddle or the ante");
    }
    ASSIGN_OR_RETURN(const int32_t chips, Chips(words.back()));
    (is_ante ? player.ante : player.blind) = chips;
    return absl::OkStatus();
  }

  absl::StatusOr<ActionLabel> Action(const std::vector<absl::string_view>& words) const {
    const int p = state_->player();
    const int32_t owed = std::max(state_->owed_chips(), 0);
    if (words[0] == "folds") {
      if (state_->CanFold()) return kFoldLabel;
      return Wrong("there is nothing to fold to");
    }
    if (words[0] == "checks") {
      if (owed == 0) return kCallLabel;
      return Wrong(absl::StrCat("a check where ", owed, " are owed"));
    }
    const size_t place = words[0] == "raises" ? 3 : 1;
    if (words.size() <= place) return Wrong("an amount is missing");
    ASSIGN_OR_RETURN(const int32_t chips, Chips(words[place]));
    if (words[0] == "calls") {
      const int32_t paid = std::min(owed, hand_.game.BetChipsMax(p) - state_->spent_chips(p));
      if (owed > 0 && chips == paid) return kCallLabel;
      return Wrong(absl::StrCat("a call of ", chips, " where it is ", paid));
    }
    const int64_t total = int64_t{chips} + state_->street_start_chips();
    if (state_->CanRaise() && total >= state_->MinRaiseTo() && total <= state_->MaxRaiseTo()) {
      return static_cast<ActionLabel>(total);
    }
    return Wrong("a bet or raise that is not legal");
  }

  HandRecord hand_;
  std::optional<BettingState> state_;  // of hand_.game
  std::map<int, Player> players_;      // by seat
  std::array<int32_t, kStreetsMax> raises_{};
  std::map<std::string, double> won_;  // that came back to whom, by name
  int button_ = 0;
  CardSet used_ = 0;
  bool is_dealt_ = false;
  bool is_in_summary_ = false;
  bool has_collected_ = false;
  bool has_rake_ = false;
};

}  // namespace

absl::StatusOr<std::vector<HandRecord>> ReadPokerStars(absl::string_view text,
                                                       absl::string_view file) {
  std::vector<HandRecord> hands;
  std::unique_ptr<HandReader> reader;  // stays where it is: its state points into it
  size_t number = 0, head = 0;
  const auto refused = [&](size_t line, const absl::Status& status) {
    return Wrong(absl::StrCat(file, ":", line, ": ", status.message()));
  };
  const auto finish = [&]() -> absl::Status {
    if (reader == nullptr) return absl::OkStatus();
    absl::StatusOr<HandRecord> hand = reader->Finish();
    if (!hand.ok()) return refused(head, hand.status());
    hands.push_back(*std::move(hand));
    return absl::OkStatus();
  };
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");  // that site's files begin with a byte order mark
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripTrailingAsciiWhitespace(line);
    if (absl::StartsWith(line, kHead)) {
      RETURN_IF_ERROR(finish());
      reader = std::make_unique<HandReader>();
      head = number;
    } else if (reader == nullptr) {
      if (line.empty()) continue;
      return refused(number, Wrong("expected \"PokerStars Hand #N: ...\""));
    }
    const absl::Status status = reader->Take(line);
    if (!status.ok()) return refused(number, status);
  }
  RETURN_IF_ERROR(finish());
  return hands;
}

}  // namespace nash
