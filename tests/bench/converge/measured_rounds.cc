#include "tests/bench/converge/measured_rounds.h"

#include <glog/logging.h>

#include <utility>

#include "common/sparse_delta_codec.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"

namespace nash {
namespace {

// The plain encoding: 8 bytes for a row's index, 4 for a value.
double PlainBytes(const UnitCosts& costs) {
  return 8.0 * static_cast<double>(costs.rows) + 4.0 * static_cast<double>(costs.values);
}

// A unit that runs by itself is not amplified.
TrainingSetup OfUnits(TrainingSetup setup, bool amplified) {
  if (!amplified) setup.shape.units = 1;
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

absl::StatusOr<std::unique_ptr<MeasuredRounds>> MeasuredRounds::Make(const TrainingSetup& setup,
                                                                     bool amplified) {
  RETURN_IF_ERROR(CheckTrainingSetup(setup));
  if (!amplified && setup.shape.meet_every > 1) {
    return absl::InvalidArgumentError("--amplify=false: with lag, units are amplified");
  }
  if (!amplified) {
    // No clamp bounds what a unit adds then, so a whole round must fit where a batch does.
    TrainingSetup whole = setup;
    whole.shape = {setup.shape.units * setup.shape.batches, 1, setup.shape.deals};
    RETURN_IF_ERROR(CheckTrainingSetup(whole));
  }
  ASSIGN_OR_RETURN(auto undo, UndoLog::Make(*setup.table, setup.pool->num_threads()));
  return std::unique_ptr<MeasuredRounds>(new MeasuredRounds(setup, amplified, std::move(undo)));
}

MeasuredRounds::MeasuredRounds(const TrainingSetup& setup, bool amplified,
                               std::unique_ptr<UndoLog> undo)
    : setup_(setup),
      amplified_(amplified),
      undo_(std::move(undo)),
      runner_(OfUnits(setup, amplified), undo_.get()),
      master_(setup, 0),
      merger_(&master_) {}

uint64_t MeasuredRounds::iterations() const {
  return IterationsAfter(setup_.shape, master_.rounds());
}

std::vector<UnitDelta> MeasuredRounds::RunUnits(uint64_t round, const std::vector<UnitDelta>* own,
                                                UnitCosts* costs) {
  // For a runner of rounds of one unit, every unit is a round of its length: it must see the
  // iterations that are complete, by which sums are weighted.
  const uint64_t rounds = round * (amplified_ ? 1 : setup_.shape.units);
  std::vector<UnitDelta> deltas;
  for (uint32_t unit = 0; unit < setup_.shape.units; ++unit) {
    const BetweenBatches go_on = [] { return true; };
    deltas.push_back(*runner_.Run({rounds, unit}, own == nullptr ? nullptr : &(*own)[unit].parts,
                                  std::nullopt, nullptr, go_on));
    costs->touches += deltas.back().touches;
    ++costs->units;
    CountUndo(costs);
    for (const EncodedRows& part : deltas.back().parts) CountPart(part, costs);
  }
  return deltas;
}

void MeasuredRounds::Merge(std::vector<UnitDelta> deltas) {
  std::vector<std::vector<EncodedRows>> sections(merger_.sections().size());
  for (UnitDelta& delta : deltas) {
    for (size_t section = 0, part = 0; section < sections.size(); ++section) {
      for (; part < delta.part_ends[section]; ++part) {
        sections[section].push_back(std::move(delta.parts[part]));
      }
    }
  }
  undo_->Begin();
  while (!merger_.is_merged()) {
    const auto merged =
        merger_.MergeNext([&sections](size_t section) { return std::move(sections[section]); });
    CHECK(merged.ok()) << merged.status();
  }
  merger_.EndRound();
}

UnitCosts MeasuredRounds::RunRound() {
  UnitCosts costs;
  const uint64_t round = master_.rounds();
  std::vector<UnitDelta> deltas = std::move(ahead_);
  if (IsMeeting(setup_.shape, round)) deltas = RunUnits(round, nullptr, &costs);
  ahead_.clear();
  if (!IsMeeting(setup_.shape, round + 1)) ahead_ = RunUnits(round + 1, &deltas, &costs);
  Merge(std::move(deltas));
  return costs;
}

void MeasuredRounds::CountPart(const EncodedRows& part, UnitCosts* costs) const {
  const auto delta = DecodeDelta(part.bytes, runner_.rows(), {});
  CHECK(delta.ok()) << delta.status();
  costs->rows += delta->rows.size();
  costs->values += delta->num_values();
  costs->encoded_bytes += part.bytes.size();
}

void MeasuredRounds::CountUndo(UnitCosts* costs) const {
  const TableLayout& layout = setup_.table->layout();
  costs->undo_taken_bytes += undo_->saved_bytes();
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    undo_->ForEachSavedGroup(node, [&](uint32_t, uint32_t num_rows, const char*) {
      costs->undo_bytes += uint64_t{num_rows} * layout.RowBytes(node);
    });
  }
}

}  // namespace nash
