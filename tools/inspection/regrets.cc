// inspect_checkpoint regrets: how large regrets are, street by street.
//
// Every value is looked at once, as it is read. A histogram goes by powers of ten of chips, so that
// runs with different quanta compare.
//
// What it is looked at for: a regret at the ceiling can grow no further, so that good actions are
// no longer told apart (the quantum is too fine for so long a run); one at the floor may have been
// driven lower, and was kept there so that its action can come back. A row of zeros counts as never
// visited, since the table keeps no other mark of a visit.
//
// Memory is that of the counts, whatever the table's size. tests/tools/look.py counts the same from
// what `policy` prints of each infoset.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/row_view.h"
#include "solver/cfr/schedule.h"
#include "solver/game/street_names.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// Powers of ten of chips that the histogram tells apart: below 1e-6 is the first of a side, 1e15
// and more the last.
constexpr int kPowerMin = -6;
constexpr int kPowerMax = 15;
constexpr int kPowers = kPowerMax - kPowerMin + 1;

struct StreetRegrets {
  uint64_t infosets = 0;
  uint64_t never_visited = 0;  // all of the row is zero
  uint64_t regrets = 0;        // of the rows visited, as all below
  uint64_t zero = 0;
  uint64_t at_floor = 0;
  uint64_t at_ceiling = 0;
  double positive_chips = 0;  // the sum over rows of the largest regret above zero
  double largest_chips = 0;
  std::array<uint64_t, kPowers> positive{};
  std::array<uint64_t, kPowers> negative{};
};

// floor(log10(value)), clamped to the powers that are told apart. A logarithm for each of 10^9
// values takes minutes: the binary exponent says which two powers it may be.
class PowerFinder {
 public:
  PowerFinder() {
    for (int e = 0; e < kExponents; ++e) {
      first_[e] = std::clamp(static_cast<int>(std::floor((e - kBias) * std::log10(2.0))), kPowerMin,
                             kPowerMax);
    }
    for (int p = 0; p <= kPowers; ++p) powers_[p] = std::pow(10.0, p + kPowerMin);
  }

  // From kPowerMin on, as an index. Needs value > 0.
  int IndexOf(double value) const {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    // Between 2^e and 2^(e + 1) lies at most one power of ten, so one comparison decides.
    const int index = first_[(bits >> 52) & (kExponents - 1)] - kPowerMin;
    return index + (index + 1 < kPowers && value >= powers_[index + 1]);
  }

 private:
  static constexpr int kExponents = 2048;
  static constexpr int kBias = 1023;
  std::array<int, kExponents> first_;  // by binary exponent: the power of 2^e
  std::array<double, kPowers + 1> powers_;
};

class RegretCounter {
 public:
  explicit RegretCounter(const LoadedRun& run)
      : run_(run),
        streets_(run.tree().num_streets()),
        chips_(run.layout().has_doubles() ? 1 : run.definition().algorithm.quantum_chips),
        floor_(RegretFloorOf(run.definition().algorithm)) {}

  void Add(const NodeRecord& record) {
    StreetRegrets& street = streets_[run_.tree().nodes()[record.node].street];
    for (uint32_t bucket = 0; bucket < record.num_buckets; ++bucket) {
      const int32_t* const values = record.values.data() + size_t{bucket} * record.values_per_row;
      ++street.infosets;
      if (IsZero(values, record.values_per_row)) {
        ++street.never_visited;
      } else {
        AddRow(RowView(run_.layout(), record.node, values), &street);
      }
    }
  }

  const std::vector<StreetRegrets>& streets() const { return streets_; }
  // Doubles of enumerated runs have neither floor nor ceiling.
  bool has_limits() const { return !run_.layout().has_doubles(); }
  double floor_chips() const { return floor_ * chips_; }

 private:
  static bool IsZero(const int32_t* values, uint32_t n) {
    int32_t any = 0;
    for (uint32_t i = 0; i < n; ++i) any |= values[i];
    return any == 0;
  }

