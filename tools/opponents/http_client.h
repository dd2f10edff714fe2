// Questions to an HTTP server, in JSON, repeated where the server asks to.
//
// A question is repeated after 429, 502, 503 and 504, and where nobody answered the call, with
// pauses that double from half a second; "Retry-After" is kept to. A connection that breaks after
// the question was sent is not, but for one that only reads: whether the server has acted on it
// nobody knows.
// https checks the server's certificate and its name.
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_OPPONENTS_HTTP_CLIENT_H_
#define NASHVILLE_TOOLS_OPPONENTS_HTTP_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace nash {

inline constexpr size_t kHttpAnswerBytesMax = 1 << 20;

struct HttpOptions {
  std::string url;  // "https://slumbot.com" or "http://localhost:8000"
  double timeout_seconds = 30;
  int tries_max = 6;
  std::vector<std::pair<std::string, std::string>> headers;  // that go with each question
  std::string certificates_file;  // whose certificates are trusted; empty: the system's
};

struct HttpQuestion {
  std::string path;                // with its parameters
  std::string body;                // of a POST; empty: a GET, which changes nothing there
  bool waits_at_conflict = false;  // 409 says "not now", too
};

class HttpClient {
 public:
  // Error: InvalidArgument for a URL that is none.
  static absl::StatusOr<std::unique_ptr<HttpClient>> Open(const HttpOptions& options);
  virtual ~HttpClient() = default;

  // The body of the answer. Errors: Unavailable (nobody answers, or not in time for all tries),
  // Aborted (the connection broke in a question), PermissionDenied (401, 403), FailedPrecondition
  // (another 4xx, with what the server says; a certificate that is not trusted), DataLoss (another
  // answer than 200, or one that is too long), Cancelled (asked to stop).
  virtual absl::StatusOr<std::string> Ask(const HttpQuestion& question) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_OPPONENTS_HTTP_CLIENT_H_
