// What the browser's server answers (docs/browser.md): one page, and queries whose answers are
// JSON.
//
//   GET /              the page (browser/page.html), which asks for all else
//   GET /api/run       game, deck, streets, and which checkpoint it is; looks for a newer one
//   GET /api/decision  ?betting=cr300c/&board=Th9h2c
//   GET /api/equity    the same parameters: what hands would win at showdowns from here on
//   GET /api/next      the same: the decision on each card that its street may bring
//   GET /api/curves    the figures of metrics.jsonl
//
// With &of=2 they are about the second run, where two are compared.
//
// It reads and never writes, knows no other method than GET, and answers only requests that name
// the address it listens at or a loopback one, so that no page from elsewhere can ask through
// somebody's browser (DNS rebinding). tests/tools/browse_test.sh compares with `policy --json`,
// tests/fuzz/http sends any bytes.
#include "tools/inspection/browser_requests.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>

#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mutex.h"
#include "common/status_macros.h"
#include "tools/inspection/decision.h"
#include "tools/inspection/decision_json.h"
#include "tools/inspection/inspected_run.h"
#include "tools/inspection/next_cards.h"
#include "tools/inspection/pages.h"
#include "tools/inspection/run_curves.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {

// The newest checkpoint of a run, and a newer one when it is asked for.
class ServedRun {
 public:
  ServedRun(const std::string& folder, const std::string& bucket_cache)
      : folder_(folder), bucket_cache_(bucket_cache) {}

  const std::string& folder() const { return folder_; }

  // The tree and the buckets stay: a folder's checkpoints are of one run.
  absl::Status Reload() {
    ASSIGN_OR_RETURN(Checkpoint newest, OpenStoredRun(folder_));
    const std::shared_ptr<const DecisionViewer> shown = viewer();
    if (shown != nullptr && IsSame(shown->checkpoint(), newest)) return absl::OkStatus();
    std::shared_ptr<const LoadedRun> run;
    if (shown != nullptr && shown->checkpoint().manifest().position.fingerprint ==
                                newest.manifest().position.fingerprint) {
      run = shown->shared_run();
    } else {
      ASSIGN_OR_RETURN(run, LoadRunOf(newest, bucket_cache_, BucketCheck::kWhenAsked));
    }
    ASSIGN_OR_RETURN(std::shared_ptr<const DecisionViewer> viewer,
                     DecisionViewer::Make(std::move(newest), std::move(run)));
    const MutexLock lock(&mutex_);
    viewer_ = std::move(viewer);
    return absl::OkStatus();
  }
  std::shared_ptr<const DecisionViewer> viewer() const {
    const MutexLock lock(&mutex_);
    return viewer_;
  }

 private:
  static bool IsSame(const Checkpoint& a, const Checkpoint& b) {
    return a.path() == b.path() && a.manifest().state_hash == b.manifest().state_hash;
  }

  const std::string folder_;
  const std::string bucket_cache_;
  mutable Mutex mutex_;
  std::shared_ptr<const DecisionViewer> viewer_ ABSL_GUARDED_BY(mutex_);
};

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kParameterBytesMax = 1000;
constexpr size_t kCurvePoints = 300;

// The library compresses what is plainly application/json as well as Brotli can, which takes half a
// second for the hands of a board; with the character set named it leaves the answer as it is.
constexpr char kJsonType[] = "application/json; charset=utf-8";

void Answer(const Json& json, httplib::Response* response) {
  response->set_content(JsonLine(json) + "\n", kJsonType);
}

void Refuse(int code, absl::string_view reason, httplib::Response* response) {
  response->status = code;
  Answer({{"error", std::string(reason)}}, response);
}

// A request that makes no sense is its sender's fault; files that cannot be read are not.
int CodeOf(const absl::Status& status) { return absl::IsInvalidArgument(status) ? 400 : 500; }

// ?of=2: the second run.
absl::StatusOr<ServedRun*> RunOf(const ServedRuns& runs, const httplib::Request& request) {
  for (const auto& [name, value] : request.params) {
    if (value.size() > kParameterBytesMax)
      return absl::InvalidArgumentError("a parameter is too long");
  }
  const std::string of = request.get_param_value("of");
  if (of.empty() || of == "1") return runs[0].get();
  if (of == "2" && runs.size() == 2) return runs[1].get();
  return absl::InvalidArgumentError("of: 1, or 2 where two runs are served");
}

absl::StatusOr<Json> RunAnswer(const ServedRuns& runs, ServedRun* run, const httplib::Request&) {
  // A run may have written a newer checkpoint, and may remove the one that was shown.
  RETURN_IF_ERROR(run->Reload());
  Json json = RunJson(*run->viewer());
  json["runs"] = runs.size();
  return json;
}

absl::StatusOr<Decision> DecisionOf(const DecisionViewer& viewer, const httplib::Request& request) {
  return viewer.At(request.get_param_value("betting"), request.get_param_value("board"));
}

