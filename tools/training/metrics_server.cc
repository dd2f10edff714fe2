// CivetWeb listens and speaks HTTP, prometheus-cpp writes the text. Its own Exposer cannot answer
// /healthz, so that only its serializer is used. No other source includes headers of the two.
//
//   training -- Publish(line), NoteRounds() --> State: figures, last round <-- Answer() -- requests
//
// Figures are parsed out of the line of metrics.jsonl, so that nothing can be told here that is not
// in the file. A request writes its text under the mutex, some kilobytes: the thread that trains
// waits for one of those at the most.
//
// Whether rounds go on is judged by the longest round so far: a round may take milliseconds or an
// hour, and no fixed bound would serve both. tests/tools/metrics_test.sh asks both addresses of a
// run, and reads the text by a parser of its own (scrape_metrics.py).
#include "tools/training/metrics_server.h"

#include <civetweb.h>
#include <prometheus/text_serializer.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/mutex.h"
#include "tools/stored/metric_registry.h"

namespace nash {

struct MetricsServer::State {
  using Clock = std::chrono::steady_clock;

  mg_context* server = nullptr;
  double stall_seconds_min = kStallSecondsMin;
  std::string trouble;  // what the server said while it started

  Mutex mutex;
  std::map<std::pair<const Metric*, int>, double> figures ABSL_GUARDED_BY(mutex);
  bool has_rounds ABSL_GUARDED_BY(mutex) = false;
  uint64_t rounds ABSL_GUARDED_BY(mutex) = 0;
  double longest_round_seconds ABSL_GUARDED_BY(mutex) = 0;
  Clock::time_point last_round ABSL_GUARDED_BY(mutex) = Clock::now();

