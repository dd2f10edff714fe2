// The browser's server: one page, and two queries whose answers are JSON (docs/browser.md).
//
//   GET /              the page (browser/page.html), which asks for all else
//   GET /api/run       game, deck, streets, and which checkpoint it is; looks for a newer one
//   GET /api/decision  ?betting=cr300c/&board=Th9h2c
//
// It reads and never writes, knows no other method than GET, and answers only requests that name
// the address it listens at or a loopback one, so that no page from elsewhere can ask through
// somebody's browser (DNS rebinding). tests/tools/browse_test.sh compares with `policy --json`.
#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mutex.h"
#include "common/status_macros.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/decision.h"
#include "tools/inspection/decision_json.h"
#include "tools/inspection/pages.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

// A connection keeps a thread, and browsers keep several connections.
constexpr int kThreads = 32;
constexpr std::chrono::seconds kReadTimeout(5);
constexpr size_t kParameterBytesMax = 1000;

// The newest checkpoint, and a newer one when it is asked for.
class Viewers {
 public:
  Viewers(const std::string& folder, const std::string& bucket_cache)
      : folder_(folder), bucket_cache_(bucket_cache) {}

  absl::Status Reload() {
    ASSIGN_OR_RETURN(std::shared_ptr<const DecisionViewer> viewer,
                     DecisionViewer::Open(folder_, bucket_cache_));
    const MutexLock lock(&mutex_);
    viewer_ = std::move(viewer);
    return absl::OkStatus();
  }
  std::shared_ptr<const DecisionViewer> viewer() {
    const MutexLock lock(&mutex_);
    return viewer_;
  }

 private:
  const std::string folder_;
  const std::string bucket_cache_;
  Mutex mutex_;
  std::shared_ptr<const DecisionViewer> viewer_ ABSL_GUARDED_BY(mutex_);
};

// The library compresses what is plainly application/json as well as Brotli can, which takes half a
// second for the hands of a board; with the character set named it leaves the answer as it is.
constexpr char kJsonType[] = "application/json; charset=utf-8";

void Answer(const nlohmann::ordered_json& json, httplib::Response* response) {
  response->set_content(JsonLine(json) + "\n", kJsonType);
}

void Refuse(int code, absl::string_view reason, httplib::Response* response) {
  response->status = code;
  Answer({{"error", std::string(reason)}}, response);
}

// A request that makes no sense is its sender's fault; files that cannot be read are not.
int CodeOf(const absl::Status& status) { return absl::IsInvalidArgument(status) ? 400 : 500; }

void AnswerRun(Viewers* viewers, httplib::Response* response) {
  // A run may have written a newer checkpoint, and may remove the one that was shown.
  const absl::Status status = viewers->Reload();
  if (!status.ok()) return Refuse(CodeOf(status), status.message(), response);
  Answer(RunJson(*viewers->viewer()), response);
}

void AnswerDecision(Viewers* viewers, const httplib::Request& request,
                    httplib::Response* response) {
  const std::string betting = request.get_param_value("betting");
  const std::string board = request.get_param_value("board");
  if (betting.size() > kParameterBytesMax || board.size() > kParameterBytesMax) {
    return Refuse(400, "a parameter is too long", response);
  }
  const std::shared_ptr<const DecisionViewer> viewer = viewers->viewer();
  const absl::StatusOr<Decision> decision = viewer->At(betting, board);
  if (!decision.ok()) {
    return Refuse(CodeOf(decision.status()), decision.status().message(), response);
  }
  Answer(DecisionJson(*viewer, *decision), response);
}

// "127.0.0.1:8080" without the port, "[::1]:8080" without brackets.
std::string HostOfHeader(absl::string_view header) {
  if (!header.empty() && header[0] == '[') {
    return std::string(header.substr(1, header.find(']') - 1));
  }
  return std::string(header.substr(0, header.find(':')));
}

// By name or by address: 127.example.org is somebody else's name.
bool IsLoopback(const std::string& host) {
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  return host == "localhost" || host == "::1";
}

void SetUp(const std::string& host, Viewers* viewers, httplib::Server* server) {
  server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server->set_read_timeout(kReadTimeout);
  server->set_payload_max_length(0);
  // Not SO_REUSEPORT, as the library would: a port in use is to be an error.
  server->set_socket_options([](int socket) {
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  server->set_default_headers({{"Cache-Control", "no-store"},
                               {"X-Content-Type-Options", "nosniff"},
                               {"Content-Security-Policy",
                                "default-src 'self'; script-src 'unsafe-inline'; "
                                "style-src 'unsafe-inline'; frame-ancestors 'none'"}});
  server->set_pre_routing_handler(
      [host](const httplib::Request& request, httplib::Response& response) {
        if (request.method != "GET") {
          Refuse(405, "there is GET only", &response);
          return httplib::Server::HandlerResponse::Handled;
        }
        const std::string asked = HostOfHeader(request.get_header_value("Host"));
        if (IsLoopback(host) && !IsLoopback(asked) && asked != host) {
          Refuse(403, "the request names another host", &response);
          return httplib::Server::HandlerResponse::Handled;
        }
        return httplib::Server::HandlerResponse::Unhandled;
      });
  server->set_error_handler([](const httplib::Request& request, httplib::Response& response) {
    if (response.body.empty()) Refuse(response.status, "there is no such page", &response);
  });
  server->set_exception_handler(
      [](const httplib::Request& request, httplib::Response& response, std::exception_ptr) {
        Refuse(500, "this request ended by an exception", &response);
      });
  server->Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(kBrowserPage, "text/html; charset=utf-8");
  });
  server->Get("/api/run", [viewers](const httplib::Request&, httplib::Response& response) {
    AnswerRun(viewers, &response);
  });
  server->Get("/api/decision",
              [viewers](const httplib::Request& request, httplib::Response& response) {
                AnswerDecision(viewers, request, &response);
              });
}

}  // namespace

absl::Status InspectServe(const ServeRequest& request) {
  if (request.port < 0 || request.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("--port=", request.port, "; allowed: 0 (any that is free) to 65535"));
  }
  Viewers viewers(request.folder, request.bucket_cache);
  RETURN_IF_ERROR(viewers.Reload());
  httplib::Server server;
  SetUp(request.host, &viewers, &server);
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
  CatchStopSignals();
  const bool is_ipv6 = request.host.find(':') != std::string::npos;
  std::fprintf(stderr, "serving %s at http://%s:%d/ ; Ctrl-C ends it\n", request.folder.c_str(),
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
