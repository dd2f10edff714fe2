#include "tools/training/run_reporter.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/tools/leduc_training.h"
#include "tools/cluster/worker_progress.h"
#include "tools/stored/metric_registry.h"
#include "tools/training/metrics_server.h"
#include "tools/training/process_memory.h"

namespace nash {
namespace {

class RunReporterTest : public LeducTraining {
 protected:
  RunReporterTest() { CHECK(run_folder_.Begin("").ok()); }

  std::vector<nlohmann::json> Metrics() const {
    std::istringstream file(ReadFile(JoinPath(run_folder_.path(), "metrics.jsonl")).value());
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  const std::unique_ptr<LoadedRun> run_ = Loaded(definition_);
  Table table_ = Table::Make(run_->layout()).value();
  RunFolder run_folder_ = RunFolder::Open(Run("run"), /*resume=*/false).value();
  TrainingSample now_;
  RunReporter reporter_{
      {.quantum_chips = 0.01, .every_seconds = 0}, [this] { return now_; }, table_, &run_folder_};
};

TEST_F(RunReporterTest, TheLastReportSaysNothingTwice) {
  reporter_.Begin();
  now_.progress.rounds = 3;
  reporter_.ReportIfDue();
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 1);
  now_.progress.rounds = 4;
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 2);
  EXPECT_EQ(Metrics()[0]["rounds"], 3);
  EXPECT_EQ(Metrics()[1]["rounds"], 4);
}

// Its workers and counters may have changed since.
TEST_F(RunReporterTest, TheLastReportOfAClusterIsAlwaysMade) {
  reporter_.Begin();
  now_.cluster = {.workers = 2, .times = {.unit_rows = 40, .merged_rows = 10}};
  now_.progress = {.rounds = 5, .iterations = 600};
  reporter_.ReportIfDue();
  now_.cluster->workers = 0;
  // No round ends while they go: rates are those of the whole run.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 2);
  EXPECT_EQ(Metrics()[1]["workers"], 0);
  EXPECT_GT(Metrics()[1]["iterations_per_s"], 0);
  EXPECT_EQ(Metrics()[1]["rows_overlap_share"], 0.75);
}

TEST_F(RunReporterTest, TimeAndRatesCountFromTheBeginning) {
  now_.progress.iterations = 1'000'000'000;  // of a process before
  reporter_.Begin();
  reporter_.ReportIfDue();
  EXPECT_EQ(Metrics()[0]["iterations_per_s"], 0);
  EXPECT_LT(Metrics()[0]["seconds"], 60);
}

TEST_F(RunReporterTest, RunSecondsGoOnWhereTheProcessBeforeLeftOff) {
  const std::string path = JoinPath(run_folder_.path(), "metrics.jsonl");
  // The last line was cut by a crash.
  ASSERT_TRUE(RemoveAll(path).ok());
  ASSERT_TRUE(WriteNewFile(path, "{\"run_seconds\":1000.5}\n{\"run_seconds\":20").ok());
  ASSERT_TRUE(run_folder_.Begin("").ok());
  reporter_.Begin();
  reporter_.ReportIfDue();
  ASSERT_TRUE(run_folder_.AppendMetrics("{}").ok());
  const std::string text = ReadFile(path).value();
  const nlohmann::json line =
      nlohmann::json::parse(text.substr(text.rfind("{\"unix_time"))
                                .substr(0, text.rfind("\n{}") - text.rfind("{\"unix_time")));
  EXPECT_GE(line["run_seconds"], 1000.5);
  EXPECT_LT(line["run_seconds"], 1060);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(line["unix_time"], std::chrono::duration<double>(now).count(), 60);
}

TEST_F(RunReporterTest, MetricsThatWereMovedAwayAreBegunAnew) {
  const std::string path = JoinPath(run_folder_.path(), "metrics.jsonl");
  ASSERT_TRUE(run_folder_.AppendMetrics("{\"line\":1}").ok());
  ASSERT_TRUE(RenamePath(path, path + ".1").ok());
  ASSERT_TRUE(run_folder_.AppendMetrics("{\"line\":2}").ok());
  EXPECT_EQ(ReadFile(path + ".1").value(), "{\"line\":1}\n");
  EXPECT_EQ(ReadFile(path).value(), "{\"line\":2}\n");
  ASSERT_TRUE(RemoveAll(path).ok());
  ASSERT_TRUE(run_folder_.AppendMetrics("{\"line\":3}").ok());
  EXPECT_EQ(ReadFile(path).value(), "{\"line\":3}\n");
}

// What a number or an array of numbers is called in a line.
void AddNames(const nlohmann::json& json, const std::string& prefix, std::set<std::string>* names) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) {
      AddNames(value, prefix + key + ".", names);
    } else if (!value.is_string()) {
      names->insert(prefix + key);
    }
  }
}

