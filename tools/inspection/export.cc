// inspect_checkpoint export: the average strategy as one file, and what rounding it costs.
//
// The loss is told twice. How far probabilities moved is what the writer sees. What that means at
// the table is a match of the file that was written, read back, against the strategy that it was
// made of: head_to_head, where both have the same buckets and nearly the same actions, so that
// little luck is left even after few deals.
//
// The bytes are docs/formats/strategy_file.md's. Only games of two players get the match, which is
// what head_to_head is for. tests/tools/inspect_checkpoint_test.sh compares the loss with what
// `evaluate head_to_head` says of the file and its run.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "common/whole_number.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/evaluation/head_to_head.h"
#include "solver/play/strategy_file.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/program/threads_flag.h"
#include "tools/stored/stored_policy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

constexpr uint64_t kLossDealsDefault = 2000;
constexpr uint64_t kLossDealsMax = uint64_t{1} << 31;
constexpr size_t kDealsPerCall = 64;

struct Loss {
  DealMean mean;
  bool is_exact = false;
  double big_blind_chips = 0;
  double half_width_chips() const {
    return is_exact || mean.deals() < 2 ? 0 : mean.half_width_chips();
  }
  double Milli(double chips) const {
    return big_blind_chips > 0 ? 1000 * chips / big_blind_chips : 0;
  }
};

absl::Status StoppedError(const std::string& path) {
  return absl::CancelledError(absl::StrCat("stopped before ", path, " was written"));
}

absl::StatusOr<ProbabilityBits> ParseBits(int bits) {
  if (bits == 8) return ProbabilityBits::k8;
  if (bits == 16) return ProbabilityBits::k16;
  return absl::InvalidArgumentError(absl::StrCat("--bits=", bits, ": 8 or 16"));
}

// How many deals the loss is measured on; 0: none.
absl::StatusOr<uint64_t> ParseLossDeals(const std::string& deals) {
  if (deals.empty()) return kLossDealsDefault;
  const auto number = ParseWholeNumber(deals);
  if (number.has_value() && *number <= kLossDealsMax && *number != 1) return *number;
  return absl::InvalidArgumentError(absl::StrCat(
      "--deals=", deals, ": 0 (measure no loss), or a number from 2 to ", kLossDealsMax));
}

// Puts the bucket files of the run beside the file: as a second name on the same disk, else as a
// copy. Returns their paths.
absl::StatusOr<std::vector<std::string>> PlaceBuckets(const LoadedRun& run,
                                                      const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed,
                   NeededBucketFiles(run.definition().abstraction, run.definition().game));
  std::vector<std::string> paths;
  for (const BucketParameters& parameters : needed) {
    const std::string from = JoinPath(run.bucket_folder(), parameters.FileName());
    const std::string to = JoinPath(FolderOf(path), parameters.FileName());
    paths.push_back(to);
    if (FileExists(to)) continue;
    std::error_code error;
    std::filesystem::create_hard_link(from, to, error);
    if (!error) continue;
    // A copy gets its name when it is whole, so that a player who opens the strategy meanwhile is
    // told that a file is missing and reads none that is half there.
    const std::string part = to + ".copy";
    std::filesystem::copy_file(from, part, std::filesystem::copy_options::overwrite_existing,
                               error);
    if (error) return FileError(part, "cannot be written", error.value());
    RETURN_IF_ERROR(RenamePath(part, to));
  }
  RETURN_IF_ERROR(SyncFolder(FolderOf(path)));
  return paths;
}

// The bucket files of the run, by street; none on streets that need none.
absl::StatusOr<std::array<MappedFile, kStreetsMax>> MapBuckets(const LoadedRun& run) {
  std::array<MappedFile, kStreetsMax> files;
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed,
                   NeededBucketFiles(run.definition().abstraction, run.definition().game));
  for (const BucketParameters& parameters : needed) {
    ASSIGN_OR_RETURN(files[parameters.street],
                     MappedFile::Open(JoinPath(run.bucket_folder(), parameters.FileName())));
  }
  return files;
}

