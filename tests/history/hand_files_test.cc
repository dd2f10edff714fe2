#include "tools/history/hand_files.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "solver/cards/card.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tests/game/shipped_games.h"
#include "tools/acpc/dealt_hand.h"

namespace nash {
namespace {

// Three with stacks of their own, so that pots part; and two with antes.
GameDefinition UnevenGame() { return HoldemGame({50, 100, 0}, {0, 0, 0}, {900, 20000, 4321}, {}); }
GameDefinition AnteGame() { return HoldemGame({100, 50}, {10, 10}, {5000, 3000}, {}); }

// Hands of players who do anything legal, all-ins among it. Cards of players who folded are unknown
// in every other hand, the whole board where nobody has seen it.
std::vector<HandRecord> RandomHands(const GameDefinition& game, int n) {
  std::mt19937 random(7);
  std::vector<HandRecord> hands;
  for (int h = 0; h < n; ++h) {
    HandRecord hand;
    hand.game = game;
    hand.state = DealHand(game, 7, h);
    BettingState betting(&hand.game);
    while (!betting.is_over()) {
      ActionLabel action = kCallLabel;
      const uint32_t choice = random() % 10;
      if (choice == 0 && betting.CanFold()) action = kFoldLabel;
      if (choice < 4 && choice > 0 && betting.CanRaise()) {
        const int32_t most = std::min(betting.MaxRaiseTo(), betting.MinRaiseTo() + 500);
        action = betting.MinRaiseTo() + random() % (most - betting.MinRaiseTo() + 1);
      }
      if (choice == 4 && betting.CanRaise()) action = betting.MaxRaiseTo();
      hand.state.actions.push_back(action);
      ApplyAction(action, &betting);
    }
    hand.values = HandValues(game, hand.state);
    hand.state.board.resize(BoardCardsShown(game, hand.state.actions));
    for (int p = 0; p < game.num_players; ++p) {
      hand.names.push_back(std::string("player ") + static_cast<char>('A' + (p + h) % 10));
      if (h % 2 == 1 && (betting.in_hand() >> p & 1) == 0) hand.state.holes[p].clear();
    }
    hands.push_back(std::move(hand));
  }
  return hands;
}

absl::StatusOr<std::vector<HandRecord>> Parse(const std::string& text, HandFormat format,
                                              const std::optional<GameDefinition>& game = {}) {
  return ParseHands(text, "file", format, game);
}

// Formats other than the ACPC's do not state how often may be raised.
void ExpectSame(const std::vector<HandRecord>& read, const std::vector<HandRecord>& written) {
  ASSERT_EQ(read.size(), written.size());
  for (size_t h = 0; h < read.size(); ++h) {
    HandRecord expected = written[h];
    expected.game.max_raises = read[h].game.max_raises;
    EXPECT_EQ(read[h].state, expected.state) << h;
    EXPECT_EQ(read[h].names, expected.names) << h;
    EXPECT_EQ(read[h].values, expected.values) << h;
    ASSERT_EQ(read[h], expected) << h;
  }
}

std::vector<std::pair<std::string, GameDefinition>> Games() {
  return {{"nolimit_2p", ShippedGame("nolimit_2p")},
          {"limit_2p", ShippedGame("limit_2p")},
          {"limit_3p", ShippedGame("limit_3p")},
          {"nolimit_6p", ShippedGame("nolimit_6p")},
          {"uneven", UnevenGame()},
          {"antes", AnteGame()}};
}

TEST(HandFiles, HandsComeBackFromEveryFormatAsTheyWere) {
  for (const auto& [name, game] : Games()) {
    SCOPED_TRACE(name);
    const std::vector<HandRecord> hands = RandomHands(game, 300);
    std::string log;
    if (name != "antes") {
      log = FormatHands(hands, HandFormat::kAcpcLog).value();
      const auto read = Parse(log, HandFormat::kAcpcLog, game);
      ASSERT_TRUE(read.ok()) << read.status();
      ASSERT_EQ(*read, hands);
    }
    for (const HandFormat format : {HandFormat::kPhhs, HandFormat::kPokerStars}) {
      const auto text = FormatHands(hands, format);
      ASSERT_TRUE(text.ok()) << text.status();
      auto read = Parse(*text, format);
      ASSERT_TRUE(read.ok()) << read.status();
      ExpectSame(*read, hands);
      EXPECT_EQ(FormatHands(*read, format).value(), *text);
      // And on to the ACPC's log: the same bytes.
      if (log.empty()) continue;
      EXPECT_EQ(FormatHands(*read, HandFormat::kAcpcLog).value(), log);
    }
  }
}

TEST(HandFiles, LogsOfOtherGamesThanHoldemHaveNoWordsElsewhere) {
  const GameDefinition game = ShippedGame("leduc_3p");
  const std::vector<HandRecord> hands = RandomHands(game, 50);
  const std::string log = FormatHands(hands, HandFormat::kAcpcLog).value();
  EXPECT_EQ(Parse(log, HandFormat::kAcpcLog, game).value(), hands);
  for (const HandFormat format : {HandFormat::kPhhs, HandFormat::kPokerStars}) {
    EXPECT_EQ(FormatHands(hands, format).status().code(), absl::StatusCode::kFailedPrecondition);
  }
}

// Chips of PokerStars text, counted line by line as a tracker does: what was put in on each street,
// what came back, what was collected.
TEST(HandFiles, AmountsByStreetOfPokerStarsTextAddUp) {
  for (const auto& [name, game] : Games()) {
    SCOPED_TRACE(name);
    const std::vector<HandRecord> hands = RandomHands(game, 200);
    std::istringstream text(FormatHands(hands, HandFormat::kPokerStars).value());
    size_t h = 0;
    std::map<std::string, double> before, street, back;
    const auto number = [](const std::string& word) { return std::stod(word); };
    const auto end_street = [&] {
      for (auto& [who, chips] : street) before[who] += chips;
      street.clear();
    };
    for (std::string line; std::getline(text, line);) {
      if (absl::StartsWith(line, "*** ") && !absl::StartsWith(line, "*** HOLE")) end_street();
      if (absl::StartsWith(line, "Uncalled bet (")) {
        back[line.substr(line.find(" to ") + 4)] += number(line.substr(14));
      }
      if (absl::StartsWith(line, "Total pot ")) {
        double pot = 0, won = 0;
        for (size_t p = 0; p < hands[h].names.size(); ++p) {
          const std::string& who = hands[h].names[p];
          EXPECT_NEAR(back[who] - before[who], hands[h].values[p], 1e-3) << h << who;
          pot += before[who];
          won += back[who];
        }
        EXPECT_NEAR(pot, won, 1e-3) << h;
        ++h;
        before.clear(), back.clear();
      }
      for (const std::string& who : hands[std::min(h, hands.size() - 1)].names) {
        if (!absl::StartsWith(line, who)) continue;
        const std::string said = line.substr(who.size());
        const auto after = [&](const char* what) { return number(said.substr(strlen(what))); };
        if (absl::StartsWith(said, " collected ")) back[who] += after(" collected ");
        if (absl::StartsWith(said, ": calls ")) street[who] += after(": calls ");
        if (absl::StartsWith(said, ": bets ")) street[who] += after(": bets ");
        if (absl::StartsWith(said, ": posts the ante ")) before[who] += after(": posts the ante ");
        if (absl::StartsWith(said, ": posts small blind ")) {
          street[who] += after(": posts small blind ");
        }
        if (absl::StartsWith(said, ": posts big blind "))
          street[who] += after(": posts big blind ");
        if (absl::StartsWith(said, ": raises ")) {
          // "raises BY to TO": by over the largest bet of the street.
          double most = 0;
          for (const auto& [other, chips] : street) most = std::max(most, chips);
          const double to = number(said.substr(said.find(" to ") + 4));
          EXPECT_EQ(most + after(": raises "), to) << line;
          street[who] = to;
        }
      }
    }
    EXPECT_EQ(h, hands.size());
  }
}

// The first hand of the format's own documentation, with the stacks that it states for its end: an
// ante, a player whose cards nobody knows, totals on each street, an all-in above the other's
// stack.
constexpr char kMillionDollarPot[] = R"(# The first televised million dollar pot.
variant = "NT"
ante_trimming_status = true
antes = [500, 500, 500]
blinds_or_straddles = [1000, 2000, 0]
min_bet = 2000
starting_stacks = [1125600, 2000000, 553500]
actions = [
  # Pre-flop
  "d dh p1 Ac2d", # Ivey
  "d dh p2 ????", # Antonius
  "d dh p3 7h6h",
  "p3 cbr 7000", "p1 cbr 23000", "p2 f", "p3 cc",
  'd db Jc3d5c',
  "p1 cbr 35000", "p3 cc",
  "d db 4h",
  "p1 cbr 90000", "p3 cbr 232600", "p1 cbr 1067100", "p3 cc",
  "p1 sm Ac2d", "p3 sm 7h6h",
  "d db Jh",
]
players = ["Phil Ivey", "Patrik Antonius", "Tom Dwan"]
currency = "USD"
)";

TEST(Phh, APublishedHandHasTheStacksThatArePublished) {
  const auto hands = Parse(kMillionDollarPot, HandFormat::kPhh);
  ASSERT_TRUE(hands.ok()) << hands.status();
  ASSERT_EQ(hands->size(), 1u);
  const HandRecord& hand = (*hands)[0];
  // 572100, 1997500 and 1109500 at the end.
  EXPECT_EQ(hand.values,
            (std::vector<double>{572100 - 1125600, 1997500 - 2000000, 1109500 - 553500}));
  EXPECT_EQ(hand.names[2], "Tom Dwan");
  EXPECT_TRUE(hand.state.holes[1].empty());
  EXPECT_EQ(CardNames(hand.state.board), "Jc3d5c4hJh");
  EXPECT_EQ(hand.state.actions[2], kFoldLabel);
  EXPECT_EQ(hand.state.actions[4], 23000 + 35000);  // 35000 on the flop, after 23000 before
  const std::string text = FormatHands(*hands, HandFormat::kPokerStars).value();
  // 1,125,100 less the ante's own 500 against 553,000: what nobody called comes back.
  EXPECT_TRUE(absl::StrContains(text, "Uncalled bet (572100) returned to Phil Ivey")) << text;
  EXPECT_EQ(Parse(text, HandFormat::kPokerStars).value()[0].values, hand.values);
  EXPECT_EQ(Parse(FormatHands(*hands, HandFormat::kPhh).value(), HandFormat::kPhh).value()[0].state,
            hand.state);
}

// Two players: the first has the big blind, and blinds are listed the other way round.
TEST(Phh, BlindsOfTwoAreReversed) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  const auto hands =
      Parse("STATE:3:r300c/cr900f:AhKd|QsQc/9c8d5h:-300|300:A|B\n", HandFormat::kAcpcLog, game);
  // Position 0 has the big blind and acts last before the flop, so r300 is B's.
  ASSERT_TRUE(hands.ok()) << hands.status();
  const std::string text = FormatHands(*hands, HandFormat::kPhh).value();
  EXPECT_EQ(text, R"(variant = "NT"
antes = [0, 0]
blinds_or_straddles = [50, 100]
min_bet = 100
starting_stacks = [20000, 20000]
actions = [
  "d dh p1 AhKd",
  "d dh p2 QsQc",
  "p2 cbr 300",
  "p1 cc",
  "d db 9c8d5h",
  "p1 cc",
  "p2 cbr 600",
  "p1 f",
]
hand = 3
players = ["A", "B"]
finishing_stacks = [19700, 20300]
)");
}

