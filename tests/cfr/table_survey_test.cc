#include "solver/cfr/table_survey.h"

#include <gtest/gtest.h>

#include <vector>

namespace nash {
namespace {

class TableSurveyTest : public testing::Test {
 protected:
  TableSurveyTest()
      : tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>{3, 9}, AverageStreets::kAll)),
        table_(*Table::Make(layout_)) {}
  NodeIndex FirstNodeOf(int street) const {
    NodeIndex node = 0;
    while (tree_.nodes()[node].street != street) ++node;
    return node;
  }
  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
};

// 288 infosets by rank: betting nodes times 3 on the first street, times 9 on the second.
TEST_F(TableSurveyTest, ASmallTableIsSeenWhole) {
  const NodeIndex second = FirstNodeOf(1);
  table_.Row(second, 4)[0] = -3;
  table_.Row(second, 5)[layout_.tree().nodes()[second].num_actions] = 1;  // a sum only
  const TableSurvey survey = SurveyTable(table_, 1000);
  ASSERT_EQ(survey.streets.size(), 2);
  EXPECT_EQ(survey.streets[0].rows + survey.streets[1].rows, 288);
  EXPECT_EQ(survey.streets[0].seen_rows, survey.streets[0].rows);
  EXPECT_EQ(survey.streets[1].seen_rows, survey.streets[1].rows);
  EXPECT_EQ(survey.streets[0].reached_rows, 0);
  EXPECT_EQ(survey.streets[1].reached_rows, 2);
  EXPECT_DOUBLE_EQ(survey.reached_share(), 2.0 / 288);
}

TEST_F(TableSurveyTest, LimitsAreCountedByStreetWhereRowsAreReached) {
  int32_t* first = table_.Row(0, 0);
  first[0] = kRegretCeiling + 1;
  first[1] = kRegretFloorMin;
  int32_t* second = table_.Row(FirstNodeOf(1), 0);
  second[0] = kRegretCeiling - 1;
  second[1] = kRegretFloorMin + 1;
  const TableSurvey survey = SurveyTable(table_, 1000);
  EXPECT_DOUBLE_EQ(survey.streets[0].ceiling_share(), 1.0 / tree_.nodes()[0].num_actions);
  EXPECT_DOUBLE_EQ(survey.streets[0].floor_share(), 1.0 / tree_.nodes()[0].num_actions);
  EXPECT_EQ(survey.streets[0].largest_regret, kRegretCeiling + 1);
  EXPECT_EQ(survey.streets[1].at_ceiling, 0);
  EXPECT_EQ(survey.streets[1].at_floor, 0);
  EXPECT_EQ(survey.streets[1].largest_regret, kRegretCeiling - 1);
  EXPECT_EQ(survey.worst_ceiling_share(), survey.streets[0].ceiling_share());
}

TEST_F(TableSurveyTest, PartOfALargeStreetStandsForAllOfIt) {
  for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < layout_.NumBuckets(node); ++bucket) {
      table_.Row(node, bucket)[0] = 1;
    }
  }
  const TableSurvey survey = SurveyTable(table_, 20);
  EXPECT_LT(survey.streets[1].seen_rows, survey.streets[1].rows / 2);
  EXPECT_GT(survey.streets[1].seen_rows, 0);
  EXPECT_DOUBLE_EQ(survey.reached_share(), 1);
}

}  // namespace
}  // namespace nash
