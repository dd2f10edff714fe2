// Hundreds of small clusters, each with faults drawn from a seed, each of which must end with the
// bytes of the undisturbed run.
//
//   random_faults_test --seed=N           that seed only, telling what happens
//   random_faults_test --first=N --seeds=M   seeds N to N + M - 1
//   random_faults_test --engine=E ...     over another table: fake (the fastest), kuhn or leduc;
//   fake_lag and
//                                        leduc_lag have lag 1
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tests/sim/fake_engine.h"
#include "tests/sim/fault_plan.h"
#include "tests/sim/table_engine.h"

namespace {

constexpr uint64_t kRounds = 24;
constexpr uint32_t kUnits = 5;
constexpr uint64_t kSeedsOfFake = 800;
constexpr uint64_t kSeedsOfTables = 500;
// So many bring about everything that can happen.
constexpr uint64_t kSeedsForAll = 500;

// Whether `argument` is --name=N.
bool ReadNumber(absl::string_view argument, absl::string_view name, uint64_t* number) {
  return absl::ConsumePrefix(&argument, name) && absl::SimpleAtoi(argument, number);
}

// Null where there is no such engine.
std::unique_ptr<nash::Engine> EngineOf(absl::string_view name) {
  if (name == "fake") return std::make_unique<nash::FakeEngine>(kUnits);
  if (name == "fake_lag") return std::make_unique<nash::FakeEngine>(kUnits, /*meet_every=*/6);
  if (name == "leduc_lag") {
    return std::make_unique<nash::TableEngine>(nash::ClusterLeducWithLag());
  }
  if (name == "kuhn") return std::make_unique<nash::TableEngine>(nash::ClusterKuhn());
  if (name == "leduc") return std::make_unique<nash::TableEngine>(nash::ClusterLeduc());
  return nullptr;
}

// Prints what happened. False if something that faults should bring about never did: then the
// simulation has lost its teeth. has_sections: the table has enough that some are added up early.
bool ShowsAllFaults(const nash::FaultTally& tally, bool has_sections) {
  bool shows_all = true;
  const auto show = [&](absl::string_view name, uint64_t value) {
    std::cerr << name << ": " << value << "\n";
    const bool happens = has_sections || name != "sections_summed";
    shows_all = shows_all && happens == (value > 0);
  };
  tally.coordinator.ForEach(show);
  show("restarts", tally.restarts);
  show("tables_loaded", tally.tables_loaded);
  show("units_abandoned", tally.units_abandoned);
  show("divergences noticed by workers", tally.divergences);
  show("relay_served_bytes", tally.relay_served_bytes);
  show("relay_fetched_bytes", tally.relay_fetched_bytes);
  show("relay_fallbacks", tally.relay_fallbacks);
  show("parts refused by workers", tally.parts_refused);
  show("damaged frames", tally.damaged_frames);
  show("torn logs", tally.torn_logs);
  show("longest recovery, ms", tally.recovery_max / std::chrono::milliseconds(1));
  return shows_all;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t first = 1, seeds = 0, seed = 0;
  std::string engine_name = "fake";
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--engine=")) {
      engine_name = std::string(argument);
    } else if (!ReadNumber(argument, "--seed=", &seed) &&
               !ReadNumber(argument, "--first=", &first) &&
               !ReadNumber(argument, "--seeds=", &seeds)) {
      std::cerr << argv[i] << ": expected --seed=N, --first=N, --seeds=N or --engine=E\n";
      return EXIT_FAILURE;
    }
  }
  const std::unique_ptr<nash::Engine> engine = EngineOf(engine_name);
  if (engine == nullptr) {
    std::cerr << "--engine=" << engine_name
              << ": expected fake, fake_lag, kuhn, leduc or leduc_lag\n";
    return EXIT_FAILURE;
  }
  if (seeds == 0) seeds = absl::StartsWith(engine_name, "fake") ? kSeedsOfFake : kSeedsOfTables;
  const nash::ReferenceRun reference = engine->RunUndisturbed(kRounds);
  const nash::FaultPlan plan{engine.get(), &reference, kRounds, seed != 0};
  if (seed != 0) {
    first = seed;
    seeds = 1;
  }
  nash::FaultTally tally;
  int failed = 0;
  for (uint64_t i = first; i < first + seeds; ++i) {
    const absl::Status status = nash::RunWithFaults(plan, i, &tally);
    if (status.ok()) continue;
    ++failed;
    std::cerr << "--engine=" << engine_name << " --seed=" << i << ": " << status << "\n";
  }
  std::cerr << seeds - failed << " of " << seeds << " seeds ended as the undisturbed run\n";
  failed += !ShowsAllFaults(tally, absl::StartsWith(engine_name, "fake")) && seeds >= kSeedsForAll;
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
