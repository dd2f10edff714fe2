// Runs of Leduc that keep sums for the first street only, trained into folders as train_blueprint
// does it.
#ifndef NASHVILLE_TESTS_TOOLS_LEDUC_TRAINING_H_
#define NASHVILLE_TESTS_TOOLS_LEDUC_TRAINING_H_

#include <glog/logging.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/undo_log.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/reader.h"
#include "tools/stored/loaded_run.h"
#include "tools/training/run_folder.h"
#include "tools/training/training_loop.h"

namespace nash {

// Rounds of 320 iterations, a snapshot after every fifth.
inline RunDefinition FirstStreetLeduc() {
  RunDefinition run = LoadRunDefinition("configs/leduc.yaml").value();
  run.round = {.units = 1, .batches = 10, .deals = 32};
  run.algorithm.discount_every_iterations = 320;
  run.algorithm.average = AverageStreets::kFirst;
  run.algorithm.snapshot_every_iterations = 1600;
  return run;
}

inline std::unique_ptr<LoadedRun> Loaded(const RunDefinition& definition) {
  auto run = LoadedRun::Make(definition, {});
  CHECK(run.ok()) << run.status();
  return *std::move(run);
}

struct TrainingOptions {
  int threads = 1;
  double checkpoint_every_seconds = 600;  // so that there is one at the end only
  bool in_background = true;              // false: training waits while one is written
};

// A process's life: goes on from the newest checkpoint to the end of round `rounds`.
inline absl::Status TrainTo(uint64_t rounds, const RunDefinition& definition,
                            const std::string& run_folder, const TrainingOptions& training = {}) {
  const std::unique_ptr<LoadedRun> run = Loaded(definition);
  ASSIGN_OR_RETURN(RunFolder folder, RunFolder::Open(run_folder, /*resume=*/true));
  ASSIGN_OR_RETURN(Table table, Table::Make(run->layout()));
  Progress start;
  const auto found =
      LoadNewestValid(run_folder, CanonicalText(definition), Fingerprint(definition), &table);
  if (found.ok()) {
    const RunPosition& position = found->checkpoint.manifest().position;
    start = {position.round, position.iterations, position.touches};
  } else if (!absl::IsNotFound(found.status())) {
    return found.status();
  }
  ThreadPool pool(training.threads);
  const BucketDealSource deals(definition.game, run->abstraction());
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Trainer> trainer,
      Trainer::Make(
          {definition.algorithm, definition.round, definition.seed, &table, &deals, &pool}, start));
  RETURN_IF_ERROR(folder.Begin(CanonicalText(definition)));
  std::unique_ptr<UndoLog> checkpoint_log;
  if (training.in_background) {
    ASSIGN_OR_RETURN(checkpoint_log, UndoLog::Make(table, pool.num_threads()));
  }
  LoopOptions options;
  options.until_rounds = rounds;
  options.checkpoint_every_seconds = training.checkpoint_every_seconds;
  options.checkpoint_log = checkpoint_log.get();
  return TrainUntil(options, *run, &pool, trainer.get(), &table, &folder);
}

// All files below a folder and what they hold.
inline std::vector<std::pair<std::string, std::string>> FilesBelow(const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  const std::vector<std::string> names = ListFolder(folder).value();
  for (const std::string& name : names) {
    const std::string path = JoinPath(folder, name);
    if (const auto bytes = ReadFile(path); bytes.ok()) {
      files.emplace_back(name, *bytes);
      continue;
    }
    for (auto& [below, bytes] : FilesBelow(path)) {
      files.emplace_back(JoinPath(name, below), std::move(bytes));
    }
  }
  return files;
}

inline std::string SnapshotPath(const std::string& run_folder, uint64_t round) {
  return CheckpointPath(run_folder, round, CheckpointKind::kSnapshot);
}

// A fresh folder per test; runs are folders in it.
class LeducTraining : public testing::Test {
 protected:
  LeducTraining() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        JoinPath(testing::TempDir(), absl::StrCat(info->test_suite_name(), "_", info->name()));
    CHECK(RemoveAll(folder_).ok());
    CHECK(CreateDirectories(folder_).ok());
  }
  ~LeducTraining() override { EXPECT_TRUE(RemoveAll(folder_).ok()); }

  std::string Run(const std::string& name) const { return JoinPath(folder_, name); }
  void Train(uint64_t rounds, const std::string& name, const TrainingOptions& options = {}) {
    const absl::Status status = TrainTo(rounds, definition_, Run(name), options);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<uint64_t> SnapshotsOf(const std::string& name) const {
    return ListRounds(Run(name), CheckpointKind::kSnapshot).value();
  }

  std::string folder_;
  RunDefinition definition_ = FirstStreetLeduc();
};

inline void ExpectError(const absl::Status& status, absl::StatusCode code,
                        const std::vector<std::string>& parts) {
  EXPECT_EQ(status.code(), code) << status;
  for (const std::string& part : parts) {
    EXPECT_NE(status.message().find(part), absl::string_view::npos)
        << "'" << part << "' is missing in: " << status;
  }
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_TOOLS_LEDUC_TRAINING_H_
