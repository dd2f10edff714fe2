#include "tools/program/stderr_relay.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "common/message_queue.h"

namespace nash {
namespace {

constexpr std::chrono::milliseconds kLastPatience(1000);

// What a process does at its end needs something static, as stderr itself is. It is never deleted:
// threads and other exit handlers may print up to the last moment.
MessageQueue* relay = nullptr;

ssize_t Relay(void*, const char* text, size_t bytes) {
  relay->Append(absl::string_view(text, bytes));
  return static_cast<ssize_t>(bytes);
}

// Last words are most wanted from those who die of a fault.
void DrainOnFaults() {
  struct sigaction action = {};
  action.sa_handler = [](int) { relay->Drain(kLastPatience); };
  action.sa_flags = SA_RESETHAND;  // what raised it raises it again
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction before = {};
    // A sanitizer has handlers of its own.
    if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

void RelayStderr() {
  signal(SIGPIPE, SIG_IGN);
  cookie_io_functions_t functions = {};
  functions.write = Relay;
  FILE* const stream = fopencookie(nullptr, "w", functions);
  if (stream == nullptr) return;  // messages go out directly then
  std::setvbuf(stream, nullptr, _IONBF, 0);
  relay = new MessageQueue(STDERR_FILENO);
  stderr = stream;  // the C library has it as a variable, for this
  std::atexit([] { relay->Drain(kLastPatience); });
  DrainOnFaults();
}

}  // namespace nash
