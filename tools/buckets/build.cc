#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/files.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/game/game_definition.h"
#include "solver/game/street_names.h"
#include "solver/run/bucket_definition.h"
#include "tools/buckets/commands.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/bucket_folder.h"

namespace nash {
namespace {

// What a request comes down to.
struct Plan {
  GameDefinition game;
  std::vector<BucketParameters> files;
};

absl::StatusOr<int> ParseStreetName(absl::string_view flag, absl::string_view name,
                                    const GameDefinition& game) {
  if (const std::optional<int> street = FindStreet(name, game.num_streets)) return *street;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: \"%s\": one of the game's %d streets from preflop to %s was expected",
                      flag, name, game.num_streets, kStreetNames[game.num_streets - 1]));
}

absl::StatusOr<BucketParameters> ParseStreet(absl::string_view text, const GameDefinition& game) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  ASSIGN_OR_RETURN(const int s, ParseStreetName("--streets", parts.first, game));
  const absl::StatusOr<StreetAbstraction> street = ParseStreetAbstraction(parts.second);
  if (!street.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--streets: ", text, ": ", street.status().message()));
  }
  if (street->kind == BucketKind::kLossless) {
    return absl::InvalidArgumentError(
        absl::StrCat("--streets: ", text, ": lossless streets need no file, leave it out"));
  }
  RETURN_IF_ERROR(CheckStreetAbstraction(*street, game, s));
  return MakeBucketParameters(game, s, *street);
}

absl::StatusOr<Plan> PlanOfFlags(const BuildRequest& request) {
  if (!request.street.empty()) {
    return absl::InvalidArgumentError(
        "--street goes with --config; with --game, name the streets "
        "to build in --streets");
  }
  Plan plan;
  ASSIGN_OR_RETURN(plan.game, LoadGameDefinition(request.game));
  for (absl::string_view text : absl::StrSplit(request.streets, ',', absl::SkipWhitespace())) {
    ASSIGN_OR_RETURN(const BucketParameters street, ParseStreet(text, plan.game));
    for (const BucketParameters& other : plan.files) {
      if (other.street != street.street) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("--streets: ", kStreetNames[street.street], " is named twice"));
    }
    plan.files.push_back(street);
  }
  if (!plan.files.empty()) return plan;
  return absl::InvalidArgumentError(
      "--streets: nothing to build; as in --streets=flop:ehs:200,turn:ehs:200,river:ehs:200");
}

absl::StatusOr<Plan> PlanOfConfig(const BuildRequest& request) {
  if (!request.game.empty() || !request.streets.empty()) {
    return absl::InvalidArgumentError(
        "--config names game and streets: leave out --game and --streets");
  }
  ASSIGN_OR_RETURN(const BucketDefinition definition, LoadBucketDefinition(request.config));
  Plan plan;
  plan.game = definition.game;
  ASSIGN_OR_RETURN(plan.files, NeededBucketFiles(definition.abstraction, plan.game));
  if (!request.street.empty()) {
    ASSIGN_OR_RETURN(const int s, ParseStreetName("--street", request.street, plan.game));
    plan.files.erase(std::remove_if(plan.files.begin(), plan.files.end(),
                                    [s](const BucketParameters& p) { return p.street != s; }),
                     plan.files.end());
  }
  if (!plan.files.empty()) return plan;
  return absl::InvalidArgumentError(
      absl::StrCat(request.config, ": nothing to build: lossless streets need no file"));
}

absl::StatusOr<Plan> MakePlan(const BuildRequest& request) {
  if (!request.config.empty()) return PlanOfConfig(request);
  if (!request.game.empty()) return PlanOfFlags(request);
  return absl::InvalidArgumentError(
      "--config: name a bucket definition, as in --config=configs/buckets/small.yaml; try --help");
}

absl::StatusOr<std::string> ChooseFolder(const std::string& out) {
  const std::string folder = BucketFolder(out);
  if (!folder.empty()) return folder;
  return absl::InvalidArgumentError(
      "--out: neither XDG_CACHE_HOME nor HOME is set, and the system has no home for this user: "
      "name a folder");
}