// A line with all that there can be, against the table: neither has what the other lacks.
TEST(MetricRegistry, HoldsEveryFigureOfALineAndNoOther) {
  TrainingReport report(1, {});
  TrainingSample now;
  now.cluster = {.workers = 3};
  now.measured = Measurement{};
  now.is_measured_newly = true;
  now.learning = {{0.5, 0.25}, {0, 0}};
  now.memory_plan = MemoryPlan{};
  TableSurvey survey;
  survey.streets.resize(2);
  const std::string line = report.Json(now, survey);
  std::set<std::string> told, registered;
  AddNames(nlohmann::json::parse(line), "", &told);
  AddNames(nlohmann::json::parse(WorkerFiguresLine({}, {.touches = 1}, 1, {}, 0)), "", &told);
  for (const Metric& metric : RunMetrics()) {
    EXPECT_TRUE(registered.insert(metric.name).second) << metric.name << " stands there twice";
  }
  EXPECT_EQ(told, registered);
}

// A file of 3 MB of which 2 MB were read is in memory with as much, or more where the system reads
// ahead; one of another name is not counted.
TEST(ProcessMemory, KnowsWhatIsInMemoryOfMappedFiles) {
  const std::string folder = testing::TempDir();
  const std::string path = JoinPath(folder, "some.in_memory_test");
  ASSERT_TRUE(WriteFileAtomically(path, std::string(3 << 20, 'x')).ok());
  EXPECT_EQ(MappedFileBytesInMemory(".in_memory_test"), 0);
  const MappedFile file = MappedFile::Open(path).value();
  uint64_t sum = 0;
  for (size_t i = 0; i < 2 << 20; i += 512) sum += file.data()[i];
  EXPECT_EQ(sum, uint64_t{4096} * 'x');
  EXPECT_GE(MappedFileBytesInMemory(".in_memory_test"), 2 << 20);
  EXPECT_LE(MappedFileBytesInMemory(".in_memory_test"), 3 << 20);
  EXPECT_EQ(MappedFileBytesInMemory(".other_in_memory_test"), 0);
  ASSERT_TRUE(RemoveAll(path).ok());
  EXPECT_GE(MappedFileBytesInMemory(".in_memory_test"), 2 << 20);
}

TEST(TrainingReport, MemoryInUseIsToldByPartsThatComeToAllOfIt) {
  TrainingReport report(1, {});
  TrainingSample now;
  now.memory_plan = MemoryPlan{.table_bytes = 1000, .tree_bytes = 200, .copy_bytes = 30};
  now.cluster = {.results_memory_bytes = 4};
  const auto line = nlohmann::json::parse(report.Json(now, TableSurvey()));
  const auto& parts = line["memory_in_use"];
  EXPECT_EQ(parts["table_bytes"], 1000);
  EXPECT_EQ(parts["copy_bytes"], 30);
  EXPECT_EQ(parts["result_bytes"], 4);
  uint64_t sum = 0;
  for (const auto& bytes : parts) sum += bytes.get<uint64_t>();
  EXPECT_EQ(sum, line["resident_bytes"]);
  // More than there is in use: no part goes below nothing.
  now.memory_plan->table_bytes = uint64_t{1} << 50;
  const auto large = nlohmann::json::parse(report.Json(now, TableSurvey()));
  EXPECT_EQ(large["memory_in_use"]["other_bytes"], 0);
}

TEST(MetricRegistry, EveryFigureHasItsRowOnThePage) {
  const std::string page = ReadFile("docs/operations.md").value();
  for (const Metric& metric : RunMetrics()) {
    const std::string row =
        absl::StrCat("\n| `", metric.name, "` | ", metric.unit, " | ",
                     metric.kind == MetricKind::kCounter ? "counter" : "gauge", " | ");
    EXPECT_NE(page.find(row), std::string::npos) << "docs/operations.md lacks:" << row;
  }
}

TEST(MetricRegistry, RulesAndDashboardNameFiguresThatThereAre) {
  std::set<std::string> names;
  for (const Metric& metric : RunMetrics()) names.insert(PrometheusName(metric));
  const std::regex name("\\bnashville_[a-z0-9_]+");
  for (const std::string file : {"alerts.yaml", "alerts_test.yaml", "dashboard.json"}) {
    const std::string text = ReadFile(absl::StrCat("configs/monitoring/", file)).value();
    int found = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it, ++found) {
      EXPECT_EQ(names.count(it->str()), 1) << file << " asks for " << it->str();
    }
    EXPECT_GT(found, 10) << file;
  }
}

