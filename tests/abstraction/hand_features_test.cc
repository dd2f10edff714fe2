// Histograms, strengths by opponent and board rows, all against dealing everything out.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "solver/abstraction/board_classes.h"
#include "solver/abstraction/equity_histograms.h"
#include "solver/abstraction/opponent_strengths.h"
#include "solver/cards/preflop_class.h"
#include "tests/abstraction/slow_strength.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

// Twenty cards, ten to ace, all streets.
GameDefinition ShortGame() {
  return GameOf({.num_ranks = 5, .num_suits = 4, .boards = {0, 3, 1, 1}});
}

struct Built {
  GameDefinition game;
  std::optional<HandStrengths> strengths;
  std::vector<std::unique_ptr<BoardSet>> boards;
  std::vector<std::unique_ptr<HandRows>> rows;

  explicit Built(const GameDefinition& g) : game(g) {
    auto made = HandStrengths::Build(game, 0, StrengthMoment::kMean, {.threads = 2});
    EXPECT_TRUE(made.ok()) << made.status();
    strengths = *std::move(made);
    for (int s = 0; s < game.num_streets; ++s) {
      boards.push_back(std::make_unique<BoardSet>(DeckShape{game.num_ranks, game.num_suits},
                                                  game.BoardCardsOn(s)));
      rows.push_back(*HandRows::Make(game, s, boards.back().get(), {.threads = 2}));
    }
  }
  std::vector<Card> deck() const { return MakeDeck(game.num_ranks, game.num_suits); }
  // The row of a hand, by its index.
  uint64_t RowOf(int street, const std::vector<Card>& hole, const std::vector<Card>& board) const {
    std::vector<Card> cards = hole;
    cards.insert(cards.end(), board.begin(), board.end());
    const uint64_t index = rows[street]->indexer().Index(cards);
    for (uint64_t row = 0; row < rows[street]->size(); ++row) {
      if (rows[street]->IndexOf(row) == index) return row;
    }
    ADD_FAILURE() << "no row";
    return 0;
  }
};

struct Hand {
  const char* hole;
  const char* board;
};
const Hand kShortHands[] = {{"AhKh", ""},        {"TsTd", ""},         {"JcTd", ""},
                            {"AhKh", "QhTcTd"},  {"TsTd", "AsKsQs"},   {"JsJc", "JdJhAc"},
                            {"AcKd", "QsJhTd"},  {"KsTs", "AsQdJcKh"}, {"QcQd", "AhKsTcTd"},
                            {"AdTd", "KdQdJdJc"}};

// Calls visit(board) for every full board that begins with `board`.
template <typename Visitor>
void VisitFullBoards(const std::vector<Card>& hole, const std::vector<Card>& deck,
                     std::vector<Card> board, size_t next, const Visitor& visit) {
  if (board.size() == 5) return visit(board);
  for (size_t i = next; i < deck.size(); ++i) {
    const auto has = [&](const std::vector<Card>& cards) {
      return std::find(cards.begin(), cards.end(), deck[i]) != cards.end();
    };
    if (has(hole) || has(board)) continue;
    board.push_back(deck[i]);
    VisitFullBoards(hole, deck, board, i + 1, visit);
    board.pop_back();
  }
}

TEST(HandRows, WeightsAddUpToAllDeals) {
  struct Case {
    GameDefinition game;
    std::vector<uint64_t> rows;
    std::vector<uint64_t> deals;
  };
  // C(52, 2) * C(50, n); C(20, 2) * C(18, n). Rows of the full deck are the canonical counts.
  for (const Case& c : {Case{RiverGame(),
                             {169, 1286792, 13960050, 123156254},
                             {1326, 25989600, 305377800, 2809475760}},
                        Case{ShortGame(), {}, {190, 190 * 816, 190 * 3060, 190 * 8568}}}) {
    for (int s = 0; s < 4; ++s) {
      const BoardSet boards({c.game.num_ranks, c.game.num_suits}, c.game.BoardCardsOn(s));
      const auto rows = HandRows::Make(c.game, s, &boards, {.threads = 2});
      ASSERT_TRUE(rows.ok()) << rows.status();
      if (!c.rows.empty()) {
        EXPECT_EQ((*rows)->size(), c.rows[s]);
      }
      uint64_t deals = 0;
      for (uint64_t row = 0; row < (*rows)->size(); ++row) {
        ASSERT_GT((*rows)->weights()[row], 0);
        deals += (*rows)->weights()[row];
      }
      EXPECT_EQ(deals, c.deals[s]) << "street " << s;
    }
  }
}