TEST(HandFiles, AnEarlyAllInShowsTheWholeBoardAndPotsPart) {
  const GameDefinition game = UnevenGame();
  // 900 of each for the kings would be theirs if the aces were not there: 900 and 4321 are lost.
  const auto hands = Parse("STATE:0:r4321cc///:KsKd|AsAd|QsQd/9c8d5h/2c/3s:-900|5221|-4321:A|B|C\n",
                           HandFormat::kAcpcLog, game);
  ASSERT_TRUE(hands.ok()) << hands.status();
  // The short stack's aces win 900 of each; the kings 3421 of two.
  EXPECT_EQ(Parse("STATE:0:r4321cc///:AsAd|KsKd|QsQd/9c8d5h/2c/3s:1800|2521|-4321:A|B|C\n",
                  HandFormat::kAcpcLog, game)
                .status(),
            absl::OkStatus());
  const std::string phh = FormatHands(*hands, HandFormat::kPhh).value();
  // The showdown comes before the cards that were not dealt yet.
  EXPECT_TRUE(absl::StrContains(
      phh,
      "\"p1 sm KsKd\",\n  \"p2 sm AsAd\",\n  \"p3 sm QsQd\",\n  \"d db 9c8d5h\",\n"
      "  \"d db 2c\",\n  \"d db 3s\",\n]"))
      << phh;
}

