// Lloyd's k-means over rows of bytes in whole numbers, with bounds that spare most distances.
//
// Each row keeps an upper bound of the length to its centroid and a lower bound to every other
// (Hamerly, "Making k-means even faster", SDM 2010); a row whose bounds prove that it stays is not
// measured, another is searched from its last centroid (centroid_search.h). Bounds change no
// answer: after Assign() every row is at its nearest centroid, the lower number where two are
// equally near. Centroids are weighted means, rounded to nearest. So rows, weights and starting
// centroids alone decide every byte.
//
// Thread-compatible; uses threads itself. Memory: 6 bytes a row, 8 bytes * stride a centroid.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_LLOYD_H_
#define NASHVILLE_SOLVER_ABSTRACTION_LLOYD_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/abstraction/centroid_search.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/row_distance.h"
#include "solver/device/nearest_finder.h"

namespace nash {

// Rows of one step of a thread. Sums of a step fit 32 bits: weights are at most 255.
inline constexpr uint64_t kRowsPerStep = uint64_t{1} << 14;
static_assert(kRowsPerStep * 255 * 255 < uint64_t{1} << 31);
// Far rows that are kept for each centroid without rows. Rows that are equal serve only one of
// them, so that more are looked at than are needed.
inline constexpr size_t kFarRowsPerEmpty = 64;

template <typename Distance>
class Lloyd {
 public:
  // rows: not owned, outlive us. centroids: [k][stride] to begin with, 1 <= k <= 65,535. finder:
  // has these rows loaded, outlives us; null: none. Error: ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<Lloyd>> Make(const ByteRows& rows,
                                                     std::vector<uint8_t> centroids, int threads,
                                                     NearestFinder* finder = nullptr) {
    std::unique_ptr<Lloyd> lloyd(new Lloyd(rows, std::move(centroids), threads, finder));
    ASSIGN_OR_RETURN(lloyd->memory_, HugeArray::Make(rows.size * 3 * sizeof(uint16_t)));
    lloyd->assigned_ = reinterpret_cast<uint16_t*>(lloyd->memory_.data());
    lloyd->upper_ = lloyd->assigned_ + rows.size;
    lloyd->lower_ = lloyd->upper_ + rows.size;
    return lloyd;
  }

  const std::vector<uint8_t>& centroids() const { return centroids_; }
  // [rows] as of the last Assign().
  const uint16_t* assigned() const { return assigned_; }
  // Whether some centroid had no row at the last Assign().
  bool has_empty() const {
    return std::find(weights_.begin(), weights_.end(), uint64_t{0}) != weights_.end();
  }

  // Gives every row to its nearest centroid.
  void Assign();
  // Moves every centroid to the mean of its rows, and one without rows to a row that is far from
  // its own. Returns the mean length that rows saw their centroid move, in units of 1/1024.
  uint64_t Update();
  // The sum of weight * distance of all rows to their centroids, as of the last Assign().
  uint64_t TotalDistance() const;

 private:
  Lloyd(const ByteRows& rows, std::vector<uint8_t> centroids, int threads, NearestFinder* finder)
      : rows_(rows),
        threads_(threads),
        finder_(finder),
        k_(static_cast<uint32_t>(centroids.size() / Distance::kStride)),
        centroids_(std::move(centroids)),
        sums_(centroids_.size()),
        weights_(k_),
        moved_(k_) {}

  // What a step adds to sums and weights.
  struct Change {
    std::vector<int32_t> sums;
    std::vector<int32_t> weights;
  };