absl::StatusOr<WrittenStrategy> Write(const ExportRequest& request, ProbabilityBits bits,
                                      const LoadedRun& run, const Policy& policy,
                                      uint64_t iterations) {
  std::array<MappedFile, kStreetsMax> bucket_files;
  if (request.buckets == "packed") {
    ASSIGN_OR_RETURN(bucket_files, MapBuckets(run));
  }
  StrategyToWrite strategy;
  strategy.definition = &run.definition();
  strategy.iterations = iterations;
  strategy.tree = &run.tree();
  strategy.policy = &policy;
  strategy.bits = bits;
  for (int street = 0; street < run.tree().num_streets(); ++street) {
    strategy.num_buckets[street] = run.abstraction().num_buckets(street);
    strategy.bucket_hashes[street] = run.abstraction().content_hash(street);
    strategy.bucket_files[street] = bucket_files[street].contents();
  }
  BuildProgressPrinter printer(2);
  const auto progress = [&](uint64_t done, uint64_t of) -> absl::Status {
    if (stop_signal_received.load() != 0) return StoppedError(request.file);
    printer.Print({"strategy", done, of, "decisions"});
    return absl::OkStatus();
  };
  auto written = WriteStrategyFile(request.file, strategy, progress);
  printer.EndLine();
  return written;
}

// What the file wins against the strategy that it was made of; stops early when asked to.
Loss MeasureLoss(const ExportRequest& request, uint64_t deals, const LoadedRun& run,
                 const Policy& stored, const Policy& exported) {
  const GameDefinition& game = run.definition().game;
  Loss loss;
  const uint64_t all = CountEnumeratedDeals(game);
  loss.is_exact = all > 0;
  const uint64_t wanted = all > 0 ? all : deals;
  loss.big_blind_chips = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  const BucketDealSource source(game, run.abstraction());
  const std::array<Contestant, 2> contestants = {{{&exported, &source}, {&stored, &source}}};
  const LuckOfBoard luck = loss.is_exact ? LuckOfBoard::kLeft : LuckOfBoard::kTakenOff;
  const StreamName stream = {request.seed, UINT64_MAX, UINT32_MAX};  // as evaluate deals
  ThreadPool pool(request.threads);
  std::vector<DealChips> chips(kDealsPerCall * pool.num_threads());
  BuildProgressPrinter printer(2);
  while (loss.mean.deals() < wanted && stop_signal_received.load() == 0) {
    const uint64_t first = loss.mean.deals();
    const size_t n = std::min<uint64_t>(chips.size(), wanted - first);
    pool.ForEach((n + kDealsPerCall - 1) / kDealsPerCall, [&](size_t call, int) {
      const size_t begin = call * kDealsPerCall;
      PlayDeals(run.tree(), contestants, stream, static_cast<uint32_t>(first + begin), luck,
                absl::MakeSpan(chips).subspan(begin, std::min(kDealsPerCall, n - begin)));
    });
    for (size_t deal = 0; deal < n; ++deal) loss.mean.Add(chips[deal]);
    printer.Print({"loss by rounding", loss.mean.deals(), wanted, "deals"});
  }
  printer.EndLine();
  loss.is_exact = loss.is_exact && loss.mean.deals() == wanted;
  return loss;
}

void PrintAsTable(const ExportRequest& request, const WrittenStrategy& written,
                  const std::optional<Loss>& loss, const std::vector<std::string>& buckets) {
  absl::PrintF("file              %s\n", request.file);
  absl::PrintF("bytes             %d for %d infosets, %d-bit probabilities\n",
               written.bytes - written.packed_bytes, written.num_rows, request.bits);
  if (written.packed_bytes > 0) {
    absl::PrintF("packed            %d bytes of bucket files, %d in all\n", written.packed_bytes,
                 written.bytes);
  }
  absl::PrintF("rounding          %.3g of a row moved on average, %.3g of an action at most\n",
               written.mean_change, written.largest_change);
  if (loss.has_value()) {
    const double half_width = loss->half_width_chips();
    absl::PrintF("against itself    %+.6f +- %.6f chips a hand", loss->mean.chips(), half_width);
    if (loss->big_blind_chips > 0) {
      absl::PrintF(", %+.4f +- %.4f mbb/g", loss->Milli(loss->mean.chips()),
                   loss->Milli(half_width));
    }
    absl::PrintF(" (%s, %d deals)\n", loss->is_exact ? "exact" : "95% interval",
                 loss->mean.deals());
  }
  for (const std::string& path : buckets) absl::PrintF("bucket file       %s\n", path);
}

