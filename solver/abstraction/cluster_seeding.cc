// k-means++ in whole numbers. With masses m[i] = weight * distance to the nearest seed so far, a
// seed is drawn with chance m[i] / sum of m:
//
//   step_masses   [s0][s1][s2]...        a sum for each 2^14 rows, by any thread
//   draw          left = uniform below the total; go along the steps, then along the rows of one
//
// Sums are whole numbers and steps are fixed by row number, so that neither threads nor rounding
// change which row is drawn. Only the distance to the newest seed is measured; the others are in
// the minimum already. For bytes compared by squares the mass is the squared distance, as in the
// paper; for histograms it is the earth mover's distance itself.
//
// All of this works on a sample, 16 rows a cluster or 2^18 at least, with replacement; a rare hand
// may miss it. Where the sample has too few different rows, all rows are used. Of kRestarts
// seedings, each refined for a few iterations, the one with the least total distance is kept, the
// first of equals. clustering_test.cc measures how much worse than the best of many restarts that
// is.
#include "solver/abstraction/cluster_seeding.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/rng.h"
#include "common/status_macros.h"
#include "solver/abstraction/lloyd.h"

namespace nash {
namespace {

constexpr uint32_t kSampleUnit = ~uint32_t{0};  // the stream of the sample itself

// A uniform number below n, from 64 bits.
uint64_t Below(const RandomBlock& random, uint64_t n) {
  const uint64_t bits = uint64_t{random[0]} << 32 | random[1];
  return static_cast<uint64_t>(static_cast<unsigned __int128>(bits) * n >> 64);
}

// Copies of some rows of a task; all of them where there are few.
struct Sample {
  std::vector<uint8_t> data;
  std::vector<uint8_t> weights;

  Sample(const ClusterTask& task, uint64_t num_rows) {
    const ByteRows& all = task.rows;
    data.resize(num_rows * all.stride);
    weights.resize(num_rows);
    for (uint64_t i = 0; i < num_rows; ++i) {
      const uint64_t from = num_rows == all.size
                                ? i
                                : Below(Draw({task.seed, task.number, kSampleUnit},
                                             DrawPurpose::kClustering, static_cast<uint32_t>(i), 0),
                                        all.size);
      std::copy_n(all.row(from), all.stride, data.begin() + i * all.stride);
      weights[i] = all.weights[from];
    }
  }
  ByteRows rows(int stride) const { return {data.data(), weights.data(), weights.size(), stride}; }
};

// Draws seeds from `rows` one by one. Empty where the rows have fewer different values.
template <typename Distance>
std::vector<uint8_t> DrawSeeds(const ClusterTask& task, const ByteRows& rows, uint32_t restart,
                               int threads) {
  std::vector<uint8_t> seeds;
  // weight * distance to the nearest seed; at first the weight alone. Sums of steps beside.
  std::vector<uint32_t> masses(rows.weights, rows.weights + rows.size);
  const uint64_t num_steps = (rows.size + kRowsPerStep - 1) / kRowsPerStep;
  std::vector<uint64_t> step_masses(num_steps);
  const uint8_t* newest = nullptr;
  for (uint32_t c = 0; c < task.num_clusters; ++c) {
    ParallelFor(
        rows.size, kRowsPerStep, threads,
        [&](uint64_t begin, uint64_t end) {
          uint64_t sum = 0;
          for (uint64_t i = begin; i < end; ++i) {
            if (newest != nullptr) {
              const uint32_t mass = rows.weights[i] * Distance::Between(rows.row(i), newest);
              // Before the second seed masses are weights, by which the first was drawn: no
              // distances to compare with.
              masses[i] = c == 1 ? mass : std::min(masses[i], mass);
            }
            sum += masses[i];
          }
          step_masses[begin / kRowsPerStep] = sum;
        },
        [](uint64_t) {});
    uint64_t total = 0;
    for (uint64_t mass : step_masses) total += mass;
    if (total == 0) return {};
    uint64_t left =
        Below(Draw({task.seed, task.number, restart}, DrawPurpose::kClustering, c, 0), total);
    uint64_t i = 0;
    for (uint64_t step = 0; left >= step_masses[step]; ++step) {
      left -= step_masses[step];
      i += kRowsPerStep;
    }
    for (; left >= masses[i]; ++i) left -= masses[i];
    newest = rows.row(i);
    seeds.insert(seeds.end(), newest, newest + Distance::kStride);
  }
  return seeds;
}

// The best centroids of some restarts; empty where the sample has too few different rows.
template <typename Distance>
absl::StatusOr<std::vector<uint8_t>> BestOfRestarts(const ClusterTask& task, const ByteRows& rows,
                                                    const BuildOptions& options) {
  std::vector<uint8_t> best;
  uint64_t best_distance = 0;
  for (uint32_t restart = 0; restart < kRestarts; ++restart) {
    options.progress({task.name + " seeds", restart, kRestarts, "restarts"});
    std::vector<uint8_t> seeds = DrawSeeds<Distance>(task, rows, restart, options.threads);
    if (seeds.empty()) return seeds;
    ASSIGN_OR_RETURN(const auto lloyd,
                     Lloyd<Distance>::Make(rows, std::move(seeds), options.threads));
    for (int i = 0; i < kRestartIterations; ++i) {
      if (options.should_stop()) return StoppedStatus();
      lloyd->Assign();
      if (lloyd->Update() == 0) break;
    }
    lloyd->Assign();
    const uint64_t distance = lloyd->TotalDistance();
    if (!best.empty() && distance >= best_distance) continue;
    best = lloyd->centroids();
    best_distance = distance;
  }
  options.progress({task.name + " seeds", kRestarts, kRestarts, "restarts"});
  return best;
}

}  // namespace

uint64_t SampleRows(uint64_t num_rows, uint32_t num_clusters) {
  return std::min(num_rows, std::max(kSampleRowsMin, kSampleRowsPerCluster * num_clusters));
}

absl::StatusOr<std::vector<uint8_t>> SeedCentroids(const ClusterTask& task,
                                                   const BuildOptions& options) {
  return WithDistance(
      task.metric, [&]<typename Distance>() -> absl::StatusOr<std::vector<uint8_t>> {
        const uint64_t num_sampled = SampleRows(task.rows.size, task.num_clusters);
        const Sample sample(task, num_sampled);
        ASSIGN_OR_RETURN(std::vector<uint8_t> centroids,
                         BestOfRestarts<Distance>(task, sample.rows(task.rows.stride), options));
        if (centroids.empty() && num_sampled < task.rows.size) {
          ASSIGN_OR_RETURN(centroids, BestOfRestarts<Distance>(task, task.rows, options));
        }
        if (!centroids.empty()) return centroids;
        return absl::InvalidArgumentError(absl::StrFormat(
            "%s: there are fewer than %d different hands to be told apart: ask for fewer buckets",
            task.name, task.num_clusters));
      });
}

}  // namespace nash