  void AssignRange(const CentroidSearch<Distance>& search, uint64_t begin, uint64_t end,
                   Change* change);
  // Gives row i to the centroid that was found for it.
  void Move(uint64_t i, const NearestCentroid& found, Change* change) {
    const uint32_t before = assigned_[i];
    Take(i, found);
    if (!is_first_ && assigned_[i] == before) return;
    if (!is_first_) AddRow(i, before, -1, change);
    AddRow(i, assigned_[i], 1, change);
  }
  // Calls body(begin, end, change) for the rows [first, end), on all threads, and merges changes.
  template <typename Body>
  void ForRows(uint64_t first, uint64_t end, const Body& body);
  // Whether the bounds, with what centroids moved since, prove that row i stays where it is.
  bool Stays(const CentroidSearch<Distance>& search, uint64_t i) {
    const uint32_t a = assigned_[i];
    const uint32_t others_moved = a == most_moved_ ? second_moved_length_ : most_moved_length_;
    const uint32_t upper = std::min(upper_[i] + moved_[a], uint32_t{UINT16_MAX});
    const uint32_t lower = lower_[i] > others_moved ? lower_[i] - others_moved : 0;
    upper_[i] = static_cast<uint16_t>(upper);
    lower_[i] = static_cast<uint16_t>(lower);
    // Both comparisons are strict: at equality another centroid may be as near and have the lower
    // number. The second is the triangle inequality: no other centroid is nearer than the gap less
    // the row's own length.
    return upper < lower || 2 * upper < search.GapLength(a);
  }
  void Take(uint64_t i, const NearestCentroid& found) {
    assigned_[i] = static_cast<uint16_t>(found.centroid);
    upper_[i] = static_cast<uint16_t>(Distance::LengthUp(found.distance));
    lower_[i] = static_cast<uint16_t>(found.second_distance == UINT32_MAX
                                          ? UINT16_MAX
                                          : Distance::LengthDown(found.second_distance));
  }
  void AddRow(uint64_t i, uint32_t centroid, int sign, Change* change) const;
  void Merge(Change* change);
  void MoveEmpty(std::vector<uint8_t>* centroids) const;

  const ByteRows rows_;
  const int threads_;
  NearestFinder* const finder_;
  const uint32_t k_;
  std::vector<uint8_t> centroids_;
  HugeArray memory_;
  uint16_t* assigned_ = nullptr;  // [rows]
  uint16_t* upper_ = nullptr;     // [rows], lengths
  uint16_t* lower_ = nullptr;     // [rows]
  bool is_first_ = true;
  std::mutex mutex_;
  // Guarded by mutex_ during Assign():
  std::vector<int64_t> sums_;      // [k][stride] of weight * value of the assigned rows
  std::vector<uint64_t> weights_;  // [k]
  // Written by Update():
  std::vector<uint32_t> moved_;  // [k] lengths
  uint32_t most_moved_ = 0;
  uint32_t most_moved_length_ = 0;
  uint32_t second_moved_length_ = 0;
};

template <typename Distance>
void Lloyd<Distance>::AddRow(uint64_t i, uint32_t centroid, int sign, Change* change) const {
  constexpr int kStride = Distance::kStride;
  const int32_t weight = sign * rows_.weights[i];
  const uint8_t* const row = rows_.row(i);
  int32_t* const sums = change->sums.data() + size_t{centroid} * kStride;
  for (int d = 0; d < kStride; ++d) sums[d] += weight * row[d];
  change->weights[centroid] += weight;
}

template <typename Distance>
void Lloyd<Distance>::AssignRange(const CentroidSearch<Distance>& search, uint64_t begin,
                                  uint64_t end, Change* change) {
  for (uint64_t i = begin; i < end; ++i) {
    if (is_first_) {
      Move(i, search.FindAmongAll(rows_.row(i)), change);
      continue;
    }
    if (Stays(search, i)) continue;
    const uint32_t before = assigned_[i];
    const uint32_t distance = Distance::Between(rows_.row(i), search.centroid(before));
    const uint32_t upper = Distance::LengthUp(distance);
    upper_[i] = static_cast<uint16_t>(upper);
    if (upper < lower_[i] || 2 * upper < search.GapLength(before)) continue;
    Move(i, search.FindFrom(rows_.row(i), before, distance), change);
  }
}

template <typename Distance>
void Lloyd<Distance>::Merge(Change* change) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (size_t i = 0; i < sums_.size(); ++i) sums_[i] += change->sums[i];
  for (uint32_t c = 0; c < k_; ++c) weights_[c] += static_cast<int64_t>(change->weights[c]);
}

template <typename Distance>
template <typename Body>
void Lloyd<Distance>::ForRows(uint64_t first, uint64_t end, const Body& body) {
  ParallelFor(
      end - first, kRowsPerStep, threads_,
      [&](uint64_t step_begin, uint64_t step_end) {
        Change change{std::vector<int32_t>(sums_.size()), std::vector<int32_t>(k_)};
        body(first + step_begin, first + step_end, &change);
        Merge(&change);
      },
      [](uint64_t) {});
}

