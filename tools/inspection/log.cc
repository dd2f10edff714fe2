// inspect_checkpoint log: what a cluster's run has done, by its round log and its metrics.
//
// The log tells of rounds: their bytes, parts, deals and visits. Who computed them stands in
// metrics.jsonl alone, whose counters begin anew with each coordinator: the parts are added up.
// What should make somebody look is an anomaly, a line each.
//
// No table is read, so it takes as long as reading the log once, and a run may go on meanwhile.
// Nothing is repaired (repair.cc). tests/tools/look_test.sh reads the log's bytes by
// docs/formats/round_log.md alone and compares what is told of them, then cuts the log and spoils
// the metrics.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/run/run_definition.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/inspection/round_log_walk.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

// A round this many times the median is named.
constexpr uint64_t kLargeRoundFactor = 4;
// Named of each kind of anomaly; of more there is the number.
constexpr size_t kNamedMax = 5;
// Counters of a coordinator that are zero where all goes well.
constexpr std::array<const char*, 10> kFaultCounters = {
    "leases_expired", "disputes",          "quarantined", "malformed",     "divergences",
    "rolled_back",    "rounds_taken_back", "reloads",     "audits_waived", "appends_failed"};

struct RoundFigures {
  std::vector<uint64_t> bytes;  // by round
  uint64_t parts = 0;
  RoundTotals totals;  // sums; of the hash the last
  std::vector<std::string> anomalies;
};

class RoundSummary {
 public:
  explicit RoundSummary(const RunDefinition& definition)
      : deals_per_round_(definition.round.DealsPerRound()) {}

  void Add(const LoggedRound& round) {
    figures_.bytes.push_back(round.regret_bytes + round.sum_bytes);
    figures_.parts += round.parts;
    figures_.totals.touches += round.totals.touches;
    figures_.totals.iterations += round.totals.iterations;
    if (round.totals.iterations != deals_per_round_) {
      Tell("round %d has %d iterations, the definition's have %d", round.round,
           round.totals.iterations, deals_per_round_);
    }
    // The visits of a round hardly leave every regret as it was: the same hash again says that its
    // results were empty.
    if (figures_.bytes.size() > 1 && round.totals.regret_hash == figures_.totals.regret_hash) {
      Tell("round %d changed no regret", round.round);
    }
    figures_.totals.regret_hash = round.totals.regret_hash;
  }

  RoundFigures Finish(uint64_t first_round) {
    std::vector<uint64_t> sorted = figures_.bytes;
    std::sort(sorted.begin(), sorted.end());
    const uint64_t median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
    for (size_t i = 0; i < figures_.bytes.size(); ++i) {
      if (figures_.bytes[i] <= kLargeRoundFactor * median) continue;
      Tell("round %d has %d bytes, %d in the median", first_round + i, figures_.bytes[i], median);
    }
    if (untold_ > 0) figures_.anomalies.push_back(absl::StrCat("and ", untold_, " more of rounds"));
    return std::move(figures_);
  }

 private:
  template <typename... Args>
  void Tell(const absl::FormatSpec<Args...>& format, const Args&... args) {
    if (figures_.anomalies.size() >= kNamedMax) {
      ++untold_;
    } else {
      figures_.anomalies.push_back(absl::StrFormat(format, args...));
    }
  }

  const uint64_t deals_per_round_;
  RoundFigures figures_;
  uint64_t untold_ = 0;
};

struct MetricsFigures {
  uint64_t lines = 0;
  uint64_t processes = 0;  // coordinators: their seconds begin anew
  double seconds = 0;      // of all of them
  uint64_t workers_last = 0;
  uint64_t workers_most = 0;
  double idle_last = 0;
  std::map<std::string, uint64_t> counters;  // of all coordinators
  std::vector<std::string> anomalies;
};

// Lines that make no sense are counted; a run may be writing the last.
absl::StatusOr<MetricsFigures> ReadMetrics(const std::string& path) {
  MetricsFigures figures;
  if (!FileExists(path)) return figures;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::map<std::string, uint64_t> last;
  double last_seconds = 0;
  uint64_t odd_lines = 0;
  // A process counts from its start, so that its last line has all of it. A new process is known by
  // its seconds, which are fewer than those of the line before.
  const auto end_process = [&] {
    for (const auto& [name, value] : last) figures.counters[name] += value;
    figures.seconds += last_seconds;
    last.clear();
  };
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const auto seconds = json.is_object() ? json.find("seconds") : json.end();
    if (!json.is_object() || seconds == json.end() || !seconds->is_number()) {
      ++odd_lines;
      continue;
    }
    if (figures.lines == 0 || seconds->get<double>() < last_seconds) {
      end_process();
      ++figures.processes;
    }
    ++figures.lines;
    last_seconds = seconds->get<double>();
    if (const auto workers = json.find("workers");
        workers != json.end() && workers->is_number_unsigned()) {
      figures.workers_last = workers->get<uint64_t>();
      figures.workers_most = std::max(figures.workers_most, figures.workers_last);
    }
    if (const auto idle = json.find("idle_share"); idle != json.end() && idle->is_number()) {
      figures.idle_last = idle->get<double>();
    }
    const auto counters = json.find("coordinator");
    if (counters == json.end() || !counters->is_object()) continue;
    for (const auto& [name, value] : counters->items()) {
      if (value.is_number_unsigned()) last[name] = value.get<uint64_t>();
    }
  }
  end_process();
  if (odd_lines > 0) {
    figures.anomalies.push_back(absl::StrCat(path, ": lines that are no metrics: ", odd_lines));
  }
  for (const char* const name : kFaultCounters) {
    const auto found = figures.counters.find(name);
    if (found == figures.counters.end() || found->second == 0) continue;
    figures.anomalies.push_back(absl::StrCat(name, ": ", found->second));
  }
  return figures;
}

