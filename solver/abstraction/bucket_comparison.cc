// Everything follows from one table: deals[i][j], how many deals are in bucket i of the first file
// and j of the second. Mutual information is what its two margins say beyond the whole; the
// adjusted Rand index counts pairs of deals that are together in both, less what chance would give,
// over the most there could be. Counts are exact; they become doubles at the end. Both measures
// read 1 where all is one bucket, since there is nothing to disagree about.
#include "solver/abstraction/bucket_comparison.h"

#include <cmath>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_report.h"
#include "solver/abstraction/hand_rows.h"

namespace nash {
namespace {

double Bits(double deals, double total) {
  return deals == 0 ? 0 : deals / total * std::log2(total / deals);
}

double Pairs(double deals) { return deals * (deals - 1) / 2; }

bool HaveOneShape(const BucketParameters& a, const BucketParameters& b) {
  return a.street == b.street && a.num_streets == b.num_streets &&
         a.num_hole_cards == b.num_hole_cards && a.num_ranks == b.num_ranks &&
         a.num_suits == b.num_suits && a.num_board_cards == b.num_board_cards;
}

}  // namespace

absl::StatusOr<BucketComparison> CompareBuckets(const BucketTable& first, const BucketTable& second,
                                                const BuildOptions& options) {
  if (!HaveOneShape(first.parameters, second.parameters) ||
      first.num_entries != second.num_entries) {
    return absl::FailedPreconditionError(
        absl::StrCat("\"", first.parameters.Format(), "\" and \"", second.parameters.Format(),
                     "\" are of different streets or decks: name two files of one street"));
  }
  const GameDefinition game = GameOf(first.parameters);
  const int street = first.parameters.street;
  const BoardSet boards({game.num_ranks, game.num_suits}, game.BoardCardsOn(street));
  ASSIGN_OR_RETURN(const std::unique_ptr<HandRows> rows,
                   HandRows::Make(game, street, &boards, options));
  const uint64_t num_second = second.parameters.num_buckets;
  ASSIGN_OR_RETURN(const HugeArray memory,
                   HugeArray::Make(first.parameters.num_buckets * num_second * sizeof(uint64_t)));
  uint64_t* const deals = reinterpret_cast<uint64_t*>(memory.data());
  std::vector<uint64_t> of_first(first.parameters.num_buckets);
  std::vector<uint64_t> of_second(num_second);
  uint64_t all = 0;
  for (uint64_t row = 0; row < rows->size(); ++row) {
    const uint32_t index = rows->IndexOf(row);
    const uint64_t weight = rows->weights()[row];
    deals[first.Bucket(index) * num_second + second.Bucket(index)] += weight;
    of_first[first.Bucket(index)] += weight;
    of_second[second.Bucket(index)] += weight;
    all += weight;
  }
  const double total = static_cast<double>(all);
  BucketComparison out;
  double joint_entropy = 0;
  double joint_pairs = 0;
  double first_pairs = 0;
  double second_pairs = 0;
  for (uint64_t cell = 0; cell < of_first.size() * num_second; ++cell) {
    joint_entropy += Bits(static_cast<double>(deals[cell]), total);
    joint_pairs += Pairs(static_cast<double>(deals[cell]));
  }
  for (uint64_t n : of_first) {
    out.first_entropy += Bits(static_cast<double>(n), total);
    first_pairs += Pairs(static_cast<double>(n));
  }
  for (uint64_t n : of_second) {
    out.second_entropy += Bits(static_cast<double>(n), total);
    second_pairs += Pairs(static_cast<double>(n));
  }
  out.mutual_information = out.first_entropy + out.second_entropy - joint_entropy;
  const double entropies = out.first_entropy + out.second_entropy;
  out.normalised_information = entropies == 0 ? 1 : 2 * out.mutual_information / entropies;
  const double by_chance = first_pairs * second_pairs / Pairs(total);
  const double most = (first_pairs + second_pairs) / 2;
  out.adjusted_rand_index = most == by_chance ? 1 : (joint_pairs - by_chance) / (most - by_chance);
  return out;
}

}  // namespace nash
