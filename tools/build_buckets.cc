// Builds the bucket files of a game ahead of training, into the cache that training reads.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/game/game_definition.h"

DEFINE_string(game, "", "ACPC game definition file, as in configs/games/nolimit_2p.game");
DEFINE_string(
    streets, "",
    "What to build, as STREET:ehs:BUCKETS with commas between; streets are preflop, flop, "
    "turn and river");
DEFINE_string(cache, "",
              "Folder for the files; empty: $XDG_CACHE_HOME/nashville or ~/.cache/nashville");
DEFINE_int32(threads, 0, "Threads; 0: as many as this machine has cores. Changes no byte");
DEFINE_bool(json, false, "Print what was built or found as JSON, and no progress");

namespace nash {
namespace {

// Exit codes; 1 is the flag parser's.
enum ExitCode : int {
  kExitOk = 0,
  kExitBadInput = 2,    // flags, game file, streets that do not fit the game
  kExitBadFile = 3,     // a file in the cache is damaged or of another version
  kExitNoAccess = 4,    // the cache cannot be read or written
  kExitNoResources = 5  // memory or disk
};

constexpr char kUsage[] =
    R"(builds bucket files for training, or says that they are there already.

  build_buckets --game=configs/games/nolimit_2p.game \
      --streets=flop:ehs:200,turn:ehs:200,river:ehs:200

"ehs" buckets are percentiles of exact expected hand strength. One pass over the boards serves all
streets that are named, so name them together: it takes seconds. Training builds what it needs by
itself; this program is for building ahead, or on another machine: files may be copied.

Exit codes: 0 done, 2 flags or game file, 3 a damaged file in the cache, 4 no access to the cache,
5 memory or disk.)";

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kFailedPrecondition:
      return kExitBadFile;
    case absl::StatusCode::kPermissionDenied:
      return kExitNoAccess;
    case absl::StatusCode::kResourceExhausted:
      return kExitNoResources;
    default:
      return kExitBadInput;
  }
}

double Seconds() {
  using std::chrono::steady_clock;
  return std::chrono::duration<double>(steady_clock::now().time_since_epoch()).count();
}

// Prints a stage's progress over one line of a terminal; elsewhere one line a finished stage.
class ProgressPrinter {
 public:
  void Print(const BuildProgress& progress) {
    const double now = Seconds();
    if (progress.stage != stage_) {
      stage_ = progress.stage;
      stage_start_ = now;
      last_print_ = 0;
      is_finished_ = false;
    }
    const bool is_last = progress.done == progress.total;
    if (is_finished_ || (!is_last && (!is_terminal_ || now - last_print_ < 0.1))) return;
    is_finished_ = is_last;
    last_print_ = now;
    const double seconds = now - stage_start_;
    const double rate = progress.done / (seconds + 1e-9);
    const std::string time =
        is_last ? absl::StrFormat("%.1f s", seconds)
                : absl::StrFormat("%.1f s left", (progress.total - progress.done) / rate);
    absl::FPrintF(stderr, "%s%-18s %5.1f%%  %d boards  %.0f/s  %s%s%s", is_terminal_ ? "\r" : "",
                  stage_, 100.0 * progress.done / progress.total, progress.done, rate, time,
                  is_terminal_ ? "\x1b[K" : "", is_last || !is_terminal_ ? "\n" : "");
  }

 private:
  const bool is_terminal_ = isatty(STDERR_FILENO);
  std::string stage_;
  double stage_start_ = 0;
  double last_print_ = 0;
  bool is_finished_ = false;
};

absl::StatusOr<BucketParameters> ParseStreet(absl::string_view text, const GameDefinition& game) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  for (int s = 0; s < game.num_streets; ++s) {
    if (HoldemStreetName(s) != parts.first) continue;
    ASSIGN_OR_RETURN(const StreetAbstraction street, ParseStreetAbstraction(parts.second));
    if (street.kind != BucketKind::kEhs) {
      return absl::InvalidArgumentError(
          absl::StrCat("--streets: ", text, ": lossless streets need no file, leave it out"));
    }
    RETURN_IF_ERROR(CheckStreetAbstraction(street, game, s));
    return MakeBucketParameters(game, s, street);
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("--streets: \"%s\": STREET:ehs:BUCKETS was expected, STREET one of the "
                      "game's %d streets from "
                      "preflop to %s, as in river:ehs:200",
                      text, game.num_streets, HoldemStreetName(game.num_streets - 1)));
}

