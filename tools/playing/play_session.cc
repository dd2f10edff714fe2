// Everything but what a person types follows from the plan and the strategy: cards from the seed
// and the hand's number, the strategy's actions from its draws. So a session is kept as lists of
// actions; a hand that was left in the middle is dealt again and played up to there; a review asks
// the strategy what it would have done at each decision of the person's, afterwards.
//
// A hand goes through one loop, whether its actions are old or new: those that are there are shown,
// the next one is asked for, of the person or of the strategy. A typed line that is no action
// answers itself and asks again. Ranges are shown as they would be known from that seat: the
// person's own cards are out of them.
#include "tools/playing/play_session.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/game/betting_text.h"
#include "solver/game/street_names.h"
#include "tools/acpc/dealt_hand.h"
#include "tools/playing/seat_range.h"
#include "tools/playing/typed_action.h"

namespace nash {
namespace {

constexpr absl::string_view kTypedHelp =
    R"(  f            fold
  c or k       call or check
  r AMOUNT     bet or raise to AMOUNT on this street: chips (600), a part of the pot after calling
               (1/2, 0.75, 75%, pot), min or allin; in a limit game r alone
  range [N]    what seat N may hold, as the strategy plays; without N: all other seats
  last [N]     the same at the end of the last hand
  ?            this
  q            leave; with --state the same command goes on here
)";

}  // namespace

PlaySession::PlaySession(const StrategyPlayer& strategy, const TableOptions& options,
                         TypedLines* lines, SessionFile* file,
                         const std::optional<SessionRecord>& record)
    : strategy_(strategy),
      options_(options),
      game_(options_.game),
      view_(game_, options.has_colour),
      lines_(lines),
      file_(file),
      score_(options.plan.block_deals > 0 ? game_.num_players : 1) {
  if (!record.has_value()) return;
  for (const auto& actions : record->hands) {
    TableHand hand = HandNumber(num_hands());
    hand.all.actions = actions;
    Finish(hand);
  }
  open_ = record->open;
}

TableHand PlaySession::HandNumber(uint32_t number) const {
  const ScheduledHand scheduled = HandAt(options_.plan, game_.num_players, number);
  TableHand hand;
  hand.all = DealHand(game_, options_.plan.seed, scheduled.deal);
  hand.all.hand = number;
  hand.position = scheduled.position;
  hand.deal = scheduled.deal;
  return hand;
}

void PlaySession::Finish(const TableHand& hand) {
  score_.Add(hand.deal, HandValues(game_, hand.all)[hand.position]);
  hands_.push_back(hand.all.actions);
}

void PlaySession::Say(absl::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), options_.out);
}