void PrintAsJson(const ExportRequest& request, const WrittenStrategy& written,
                 const std::optional<Loss>& loss, const std::vector<std::string>& buckets) {
  nlohmann::ordered_json json;
  json["file"] = request.file;
  json["format_version"] = written.format_version;
  json["bytes"] = written.bytes;
  json["packed_bytes"] = written.packed_bytes;
  json["infosets"] = written.num_rows;
  json["bits"] = request.bits;
  json["mean_change"] = written.mean_change;
  json["largest_change"] = written.largest_change;
  if (loss.has_value()) {
    json["loss"] = {{"deals", loss->mean.deals()},
                    {"is_exact", loss->is_exact},
                    {"chips", loss->mean.chips()},
                    {"chips_half_width", loss->half_width_chips()}};
    if (loss->big_blind_chips > 0) {
      json["loss"]["mbb_per_game"] = loss->Milli(loss->mean.chips());
      json["loss"]["mbb_half_width"] = loss->Milli(loss->half_width_chips());
    }
  }
  json["bucket_files"] = buckets;
  PrintJson(json);
}

}  // namespace

absl::Status InspectExport(const ExportRequest& request) {
  ASSIGN_OR_RETURN(const ProbabilityBits bits, ParseBits(request.bits));
  ASSIGN_OR_RETURN(const uint64_t deals, ParseLossDeals(request.deals));
  if (request.buckets != "beside" && request.buckets != "packed" && request.buckets != "none") {
    return absl::InvalidArgumentError(
        absl::StrCat("--buckets=", request.buckets, "; allowed: beside, packed, none"));
  }
  if (!FileExists(FolderOf(request.file))) {
    return absl::NotFoundError(
        absl::StrCat(request.file, ": its folder is not there; create it first"));
  }
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> run,
                   LoadRunOf(checkpoint, request.bucket_cache));
  const uint64_t needed = StoredPolicy::BytesNeeded(*run, StrategyKind::kAverage);
  const uint64_t available = AvailableMemoryBytes();
  if (needed > available) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("the strategy takes %.2f GB of memory while it is exported and %.2f GB are "
                        "available: use a machine with more",
                        needed / 1e9, available / 1e9));
  }
  absl::FPrintF(stderr, "memory: strategy %.1f MB; %.1f MB are available\n", needed / 1e6,
                available / 1e6);
  CatchStopSignals();
  ASSIGN_OR_RETURN(const StoredPolicy stored,
                   StoredPolicy::Load(*run, checkpoint, StrategyKind::kAverage));
  const uint64_t iterations = checkpoint.manifest().position.iterations;
  ASSIGN_OR_RETURN(const WrittenStrategy written,
                   Write(request, bits, *run, stored.policy(), iterations));
  // Every byte is read back: what is told of the file is told of the file.
  ASSIGN_OR_RETURN(const std::unique_ptr<StrategyFile> file, StrategyFile::Open(request.file));
  std::vector<std::string> buckets;
  if (request.buckets == "beside") {
    ASSIGN_OR_RETURN(buckets, PlaceBuckets(*run, request.file));
  }
  std::optional<Loss> loss;
  if (deals > 0 && run->tree().num_players() == 2) {
    loss = MeasureLoss(request, deals, *run, stored.policy(), *file->content().policy);
    if (loss->mean.deals() == 0) loss.reset();
  }
  request.as_json ? PrintAsJson(request, written, loss, buckets)
                  : PrintAsTable(request, written, loss, buckets);
  return absl::OkStatus();
}

}  // namespace nash