  void AddRow(const RowView& row, StreetRegrets* street) {
    double best = 0;
    for (int a = 0; a < row.num_actions(); ++a) {
      const double regret = row.Regret(a);
      ++street->regrets;
      if (has_limits() && regret <= floor_) ++street->at_floor;
      if (has_limits() && regret >= kRegretCeiling) ++street->at_ceiling;
      best = std::max(best, regret);
      if (regret == 0) {
        ++street->zero;
        continue;
      }
      auto& side = regret > 0 ? street->positive : street->negative;
      ++side[powers_.IndexOf(std::abs(regret) * chips_)];
    }
    street->positive_chips += best * chips_;
    street->largest_chips = std::max(street->largest_chips, best * chips_);
  }

  const LoadedRun& run_;
  const PowerFinder powers_;
  std::vector<StreetRegrets> streets_;
  const double chips_;  // of a unit of stored regrets
  const double floor_;  // in these units
};

void PrintRegretsJson(const Checkpoint& checkpoint, const RegretCounter& counter) {
  nlohmann::ordered_json json;
  json["checkpoint"] = checkpoint.path();
  json["iterations"] = checkpoint.manifest().position.iterations;
  if (counter.has_limits()) json["floor_chips"] = counter.floor_chips();
  json["streets"] = nlohmann::ordered_json::array();
  for (size_t s = 0; s < counter.streets().size(); ++s) {
    const StreetRegrets& street = counter.streets()[s];
    const uint64_t visited = street.infosets - street.never_visited;
    nlohmann::ordered_json histogram = nlohmann::ordered_json::array();
    for (int p = 0; p < kPowers; ++p) {
      if (street.positive[p] + street.negative[p] == 0) continue;
      histogram.push_back({{"chips_from", std::pow(10.0, p + kPowerMin)},
                           {"positive", street.positive[p]},
                           {"negative", street.negative[p]}});
    }
    json["streets"].push_back(
        {{"name", kStreetNames[s]},
         {"infosets", street.infosets},
         {"never_visited", street.never_visited},
         {"regrets", street.regrets},
         {"zero", street.zero},
         {"at_floor", street.at_floor},
         {"at_ceiling", street.at_ceiling},
         {"mean_positive_chips", visited > 0 ? street.positive_chips / visited : 0},
         {"largest_chips", street.largest_chips},
         {"histogram", std::move(histogram)}});
  }
  PrintJson(json);
}

double Percent(uint64_t part, uint64_t of) { return of > 0 ? 100.0 * part / of : 0; }

void PrintRegretsTable(const RegretCounter& counter) {
  for (size_t s = 0; s < counter.streets().size(); ++s) {
    const StreetRegrets& street = counter.streets()[s];
    const uint64_t visited = street.infosets - street.never_visited;
    absl::PrintF("%s: %d infosets, %.2f%% never visited\n", kStreetNames[s], street.infosets,
                 Percent(street.never_visited, street.infosets));
    absl::PrintF("  largest regret of an infoset: %.6g chips on average, %.6g at most\n",
                 visited > 0 ? street.positive_chips / visited : 0, street.largest_chips);
    absl::PrintF("  of %d regrets: %.2f%% at the floor, %.2f%% at the ceiling, %.2f%% zero\n",
                 street.regrets, Percent(street.at_floor, street.regrets),
                 Percent(street.at_ceiling, street.regrets), Percent(street.zero, street.regrets));
    absl::PrintF("  %12s  %9s  %9s\n", "chips from", "negative", "positive");
    for (int p = 0; p < kPowers; ++p) {
      if (street.positive[p] + street.negative[p] == 0) continue;
      absl::PrintF("  %12.0e  %8.2f%%  %8.2f%%\n", std::pow(10.0, p + kPowerMin),
                   Percent(street.negative[p], street.regrets),
                   Percent(street.positive[p], street.regrets));
    }
  }
}

}  // namespace

absl::Status InspectRegrets(const RegretsRequest& request) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache, BucketCheck::kWhenAsked));
  RegretCounter counter(*run);
  BuildProgressPrinter printer(2);
  RETURN_IF_ERROR(checkpoint.ForEachNodeOf(run->layout(), [&](const NodeRecord& record) {
    printer.Print({"regrets", record.node, run->layout().num_nodes(), "decisions"});
    counter.Add(record);
    return absl::OkStatus();
  }));
  printer.EndLine();
  if (request.as_json) {
    PrintRegretsJson(checkpoint, counter);
  } else {
    PrintRegretsTable(counter);
  }
  return absl::OkStatus();
}

}  // namespace nash
