// Two sweeps over all hands of the street. The first sums deals, strengths and squares by bucket,
// and keeps the weakest and the strongest hand of each; the second looks for the hand nearest to
// its bucket's mean, which is known only then. Examples are the first of equals by (board, cards),
// and sums are whole numbers, so that the report is the same on any number of threads.
//
// within_variance and between_variance add up to the variance of all hands' strengths. The share
// that lies between buckets is what the buckets keep of the differences in strength; it says
// nothing about how hands may develop, which is what clustered kinds are for.
#include "solver/abstraction/bucket_report.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/abstraction/hand_rows.h"
#include "solver/abstraction/hand_strengths.h"
#include "solver/abstraction/parallel_for.h"

namespace nash {
namespace {

constexpr uint64_t kBoardsPerStep = 256;

// A hand by its distance from what is looked for; the first of equals.
struct Example {
  uint64_t distance = UINT64_MAX;
  uint32_t board = 0;
  Card low = 0;
  Card high = 0;

  void Offer(const Example& other) {
    const auto key = [](const Example& e) {
      return std::tuple(e.distance, e.board, e.high, e.low);
    };
    if (key(other) < key(*this)) *this = other;
  }
};

// Sums over the deals of one bucket.
struct Sums {
  uint64_t deals = 0;
  unsigned __int128 values = 0;
  unsigned __int128 squares = 0;
  Example weakest;    // by value
  Example strongest;  // by what it lacks of the highest value
  Example typical;    // by distance from the mean
  std::array<uint64_t, kReportBins> bins{};

  void Add(const Sums& other) {
    deals += other.deals;
    values += other.values;
    squares += other.squares;
    weakest.Offer(other.weakest);
    strongest.Offer(other.strongest);
    typical.Offer(other.typical);
    for (int b = 0; b < kReportBins; ++b) bins[b] += other.bins[b];
  }
};

class Reporter {
 public:
  Reporter(const BucketTable& table, const HandStrengths& strengths, const HandRows& rows,
           const BuildOptions& options)
      : table_(table),
        street_(table.parameters.street),
        strengths_(strengths),
        rows_(rows),
        options_(options),
        sums_(table.parameters.num_buckets) {}

  // visit(const HandRow&, uint32_t board, uint64_t value, Sums* of its bucket), for all hands.
  template <typename Visitor>
  void VisitHands(const char* what, const Visitor& visit) {
    const uint64_t num_boards = rows_.boards().size();
    std::mutex mutex;
    ParallelFor(
        num_boards, kBoardsPerStep, options_.threads,
        [&](uint64_t begin, uint64_t end) {
          if (options_.should_stop()) return;
          std::vector<Sums> part(sums_.size());
          std::vector<HandRow> hands;
          for (uint64_t b = begin; b < end; ++b) {
            const uint32_t board = static_cast<uint32_t>(b);
            rows_.FindHands(board, &hands);
            for (const HandRow& hand : hands) {
              visit(hand, board, strengths_.Value(street_, board, hand.pair()),
                    &part[table_.Bucket(rows_.IndexOf(hand.row))]);
            }
          }
          const std::lock_guard<std::mutex> lock(mutex);
          for (size_t i = 0; i < sums_.size(); ++i) sums_[i].Add(part[i]);
        },
        [&](uint64_t done) {
          options_.progress({what, done, num_boards});
        });
  }

  void AddStrengths() {
    const uint64_t value_max = strengths_.ValueMax(street_);
    VisitHands("strengths", [&](const HandRow& hand, uint32_t board, uint64_t value, Sums* sums) {
      const uint64_t deals = rows_.boards().Multiplicity(board);
      sums->deals += deals;
      sums->values += static_cast<unsigned __int128>(deals) * value;
      sums->squares += static_cast<unsigned __int128>(value) * value * deals;
      sums->weakest.Offer({value, board, hand.low, hand.high});
      sums->strongest.Offer({value_max - value, board, hand.low, hand.high});
      const auto bin = static_cast<unsigned __int128>(value) * kReportBins / (value_max + 1);
      sums->bins[static_cast<size_t>(bin)] += deals;
    });
  }
  void FindTypical() {
    std::vector<uint64_t> means;
    for (const Sums& sums : sums_) {
      means.push_back(sums.deals == 0 ? 0 : static_cast<uint64_t>(sums.values / sums.deals));
    }
    VisitHands("examples", [&](const HandRow& hand, uint32_t board, uint64_t value, Sums* sums) {
      const uint64_t mean = means[table_.Bucket(rows_.IndexOf(hand.row))];
      sums->typical.Offer({value > mean ? value - mean : mean - value, board, hand.low, hand.high});
    });
  }

