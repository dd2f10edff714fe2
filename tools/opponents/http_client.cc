#include "tools/opponents/http_client.h"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr double kFirstPauseSeconds = 0.5;
constexpr double kPauseSecondsMax = 60;
constexpr size_t kSaidBytesMax = 200;

// What the server says beside its status, fit for a terminal.
std::string Said(const std::string& body) {
  std::string text = body.substr(0, kSaidBytesMax);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !absl::ascii_isprint(c); }, '?');
  return text.empty() ? "" : absl::StrCat(": ", text);
}

bool IsOfCertificate(httplib::Error error) {
  return error == httplib::Error::SSLServerVerification ||
         error == httplib::Error::SSLLoadingCerts || error == httplib::Error::SSLConnection;
}

class Client : public HttpClient {
 public:
  explicit Client(const HttpOptions& options) : options_(options), client_(options.url) {
    const auto seconds = static_cast<time_t>(std::max(1.0, options.timeout_seconds));
    client_.set_connection_timeout(seconds);
    client_.set_read_timeout(seconds);
    client_.set_write_timeout(seconds);
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    if (!options.certificates_file.empty()) client_.set_ca_cert_path(options.certificates_file);
  }
  bool is_valid() const { return client_.is_valid(); }

  absl::StatusOr<std::string> Ask(const HttpQuestion& question) override {
    const std::string where = options_.url + question.path;
    double pause = kFirstPauseSeconds;
    std::string last;
    for (int tries = 0; tries < options_.tries_max; ++tries) {
      if (tries > 0 && !Wait(pause)) return absl::CancelledError("asked to stop");
      if (tries > 0) pause = std::min(2 * pause, kPauseSecondsMax);
      std::string answer;
      bool is_too_long = false;
      const httplib::Result result = Send(question, &answer, &is_too_long);
      if (is_too_long) return absl::DataLossError(where + ": the answer is longer than 1 MiB");
      if (!result) {
        last = absl::StrCat(where, ": ", httplib::to_string(result.error()));
        if (result.error() == httplib::Error::Connection) continue;
        const bool is_reading = question.body.empty();
        if (is_reading && !IsOfCertificate(result.error())) continue;
        if (!IsOfCertificate(result.error())) {
          return absl::AbortedError(absl::StrCat(last, "; whether it was heard is not known"));
        }
        return absl::FailedPreconditionError(absl::StrCat(
            last,
            ": its certificate is not trusted, or names another host; --certificates names a "
            "file of those that are"));
      }
      const int status = result->status;
      if (status == 200) return answer;
      last = absl::StrCat(where, ": HTTP status ", status, Said(answer));
      if (status == 401 || status == 403) return absl::PermissionDeniedError(last);
      const bool is_busy = status == 429 || (status >= 502 && status <= 504) ||
                           (status == 409 && question.waits_at_conflict);
      if (!is_busy && status >= 400 && status < 500) return absl::FailedPreconditionError(last);
      if (!is_busy) return absl::DataLossError(last);
      double asked = 0;
      if (absl::SimpleAtod(result->get_header_value("Retry-After"), &asked) && asked > 0) {
        pause = std::min(asked, kPauseSecondsMax);
      }
    }
    return absl::UnavailableError(absl::StrCat(last, ", in ", options_.tries_max, " tries"));
  }

 private:
  httplib::Result Send(const HttpQuestion& question, std::string* answer, bool* is_too_long) {
    httplib::Request request;
    request.method = question.body.empty() ? "GET" : "POST";
    request.path = question.path;
    request.body = question.body;
    if (!question.body.empty()) request.set_header("Content-Type", "application/json");
    request.set_header("Accept", "application/json");
    // Some servers turn libraries away that tell no name of a program.
    request.set_header("User-Agent", "nashville");
    for (const auto& [name, value] : options_.headers) request.set_header(name, value);
    request.content_receiver = [=](const char* data, size_t n, uint64_t, uint64_t) {
      *is_too_long = answer->size() + n > kHttpAnswerBytesMax;
      if (!*is_too_long) answer->append(data, n);
      return !*is_too_long;
    };
    return client_.send(request);
  }

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

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Open(const HttpOptions& options) {
  if (absl::StartsWith(options.url, "http://") || absl::StartsWith(options.url, "https://")) {
    auto client = std::make_unique<Client>(options);
    if (client->is_valid()) return std::unique_ptr<HttpClient>(std::move(client));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", options.url, "\": expected http://HOST[:PORT] or https://HOST[:PORT]"));
}

}  // namespace nash
