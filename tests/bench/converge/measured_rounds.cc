#include "tests/bench/converge/measured_rounds.h"

#include <glog/logging.h>

#include <iterator>
#include <utility>

#include "common/sparse_delta_codec.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"
#include "tests/bench/measure.h"

namespace nash {
namespace {

// The plain encoding: 8 bytes for a row's index, 4 for a value.
double PlainBytes(const UnitCosts& costs) {
  return 8.0 * static_cast<double>(costs.rows) + 4.0 * static_cast<double>(costs.values);
}

TrainingSetup OfReplica(TrainingSetup setup, Table* replica) {
  setup.table = replica;
  return setup;
}

}  // namespace

UnitCosts& UnitCosts::operator+=(const UnitCosts& other) {
  units += other.units;
  touches += other.touches;
  rows += other.rows;
  values += other.values;
  encoded_bytes += other.encoded_bytes;
  undo_bytes += other.undo_bytes;
  undo_taken_bytes += other.undo_taken_bytes;
  parts += other.parts;
  rounds += other.rounds;
  merged_rows += other.merged_rows;
  merged_bytes += other.merged_bytes;
  merged_regret_bytes += other.merged_regret_bytes;
  traverse_s += other.traverse_s;
  seal_s += other.seal_s;
  decode_s += other.decode_s;
  merge_s += other.merge_s;
  follow_s += other.follow_s;
  return *this;
}

nlohmann::ordered_json ToJson(const UnitCosts& costs) {
  const double units = static_cast<double>(costs.units);
  const double rows = static_cast<double>(costs.rows);
  const double encoded = static_cast<double>(costs.encoded_bytes);
  return {{"touches_per_unit", static_cast<double>(costs.touches) / units},
          {"rows_per_unit", rows / units},
          {"touches_per_row", static_cast<double>(costs.touches) / rows},
          {"undo_bytes_per_unit", static_cast<double>(costs.undo_bytes) / units},
          {"undo_taken_bytes_per_unit", static_cast<double>(costs.undo_taken_bytes) / units},
          {"encoded_bytes_per_unit", encoded / units},
          {"encoded_bytes_per_row", encoded / rows},
          {"plain_bytes_per_row", PlainBytes(costs) / rows},
          {"of_plain", encoded / PlainBytes(costs)}};
}

absl::StatusOr<std::unique_ptr<MeasuredRounds>> MeasuredRounds::Make(
    const TrainingSetup& setup, const MeasuredOptions& options) {
  RETURN_IF_ERROR(CheckTrainingSetup(setup));
  ASSIGN_OR_RETURN(auto undo, UndoLog::Make(*setup.table, setup.pool->num_threads()));
  return std::unique_ptr<MeasuredRounds>(new MeasuredRounds(setup, options, std::move(undo)));
}

MeasuredRounds::MeasuredRounds(const TrainingSetup& setup, const MeasuredOptions& options,
                               std::unique_ptr<UndoLog> undo)
    : setup_(setup),
      undo_(std::move(undo)),
      runner_(setup, undo_.get()),
      master_(setup, options.start_round),
      merger_(&master_) {
  if (options.replica == nullptr) return;
  replica_.emplace(OfReplica(setup, options.replica), options.start_round);
  CHECK_EQ(replica_->regret_hash(), master_.regret_hash());
}

uint64_t MeasuredRounds::iterations() const {
  return IterationsAfter(setup_.shape, master_.rounds());
}

std::vector<UnitDelta> MeasuredRounds::RunUnits(uint64_t round, const std::vector<UnitDelta>* own,
                                                UnitCosts* costs) {
  std::vector<UnitDelta> deltas;
  for (uint32_t unit = 0; unit < setup_.shape.units; ++unit) {
    const double start = ProcessSeconds();
    double traversed = start;
    uint32_t batches = 0;
    const BetweenBatches go_on = [&] {
      if (++batches == setup_.shape.batches) traversed = ProcessSeconds();
      return true;
    };
    deltas.push_back(*runner_.Run({round, unit}, own == nullptr ? nullptr : &(*own)[unit].parts,
                                  std::nullopt, nullptr, go_on));
    costs->traverse_s += traversed - start;
    costs->seal_s += ProcessSeconds() - traversed;
    costs->touches += deltas.back().touches;
    ++costs->units;
    CountUndo(costs);
    for (const EncodedRows& part : deltas.back().parts) CountPart(part, costs);
  }
  return deltas;
}

void MeasuredRounds::Merge(std::vector<UnitDelta> deltas, UnitCosts* costs) {
  std::vector<std::vector<EncodedRows>> sections(merger_.sections().size());
  for (UnitDelta& delta : deltas) {
    for (size_t section = 0, part = 0; section < sections.size(); ++section) {
      for (; part < delta.part_ends[section]; ++part) {
        sections[section].push_back(std::move(delta.parts[part]));
      }
    }
  }
  undo_->Begin();
  std::vector<MergedPart> merged;
  const double start = ProcessSeconds();
  while (!merger_.is_merged()) {
    auto next =
        merger_.MergeNext([&sections](size_t section) { return std::move(sections[section]); });
    CHECK(next.ok()) << next.status();
    std::move(next->begin(), next->end(), std::back_inserter(merged));
  }
  merger_.EndRound();
  costs->merge_s += ProcessSeconds() - start;
  ++costs->rounds;
  CountMerged(merged, costs);
}

void MeasuredRounds::CountMerged(const std::vector<MergedPart>& parts, UnitCosts* costs) {
  for (const MergedPart& part : parts) {
    costs->merged_regret_bytes += part.regrets.bytes.size();
    costs->merged_bytes += part.regrets.bytes.size() + part.sums.bytes.size();
  }
  DeltaBounds regrets_only;
  regrets_only.lanes[kSumLane].expected = false;
  const double start = ProcessSeconds();
  for (const MergedPart& part : parts) {
    const auto delta = DecodeDelta(part.regrets.bytes, merger_.rows(), regrets_only);
    CHECK(delta.ok()) << delta.status();
    costs->merged_rows += delta->rows.size();
    if (replica_.has_value()) replica_->Apply(*delta);
  }
  if (!replica_.has_value()) return;
  replica_->EndRound();
  costs->follow_s += ProcessSeconds() - start;
  CHECK_EQ(replica_->regret_hash(), master_.regret_hash()) << "a worker would have another table";
}

UnitCosts MeasuredRounds::RunRound() {
  UnitCosts costs;
  const uint64_t round = master_.rounds();
  std::vector<UnitDelta> deltas = std::move(ahead_);
  if (IsMeeting(setup_.shape, round)) deltas = RunUnits(round, nullptr, &costs);
  ahead_.clear();
  if (!IsMeeting(setup_.shape, round + 1)) ahead_ = RunUnits(round + 1, &deltas, &costs);
  Merge(std::move(deltas), &costs);
  return costs;
}

void MeasuredRounds::CountPart(const EncodedRows& part, UnitCosts* costs) const {
  const double start = ProcessSeconds();
  const auto delta = DecodeDelta(part.bytes, runner_.rows(), {});
  costs->decode_s += ProcessSeconds() - start;
  CHECK(delta.ok()) << delta.status();
  ++costs->parts;
  costs->rows += delta->rows.size();
  costs->values += delta->num_values();
  costs->encoded_bytes += part.bytes.size();
}

void MeasuredRounds::CountUndo(UnitCosts* costs) const {
  const TableLayout& layout = setup_.table->layout();
  costs->undo_taken_bytes += undo_->saved_bytes();
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    undo_->ForEachSavedGroup(strip, [&](uint32_t, uint32_t num_bundles, const char*) {
      costs->undo_bytes += uint64_t{num_bundles} * layout.RowStep(layout.FirstNodeOf(strip));
    });
  }
}

}  // namespace nash