// The same buckets in this version of the format, in which a query checks no more than it reads.
absl::Status WriteAnew(const BucketTable& table, const std::string& path) {
  const uint64_t file_bytes = BucketFileBytes(table.data_bytes());
  ASSIGN_OR_RETURN(const HugeArray file, HugeArray::Make(file_bytes));
  std::memcpy(file.data() + kBucketHeaderBytes, table.data, table.data_bytes());
  SealBucketFile(table.parameters, table.data_bytes(),
                 absl::MakeSpan(reinterpret_cast<uint8_t*>(file.data()), file_bytes));
  return WriteFileAtomically(path, absl::string_view(file.data(), file_bytes));
}

// What lies in the folder, checked, and of this version of the format afterwards.
absl::StatusOr<nlohmann::ordered_json> DescribeFile(const BucketParameters& parameters,
                                                    const std::string& folder, bool was_built) {
  const std::string path = JoinPath(folder, parameters.FileName());
  ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  const absl::Span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(file.data()),
                                        file.bytes());
  ASSIGN_OR_RETURN(const BucketTable table, ParseBucketFileFor(parameters, bytes, path));
  const bool is_old = table.block_checksums == nullptr;
  if (is_old) RETURN_IF_ERROR(WriteAnew(table, path));
  return nlohmann::ordered_json{
      {"street", std::string(kStreetNames[parameters.street])},
      {"kind", BucketKindName(parameters.kind).data()},
      {"buckets", parameters.num_buckets},
      {"public", parameters.board_classes},
      {"hands", table.num_entries},
      {"content_hash", absl::StrFormat("%016x", parameters.ContentHash())},
      {"path", path},
      {"bytes", BucketFileBytes(table.data_bytes())},
      {"built", was_built},
      {"written_anew", is_old}};
}

// Returns the seconds it took.
absl::StatusOr<double> Build(const Plan& plan, const std::string& folder,
                             const BuildRequest& request) {
  BuildProgressPrinter printer;
  BuildOptions options;
  options.threads = request.threads;
  options.should_stop = [] { return stop_signal_received.load() != 0; };
  if (!request.as_json) options.progress = [&](const BuildProgress& p) { printer.Print(p); };
  const std::unique_ptr<NearestFinder> finder = OpenFinder(
      request.device, [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); });
  options.finder = finder.get();
  const auto start = std::chrono::steady_clock::now();
  CatchStopSignals();
  const absl::Status status = BuildMissingBucketFiles(plan.files, plan.game, folder, options);
  if (absl::IsCancelled(status)) printer.EndLine();
  RETURN_IF_ERROR(status);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Print(const nlohmann::ordered_json& report) {
  for (const nlohmann::ordered_json& file : report["files"]) {
    absl::PrintF("%s %s (%.1f MB)\n",
                 file["built"].get<bool>()          ? "built"
                 : file["written_anew"].get<bool>() ? "found in an older format, wrote anew"
                                                    : "found",
                 file["path"].get<std::string>(), file["bytes"].get<double>() / 1e6);
  }
}

}  // namespace

absl::Status BuildBuckets(const BuildRequest& request) {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(request));
  ASSIGN_OR_RETURN(const std::string folder, ChooseFolder(request.out));
  const std::vector<BucketParameters> missing = MissingBucketFiles(plan.files, folder);
  uint64_t memory_bytes = 0;
  if (!missing.empty()) {
    memory_bytes = BuildBytesNeeded(plan.game, missing, request.threads);
    if (!request.as_json) {
      absl::FPrintF(stderr, "memory: at most %.2f GB of %.2f GB that are available\n",
                    memory_bytes / 1e9, AvailableMemoryBytes() / 1e9);
    }
  }
  ASSIGN_OR_RETURN(const double seconds, Build(plan, folder, request));
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const BucketParameters& parameters : plan.files) {
    const bool was_built = std::find(missing.begin(), missing.end(), parameters) != missing.end();
    ASSIGN_OR_RETURN(nlohmann::ordered_json file, DescribeFile(parameters, folder, was_built));
    files.push_back(std::move(file));
  }
  const nlohmann::ordered_json report = {{"folder", folder},
                                         {"seconds", seconds},
                                         {"memory_bytes_at_most", memory_bytes},
                                         {"files", files}};
  if (request.as_json) {
    PrintJson(report);
  } else {
    Print(report);
  }
  return absl::OkStatus();
}

}  // namespace nash
