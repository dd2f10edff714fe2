// What the browser's server answers, apart from listening: so that it is tried without a socket.
//
// Requests are answered side by side: all that they share is thread-safe.
#ifndef NASHVILLE_TOOLS_INSPECTION_BROWSER_REQUESTS_H_
#define NASHVILLE_TOOLS_INSPECTION_BROWSER_REQUESTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace httplib {
class Server;
}

namespace nash {

// A folder whose newest checkpoint is shown.
class ServedRun;
// One run, or two that are compared.
using ServedRuns = std::vector<std::shared_ptr<ServedRun>>;

// Errors: those of opening a run, and InvalidArgument where two cannot be compared.
absl::StatusOr<ServedRuns> OpenServedRuns(const std::vector<std::string>& folders,
                                          const std::string& bucket_cache);

// Gives `server`, which listens at `host`, its answers. runs: not owned, outlive it.
void AnswerRequests(const std::string& host, const ServedRuns* runs, httplib::Server* server);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_BROWSER_REQUESTS_H_