TEST(PokerStars, TalkAndSummariesArePassedOverAndNamesMayHaveBlanks) {
  const char kText[] =
      "\xef\xbb\xbfPokerStars Hand #17:  Hold'em No Limit (50/100) - 2020/01/01 0:00:00 ET\r\n"
      "Table 'Alpha' 6-max Seat #5 is the button\r\n"
      "Seat 2: big bob (10000 in chips)\r\n"
      "Seat 5: Al (10000 in chips)\r\n"
      "Al: posts small blind 50\r\n"
      "big bob: posts big blind 100\r\n"
      "*** HOLE CARDS ***\r\n"
      "Dealt to Al [Ah Kd]\r\n"
      "Al: raises 200 to 300\r\n"
      "big bob said, \"hm\"\r\n"
      "big bob: calls 200\r\n"
      "*** FLOP *** [9c 8d 5h]\r\n"
      "big bob: checks\r\n"
      "Al: bets 300\r\n"
      "big bob: folds\r\n"
      "Uncalled bet (300) returned to Al\r\n"
      "Al collected 600 from pot\r\n"
      "Al: doesn't show hand\r\n"
      "*** SUMMARY ***\r\n"
      "Total pot 600 | Rake 0\r\n"
      "Board [9c 8d 5h]\r\n"
      "Seat 5: Al (button) (small blind) collected (600)\r\n";
  const auto hands = Parse(kText, HandFormat::kPokerStars);
  ASSERT_TRUE(hands.ok()) << hands.status();
  const HandRecord& hand = (*hands)[0];
  EXPECT_EQ(hand.game, [] {
    GameDefinition game = ShippedGame("nolimit_2p_100bb");
    game.max_raises.fill(255);
    return game;
  }());
  EXPECT_EQ(hand.names, (std::vector<std::string>{"big bob", "Al"}));
  EXPECT_EQ(hand.values, (std::vector<double>{-300, 300}));
  EXPECT_TRUE(hand.state.holes[0].empty());
  EXPECT_EQ(FormatBetting(hand.game, hand.state.actions), "r300c/cr600f");
}