absl::Status PlaySession::Play() {
  if (num_hands() > 0) Say(view_.Score(score_, options_.plan.block_deals > 0));
  while (options_.hands_max == 0 || num_hands() < options_.hands_max) {
    TableHand hand = HandNumber(num_hands());
    hand.all.actions = std::exchange(open_, {});
    ASSIGN_OR_RETURN(const bool is_over, PlayHand(&hand));
    if (!is_over) {
      open_ = hand.all.actions;
      if (file_ == nullptr) return absl::OkStatus();
      return file_->AddOpenHand(game_, num_hands(), open_);
    }
    if (file_ != nullptr) RETURN_IF_ERROR(file_->AddHand(game_, num_hands(), hand.all.actions));
    Finish(hand);
    RETURN_IF_ERROR(Review(hand));
    Say(view_.Score(score_, options_.plan.block_deals > 0));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PlaySession::PlayHand(TableHand* hand) {
  Say(view_.Beginning(*hand));
  BettingState state(&game_);
  for (size_t i = 0; !state.is_over(); ++i) {
    const int street = state.street();
    if (i == hand->all.actions.size()) {
      ActionLabel action = kCallLabel;
      if (state.player() == hand->position) {
        ASSIGN_OR_RETURN(const std::optional<ActionLabel> typed, AskPerson(*hand, state));
        if (!typed.has_value()) return false;
        action = *typed;
      } else {
        ASSIGN_OR_RETURN(action, AskStrategy(*hand, state.player()));
      }
      hand->all.actions.push_back(action);
    }
    Say(view_.Action(*hand, state, hand->all.actions[i]));
    ApplyAction(hand->all.actions[i], &state);
    if (!state.is_over() && state.street() != street) Say(view_.Street(*hand, state));
  }
  Say(view_.End(*hand, state, options_.shows_all));
  return true;
}

absl::StatusOr<std::optional<ActionLabel>> PlaySession::AskPerson(const TableHand& hand,
                                                                  const BettingState& state) {
  Say(view_.Turn(hand, state));
  while (true) {
    if (options_.prompts) Say("> ");
    std::fflush(options_.out);
    ASSIGN_OR_RETURN(const std::optional<std::string> line, lines_->Next());
    if (!line.has_value()) return std::nullopt;
    const absl::string_view typed = absl::StripAsciiWhitespace(*line);
    absl::string_view rest = typed;
    if (typed.empty() || typed[0] == '#') continue;
    if (typed == "q" || typed == "quit") return std::nullopt;
    if (typed == "?" || typed == "help") {
      Say(absl::StrCat(kTypedHelp, view_.Turn(hand, state)));
    } else if (absl::ConsumePrefix(&rest, "range")) {
      RETURN_IF_ERROR(ShowRanges(hand, rest));
    } else if (absl::ConsumePrefix(&rest, "last")) {
      if (num_hands() == 0) {
        Say("  ! this is the first hand\n");
        continue;
      }
      TableHand last = HandNumber(num_hands() - 1);
      last.all.actions = hands_.back();
      RETURN_IF_ERROR(ShowRanges(last, rest));
    } else {
      const absl::StatusOr<ActionLabel> action = ParseTypedAction(game_, state, typed);
      if (action.ok()) return *action;
      Say(absl::StrCat("  ! ", action.status().message(), "\n"));
    }
  }
}

absl::StatusOr<PlayerAnswer> PlaySession::AnswerAt(const TableHand& hand, int position,
                                                   size_t actions) const {
  PlayedHand asked;
  asked.game = &game_;
  asked.position = position;
  asked.number = hand.deal;
  asked.hole = hand.all.holes[position];
  asked.board = hand.all.board;
  asked.actions = absl::MakeConstSpan(hand.all.actions).first(actions);
  return strategy_.Ask(asked);
}

absl::StatusOr<ActionLabel> PlaySession::AskStrategy(const TableHand& hand, int position) const {
  ASSIGN_OR_RETURN(const PlayerAnswer answer, AnswerAt(hand, position, hand.all.actions.size()));
  return answer.action();
}

absl::Status PlaySession::Review(const TableHand& hand) {
  BettingState state(&game_);
  std::string text;
  for (size_t i = 0; i < hand.all.actions.size(); ++i) {
    const ActionLabel action = hand.all.actions[i];
    if (state.player() == hand.position) {
      ASSIGN_OR_RETURN(const PlayerAnswer answer, AnswerAt(hand, hand.position, i));
      absl::StrAppend(&text, "    ", kStreetNames[state.street()], ": ",
                      view_.Distribution(state, answer),
                      "; you: ", ActionInWords(game_, state, action), "\n");
    }
    ApplyAction(action, &state);
  }
  if (!text.empty()) Say(absl::StrCat("  the strategy in your seat:\n", text));
  return absl::OkStatus();
}

absl::Status PlaySession::ShowRanges(const TableHand& hand, absl::string_view words) {
  const absl::string_view word = absl::StripAsciiWhitespace(words);
  int only = -1;
  if (!word.empty() && (!absl::SimpleAtoi(word, &only) || only < 0 || only >= game_.num_players)) {
    Say(absl::StrCat("  ! \"", word, "\" is no seat; seats are 0 to ", game_.num_players - 1,
                     "\n"));
    return absl::OkStatus();
  }
  const BettingState state = StateOf(game_, hand.all.actions);
  PlayedHand asked;
  asked.game = &game_;
  asked.number = hand.deal;
  asked.board = absl::MakeConstSpan(hand.all.board).first(BoardCardsShown(game_, hand.all.actions));
  asked.actions = hand.all.actions;
  for (int p = 0; p < game_.num_players; ++p) {
    const bool has_folded = (state.in_hand() >> p & 1) == 0;
    if (word.empty() ? p == hand.position || has_folded : p != only) continue;
    CardSet known = 0;
    for (const Card card : asked.board) known |= SetOf(card);
    if (p != hand.position) {
      for (const Card card : hand.all.holes[hand.position]) known |= SetOf(card);
    }
    asked.position = p;
    ASSIGN_OR_RETURN(const std::vector<WeighedHole> range, SeatRange(strategy_, asked, known));
    Say(absl::StrCat("  seat ", p, ", ", view_.SeatName(hand, p), ":\n",
                     FormatRange(game_, range)));
  }
  return absl::OkStatus();
}

std::vector<HandRecord> PlaySession::Records() const {
  std::vector<HandRecord> records;
  for (uint32_t number = 0; number < num_hands(); ++number) {
    TableHand hand = HandNumber(number);
    hand.all.actions = hands_[number];
    HandRecord record;
    record.game = game_;
    record.values = HandValues(game_, hand.all);
    for (int p = 0; p < game_.num_players; ++p) record.names.push_back(view_.SeatName(hand, p));
    record.state = std::move(hand.all);
    record.state.board.resize(BoardCardsShown(game_, hands_[number]));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace nash