  std::string MetricsText();
  std::string WhyUnhealthy();  // empty: it goes on
  static int Answer(mg_connection* connection, void* state);
  static int NoteTrouble(const mg_connection* connection, const char* message);
};

namespace {

int Send(mg_connection* connection, int code, const char* reason, const std::string& type,
         const std::string& body) {
  const std::string head = absl::StrFormat(
      "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
      "Cache-Control: no-store\r\nConnection: close\r\n\r\n",
      code, reason, type, body.size());
  mg_write(connection, head.data(), head.size());
  mg_write(connection, body.data(), body.size());
  return code;
}

// A bare port is one of 127.0.0.1.
absl::StatusOr<std::string> ListeningPort(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  int port = 0;
  const std::string number = colon == std::string::npos ? address : address.substr(colon + 1);
  const bool is_address = host.find_first_not_of("0123456789abcdefABCDEF.:[]") == std::string::npos;
  if (!absl::SimpleAtoi(number, &port) || port < 1 || port > 65535 || !is_address) {
    return absl::InvalidArgumentError(absl::StrCat("--metrics_address=", address,
                                                   ": expected HOST:PORT, such as 127.0.0.1:9464"));
  }
  return absl::StrCat(host.empty() ? "127.0.0.1" : host, ":", port);
}

}  // namespace

std::string MetricsServer::State::MetricsText() {
  std::vector<prometheus::MetricFamily> families;
  MutexLock lock(&mutex);
  for (const Metric& metric : RunMetrics()) {
    prometheus::MetricFamily family;
    const bool is_counter = metric.kind == MetricKind::kCounter;
    family.name = PrometheusName(metric);
    family.help = absl::StrCat(metric.help, " (", metric.unit, ")");
    family.type = is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    // A metric by street has one figure for each; -1 stands for "no street" and comes first.
    for (auto it = figures.lower_bound({&metric, -1});
         it != figures.end() && it->first.first == &metric; ++it) {
      prometheus::ClientMetric one;
      if (it->first.second >= 0) one.label.push_back({"street", absl::StrCat(it->first.second)});
      (is_counter ? one.counter.value : one.gauge.value) = it->second;
      family.metric.push_back(one);
    }
    if (!family.metric.empty()) families.push_back(family);
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return text.str();
}

std::string MetricsServer::State::WhyUnhealthy() {
  MutexLock lock(&mutex);
  const double seconds = std::chrono::duration<double>(Clock::now() - last_round).count();
  const double bound = std::max(stall_seconds_min, kStallRounds * longest_round_seconds);
  if (seconds <= bound) return "";
  return absl::StrFormat(
      "no round ended for %.0f s (after %.0f s it counts as stalled); rounds: %d\n", seconds, bound,
      rounds);
}

int MetricsServer::State::Answer(mg_connection* connection, void* state) {
  State& self = *static_cast<State*>(state);
  const mg_request_info& request = *mg_get_request_info(connection);
  const std::string path = request.local_uri == nullptr ? "" : request.local_uri;
  const std::string plain = "text/plain; charset=utf-8";
  if (std::strcmp(request.request_method, "GET") != 0) {
    return Send(connection, 405, "Method Not Allowed", plain, "only GET is answered\n");
  }
  if (path == "/metrics") {
    return Send(connection, 200, "OK", "text/plain; version=0.0.4; charset=utf-8",
                self.MetricsText());
  }
  if (path == "/healthz") {
    const std::string why = self.WhyUnhealthy();
    if (why.empty()) return Send(connection, 200, "OK", plain, "ok\n");
    return Send(connection, 503, "Service Unavailable", plain, why);
  }
  return Send(connection, 404, "Not Found", plain, "there are /metrics and /healthz\n");
}

int MetricsServer::State::NoteTrouble(const mg_connection* connection, const char* message) {
  State& self = *static_cast<State*>(mg_get_user_data(mg_get_context(connection)));
  // Later on requests may be at fault, which is their sender's affair.
  if (self.server == nullptr && self.trouble.empty()) self.trouble = message;
  return 1;
}

MetricsServer::MetricsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

MetricsServer::~MetricsServer() { mg_stop(state_->server); }

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    double stall_seconds_min) {
  const absl::StatusOr<std::string> port = ListeningPort(address);
  if (!port.ok()) return port.status();
  auto state = std::make_unique<State>();
  state->stall_seconds_min = stall_seconds_min;
  mg_init_library(0);
  mg_callbacks callbacks = {};
  callbacks.log_message = State::NoteTrouble;
  const char* options[] = {
      "listening_ports",  port->c_str(), "num_threads", "2", "request_timeout_ms", "5000",
      "max_request_size", "4096",        nullptr};
  // Signals are for the threads that wait for them, not for the server's.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  mg_context* const server = mg_start(&callbacks, state.get(), options);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (server == nullptr) {
    if (absl::StrContains(state->trouble, std::strerror(EADDRINUSE))) {
      return absl::UnavailableError(
          absl::StrCat("--metrics_address=", address,
                       ": is in use; stop the program that listens there, or choose another port"));
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--metrics_address=", address, ": cannot listen there: ", state->trouble));
  }
  state->server = server;
  mg_set_request_handler(server, "**", State::Answer, state.get());
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(state)));
}

void MetricsServer::Publish(const std::string& line) {
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!json.is_object()) return;
  const std::vector<MetricValue> figures = FiguresOf(json);
  MutexLock lock(&state_->mutex);
  for (const MetricValue& figure : figures) {
    state_->figures[{figure.metric, figure.street}] = figure.value;
  }
}

void MetricsServer::NoteRounds(uint64_t rounds) {
  const State::Clock::time_point now = State::Clock::now();
  MutexLock lock(&state_->mutex);
  if (state_->has_rounds && rounds == state_->rounds) return;
  if (state_->has_rounds) {
    const double seconds = std::chrono::duration<double>(now - state_->last_round).count();
    state_->longest_round_seconds = std::max(state_->longest_round_seconds, seconds);
  }
  state_->has_rounds = true;
  state_->rounds = rounds;
  state_->last_round = now;
}

}  // namespace nash
