// Builds the bucket files of a game ahead of training, into the cache that training reads.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
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
#include "tools/build_progress.h"
#include "tools/command_line.h"

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

constexpr char kHelp[] =
    R"(build_buckets builds bucket files for training, or says that they are there already.

  build_buckets --game=configs/games/nolimit_2p.game \
      --streets=flop:ehs:200,turn:ehs:200,river:ehs:200

"ehs" buckets are percentiles of exact expected hand strength. One pass over the boards serves all
streets that are named, so name them together: it takes seconds. Training builds what it needs by
itself; this program is for building ahead, or on another machine: files may be copied.

Exit codes: 0 all is there; 2 wrong command line, game file or streets; 3 no game file there; 4 a
damaged file in the cache; 5 a file there of another format version; 6 memory or disk do not
suffice; 7 the cache may not be read or written.
)";

absl::StatusOr<BucketParameters> ParseStreet(absl::string_view text, const GameDefinition& game) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  for (int s = 0; s < game.num_streets; ++s) {
    if (HoldemStreetName(s) != parts.first) continue;
    const absl::StatusOr<StreetAbstraction> parsed = ParseStreetAbstraction(parts.second);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--streets: ", text, ": ", parsed.status().message()));
    }
    const StreetAbstraction& street = *parsed;
    if (street.kind == BucketKind::kLossless) {
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
    for (const BucketParameters& other : streets) {
      if (other.street == street.street) {
        return absl::InvalidArgumentError(
            absl::StrCat("--streets: ", HoldemStreetName(street.street), " is named twice"));
      }
    }
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

absl::StatusOr<std::string> ChooseFolder() {
  if (!FLAGS_cache.empty()) return FLAGS_cache;
  const char* const xdg = std::getenv("XDG_CACHE_HOME");
  const char* const home = std::getenv("HOME");
  if (xdg == nullptr && home == nullptr) {
    return absl::InvalidArgumentError(
        "--cache: neither XDG_CACHE_HOME nor HOME is set, name a folder");
  }
  return CacheFolder(xdg == nullptr ? "" : xdg, home == nullptr ? "" : home);
}

// Returns the seconds it took.
absl::StatusOr<double> Build(absl::Span<const BucketParameters> needed, const GameDefinition& game,
                             const std::string& folder) {
  BuildProgressPrinter printer;
  BuildOptions options;
  options.threads = FLAGS_threads > 0
                        ? FLAGS_threads
                        : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (!FLAGS_json) options.progress = [&](const BuildProgress& p) { printer.Print(p); };
  const auto start = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(BuildMissingBucketFiles(needed, game, folder, options));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Print(const nlohmann::json& report) {
  if (FLAGS_json) {
    absl::PrintF("%s\n", report.dump(2));
    return;
  }
  for (const nlohmann::json& file : report["files"]) {
    absl::PrintF("%s %s (%.1f MB)\n", file["built"].get<bool>() ? "built" : "found",
                 file["path"].get<std::string>(), file["bytes"].get<double>() / 1e6);
  }
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", arguments[0], "\" is no flag: flags are written --name=value; try --help"));
  }
  if (FLAGS_game.empty()) {
    return absl::InvalidArgumentError(
        "--game: name a game file, as in --game=configs/games/nolimit_2p.game; try --help");
  }
  if (FLAGS_threads < 0) return absl::InvalidArgumentError("--threads: 0 or more was expected");
  ASSIGN_OR_RETURN(const GameDefinition game, LoadGameDefinition(FLAGS_game));
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed, ParseStreets(game));
  ASSIGN_OR_RETURN(const std::string folder, ChooseFolder());
  const std::vector<BucketParameters> missing = MissingBucketFiles(needed, folder);
  ASSIGN_OR_RETURN(const double seconds, Build(needed, game, folder));

  nlohmann::json files = nlohmann::json::array();
  for (const BucketParameters& parameters : needed) {
    const bool was_built = std::find(missing.begin(), missing.end(), parameters) != missing.end();
    ASSIGN_OR_RETURN(nlohmann::json file, DescribeFile(parameters, folder, was_built));
    files.push_back(std::move(file));
  }
  Print({{"cache", folder}, {"seconds", seconds}, {"files", files}});
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