TEST(MetricRegistry, FiguresOfALineAreItsNumbers) {
  const auto line = nlohmann::ordered_json::parse(
      R"({"rounds": 7, "regrets_at_floor_share": [0.25, 0.5], "evaluation": {"kind": "lbr",
          "chips": -1.5}, "coordinator": {"leases_expired": 3}, "of another version": 1})");
  std::map<std::string, double> figures;
  for (const MetricValue& figure : FiguresOf(line)) {
    figures[absl::StrCat(PrometheusName(*figure.metric), "/", figure.street)] = figure.value;
  }
  EXPECT_EQ(figures,
            (std::map<std::string, double>{{"nashville_rounds_total/-1", 7},
                                           {"nashville_regrets_at_floor_share/0", 0.25},
                                           {"nashville_regrets_at_floor_share/1", 0.5},
                                           {"nashville_evaluation_chips/-1", -1.5},
                                           {"nashville_coordinator_leases_expired_total/-1", 3}}));
}

// A socket of the loopback. port: 0 listens on a free one, which is returned.
int Loopback(int port, int* socket_fd) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  *socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  CHECK_EQ(port == 0 ? bind(*socket_fd, any, size) : connect(*socket_fd, any, size), 0);
  CHECK_EQ(getsockname(*socket_fd, any, &size), 0);
  return ntohs(address.sin_port);
}

// The whole answer to GET /healthz.
std::string Health(int port) {
  int fd = -1;
  Loopback(port, &fd);
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
  CHECK_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer(4096, '\0');
  size_t size = 0;
  for (ssize_t got; (got = read(fd, &answer[size], answer.size() - size)) > 0;) size += got;
  close(fd);
  return answer.substr(0, size);
}

TEST(MetricsServer, IsHealthyWhileRoundsEnd) {
  int fd = -1;
  const int port = Loopback(0, &fd);
  close(fd);
  const auto server = MetricsServer::Start(absl::StrCat(port), /*stall_seconds_min=*/1);
  ASSERT_TRUE(server.ok()) << server.status();
  (*server)->NoteRounds(7);
  EXPECT_EQ(Health(port).substr(0, 15), "HTTP/1.1 200 OK");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  (*server)->NoteRounds(7);  // no sign of life
  const std::string stalled = Health(port);
  EXPECT_EQ(stalled.substr(0, 13), "HTTP/1.1 503 ");
  EXPECT_NE(stalled.find("no round ended for 1 s"), std::string::npos) << stalled;
  (*server)->NoteRounds(8);
  EXPECT_EQ(Health(port).substr(0, 15), "HTTP/1.1 200 OK");
  // That round took 1.1 s or more: the next may take five times as long.
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(Health(port).substr(0, 15), "HTTP/1.1 200 OK");
}

TEST(TrainingReport, IdleIsAtMostTheWholeHoweverSumsAreRounded) {
  TrainingReport report(1, {});
  TrainingSample now;
  now.cluster = {.workers = 1, .member_seconds = 0.3, .idle_seconds = 0.7};
  report.Take(now);
  now.seconds = 1;
  // One worker for a tenth of a second, idle throughout.
  now.cluster = {.workers = 1, .member_seconds = 0.4, .idle_seconds = 0.8};
  EXPECT_EQ(nlohmann::json::parse(report.Json(now, TableSurvey()))["idle_share"], 1.0);
}

TEST(TrainingReport, IdleIsTheShareOfWorkersTimeSinceTheLineBefore) {
  TrainingReport report(1, {});
  TrainingSample now;
  now.cluster = {.workers = 3, .member_seconds = 30, .idle_seconds = 6};
  report.Take(now);
  now.seconds = 10;
  // Three workers for ten seconds, one of them idle.
  now.cluster = {.workers = 3, .member_seconds = 60, .idle_seconds = 16};
  EXPECT_NE(Joined(report.Line(now, TableSurvey())).find("  3 workers, idle 33.3%"),
            std::string::npos);
  EXPECT_NEAR(nlohmann::json::parse(report.Json(now, TableSurvey()))["idle_share"], 1.0 / 3, 1e-9);
  now.cluster->is_paused = true;
  EXPECT_NE(Joined(report.Line(now, TableSurvey())).find("  paused: the disk is full"),
            std::string::npos);
}