  BucketReport Finish() const {
    BucketReport report;
    report.buckets.resize(sums_.size());
    for (uint64_t row = 0; row < rows_.size(); ++row) {
      ++report.buckets[table_.Bucket(rows_.IndexOf(row))].hands;
    }
    double deals = 0;
    double mean = 0;
    for (size_t i = 0; i < sums_.size(); ++i) {
      Summarise(sums_[i], &report.buckets[i]);
      deals += static_cast<double>(sums_[i].deals);
      mean += static_cast<double>(sums_[i].deals) * report.buckets[i].mean;
    }
    mean /= deals;
    for (const BucketSummary& bucket : report.buckets) {
      const double share = static_cast<double>(bucket.deals) / deals;
      report.within_variance += share * bucket.variance;
      report.between_variance += share * (bucket.mean - mean) * (bucket.mean - mean);
    }
    return report;
  }

 private:
  void Summarise(const Sums& sums, BucketSummary* out) const {
    out->deals = sums.deals;
    out->deals_by_strength = sums.bins;
    if (sums.deals == 0) return;
    const double value_max = static_cast<double>(strengths_.ValueMax(street_));
    const double deals = static_cast<double>(sums.deals);
    out->mean = static_cast<double>(sums.values) / deals / value_max;
    const double square = static_cast<double>(sums.squares) / deals / value_max / value_max;
    out->variance = std::max(0.0, square - out->mean * out->mean);
    out->min = static_cast<double>(sums.weakest.distance) / value_max;
    out->max = 1 - static_cast<double>(sums.strongest.distance) / value_max;
    out->weakest = NameOf(sums.weakest);
    out->typical = NameOf(sums.typical);
    out->strongest = NameOf(sums.strongest);
  }
  std::string NameOf(const Example& example) const {
    std::vector<Card> board;
    for (CardSet left = rows_.boards().board(example.board); left != 0; left &= left - 1) {
      board.push_back(static_cast<Card>(std::countr_zero(left)));
    }
    std::reverse(board.begin(), board.end());
    const std::array<Card, 2> hole = {example.high, example.low};
    if (board.empty()) return CardNames(hole);
    return absl::StrCat(CardNames(hole), "|", CardNames(board));
  }

  const BucketTable& table_;
  const int street_;
  const HandStrengths& strengths_;
  const HandRows& rows_;
  const BuildOptions& options_;
  std::vector<Sums> sums_;  // by bucket
};

}  // namespace

GameDefinition GameOf(const BucketParameters& parameters) {
  GameDefinition game;
  game.num_players = 2;
  game.num_streets = parameters.num_streets;
  game.num_hole_cards = parameters.num_hole_cards;
  game.num_ranks = parameters.num_ranks;
  game.num_suits = parameters.num_suits;
  game.num_board_cards = parameters.num_board_cards;
  return game;
}

absl::StatusOr<BucketReport> MakeBucketReport(const BucketTable& table,
                                              const BuildOptions& options) {
  const BucketParameters& parameters = table.parameters;
  const GameDefinition game = GameOf(parameters);
  if (!IsHoldemFamily(game) || table.num_entries != kHoldemIndices[parameters.street]) {
    return absl::DataLossError(absl::StrFormat(
        "%s: %d entries of a game that no bucket file is built for: build the file again",
        parameters.Name(), table.num_entries));
  }
  ASSIGN_OR_RETURN(const HandStrengths strengths,
                   HandStrengths::Build(game, parameters.street, StrengthMoment::kMean, options));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<HandRows> rows,
      HandRows::Make(game, parameters.street, &strengths.boards(parameters.street), options));
  Reporter reporter(table, strengths, *rows, options);
  reporter.AddStrengths();
  reporter.FindTypical();
  if (options.should_stop()) return StoppedStatus();
  return reporter.Finish();
}

}  // namespace nash