template <typename Distance>
void Lloyd<Distance>::Assign() {
  uint64_t done = 0;
  if (finder_ != nullptr) {
    done = finder_->Find(centroids_, [&](uint64_t first, absl::Span<const NearestCentroid> found) {
      ForRows(first, first + found.size(), [&](uint64_t begin, uint64_t end, Change* change) {
        for (uint64_t i = begin; i < end; ++i) Move(i, found[i - first], change);
      });
    });
  }
  if (done < rows_.size) {
    const CentroidSearch<Distance> search(centroids_, threads_);
    ForRows(done, rows_.size, [&](uint64_t begin, uint64_t end, Change* change) {
      AssignRange(search, begin, end, change);
    });
  }
  is_first_ = false;
}

template <typename Distance>
uint64_t Lloyd<Distance>::TotalDistance() const {
  std::atomic<uint64_t> total{0};
  ParallelFor(
      rows_.size, kRowsPerStep, threads_,
      [&](uint64_t begin, uint64_t end) {
        uint64_t sum = 0;
        for (uint64_t i = begin; i < end; ++i) {
          const uint8_t* const centroid =
              centroids_.data() + size_t{assigned_[i]} * Distance::kStride;
          sum += uint64_t{rows_.weights[i]} * Distance::Between(rows_.row(i), centroid);
        }
        total.fetch_add(sum);
      },
      [](uint64_t) {});
  return total.load();
}

// The rows farthest from their centroids, first those with the lower number, no two alike.
template <typename Distance>
void Lloyd<Distance>::MoveEmpty(std::vector<uint8_t>* centroids) const {
  std::vector<uint32_t> empty;
  for (uint32_t c = 0; c < k_; ++c) {
    if (weights_[c] == 0) empty.push_back(c);
  }
  if (empty.empty()) return;
  std::vector<std::pair<uint32_t, uint64_t>> far;  // distance, row
  const auto is_farther = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  const size_t kept = kFarRowsPerEmpty * empty.size();
  for (uint64_t i = 0; i < rows_.size; ++i) {
    const uint8_t* const own = centroids_.data() + size_t{assigned_[i]} * Distance::kStride;
    far.push_back({Distance::Between(rows_.row(i), own), i});
    if (far.size() < 2 * kept) continue;
    std::nth_element(far.begin(), far.begin() + kept, far.end(), is_farther);
    far.resize(kept);
  }
  std::sort(far.begin(), far.end(), is_farther);
  std::vector<uint64_t> chosen;
  for (const auto& candidate : far) {
    if (chosen.size() == empty.size() || candidate.first == 0) break;
    const uint8_t* const row = rows_.row(candidate.second);
    const bool is_new = std::none_of(chosen.begin(), chosen.end(), [&](uint64_t other) {
      return Distance::Between(row, rows_.row(other)) == 0;
    });
    if (is_new) chosen.push_back(candidate.second);
  }
  for (size_t n = 0; n < chosen.size(); ++n) {
    std::copy_n(rows_.row(chosen[n]), Distance::kStride,
                centroids->begin() + size_t{empty[n]} * Distance::kStride);
  }
}

template <typename Distance>
uint64_t Lloyd<Distance>::Update() {
  constexpr int kStride = Distance::kStride;
  std::vector<uint8_t> next = centroids_;
  for (uint32_t c = 0; c < k_; ++c) {
    if (weights_[c] == 0) continue;
    for (int d = 0; d < kStride; ++d) {
      const uint64_t sum = static_cast<uint64_t>(sums_[size_t{c} * kStride + d]);
      next[size_t{c} * kStride + d] =
          static_cast<uint8_t>((2 * sum + weights_[c]) / (2 * weights_[c]));
    }
  }
  MoveEmpty(&next);
  unsigned __int128 moved = 0;
  uint64_t weight = 0;
  most_moved_length_ = second_moved_length_ = 0;
  for (uint32_t c = 0; c < k_; ++c) {
    const size_t at = size_t{c} * kStride;
    moved_[c] = Distance::LengthUp(Distance::Between(centroids_.data() + at, next.data() + at));
    moved += static_cast<unsigned __int128>(weights_[c]) * moved_[c];
    weight += weights_[c];
    if (moved_[c] > most_moved_length_) {
      second_moved_length_ = most_moved_length_;
      most_moved_length_ = moved_[c];
      most_moved_ = c;
    } else {
      second_moved_length_ = std::max(second_moved_length_, moved_[c]);
    }
  }
  const bool has_moved = next != centroids_;
  centroids_ = std::move(next);
  return std::max<uint64_t>(static_cast<uint64_t>(1024 * moved / weight), has_moved);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_LLOYD_H_