// Leduc's first street has 8 nodes of 3 buckets. Two regrets of a row of two at the ceiling, of two
// rows reached (the other has regrets of 0 and 5): half of four.
TEST_F(RunReporterTest, RegretsAtTheCeilingAreToldOfByStreetAndWarnedOfOnce) {
  table_.Row(0, 0)[0] = kRegretCeiling;
  table_.Row(0, 0)[1] = kRegretCeiling + 7;  // before the next clamp
  table_.Row(0, 1)[1] = 5;
  reporter_.Begin();
  testing::internal::CaptureStderr();
  reporter_.ReportIfDue();
  now_.progress.rounds = 1;
  reporter_.ReportIfDue();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("50.0% of regrets at the ceiling"), std::string::npos) << said;
  const size_t warning = said.find("warning: 50.0% of the regrets of a street");
  EXPECT_NE(warning, std::string::npos) << said;
  EXPECT_EQ(said.find("warning:", warning + 1), std::string::npos) << said;
  const nlohmann::json metrics = Metrics()[0];
  EXPECT_EQ(metrics["regrets_at_ceiling_share"], nlohmann::json({0.5, 0.0}));
  EXPECT_EQ(metrics["regrets_at_floor_share"], nlohmann::json({0.0, 0.0}));
  EXPECT_GE(metrics["largest_regret_share_of_ceiling"][0], 1.0);
  EXPECT_EQ(metrics["largest_regret_share_of_ceiling"][1], 0.0);
}

// Two rows of two regrets are reached: of 6, -4, 5 and 5 quanta 16 lie above 0. Then one row's
// strategy turns around, the other stays, within two rounds.
TEST_F(RunReporterTest, LearningIsToldOfByStreet) {
  table_.Row(0, 0)[0] = 6;
  table_.Row(0, 0)[1] = -4;
  table_.Row(0, 1)[0] = table_.Row(0, 1)[1] = 5;
  now_.progress.iterations = 10;
  reporter_.Begin();
  reporter_.ReportIfDue();
  table_.Row(0, 0)[0] = -4;
  table_.Row(0, 0)[1] = 6;
  now_.progress.rounds = 2;
  reporter_.ReportIfDue();
  const double regret = 16.0 / 4 * 0.01 / 10;
  EXPECT_NEAR(Metrics()[1]["mean_positive_regret"][0], regret, 1e-12);
  EXPECT_EQ(Metrics()[1]["mean_positive_regret"][1], 0);
  EXPECT_EQ(Metrics()[0]["strategy_change"], nlohmann::json({0.0, 0.0}));
  EXPECT_EQ(Metrics()[1]["strategy_change"], nlohmann::json({(1.0 + 0.0) / 2 / 2, 0.0}));
  // A last report of the same rounds does not say that nothing changes any more.
  now_.cluster = {.workers = 0};
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 3);
  EXPECT_EQ(Metrics()[2]["strategy_change"], Metrics()[1]["strategy_change"]);
}

// Lines meet before rounds 0 and 4: of rounds 0 to 7 all but these start one round behind.
TEST_F(RunReporterTest, StalenessIsTheMeanOfRounds) {
  RunReporter reporter(
      {.every_seconds = 0, .shape = {.meet_every = 4}}, [this] { return now_; }, table_,
      &run_folder_);
  reporter.Begin();
  now_.progress.rounds = 8;
  reporter.ReportIfDue();
  EXPECT_EQ(Metrics()[0]["staleness_rounds"], 6.0 / 8);
}

TEST(TrainingReport, ACoordinatorsWorkIsToldOfByRoundAndIteration) {
  TrainingReport report(1, {});
  TrainingSample now;
  now.progress = {.rounds = 10, .iterations = 1000};
  now.cluster = {.received_bytes = 500, .sent_bytes = 700, .times = {1, 5, 2, 3, 40, 40}};
  report.Take(now);
  now.seconds = 10;
  now.progress = {.rounds = 14, .iterations = 1200};
  now.cluster = {.received_bytes = 900, .sent_bytes = 800, .times = {3, 11, 6, 4, 140, 115}};
  const auto line = nlohmann::json::parse(report.Json(now, TableSurvey()));
  EXPECT_EQ(line["bytes_up_per_iteration"], 2);
  EXPECT_EQ(line["bytes_down_per_iteration"], 0.5);
  // 100 rows came, in 75 different ones.
  EXPECT_EQ(line["rows_overlap_share"], 0.25);
  EXPECT_EQ(line["round"]["check_seconds"], 0.5);
  EXPECT_EQ(line["round"]["sum_seconds"], 1.5);
  EXPECT_EQ(line["round"]["merge_seconds"], 1);
  EXPECT_EQ(line["round"]["log_seconds"], 0.25);
}

TEST_F(RunReporterTest, ARunWithoutRegretsAtTheCeilingDoesNotSpeakOfThem) {
  table_.Row(0, 0)[0] = kRegretCeiling - 1;
  reporter_.Begin();
  testing::internal::CaptureStderr();
  reporter_.ReportIfDue();
  EXPECT_EQ(testing::internal::GetCapturedStderr().find("ceiling"), std::string::npos);
}

}  // namespace
}  // namespace nash