absl::StatusOr<Json> DecisionAnswer(const ServedRuns&, ServedRun* run,
                                    const httplib::Request& request) {
  const std::shared_ptr<const DecisionViewer> viewer = run->viewer();
  ASSIGN_OR_RETURN(const Decision decision, DecisionOf(*viewer, request));
  return DecisionJson(*viewer, decision);
}

absl::StatusOr<Json> EquityAnswer(const ServedRuns&, ServedRun* run,
                                  const httplib::Request& request) {
  const std::shared_ptr<const DecisionViewer> viewer = run->viewer();
  ASSIGN_OR_RETURN(const Decision decision, DecisionOf(*viewer, request));
  return EquityJson(*viewer, decision);
}

absl::StatusOr<Json> NextCardsAnswer(const ServedRuns&, ServedRun* run,
                                     const httplib::Request& request) {
  const std::shared_ptr<const DecisionViewer> viewer = run->viewer();
  ASSIGN_OR_RETURN(
      const std::vector<NextCard> cards,
      NextCardsOf(*viewer, request.get_param_value("betting"), request.get_param_value("board")));
  Json json;
  json["cards"] = Json::array();
  for (const NextCard& card : cards) {
    json["cards"].push_back({{"card", CardName(card.card)}, {"mean", card.mean}});
  }
  return json;
}

absl::StatusOr<Json> CurvesAnswer(const ServedRuns&, ServedRun* run, const httplib::Request&) {
  ASSIGN_OR_RETURN(const RunCurves curves, ReadRunCurves(run->folder(), kCurvePoints));
  return CurvesJson(curves);
}

using Query = absl::StatusOr<Json> (*)(const ServedRuns& runs, ServedRun* run,
                                       const httplib::Request& request);

constexpr struct {
  const char* path;
  Query query;
} kQueries[] = {
    {"/api/run", RunAnswer},       {"/api/decision", DecisionAnswer},
    {"/api/equity", EquityAnswer}, {"/api/next", NextCardsAnswer},
    {"/api/curves", CurvesAnswer},
};

void AnswerQuery(const ServedRuns& runs, Query query, const httplib::Request& request,
                 httplib::Response* response) {
  const absl::StatusOr<ServedRun*> run = RunOf(runs, request);
  const absl::StatusOr<Json> json = run.ok() ? query(runs, *run, request) : run.status();
  if (!json.ok()) return Refuse(CodeOf(json.status()), json.status().message(), response);
  Answer(*json, response);
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

// Two runs are looked at with the same cards by the same seats.
absl::Status CheckSameCards(const DecisionViewer& a, const DecisionViewer& b) {
  const GameDefinition& first = a.run().tree().game();
  const GameDefinition& second = b.run().tree().game();
  const auto shape = [](const GameDefinition& game) {
    return std::tuple(game.num_players, game.num_hole_cards, game.num_ranks, game.num_suits,
                      game.num_streets, game.num_board_cards);
  };
  if (shape(first) == shape(second)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      b.checkpoint().path(), ": of a game with other cards, streets or numbers of players than ",
      a.checkpoint().path()));
}

}  // namespace

absl::StatusOr<ServedRuns> OpenServedRuns(const std::vector<std::string>& folders,
                                          const std::string& bucket_cache) {
  ServedRuns runs;
  for (const std::string& folder : folders) {
    runs.push_back(std::make_shared<ServedRun>(folder, bucket_cache));
    RETURN_IF_ERROR(runs.back()->Reload());
  }
  if (runs.size() == 2) {
    RETURN_IF_ERROR(CheckSameCards(*runs[0]->viewer(), *runs[1]->viewer()));
  }
  return runs;
}

void AnswerRequests(const std::string& host, const ServedRuns* runs, httplib::Server* server) {
  server->set_payload_max_length(0);
  server->set_default_headers({{"Cache-Control", "no-store"},
                               {"X-Content-Type-Options", "nosniff"},
                               {"Content-Security-Policy",
                                "default-src 'self'; script-src 'unsafe-inline'; "
                                "style-src 'unsafe-inline'; frame-ancestors 'none'"}});
  server->set_pre_routing_handler(
      [host](const httplib::Request& request, httplib::Response& response) {
        // Ranges are ignored, as HTTP allows: the library would cut pieces out of any answer, of
        // errors too. It gives its own request to us, which is not const.
        const_cast<httplib::Request&>(request).ranges.clear();
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
  const std::string page = PageWithCharts(kBrowserPage);
  server->Get("/", [page](const httplib::Request&, httplib::Response& response) {
    response.set_content(page, "text/html; charset=utf-8");
  });
  for (const auto& [path, query] : kQueries) {
    server->Get(
        path, [runs, query = query](const httplib::Request& request, httplib::Response& response) {
          AnswerQuery(*runs, query, request, &response);
        });
  }
}

}  // namespace nash
