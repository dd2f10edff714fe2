// The figures of a run over HTTP, for Prometheus, and whether it goes on, for what watches it.
//
//   GET /metrics   the figures of the newest line of metrics.jsonl, in Prometheus' text format
//   GET /healthz   200 while rounds end; 503 and the reason when none did for kStallSecondsMin and
//                  for kStallRounds times the longest round so far, whichever is longer
//
// Anything else is answered 404, other methods 405. Two threads of its own answer from a copy of
// the figures, so that training waits for nobody and no byte of the run depends on a request.
// Thread-safe.
#ifndef NASHVILLE_TOOLS_TRAINING_METRICS_SERVER_H_
#define NASHVILLE_TOOLS_TRAINING_METRICS_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace nash {

class MetricsServer {
 public:
  static constexpr double kStallSecondsMin = 300;
  static constexpr double kStallRounds = 5;

  // address: "HOST:PORT", HOST an address of this machine ("[::1]" with brackets), or "PORT", on
  // 127.0.0.1. Errors: kUnavailable where the port is in use, kInvalidArgument otherwise.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(
      const std::string& address, double stall_seconds_min = kStallSecondsMin);
  ~MetricsServer();

  // line: of metrics.jsonl. Figures that it lacks stay as they were.
  void Publish(const std::string& line);
  // Tells how many rounds the run has now; a call with more than before is a sign of life.
  void NoteRounds(uint64_t rounds);

 private:
  struct State;
  explicit MetricsServer(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_METRICS_SERVER_H_