TEST(EquityHistograms, EqualThoseOfEveryRunOut) {
  const Built built(ShortGame());
  const uint64_t value_max = built.strengths->ValueMax(3);
  EXPECT_EQ(value_max, 2u * 78);  // C(13, 2) opponents
  const std::vector<uint8_t> preflop = MakePreflopHistograms(*built.strengths);
  std::vector<HugeArray> rows(3);
  for (int s = 1; s < 3; ++s) {
    rows[s] =
        *MakeEquityHistograms(built.game, s, *built.rows[s], *built.strengths, {.threads = 2});
  }
  for (const Hand& hand : kShortHands) {
    SCOPED_TRACE(std::string(hand.hole) + "|" + hand.board);
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> board = *ParseCards(hand.board);
    const int street = board.empty() ? 0 : static_cast<int>(board.size()) - 2;
    std::vector<uint64_t> counts(kEquityBins);
    VisitFullBoards(hole, built.deck(), board, 0, [&](const std::vector<Card>& full) {
      ++counts[EquityBin(SlowStrength(hole, full, 5, built.deck()), value_max)];
    });
    std::vector<uint8_t> expected(kEquityBins);
    CumulateHistogram(counts, expected.data());
    const uint8_t* const found =
        street == 0 ? &preflop[size_t(PreflopClassOf(hole[0], hole[1])) * kEquityBins]
                    : reinterpret_cast<const uint8_t*>(rows[street].data()) +
                          built.RowOf(street, hole, board) * kEquityBins;
    EXPECT_EQ(std::vector<uint8_t>(found, found + kEquityBins), expected);
  }
}

TEST(EquityHistograms, TheFullDecksTurnEqualsEveryRiver) {
  const GameDefinition game = RiverGame();
  const auto strengths = HandStrengths::Build(game, 3, StrengthMoment::kMean, {.threads = 2});
  ASSERT_TRUE(strengths.ok());
  const BoardSet boards({}, 4);
  const auto rows = HandRows::Make(game, 2, &boards, {.threads = 2});
  const auto histograms = MakeEquityHistograms(game, 2, **rows, *strengths, {.threads = 2});
  ASSERT_TRUE(histograms.ok()) << histograms.status();
  const std::vector<Card> deck = MakeDeck(13, 4);
  for (const Hand& hand : {Hand{"8d7d", "9c6sKh2d"}, Hand{"AcAd", "AhKh5h4h"},
                           Hand{"3c2c", "JhJsJdJc"}, Hand{"7c2d", "AsKsQs3h"}}) {
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> board = *ParseCards(hand.board);
    std::vector<uint64_t> counts(kEquityBins);
    VisitFullBoards(hole, deck, board, 0, [&](const std::vector<Card>& full) {
      ++counts[EquityBin(SlowStrength(hole, full, 5, deck), strengths->ValueMax(3))];
    });
    std::vector<uint8_t> expected(kEquityBins);
    CumulateHistogram(counts, expected.data());
    std::vector<Card> cards = hole;
    cards.insert(cards.end(), board.begin(), board.end());
    const uint8_t* const found = reinterpret_cast<const uint8_t*>(histograms->data()) +
                                 (*rows)->indexer().Index(cards) * kEquityBins;
    EXPECT_EQ(std::vector<uint8_t>(found, found + kEquityBins), expected)
        << hand.hole << " on " << hand.board;
  }
}