absl::StatusOr<std::vector<BucketParameters>> ParseStreets(const GameDefinition& game) {
  std::vector<BucketParameters> streets;
  for (absl::string_view text : absl::StrSplit(FLAGS_streets, ',', absl::SkipWhitespace())) {
    ASSIGN_OR_RETURN(const BucketParameters street, ParseStreet(text, game));
    streets.push_back(street);
  }
  if (streets.empty()) {
    return absl::InvalidArgumentError(
        "--streets: nothing to build; as in --streets=flop:ehs:200,turn:ehs:200,river:ehs:200");
  }
  return streets;
}

// What lies in the cache, checked.
absl::StatusOr<nlohmann::json> DescribeFile(const BucketParameters& parameters,
                                            const std::string& folder, bool was_built) {
  const std::string path = JoinPath(folder, parameters.FileName());
  ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  const absl::Span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(file.data()),
                                        file.bytes());
  ASSIGN_OR_RETURN(const BucketTable table, ParseBucketFileFor(parameters, bytes, path));
  return nlohmann::json{{"street", HoldemStreetName(parameters.street)},
                        {"buckets", parameters.num_buckets},
                        {"hands", table.num_entries},
                        {"content_hash", absl::StrFormat("%016x", parameters.ContentHash())},
                        {"path", path},
                        {"bytes", file.bytes()},
                        {"built", was_built}};
}

absl::Status Run() {
  if (FLAGS_game.empty()) {
    return absl::InvalidArgumentError(
        "--game: no game file; as in --game=configs/games/nolimit_2p.game (see --help)");
  }
  if (FLAGS_threads < 0) return absl::InvalidArgumentError("--threads: 0 or more was expected");
  ASSIGN_OR_RETURN(const GameDefinition game, LoadGameDefinition(FLAGS_game));
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed, ParseStreets(game));
  const char* const xdg = std::getenv("XDG_CACHE_HOME");
  const char* const home = std::getenv("HOME");
  if (FLAGS_cache.empty() && xdg == nullptr && home == nullptr) {
    return absl::InvalidArgumentError(
        "--cache: neither XDG_CACHE_HOME nor HOME is set, name a folder");
  }
  const std::string folder =
      !FLAGS_cache.empty() ? FLAGS_cache
                           : CacheFolder(xdg == nullptr ? "" : xdg, home == nullptr ? "" : home);
  const std::vector<BucketParameters> missing = MissingBucketFiles(needed, folder);
  ProgressPrinter printer;
  BuildOptions options;
  options.threads = FLAGS_threads > 0
                        ? FLAGS_threads
                        : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (!FLAGS_json) options.progress = [&](const BuildProgress& p) { printer.Print(p); };
  const double start = Seconds();
  RETURN_IF_ERROR(BuildMissingBucketFiles(needed, game, folder, options));
  const double seconds = Seconds() - start;

  nlohmann::json files = nlohmann::json::array();
  for (const BucketParameters& parameters : needed) {
    const bool was_built = std::find(missing.begin(), missing.end(), parameters) != missing.end();
    ASSIGN_OR_RETURN(nlohmann::json file, DescribeFile(parameters, folder, was_built));
    if (!FLAGS_json) {
      absl::PrintF("%s %s (%.1f MB)\n", was_built ? "built" : "found",
                   file["path"].get<std::string>(), file["bytes"].get<double>() / 1e6);
    }
    files.push_back(std::move(file));
  }
  if (FLAGS_json) {
    const nlohmann::json report = {{"cache", folder}, {"seconds", seconds}, {"files", files}};
    absl::PrintF("%s\n", report.dump(2));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  gflags::SetUsageMessage(nash::kUsage);
  gflags::ParseCommandLineFlags(&argc, &argv, true);
  absl::Status status =
      argc > 1 ? absl::InvalidArgumentError(absl::StrCat(
                     "\"", argv[1], "\" is no flag: flags are written --name=value (see --help)"))
               : nash::Run();
  if (!status.ok()) absl::FPrintF(stderr, "build_buckets: %s\n", status.message());
  return nash::ExitCodeOf(status);
}
