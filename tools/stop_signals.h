// SIGINT and SIGTERM ask to stop; the second one ends the process at once. SIGUSR1 asks to stop as
// well: of a coordinator, without sending its workers home (coordinator_node.h).
#ifndef NASHVILLE_TOOLS_STOP_SIGNALS_H_
#define NASHVILLE_TOOLS_STOP_SIGNALS_H_

#include <atomic>
#include <csignal>

namespace nash {

// Signal handlers need something static; it is nowhere else.
inline std::atomic<int> stop_signal_received{0};

// From now on the first SIGINT or SIGTERM only sets stop_signal_received. Files are written so that
// an end at any moment harms nothing (solver/checkpoint/writer.h), so the second one may kill.
inline void CatchStopSignals() {
  struct sigaction action = {};
  // SA_RESETHAND: raised again here, a signal kills as soon as the handler ends.
  action.sa_handler = [](int signal) {
    if (stop_signal_received.exchange(signal) != 0) std::raise(signal);
  };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STOP_SIGNALS_H_