TEST(OpponentStrengths, EqualThoseOfEveryRunOutAndOpponent) {
  const Built built(ShortGame());
  const auto clusters = MakeOpponentClusters(*built.strengths, {});
  ASSERT_TRUE(clusters.ok()) << clusters.status();
  const std::vector<Card> deck = built.deck();
  std::vector<HugeArray> rows(4);
  for (int s = 0; s < 4; ++s) {
    rows[s] = *MakeOpponentStrengths(built.game, s, *built.rows[s], *built.boards[3], *clusters,
                                     {.threads = 2});
  }
  std::vector<Hand> hands(std::begin(kShortHands), std::end(kShortHands));
  hands.push_back({"AdTd", "KdQdJdJcTs"});
  hands.push_back({"KcJh", "QdQsTsTcAd"});
  for (const Hand& hand : hands) {
    SCOPED_TRACE(std::string(hand.hole) + "|" + hand.board);
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> board = *ParseCards(hand.board);
    const int street = board.empty() ? 0 : static_cast<int>(board.size()) - 2;
    uint64_t points[kOpponentClusters] = {};
    uint64_t met[kOpponentClusters] = {};
    VisitFullBoards(hole, deck, board, 0, [&](const std::vector<Card>& full) {
      std::vector<Card> own = full;
      own.insert(own.end(), hole.begin(), hole.end());
      const int own_rank = RankHand(own);
      for (size_t a = 0; a < deck.size(); ++a) {
        for (size_t b = 0; b < a; ++b) {
          const auto is_dead = [&](Card card) {
            return std::find(own.begin(), own.end(), card) != own.end();
          };
          if (is_dead(deck[a]) || is_dead(deck[b])) continue;
          std::vector<Card> theirs = full;
          theirs.push_back(deck[a]);
          theirs.push_back(deck[b]);
          const int their_rank = RankHand(theirs);
          const int cluster = (*clusters)[PairIndex(deck[a], deck[b])];
          points[cluster] += own_rank > their_rank ? 2 : own_rank == their_rank;
          ++met[cluster];
        }
      }
    });
    const uint8_t* const found = reinterpret_cast<const uint8_t*>(rows[street].data()) +
                                 built.RowOf(street, hole, board) * kOpponentClusters;
    for (int c = 0; c < kOpponentClusters; ++c) {
      const double expected = met[c] == 0 ? 128 : 255.0 * points[c] / (2.0 * met[c]);
      EXPECT_LE(std::abs(found[c] - expected), 0.5) << "cluster " << c;
    }
  }
}

TEST(OpponentClusters, AreOrderedGroupsOfTheClassesOfHoleCards) {
  const auto strengths =
      HandStrengths::Build(RiverGame(), 3, StrengthMoment::kMean, {.threads = 2});
  const auto clusters = MakeOpponentClusters(*strengths, {});
  ASSERT_TRUE(clusters.ok()) << clusters.status();
  std::set<int> used;
  std::vector<int> of_class(kPreflopClasses, -1);
  for (int b = 1; b < kCardsMax; ++b) {
    for (int a = 0; a < b; ++a) {
      const int cluster = (*clusters)[PairIndex(a, b)];
      int& expected = of_class[PreflopClassOf(static_cast<Card>(a), static_cast<Card>(b))];
      if (expected < 0) expected = cluster;
      EXPECT_EQ(cluster, expected);
      used.insert(cluster);
    }
  }
  EXPECT_EQ(used.size(), size_t{kOpponentClusters});
  EXPECT_EQ(of_class[*ParsePreflopClass("AA")], kOpponentClusters - 1);
  EXPECT_EQ(of_class[*ParsePreflopClass("32o")], 0);
  EXPECT_GT(of_class[*ParsePreflopClass("AKs")], of_class[*ParsePreflopClass("72o")]);
}

TEST(BoardClasses, RowsAreMeanStrengthsOfHoleCards) {
  const Built built(ShortGame());
  const std::vector<Card> deck = built.deck();
  const BoardSet& boards = *built.boards[2];
  for (uint32_t b : {0u, 7u, boards.size() / 2, boards.size() - 1}) {
    std::vector<Card> board;
    for (Card card : deck) {
      if ((boards.board(b) & SetOf(card)) != 0) board.push_back(card);
    }
    std::vector<double> sums(kPreflopClasses);
    std::vector<int> counts(kPreflopClasses);
    for (size_t i = 0; i < deck.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if ((boards.board(b) & (SetOf(deck[i]) | SetOf(deck[j]))) != 0) continue;
        const int c = PreflopClassOf(deck[i], deck[j]);
        // 14 rivers, C(13, 2) opponents.
        sums[c] += double(SlowStrength({deck[i], deck[j]}, board, 5, deck)) / (14 * 2 * 78);
        ++counts[c];
      }
    }
    const std::vector<uint8_t> row = BoardRow(*built.strengths, 2, b);
    for (int c = 0; c < kPreflopClasses; ++c) {
      const double mean = counts[c] == 0 ? 0.5 : sums[c] / counts[c];
      EXPECT_LE(std::abs(row[c] - 255 * mean * PreflopClassHands(c) / 12), 0.5 + 1e-9) << c;
    }
  }
}

TEST(BoardClasses, EveryClassHasABoard) {
  const Built built(ShortGame());
  ClusterTask task;
  task.name = "boards";
  task.num_clusters = 5;
  task.seed = 1;
  NoJournal journal;
  const auto classes = ClassifyBoards(*built.strengths, 1, task, {}, &journal);
  ASSERT_TRUE(classes.ok()) << classes.status();
  EXPECT_EQ(classes->size(), built.boards[1]->size());
  EXPECT_EQ(std::set<uint16_t>(classes->begin(), classes->end()).size(), 5u);
}

}  // namespace
}  // namespace nash
