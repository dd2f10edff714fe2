#include "solver/evaluation/range_response.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "common/thread_pool.h"
#include "solver/abstraction/abstraction.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/best_response.h"
#include "tests/abstraction/lossless.h"
#include "tests/evaluation/explicit_game.h"
#include "tests/evaluation/tree_and_cards.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

const WalkProgress kNoProgress = [](double) {};

GameDefinition ParseGame(const std::string& text) {
  auto game = ParseGameDefinition("GAMEDEF\n" + text + "\nEND GAMEDEF\n", "test");
  EXPECT_TRUE(game.ok()) << game.status();
  return *game;
}

// Hold'em with 12 cards to the turn, all-in before it or not: run-outs, ties, suits that may be
// merged. Small enough for the pair walk, which is the independent twin.
GameDefinition ShortGame() {
  return ParseGame(
      "nolimit\nnumPlayers = 2\nnumRounds = 3\nstack = 9 9\nblind = 2 1\nfirstPlayer = 2 1 1\n"
      "maxRaises = 1 1 1\nnumSuits = 3\nnumRanks = 4\nnumHoleCards = 2\nnumBoardCards = 0 2 1");
}
// Has more flops than threads share at a time.
GameDefinition ThreeCardFlopGame() {
  return ParseGame(
      "nolimit\nnumPlayers = 2\nnumRounds = 3\nstack = 9 9\nblind = 2 1\nfirstPlayer = 2 1 1\n"
      "maxRaises = 1 1 1\nnumSuits = 3\nnumRanks = 4\nnumHoleCards = 2\nnumBoardCards = 0 3 1");
}
GameDefinition OneHoleCardGame() {
  return ParseGame(
      "nolimit\nnumPlayers = 2\nnumRounds = 4\nstack = 6 6\nblind = 2 1\nfirstPlayer = 2 1 1 1\n"
      "maxRaises = 1 1 1 1\nnumSuits = 2\nnumRanks = 4\nnumHoleCards = 1\n"
      "numBoardCards = 0 1 1 1");
}

// Probabilities that are a function of node and bucket; some are zero.
class HashedPolicy : public Policy {
 public:
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override {
    uint64_t x = (uint64_t{node} << 32 | bucket) * 0x9E3779B97F4A7C15 + 1;
    double sum = 0;
    for (double& p : probabilities) {
      x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9;
      sum += p = x % 4 == 0 ? 0.0 : static_cast<double>(x >> 40);
    }
    if (sum == 0) sum = probabilities[0] = 1;
    for (double& p : probabilities) p /= sum;
  }
};

class RangeGame {
 public:
  explicit RangeGame(const GameDefinition& game)
      : tree_(Built(game, MenuOf({"pot", "allin"}, 1))),
        abstraction_(*Abstraction::Open(Lossless(game), game, "")),
        hands_(abstraction_) {}

  template <typename P = ResponsePack>
  std::unique_ptr<RangeResponse<P>> Response(ThreadPool* pool) const {
    auto response = RangeResponse<P>::Make(tree_, hands_, policy_, pool);
    EXPECT_TRUE(response.ok()) << response.status();
    return *std::move(response);
  }
  const PublicTree& tree() const { return tree_; }
  const CardModel& hands() const { return hands_; }
  ResponseValues Slow(int player) const {
    ThreadPool pool(1);
    const ProgressCallback no_progress = [](const StageProgress&) {};
    const auto space = HandSpace::Make(tree_.game(), hands_, &pool, no_progress);
    EXPECT_TRUE(space.ok()) << space.status();
    const LeafTerms terms(tree_);
    StageCounter counter({"best responses", 0, 1, "terms"}, no_progress);
    return EvaluatePlayer({tree_, *space, policy_, terms}, player, &pool, &counter);
  }

 private:
  const PublicTree tree_;
  const Abstraction abstraction_;
  const AbstractionHands hands_;
  const HashedPolicy policy_;
};

TEST(RangeResponse, ExactWalksAreWorthWhatPairsOfHandsOnAllBoardsSay) {
  for (const GameDefinition& game : {ShortGame(), OneHoleCardGame()}) {
    const RangeGame range_game(game);
    ThreadPool pool(2);
    const auto response = range_game.Response(&pool);
    const int kAll = game.num_streets;
    for (int player : {0, 1}) {
      const ResponseValues slow = range_game.Slow(player);
      EXPECT_NEAR(response->Response(player, 0, kNoProgress), slow.best_response_chips,
                  1e-9 * std::abs(slow.best_response_chips));
      EXPECT_NEAR(response->Response(player, kAll, kNoProgress), slow.policy_chips,
                  1e-9 * std::abs(slow.policy_chips));
    }
  }
}

TEST(RangeResponse, FloatsAreRightToSixDigits) {
  for (const GameDefinition& game : {ShortGame(), OneHoleCardGame()}) {
    const RangeGame range_game(game);
    ThreadPool pool(2);
    const auto fast = range_game.Response<FastResponsePack>(&pool);
    for (int player : {0, 1}) {
      const double chips = range_game.Slow(player).best_response_chips;
      const double found = fast->Response(player, 0, kNoProgress);
      EXPECT_NEAR(found, chips, 1e-6 * std::abs(chips));
      EXPECT_NE(found, chips) << "these are not floats";
    }
  }
}

