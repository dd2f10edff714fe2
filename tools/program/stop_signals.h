// SIGINT, SIGTERM and SIGHUP ask to stop; a second SIGINT or SIGTERM ends the process at once.
// SIGUSR1 asks to stop as well: of a coordinator, without sending its workers home
// (coordinator_node.h).
#ifndef NASHVILLE_TOOLS_PROGRAM_STOP_SIGNALS_H_
#define NASHVILLE_TOOLS_PROGRAM_STOP_SIGNALS_H_

#include <atomic>
#include <csignal>

namespace nash {

// Signal handlers need something static; it is nowhere else.
inline std::atomic<int> stop_signal_received{0};

// From now on the first SIGINT or SIGTERM only sets stop_signal_received. Files are written so that
// an end at any moment harms nothing (solver/checkpoint/writer.h), so the second one may kill.
//
// SIGHUP (the terminal or the ssh connection went away) is such a first one, unless it was ignored
// at the start (nohup). It never kills and is no first one of two: shells, terminals and
// systemd-logind send it twice, or with a SIGTERM, and nobody means by this that it should be
// quick.
inline void CatchStopSignals() {
  struct sigaction action = {};
  // SA_RESETHAND: raised again here, a signal kills as soon as the handler ends.
  action.sa_handler = [](int signal) {
    const int before = stop_signal_received.exchange(signal);
    if (before != 0 && before != SIGHUP) std::raise(signal);
  };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);

  struct sigaction before = {};
  if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) return;
  action.sa_handler = [](int signal) {
    int none = 0;
    stop_signal_received.compare_exchange_strong(none, signal);
  };
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_STOP_SIGNALS_H_
