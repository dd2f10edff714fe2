#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_comparison.h"
#include "solver/abstraction/bucket_report.h"
#include "tools/buckets/commands.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

// A bucket file and what is in it.
struct OpenFile {
  MappedFile file;
  BucketTable table;
};

absl::StatusOr<OpenFile> Open(const std::string& path) {
  OpenFile out;
  ASSIGN_OR_RETURN(out.file, MappedFile::Open(path));
  const absl::Span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(out.file.data()),
                                        out.file.bytes());
  ASSIGN_OR_RETURN(out.table, ParseBucketFile(bytes, path));
  return out;
}

BuildOptions OptionsOf(const InspectRequest& request, BuildProgressPrinter* printer) {
  BuildOptions options;
  options.threads = request.threads;
  options.should_stop = [] { return stop_signal_received.load() != 0; };
  if (!request.as_json) options.progress = [=](const BuildProgress& p) { printer->Print(p); };
  CatchStopSignals();
  return options;
}

nlohmann::ordered_json Describe(const std::string& path, const BucketParameters& parameters) {
  return {{"path", path},
          {"name", parameters.Name()},
          {"parameters", parameters.Format()},
          {"content_hash", absl::StrFormat("%016x", parameters.ContentHash())}};
}

nlohmann::ordered_json ToJson(const BucketReport& report) {
  nlohmann::ordered_json json;
  json["within_variance"] = report.within_variance;
  json["between_variance"] = report.between_variance;
  json["strength_bins"] = kReportBins;
  for (const BucketSummary& bucket : report.buckets) {
    json["buckets"].push_back({{"hands", bucket.hands},
                               {"deals", bucket.deals},
                               {"mean", bucket.mean},
                               {"variance", bucket.variance},
                               {"min", bucket.min},
                               {"max", bucket.max},
                               {"weakest", bucket.weakest},
                               {"typical", bucket.typical},
                               {"strongest", bucket.strongest},
                               {"deals_by_strength", bucket.deals_by_strength}});
  }
  return json;
}

void PrintTable(const std::string& path, const BucketTable& table, const BucketReport& report) {
  uint64_t deals = 0;
  uint64_t smallest = UINT64_MAX;
  uint64_t largest = 0;
  for (const BucketSummary& bucket : report.buckets) {
    deals += bucket.deals;
    smallest = std::min(smallest, bucket.deals);
    largest = std::max(largest, bucket.deals);
  }
  const double share = 100.0 / static_cast<double>(deals);
  const double variance = report.within_variance + report.between_variance;
  absl::PrintF("%s\n%s\n", path, table.parameters.Format());
  absl::PrintF("%d buckets of %.4f%% to %.4f%% of all deals\n", report.buckets.size(),
               smallest * share, largest * share);
  absl::PrintF("variance of strength: %.6f between buckets, %.6f within (%.2f%%)\n\n",
               report.between_variance, report.within_variance,
               variance == 0 ? 0.0 : 100 * report.within_variance / variance);
  absl::PrintF("bucket      hands   share%%   mean    sd     min    max   %-16s %-16s %s\n",
               "weakest", "typical", "strongest");
  for (size_t b = 0; b < report.buckets.size(); ++b) {
    const BucketSummary& bucket = report.buckets[b];
    absl::PrintF("%6d %10d %8.4f %6.4f %6.4f %6.4f %6.4f  %-16s %-16s %s\n", b, bucket.hands,
                 static_cast<double>(bucket.deals) * share, bucket.mean, std::sqrt(bucket.variance),
                 bucket.min, bucket.max, bucket.weakest, bucket.typical, bucket.strongest);
  }
}

}  // namespace

absl::Status ReportBuckets(const std::string& path, const InspectRequest& request) {
  ASSIGN_OR_RETURN(const OpenFile open, Open(path));
  BuildProgressPrinter printer;
  ASSIGN_OR_RETURN(const BucketReport report,
                   MakeBucketReport(open.table, OptionsOf(request, &printer)));
  if (!request.as_json) {
    PrintTable(path, open.table, report);
    return absl::OkStatus();
  }
  nlohmann::ordered_json json = Describe(path, open.table.parameters);
  json.update(ToJson(report));
  PrintJson(json);
  return absl::OkStatus();
}

absl::Status CompareBucketFiles(const std::string& first, const std::string& second,
                                const InspectRequest& request) {
  ASSIGN_OR_RETURN(const OpenFile a, Open(first));
  ASSIGN_OR_RETURN(const OpenFile b, Open(second));
  BuildProgressPrinter printer;
  const BuildOptions options = OptionsOf(request, &printer);
  ASSIGN_OR_RETURN(const BucketComparison comparison, CompareBuckets(a.table, b.table, options));
  ASSIGN_OR_RETURN(const BucketReport a_report, MakeBucketReport(a.table, options));
  ASSIGN_OR_RETURN(const BucketReport b_report, MakeBucketReport(b.table, options));
  if (request.as_json) {
    nlohmann::ordered_json json;
    json["first"] = Describe(first, a.table.parameters);
    json["second"] = Describe(second, b.table.parameters);
    json["first"]["entropy_bits"] = comparison.first_entropy;
    json["second"]["entropy_bits"] = comparison.second_entropy;
    json["first"]["within_variance"] = a_report.within_variance;
    json["second"]["within_variance"] = b_report.within_variance;
    json["mutual_information_bits"] = comparison.mutual_information;
    json["normalised_mutual_information"] = comparison.normalised_information;
    json["adjusted_rand_index"] = comparison.adjusted_rand_index;
    PrintJson(json);
    return absl::OkStatus();
  }
  const auto print = [](const BucketTable& table, double entropy, const BucketReport& report) {
    absl::PrintF("%-24s %6d buckets, entropy %7.4f bits, variance of strength within %.6f\n",
                 table.parameters.Name(), table.parameters.num_buckets, entropy,
                 report.within_variance);
  };
  print(a.table, comparison.first_entropy, a_report);
  print(b.table, comparison.second_entropy, b_report);
  absl::PrintF("mutual information       %.4f bits (normalised %.4f)\n",
               comparison.mutual_information, comparison.normalised_information);
  absl::PrintF("adjusted Rand index      %.4f\n", comparison.adjusted_rand_index);
  return absl::OkStatus();
}

}  // namespace nash
