#include "tools/opponents/http_post.h"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr double kFirstPauseSeconds = 0.5;
constexpr double kPauseSecondsMax = 60;

class Client : public HttpPost {
 public:
  explicit Client(const HttpOptions& options) : options_(options), client_(options.url) {
    const auto seconds = static_cast<time_t>(std::max(1.0, options.timeout_seconds));
    client_.set_connection_timeout(seconds);
    client_.set_read_timeout(seconds);
    client_.set_write_timeout(seconds);
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
  }
  bool is_valid() const { return client_.is_valid(); }

  absl::StatusOr<std::string> Post(const std::string& path, const std::string& body) override {
    double pause = kFirstPauseSeconds;
    std::string last;
    for (int tries = 0; tries < options_.tries_max; ++tries) {
      if (tries > 0 && !Wait(pause)) return absl::CancelledError("asked to stop");
      if (tries > 0) pause = std::min(2 * pause, kPauseSecondsMax);
      std::string answer;
      bool is_too_long = false;
      httplib::Request request;
      request.method = "POST";
      request.path = path;
      request.body = body;
      request.set_header("Content-Type", "application/json");
      request.content_receiver = [&](const char* data, size_t n, uint64_t, uint64_t) {
        is_too_long = answer.size() + n > kHttpAnswerBytesMax;
        if (!is_too_long) answer.append(data, n);
        return !is_too_long;
      };
      const httplib::Result result = client_.send(request);
      const std::string where = options_.url + path;
      if (is_too_long) return absl::DataLossError(where + ": the answer is longer than 1 MiB");
      if (!result) {
        last = absl::StrCat(where, ": ", httplib::to_string(result.error()));
        if (result.error() == httplib::Error::Connection) continue;
        return absl::AbortedError(absl::StrCat(last, "; the hand is lost"));
      }
      const int status = result->status;
      if (status == 200) return answer;
      last = absl::StrCat(where, ": HTTP status ", status);
      if (status == 401 || status == 403) return absl::PermissionDeniedError(last);
      const bool is_busy = status == 429 || (status >= 502 && status <= 504);
      if (!is_busy) return absl::DataLossError(last);
      double asked = 0;
      if (absl::SimpleAtod(result->get_header_value("Retry-After"), &asked) && asked > 0) {
        pause = std::min(asked, kPauseSecondsMax);
      }
    }
    return absl::UnavailableError(absl::StrCat(last, ", in ", options_.tries_max, " tries"));
  }

 private:
  // False: asked to stop.
  static bool Wait(double seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
      if (stop_signal_received.load() != 0) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return stop_signal_received.load() == 0;
  }

  const HttpOptions options_;
  httplib::Client client_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpPost>> HttpPost::Open(const HttpOptions& options) {
  if (absl::StartsWith(options.url, "http://") || absl::StartsWith(options.url, "https://")) {
    auto client = std::make_unique<Client>(options);
    if (client->is_valid()) return std::unique_ptr<HttpPost>(std::move(client));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", options.url, "\": expected http://HOST[:PORT] or https://HOST[:PORT]"));
}

}  // namespace nash
