// Whatever a browser sends is answered as HTTP has it: with one of the codes of docs/browser.md,
// and JSON that names the reason where it was nonsense; or, where no request is to be seen, not at
// all.
//
// Bytes go through the library's own reading of a request and the handlers of the browser's server,
// on a checkpoint of Leduc that is written at the start; sockets and threads are left out.
#include <glog/logging.h>
#include <httplib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "solver/checkpoint/writer.h"
#include "tools/inspection/browser_requests.h"
#include "tools/stored/loaded_run.h"

namespace nash {
namespace {

// A connection: what the other side sends, and what it is told.
class Connection : public httplib::Stream {
 public:
  explicit Connection(std::string sent) : sent_(std::move(sent)) {}
  bool is_readable() const override { return at_ < sent_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t n = std::min(size, sent_.size() - at_);
    std::memcpy(to, sent_.data() + at_, n);
    at_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, size_t size) override {
    told_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 40000;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 8321;
  }
  socket_t socket() const override { return INVALID_SOCKET; }

  const std::string& told() const { return told_; }

 private:
  const std::string sent_;
  size_t at_ = 0;
  std::string told_;
};

class Server : public httplib::Server {
 public:
  void Answer(Connection* connection) {
    bool is_closed = false;
    process_request(*connection, /*close_connection=*/true, is_closed, nullptr);
  }
};

// Regrets and sums of any kind: some rows zero, some at the ends of their range.
void Fill(NodeIndex node, absl::Span<int32_t> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const int32_t x = static_cast<int32_t>(node * 31 + i * 17) % 11 - 4;
    values[i] = node % 5 == 4 ? 0 : x == 6 ? INT32_MAX : x * 1000;
  }
}

// A run's folder, with one checkpoint.
std::string MakeRun() {
  const RunDefinition definition = LoadRunDefinition("configs/leduc.yaml").value();
  const std::unique_ptr<LoadedRun> run = LoadedRun::Make(definition, {}).value();
  const char* const temporary = std::getenv("TEST_TMPDIR");
  const std::string folder =
      JoinPath(temporary == nullptr ? "/tmp" : temporary, absl::StrCat("http_fuzz_", getpid()));
  CHECK(CreateDirectories(folder).ok());
  const RunPosition position = {.definition = CanonicalText(definition),
                                .fingerprint = Fingerprint(definition),
                                .round = 1,
                                .iterations = 2,
                                .touches = 3};
  const auto written = WriteCheckpoint({.run_folder = folder}, position, run->layout(), Fill);
  CHECK(written.ok()) << written.status();
  const std::string line = R"({"seconds": 1.5, "iterations": 2, "mean_positive_regret": [1, 2]})";
  CHECK(WriteFileAtomically(JoinPath(folder, "metrics.jsonl"), line + "\n{\n" + line + "\n").ok());
  return folder;
}

void Check(const std::string& told) {
  if (told.empty()) return;  // no request was to be seen
  CHECK(absl::StartsWith(told, "HTTP/1.1 ")) << told;
  const int code = std::atoi(told.c_str() + 9);
  constexpr std::array<int, 9> kCodes = {200, 400, 403, 404, 405, 413, 414, 416, 100};
  CHECK(std::count(kCodes.begin(), kCodes.end(), code) == 1) << told;
  const size_t end = told.find("\r\n\r\n");
  CHECK_NE(end, std::string::npos) << told;
  if (code < 400 || code == 416) return;
  const std::string body = told.substr(end + 4);
  if (body.empty()) return;  // HEAD
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  CHECK(json.is_object() && json["error"].is_string()) << told;
}

}  // namespace
}  // namespace nash

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static nash::Server* const server = [] {
    static const std::string folder = nash::MakeRun();
    static const nash::ServedRuns runs = nash::OpenServedRuns({folder, folder}, "").value();
    std::atexit([] { CHECK(nash::RemoveAll(folder).ok()); });
    auto* const made = new nash::Server;
    nash::AnswerRequests("127.0.0.1", &runs, made);
    return made;
  }();
  nash::Connection connection(std::string(reinterpret_cast<const char*>(data), size));
  server->Answer(&connection);
  nash::Check(connection.told());
  return 0;
}