// Whether a run can go on from its checkpoints by this log.
absl::StatusOr<std::vector<std::string>> CheckAgainstCheckpoints(const std::string& run_folder,
                                                                 const LogWalk& walk) {
  std::vector<std::string> anomalies;
  if (!walk.damage.empty()) {
    anomalies.push_back(absl::StrCat(walk.damage, walk.is_unfinished_end
                                                      ? " (unfinished: cut when the run goes on)"
                                                      : " (inspect_checkpoint repair)"));
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(run_folder));
  const uint64_t newest = rounds.empty() ? 0 : rounds.front();
  if (newest < walk.first_round) {
    anomalies.push_back(absl::StrCat("the newest checkpoint is of round ", newest,
                                     ", the log begins with round ", walk.first_round,
                                     ": rounds between them are missing"));
  }
  if (newest > walk.rounds) {
    anomalies.push_back(absl::StrCat("the newest checkpoint is of round ", newest,
                                     ", the log ends before it, at ", walk.rounds));
  }
  return anomalies;
}

struct LogReport {
  LogWalk walk;
  RoundFigures rounds;
  MetricsFigures metrics;
  uint64_t file_bytes = 0;
  std::vector<std::string> anomalies;
};

uint64_t SumOf(const std::vector<uint64_t>& values) {
  uint64_t sum = 0;
  for (const uint64_t value : values) sum += value;
  return sum;
}

nlohmann::ordered_json ReportJson(const LogReport& report) {
  const std::vector<uint64_t>& bytes = report.rounds.bytes;
  nlohmann::ordered_json json;
  json["segments"] = report.walk.segments.size();
  json["bytes"] = report.file_bytes;
  json["first_round"] = report.walk.first_round;
  json["rounds"] = bytes.size();
  json["parts"] = report.rounds.parts;
  json["iterations"] = report.rounds.totals.iterations;
  json["touches"] = report.rounds.totals.touches;
  json["round_bytes"] = SumOf(bytes);
  json["largest_round_bytes"] = bytes.empty() ? 0 : *std::max_element(bytes.begin(), bytes.end());
  json["metrics_lines"] = report.metrics.lines;
  json["coordinators"] = report.metrics.processes;
  json["seconds"] = report.metrics.seconds;
  json["workers"] = report.metrics.workers_last;
  json["workers_most"] = report.metrics.workers_most;
  json["idle_share"] = report.metrics.idle_last;
  json["counters"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : report.metrics.counters) json["counters"][name] = value;
  json["anomalies"] = report.anomalies;
  return json;
}

void PrintReport(const LogReport& report) {
  const std::vector<uint64_t>& bytes = report.rounds.bytes;
  const auto line = [](const char* name, const std::string& value) {
    absl::PrintF("%-14s %s\n", name, value);
  };
  line("log", absl::StrFormat("%d segments, %.3f MB", report.walk.segments.size(),
                              report.file_bytes / 1e6));
  line("rounds", absl::StrFormat("%d, from %d on", bytes.size(), report.walk.first_round));
  if (!bytes.empty()) {
    line("a round", absl::StrFormat("%.1f parts, %.3f MB; the largest %.3f MB",
                                    1.0 * report.rounds.parts / bytes.size(),
                                    SumOf(bytes) / 1e6 / bytes.size(),
                                    *std::max_element(bytes.begin(), bytes.end()) / 1e6));
    line("iterations", absl::StrFormat("%d, %d touches", report.rounds.totals.iterations,
                                       report.rounds.totals.touches));
  }
  if (report.metrics.lines > 0) {
    line("coordinators",
         absl::StrFormat("%d, %.0f s", report.metrics.processes, report.metrics.seconds));
    line("workers",
         absl::StrFormat("%d at the end, %d at most, idle %.1f%%", report.metrics.workers_last,
                         report.metrics.workers_most, 100 * report.metrics.idle_last));
  }
  for (const auto& [name, value] : report.metrics.counters) {
    if (value > 0) line("", absl::StrFormat("%s %d", name, value));
  }
  for (const std::string& anomaly : report.anomalies) line("anomaly", anomaly);
  if (report.anomalies.empty()) line("anomalies", "none");
}

}  // namespace

absl::Status InspectLog(const LogRequest& request) {
  ASSIGN_OR_RETURN(const RunDefinition definition, DefinitionOfRun(request.folder));
  RoundSummary summary(definition);
  LogReport report;
  ASSIGN_OR_RETURN(report.walk,
                   WalkRoundLog(JoinPath(request.folder, "rounds"), Fingerprint(definition),
                                [&](const LoggedRound& round) { summary.Add(round); }));
  report.rounds = summary.Finish(report.walk.first_round);
  for (const LogSegment& segment : report.walk.segments) report.file_bytes += segment.bytes;
  ASSIGN_OR_RETURN(report.metrics, ReadMetrics(JoinPath(request.folder, "metrics.jsonl")));
  ASSIGN_OR_RETURN(report.anomalies, CheckAgainstCheckpoints(request.folder, report.walk));
  for (const auto* more : {&report.rounds.anomalies, &report.metrics.anomalies}) {
    report.anomalies.insert(report.anomalies.end(), more->begin(), more->end());
  }
  if (request.as_json) {
    PrintJson(ReportJson(report));
  } else {
    PrintReport(report);
  }
  return absl::OkStatus();
}

}  // namespace nash