template <typename P>
void ExpectTheSameBits() {
  const RangeGame game(ShortGame());
  ThreadPool one(1);
  ThreadPool three(3);
  const auto alone = game.Response<P>(&one);
  const auto together = game.Response<P>(&three);
  EXPECT_EQ(alone->Response(0, 0, kNoProgress), together->Response(0, 0, kNoProgress));
  const BoardSample boards = {1, 20, 5};
  EXPECT_EQ(alone->OnBoards(boards, kNoProgress), together->OnBoards(boards, kNoProgress));
}

// What is asked to stop gives the first of the boards, and two at least, so that they have an
// interval.
TEST(RangeResponse, StoppedBoardsAreTheFirstOfAll) {
  const RangeGame game(ShortGame());
  ThreadPool pool(1);
  const auto response = game.Response(&pool);
  const BoardSample boards = {1, 20, 5};
  const std::vector<BoardChips> all = response->OnBoards(boards, kNoProgress);
  const std::vector<BoardChips> some = response->OnBoards(boards, kNoProgress, [] { return true; });
  ASSERT_EQ(all.size(), 20u);
  ASSERT_GE(some.size(), 2u);
  ASSERT_LT(some.size(), all.size());
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

// Drawn boards have a walk for either player on every thread.
TEST(RangeResponse, MemoryIsThatOfDrawnBoardsToo) {
  const RangeGame game(ShortGame());
  const auto bytes = [&](int threads) {
    return RangeResponse<ResponsePack>::BytesNeeded(game.tree(), game.hands(), threads);
  };
  const uint64_t walk = ResponseWalk<ResponsePack>::BytesNeeded(
      game.tree(), StreetBlocks::Build(game.tree(), ResponsePack::kLanes));
  EXPECT_GE(bytes(64), 128 * walk);
  EXPECT_GE(bytes(2), 4 * walk);
}

TEST(RangeResponse, AnyNumberOfThreadsGivesTheSameBits) {
  ExpectTheSameBits<ResponsePack>();
  ExpectTheSameBits<FastResponsePack>();
}

// Keeps every state; begins at one of them.
class StatesJournal : public WalkJournal {
 public:
  const WalkState* Begin() override { return begin; }
  bool IsDue() override { return true; }
  void Save(const WalkState& state) override { states.push_back(state); }

  const WalkState* begin = nullptr;
  std::vector<WalkState> states;
};

// Of the games one shares the boards of its first street with cards among threads, one those of
// the next.
TEST(RangeResponse, AWalkThatGoesOnFromAnywhereComesToTheSameBits) {
  for (const GameDefinition& game : {ThreeCardFlopGame(), OneHoleCardGame()}) {
    const RangeGame range_game(game);
    ThreadPool pool(1);
    const auto response = range_game.Response(&pool);
    StatesJournal whole;
    const double chips = response->Response(1, 0, kNoProgress, &whole);
    ASSERT_GE(whole.states.size(), 2u);
    ThreadPool more(3);
    const auto with_more = range_game.Response(&more);
    for (const WalkState& state : whole.states) {
      StatesJournal rest;
      rest.begin = &state;
      EXPECT_EQ(with_more->Response(1, 0, kNoProgress, &rest), chips) << state.steps;
    }
    // It does begin there: what was done is not done again.
    WalkState lost = whole.states.front();
    std::fill(lost.values.begin(), lost.values.end(), 0.0);
    StatesJournal rest;
    rest.begin = &lost;
    EXPECT_NE(response->Response(1, 0, kNoProgress, &rest), chips);
    // Of another walk: not taken.
    lost.values.pop_back();
    EXPECT_EQ(response->Response(1, 0, kNoProgress, &rest), chips);
  }
}

// What is drawn has the mean that enumeration gives, for each street that answers may begin on. A
// responder who chose on drawn cards would come out above.
template <typename P>
void ExpectTheMeanOfAllBoards(double rounding) {
  const RangeGame game(ShortGame());
  ThreadPool pool(2);
  const auto response = game.Response(&pool);
  const auto drawn_response = game.Response<P>(&pool);
  double before = 1e9;
  for (int street = 0; street < 3; ++street) {
    const double exact =
        (response->Response(0, street, kNoProgress) + response->Response(1, street, kNoProgress)) /
        2;
    const BoardSample drawn = {street, street == 0 ? 2u : 800u, 1};
    const ChipsInterval bound = ExploitabilityOf(drawn_response->OnBoards(drawn, kNoProgress));
    EXPECT_NEAR(bound.mean, exact, 1.3 * bound.half_width + rounding * exact) << street;
    EXPECT_LT(bound.half_width, 0.05 * exact);
    EXPECT_LT(exact, before) << "who answers later wins less";
    before = exact;
  }
}

TEST(RangeResponse, DrawnBoardsHaveTheMeanOfAllBoards) {
  ExpectTheMeanOfAllBoards<ResponsePack>(1e-9);
  ExpectTheMeanOfAllBoards<FastResponsePack>(1e-6);
}

TEST(RangeResponse, IntervalsAreThoseOfTheMean) {
  // (1 + 3) / 2 = 2 and (5 + 3) / 2 = 4: mean 3, variance 2, standard error 1.
  const ChipsInterval interval = ExploitabilityOf({{1, 3}, {5, 3}});
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  EXPECT_DOUBLE_EQ(interval.half_width, 1.96);
}

}  // namespace
}  // namespace nash