struct Refused {
  const char* reason;
  HandFormat format;
  std::string text;
  const char* message;
};

std::string Phh(const char* from, const char* to) {
  return absl::StrReplaceAll(kMillionDollarPot, {{from, to}});
}

TEST(HandFiles, WhatMakesNoSenseIsRefusedWithItsLine) {
  const std::string log = "STATE:0:r300f:AhKd|QsQc:-100|100:A|B\n";
  const std::string stars =
      FormatHands(RandomHands(ShippedGame("nolimit_2p"), 5), HandFormat::kPokerStars).value();
  const auto kAcpc = HandFormat::kAcpcLog, kPhh = HandFormat::kPhh,
             kStars = HandFormat::kPokerStars;
  const Refused kCases[] = {
      {"a NUL", kAcpc, log + std::string("\0", 1), "file:2: a NUL"},
      {"an escape sequence", kStars, stars + "\x1b[2J", "a control character"},
      {"a line of a megabyte", kPhh, std::string(1000000, 'x'),
       "file:1: a line of more than 65536"},
      {"a cut line", kAcpc, log + log.substr(0, 20), "file:2: half a line; the file was cut"},
      {"no such line", kAcpc, log + "HELLO\n", "file:2: expected STATE:"},
      {"an illegal raise", kAcpc, "STATE:0:r100f:AhKd|QsQc:-100|100:A|B\n", "file:1: "},
      {"other chips", kAcpc, "STATE:0:r300f:AhKd|QsQc:-200|200:A|B\n",
       "A has won -200 there, by the rules -100"},
      {"a card twice", kAcpc, "STATE:0:r300f:AhKd|AhQc:-100|100:A|B\n", "is there twice"},
      {"a hand that goes on", kAcpc, "STATE:0:r300:AhKd|QsQc:-100|100:A|B\n", "is not over"},
      {"another score", kAcpc, log + "SCORE:-200|100:A|B\n", "file:2: the score of A is -200"},
      {"a line behind the score", kAcpc, log + "SCORE:-100|100:A|B\n" + log, "after the score"},
      {"a field less", kAcpc, "STATE:0:r300f:AhKd|QsQc:-100|100\n", "five fields"},
      {"another variant", kPhh, Phh("\"NT\"", "\"PO\""), "variant"},
      {"no stacks", kPhh, Phh("starting_stacks", "stacks"), "starting_stacks is missing"},
      {"half a chip", kPhh, Phh("[1000, 2000, 0]", "[1000.5, 2000, 0]"), "whole chips"},
      {"an action out of turn", kPhh, Phh("p3 cbr 7000", "p1 cbr 7000"), "it is the turn of p3"},
      {"an amount below the least", kPhh, Phh("cbr 23000", "cbr 8000"), "legal amounts are"},
      {"a card twice", kPhh, Phh("d db 4h", "d db 7h"), "card 7h is there twice"},
      {"another card at the showdown", kPhh, Phh("p3 sm 7h6h", "p3 sm 7h6d"), "was dealt 7h6h"},
      {"a board too early", kPhh, Phh("\"d db 4h\",", "\"d db 4h\", \"d db 2h\","), "d db 2h"},
      {"a text that does not end", kPhh, Phh("7h6h\",", "7h6h,"), "does not end on its line"},
      {"cut in the middle", kPhh, std::string(kMillionDollarPot).substr(0, 400), "does not end"},
      {"a key twice", kPhh, Phh("min_bet", "antes"), "antes is there twice"},
      {"an inline table", kPhh, std::string(kMillionDollarPot) + "x = {a = 1}\n",
       "expected a text"},
      {"stacks that were not won", kPhh,
       std::string(kMillionDollarPot) + "finishing_stacks = [572100, 1997500, 1109501]\n",
       "by the rules"},
      {"a check where chips are owed", kStars,
       absl::StrReplaceAll(stars, {{": calls", ": checks"}}), "a check where"},
      {"another seat acts", kStars, absl::StrReplaceAll(stars, {{"player A: ", "player B: "}}), ""},
      {"an unknown game", kStars, absl::StrReplaceAll(stars, {{"Hold'em", "Omaha"}}), "file:1: "},
      {"no hand", kStars, "hello\n", "file:1: expected \"PokerStars Hand"},
      {"other chips collected", kStars,
       absl::StrReplaceAll(stars, {{" collected ", " collected 9"}}), "by the rules"},
      {"money", kStars, absl::StrReplaceAll(stars, {{"(20000 in", "($200.50 in"}}), "whole chips"},
  };
  for (const Refused& c : kCases) {
    const auto hands = Parse(c.text, c.format, ShippedGame("nolimit_2p"));
    ASSERT_EQ(hands.status().code(), absl::StatusCode::kInvalidArgument) << c.reason;
    const std::string message(hands.status().message());
    EXPECT_TRUE(absl::StartsWith(message, "file:")) << c.reason << ": " << message;
    EXPECT_TRUE(absl::StrContains(message, c.message)) << c.reason << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  EXPECT_EQ(Parse(log, kAcpc).status().message(),
            "file: an ACPC log does not state its game: name it by --game");
}

TEST(HandFiles, WhatAFormatHasNoWordsForIsNotWritten) {
  std::vector<HandRecord> hands = RandomHands(ShippedGame("nolimit_2p"), 4);
  const auto code = [&](HandFormat format) { return FormatHands(hands, format).status().code(); };
  const auto kNoWords = absl::StatusCode::kFailedPrecondition;
  EXPECT_EQ(code(HandFormat::kPhh), kNoWords);  // four hands
  hands[1].names[0] = "a:b";
  EXPECT_EQ(code(HandFormat::kAcpcLog), kNoWords);
  EXPECT_EQ(code(HandFormat::kPokerStars), kNoWords);
  EXPECT_EQ(code(HandFormat::kPhhs), absl::StatusCode::kOk);
  hands[1].names[0] = hands[1].names[1];
  EXPECT_EQ(code(HandFormat::kPokerStars), kNoWords);
  hands[1].names[0] = "other";
  hands[2].values.clear();
  EXPECT_EQ(code(HandFormat::kAcpcLog), kNoWords);
  hands = RandomHands(AnteGame(), 1);
  EXPECT_EQ(code(HandFormat::kAcpcLog), kNoWords);
  hands = RandomHands(ShippedGame("nolimit_2p"), 2);
  hands[1] = RandomHands(ShippedGame("nolimit_2p_100bb"), 1)[0];
  EXPECT_EQ(code(HandFormat::kAcpcLog), kNoWords);
  EXPECT_EQ(code(HandFormat::kPokerStars), absl::StatusCode::kOk);
}

}  // namespace
}  // namespace nash
