// See the header. A figure's row stands where its key stands in a line (training_report.cc).
//
// A name with a dot is a key within an object of the line. Figures by street are arrays there, and
// become one figure a street: {street="0"} for Prometheus, "/0" in TensorBoard, "[0]" in curves. A
// counter never falls within one process, and readers that want a rate may count on that; a gauge
// may do anything. Names are an interface: dashboards, rules for alarms (configs/monitoring) and
// users' scripts go by them.
#include "tools/stored/metric_registry.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace nash {
namespace {

constexpr MetricKind kCounter = MetricKind::kCounter;
constexpr MetricKind kGauge = MetricKind::kGauge;

constexpr Metric kMetrics[] = {
    {"unix_time", "seconds", kGauge, "When these figures were taken, since 1970"},
    {"seconds", "seconds", kCounter, "Time since training began in this process"},
    {"run_seconds", "seconds", kCounter, "The same, with the processes before"},
    {"rounds", "rounds", kCounter, "Rounds of the whole run so far"},
    {"iterations", "iterations", kCounter, "Iterations of the whole run so far"},
    {"touches", "touches", kCounter, "Visits of a deal to a row, of the whole run so far"},
    {"iterations_per_s", "iterations", kGauge, "Iterations a second since the line before"},
    {"touches_per_s", "touches", kGauge, "Touches a second since the line before"},
    {"waiting_share", "share", kGauge, "Of the threads' time, what they waited for others"},
    {"lookup_waiting_share", "share", kGauge, "Of the time, what traversals waited for deals"},
    {"device_deals_share", "share", kGauge, "Of the deals, those that a GPU looked up"},
    {"infosets_reached_share", "share", kGauge, "Of the infosets, those with a visit; estimated"},
    {"largest_regret_share_of_ceiling", "share", kGauge,
     "The largest regret of a street, of the most that a regret may be", true},
    {"regrets_at_ceiling_share", "share", kGauge, "Of a street's regrets, those at the ceiling",
     true},
    {"regrets_at_floor_share", "share", kGauge, "Of a street's regrets, those at the floor", true},
    {"mean_positive_regret", "chips", kGauge,
     "Mean of a street's regrets above 0, an iteration; of a sample", true},
    {"strategy_change", "share", kGauge,
     "Mean total variation of a street's current strategies, a round; of a sample", true},
    {"staleness_rounds", "rounds", kGauge,
     "Rounds that units were behind the table of their round, on average"},
    {"evaluation.round", "rounds", kGauge, "The round of the checkpoint measured last"},
    {"evaluation.iterations", "iterations", kGauge, "Its iterations"},
    {"evaluation.chips", "chips", kGauge, "What was measured, a hand"},
    {"evaluation.half_width_95", "chips", kGauge, "Half of its 95% interval; 0 where it is exact"},
    {"evaluation.seconds", "seconds", kGauge, "How long measuring took"},
    {"checkpoint.written", "checkpoints", kCounter, "Checkpoints and snapshots written"},
    {"checkpoint.seconds", "seconds", kGauge, "From the beginning of the last one to its end"},
    {"checkpoint.pause_seconds", "seconds", kCounter, "Time that training waited for them"},
    {"disk.run_bytes", "bytes", kGauge, "What the run's folder takes on the disk"},
    {"disk.free_bytes", "bytes", kGauge, "What the process may still write on that disk"},
    {"resident_bytes", "bytes", kGauge, "Memory of this process that is in use"},
    {"resident_file_bytes", "bytes", kGauge, "Of these, mapped files and shared memory"},
    {"resident_peak_bytes", "bytes", kGauge, "The most that was in use so far"},
    {"memory_plan.total_bytes", "bytes", kGauge, "What the run was to take at the most"},
    {"memory_plan.program_bytes", "bytes", kGauge, "Of this, the program itself"},
    {"memory_plan.table_bytes", "bytes", kGauge, "Of this, regrets and strategy sums"},
    {"memory_plan.tree_bytes", "bytes", kGauge, "Of this, the betting tree"},
    {"memory_plan.bucket_bytes", "bytes", kGauge, "Of this, bucket files, mapped"},
    {"memory_plan.traversal_bytes", "bytes", kGauge, "Of this, batches of deals and walks"},
    {"memory_plan.undo_bytes", "bytes", kGauge, "Of this, rows to take back"},
    {"memory_plan.delta_bytes", "bytes", kGauge, "Of this, results of units"},
    {"memory_plan.worker_bytes", "bytes", kGauge, "Of this, workers in this process"},
    {"memory_plan.checkpoint_bytes", "bytes", kGauge, "Of this, buffers of a checkpoint's writer"},
    {"memory_plan.copy_bytes", "bytes", kGauge, "Of this, copies while a checkpoint is written"},
    {"memory_plan.available_bytes", "bytes", kGauge, "What was available before the start"},
    {"memory_in_use.table_bytes", "bytes", kGauge, "In use now: regrets and strategy sums"},
    {"memory_in_use.tree_bytes", "bytes", kGauge, "In use now: the betting tree"},
    {"memory_in_use.bucket_bytes", "bytes", kGauge, "In memory now, of mapped bucket files"},
    {"memory_in_use.copy_bytes", "bytes", kGauge, "Taken for copies while a checkpoint is written"},
    {"memory_in_use.result_bytes", "bytes", kGauge,
     "In use now: results that wait for their round"},
    {"memory_in_use.other_bytes", "bytes", kGauge, "In use now, and none of these"},
    {"threads", "threads", kGauge, "Threads of this process that train or merge"},
    {"workers", "workers", kGauge, "Workers that were heard of within 10 seconds"},
    {"worker_threads", "threads", kGauge, "Threads of all members"},
    {"workers_resident_bytes", "bytes", kGauge, "Memory of all members, as they told last"},
    {"idle_share", "share", kGauge, "Of the workers' time, what they were without a unit"},
    {"paused", "flag", kGauge, "1 while rounds wait for room on the disk, else 0"},
    {"units_in_flight", "units", kGauge, "Units that are leased and have no result yet"},
    {"bytes_up_per_iteration", "bytes", kGauge, "Received from workers, an iteration"},
    {"bytes_down_per_iteration", "bytes", kGauge, "Sent to workers, an iteration"},
    {"rows_overlap_share", "share", kGauge,
     "Of the rows of units' results, those that another unit of the round changed too"},
    {"round.check_seconds", "seconds", kGauge, "Decoding and checking results, a round"},
    {"round.sum_seconds", "seconds", kGauge, "Adding up results while others come, a round"},
    {"round.merge_seconds", "seconds", kGauge, "Merging them into the table, a round"},
    {"round.log_seconds", "seconds", kGauge, "Writing the round log, a round"},
    {"round_log_bytes", "bytes", kGauge, "What the round log takes on the disk"},
    {"round_log_appended_bytes", "bytes", kCounter, "Written to the round log"},
    {"results_memory_bytes", "bytes", kGauge, "Results that wait for their round, in memory"},
    {"results_disk_bytes", "bytes", kGauge, "The same on the disk"},
    {"worker_time.all_seconds", "seconds", kCounter, "Of all workers, as they tell"},
    {"worker_time.running_seconds", "seconds", kCounter, "Of these, they ran units"},
    {"worker_time.applying_seconds", "seconds", kCounter,
     "Of these, they handled what came, most of all what rounds had changed"},
    {"worker_time.fetching_seconds", "seconds", kCounter,
     "Of these, they waited for parts of a merged round, or of what a unit starts from"},
    {"worker_time.delivering_seconds", "seconds", kCounter,
     "Of these, they waited for the coordinator to take results"},
    {"worker_time.merging_seconds", "seconds", kCounter,
     "Of these, they waited for the coordinator to merge the round"},
    {"worker_time.others_seconds", "seconds", kCounter,
     "Of these, they waited for units of others, or for whatever else"},
    {"coordinator.parts_taken", "parts", kCounter, "Parts of results taken"},
    {"coordinator.part_bytes_taken", "bytes", kCounter, "Bytes of those parts, as encoded"},
    {"coordinator.parts_repeated", "parts", kCounter, "Parts that had come before, and were equal"},
    {"coordinator.parts_late", "parts", kCounter, "Parts of rounds that were merged already"},
    {"coordinator.sections_summed", "sections", kCounter,
     "Sections of rounds that were added up before all of the round had come"},
    {"coordinator.units_done", "units", kCounter, "Units whose result is complete"},
    {"coordinator.leases_granted", "leases", kCounter, "Leases given to workers"},
    {"coordinator.leases_second", "leases", kCounter, "Leases of units that another ran already"},
    {"coordinator.leases_resent", "leases", kCounter, "Leases that were told again"},
    {"coordinator.leases_expired", "leases", kCounter, "Leases that ran out"},
    {"coordinator.rounds_audited", "rounds", kCounter, "Rounds whose units were to be run twice"},
    {"coordinator.audits_waived", "audits", kCounter, "Units of these that no second worker ran"},
    {"coordinator.rolled_back", "rounds", kCounter, "Times that a round was collected again"},
    {"coordinator.rounds_taken_back", "rounds", kCounter,
     "Merged rounds that a caught worker's results were in, and that were run again"},
    {"coordinator.disputes", "disputes", kCounter, "Results that contradicted each other"},
    {"coordinator.quarantined", "workers", kCounter, "Workers that were shut out"},
    {"coordinator.malformed", "messages", kCounter, "Messages that were not well formed"},
    {"coordinator.refused", "messages", kCounter, "Workers or messages that were refused"},
    {"coordinator.superseded", "workers", kCounter, "Workers whose place a newer one took"},
    {"coordinator.divergences", "workers", kCounter, "Workers whose regrets were not ours"},
    {"coordinator.reloads", "loads", kCounter, "Times that a worker was to load the table anew"},
    {"coordinator.appends_failed", "rounds", kCounter, "Rounds that the log did not take at once"},
    {"coordinator.parts_unkept", "parts", kCounter,
     "Parts without room on the disk; they come again"},
    {"worker.touches", "touches", kCounter,
     "Visits of a deal to a row, of the units that it has ended"},
    {"worker.units_run", "units", kCounter, "Units run"},
    {"worker.units_abandoned", "units", kCounter, "Units abandoned"},
    {"worker.rounds_followed", "rounds", kCounter, "Rounds followed"},
    {"worker.tables_loaded", "loads", kCounter, "Tables loaded"},
    {"worker.divergences", "divergences", kCounter,
     "Times that its regrets were not the coordinator's"},
    {"worker.parts_refused", "parts", kCounter, "Parts that were not what they should be"},
    {"worker.joins", "joins", kCounter, "Times that a coordinator let it in"},
    {"worker.early_parts", "parts", kCounter,
     "Applied while the coordinator still merged their round"},
    {"worker.relay_served_bytes", "bytes", kCounter,
     "Of merged rounds, passed on to other workers"},
    {"worker.relay_fetched_bytes", "bytes", kCounter, "Of merged rounds, had from another worker"},
    {"worker.relay_fallbacks", "parts", kCounter,
     "Parts asked of the coordinator in another worker's place"},
    {"worker.received_bytes", "bytes", kCounter, "Received from the coordinator in frames"},
    {"worker.sent_bytes", "bytes", kCounter, "Sent to the coordinator in frames"},
    {"worker.running_seconds", "seconds", kCounter, "It ran units"},
    {"worker.applying_seconds", "seconds", kCounter,
     "It handled what came, most of all what rounds had changed"},
    {"worker.fetching_seconds", "seconds", kCounter,
     "It waited for parts of a merged round, or of what a unit starts from"},
    {"worker.delivering_seconds", "seconds", kCounter,
     "It waited for the coordinator to take results"},
    {"worker.merging_seconds", "seconds", kCounter,
     "It waited for the coordinator to merge the round"},
    {"worker.others_seconds", "seconds", kCounter,
     "It waited for units of others, or for whatever else"},
};

}  // namespace

absl::Span<const Metric> RunMetrics() { return kMetrics; }

std::string PrometheusName(const Metric& metric) {
  return absl::StrCat("nashville_", absl::StrReplaceAll(metric.name, {{".", "_"}}),
                      metric.kind == MetricKind::kCounter ? "_total" : "");
}

std::vector<MetricValue> FiguresOf(const nlohmann::ordered_json& line) {
  std::vector<MetricValue> figures;
  for (const Metric& metric : kMetrics) {
    const nlohmann::ordered_json* value = &line;
    for (const std::string& key : std::vector<std::string>(absl::StrSplit(metric.name, '.'))) {
      const auto found = value->find(key);
      value = found == value->end() ? nullptr : &*found;
      if (value == nullptr) break;
    }
    if (value == nullptr) continue;
    if (!metric.is_by_street) {
      if (value->is_number()) figures.push_back({&metric, -1, value->get<double>()});
      continue;
    }
    int street = 0;
    for (const nlohmann::ordered_json& one : *value) {
      if (one.is_number()) figures.push_back({&metric, street, one.get<double>()});
      ++street;
    }
  }
  return figures;
}

}  // namespace nash
