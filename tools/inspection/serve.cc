// The browser's server: listens, with limits; browser_requests.h answers.
#include <httplib.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "tools/inspection/browser_requests.h"
#include "tools/inspection/commands.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

// A connection keeps a thread, and browsers keep several connections.
constexpr int kThreads = 32;
// A page asks for several things at once. Of more than five connections that come together the
// library's own limit would drop some, which then wait a second before they try again.
constexpr int kBacklog = 128;
constexpr std::chrono::seconds kReadTimeout(5);

// listener: the socket that the server listens at, once it is bound.
void SetUp(httplib::Server* server, int* listener) {
  server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server->set_tcp_nodelay(true);  // a second packet would wait 40 ms for the first one's answer
  server->set_read_timeout(kReadTimeout);
  // Not SO_REUSEPORT, as the library would: a port in use is to be an error.
  server->set_socket_options([listener](int socket) {
    *listener = socket;
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
}

}  // namespace

absl::Status InspectServe(const ServeRequest& request) {
  if (request.port < 0 || request.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("--port=", request.port, "; allowed: 0 (any that is free) to 65535"));
  }
  ASSIGN_OR_RETURN(const ServedRuns runs, OpenServedRuns(request.folders, request.bucket_cache));
  httplib::Server server;
  int listener = -1;
  SetUp(&server, &listener);
  AnswerRequests(request.host, &runs, &server);
  int port = request.port;
  if (port == 0) {
    port = server.bind_to_any_port(request.host);
  } else if (!server.bind_to_port(request.host, port)) {
    port = -1;
  }
  if (port < 0) {
    return absl::UnavailableError(absl::StrCat(
        "--host=", request.host, " --port=", request.port,
        ": cannot listen there; the port is in use, or the address is not of this machine"));
  }
  listen(listener, kBacklog);
  CatchStopSignals();
  const bool is_ipv6 = request.host.find(':') != std::string::npos;
  std::fprintf(stderr, "serving %s at http://%s:%d/ ; Ctrl-C ends it\n",
               absl::StrJoin(request.folders, " and ").c_str(),
               is_ipv6 ? absl::StrCat("[", request.host, "]").c_str() : request.host.c_str(), port);
  std::thread stopper([&server] {
    while (stop_signal_received == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    server.stop();
  });
  const bool ended_well = server.listen_after_bind();
  if (stop_signal_received == 0) stop_signal_received = SIGTERM;
  stopper.join();
  return ended_well ? absl::OkStatus() : absl::InternalError("the server ended by itself");
}

}  // namespace nash
