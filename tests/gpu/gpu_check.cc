// gpu_check: the GPU's half against the processor's, and how fast both are. Made to be carried to a
// machine that has a GPU and nothing else (tools/dev gpu-bundle).
#include <cuda_runtime_api.h>
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/gpu/findings.h"

DEFINE_string(json, "", "Write the report here");
DEFINE_int32(device, 0, "Which GPU");
DEFINE_int32(threads, 0, "Threads of the processor; 0: all");
DEFINE_bool(quick, false, "Compare a sample only and measure nothing: for compute-sanitizer");

namespace nash {
namespace {

constexpr int kExitWrong = 1;
constexpr int kExitNoGpu = 77;  // as test harnesses say "skipped"

// Prints the rows of a report as tables, the names of their numbers first.
void PrintTable(const std::string& title, const nlohmann::ordered_json& rows) {
  std::printf("\n%s\n", title.c_str());
  for (const auto& [name, value] : rows[0].items()) std::printf("%18s", name.c_str());
  std::printf("\n");
  for (const auto& row : rows) {
    for (const auto& [name, value] : row.items()) {
      std::printf(value.is_number_integer() ? "%18.0f" : "%18.4g", value.get<double>());
    }
    std::printf("\n");
  }
}

void PrintRates(const nlohmann::ordered_json& rates) {
  PrintTable("lookups of one street, in device memory", rates["streets"]);
  std::printf("\nbus, device to host: %.2f GB/s\n", rates["bus_bytes_per_s"].get<double>() / 1e9);
  for (const auto& game : rates["games"]) {
    std::printf("\n%d players: %.4g deals/s in device memory, %.2f of the river's ceiling\n",
                game["players"].get<int>(), game["deals_per_s_on_device"].get<double>(),
                game["river_share_of_ceiling"].get<double>());
    for (const auto& [threads, rate] : game["processor_deals_per_s"].items()) {
      std::printf("%d players: %.4g deals/s by %s threads of the processor\n",
                  game["players"].get<int>(), rate.get<double>(), threads.c_str());
    }
    PrintTable("end to end, with transfers", game["end_to_end"]);
  }
}

int Main() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess || FLAGS_device >= count) {
    std::fprintf(stderr,
                 "gpu_check: no GPU: %s, %d devices, number %d wanted. Nothing was checked or "
                 "measured.\n",
                 cudaGetErrorString(error), count, FLAGS_device);
    return kExitNoGpu;
  }
  GpuOptions options;
  options.ordinal = FLAGS_device;
  options.quick = FLAGS_quick;
  options.threads = FLAGS_threads > 0
                        ? FLAGS_threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  cudaDeviceProp properties;
  CHECK_EQ(cudaSetDevice(FLAGS_device), cudaSuccess);
  CHECK_EQ(cudaGetDeviceProperties(&properties, FLAGS_device), cudaSuccess);
  nlohmann::ordered_json report = {
      {"program", gflags::ProgramInvocationShortName()},
      {"device", properties.name},
      {"capability", std::to_string(properties.major) + "." + std::to_string(properties.minor)},
      {"threads", options.threads},
      {"quick", options.quick}};
  std::printf("%s, %d threads\n", properties.name, options.threads);
  bool all_same = true;
  std::vector<Finding> findings = CheckLookups(options);
  for (Finding& finding : CheckRows(options)) findings.push_back(std::move(finding));
  for (const Finding& finding : findings) {
    std::printf("%-34s %12llu compared  %s\n", finding.name.c_str(),
                static_cast<unsigned long long>(finding.compared),
                finding.problem.empty() ? "the same" : finding.problem.c_str());
    std::fflush(stdout);
    report["exactness"].push_back(
        {{"name", finding.name}, {"compared", finding.compared}, {"problem", finding.problem}});
    all_same = all_same && finding.problem.empty();
  }
  if (!options.quick && all_same) {
    report["rates"] = MeasureLookups(options);
    PrintRates(report["rates"]);
    report["k_means"] = MeasureRows(options);
    PrintTable("a step of k-means, 13,960,050 rows of 64 bytes", report["k_means"]);
  }
  if (!FLAGS_json.empty()) std::ofstream(FLAGS_json) << report.dump(2) << "\n";
  return all_same ? 0 : kExitWrong;
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, true);
  return nash::Main();
}
