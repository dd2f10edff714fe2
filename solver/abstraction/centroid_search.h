// The nearest of many centroids to a row, with few distances measured.
//
// Around each centroid its nearest other centroids are kept in order. A row at distance u of its
// last centroid has its nearest and its second nearest within 2u + s of that one, where s is how
// far the next centroid is: only those are tried (the "exponion" rule of Newling & Fleuret, "Fast
// k-means with accurate bounds", ICML 2016). Equal distances go to the lower number, so the answer
// is a function of row and centroids, whatever was known before.
//
// Thread-safe once made. Memory: 8 bytes for each kept neighbour, at most kNeighboursMax each.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_CENTROID_SEARCH_H_
#define NASHVILLE_SOLVER_ABSTRACTION_CENTROID_SEARCH_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "solver/abstraction/parallel_for.h"
#include "solver/abstraction/row_distance.h"
#include "solver/device/nearest_centroid.h"

namespace nash {

inline constexpr uint32_t kNeighboursMax = 256;

template <typename Distance>
class CentroidSearch {
 public:
  // centroids: [k][Distance::kStride], k >= 1; copied.
  CentroidSearch(const std::vector<uint8_t>& centroids, int threads)
      : centroids_(centroids),
        k_(static_cast<uint32_t>(centroids.size() / Distance::kStride)),
        num_neighbours_(std::min(k_ - 1, kNeighboursMax)),
        neighbours_(size_t{k_} * num_neighbours_) {
    if (num_neighbours_ == 0) return;
    ParallelFor(
        k_, 64, threads, [&](uint64_t begin, uint64_t end) { FindNeighbours(begin, end); },
        [](uint64_t) {});
  }

  uint32_t size() const { return k_; }
  const uint8_t* centroid(uint32_t c) const {
    return centroids_.data() + size_t{c} * Distance::kStride;
  }
  // Rounded down length to the nearest other centroid; more than any length where there is none.
  uint32_t GapLength(uint32_t c) const {
    return num_neighbours_ == 0 ? 4 * kLengthMax : Neighbours(c)->length;
  }

  NearestCentroid FindAmongAll(const uint8_t* row) const {
    NearestCentroid found;
    for (uint32_t c = 0; c < k_; ++c) Try(row, c, &found);
    return found;
  }
  // The same, faster. distance: of the row to `centroid`.
  NearestCentroid FindFrom(const uint8_t* row, uint32_t centroid, uint32_t distance) const {
    NearestCentroid found{centroid, distance, UINT32_MAX};
    if (num_neighbours_ == 0) return found;
    const Neighbour* const near = Neighbours(centroid);
    const uint32_t radius = 2 * Distance::LengthUp(distance) + near[0].length + 1;
    for (uint32_t n = 0; n < num_neighbours_; ++n) {
      if (near[n].length > radius) return found;
      Try(row, near[n].centroid, &found);
    }
    return num_neighbours_ == k_ - 1 ? found : FindAmongAll(row);
  }

 private:
  struct Neighbour {
    uint32_t length;  // rounded down
    uint32_t centroid;
    bool operator<(const Neighbour& other) const {
      return std::pair(length, centroid) < std::pair(other.length, other.centroid);
    }
  };

  const Neighbour* Neighbours(uint32_t c) const {
    return neighbours_.data() + size_t{c} * num_neighbours_;
  }
  void Try(const uint8_t* row, uint32_t c, NearestCentroid* found) const {
    const uint32_t distance = Distance::Between(row, centroid(c));
    if (distance < found->distance || (distance == found->distance && c < found->centroid)) {
      found->second_distance = found->distance;
      found->distance = distance;
      found->centroid = c;
    } else if (distance < found->second_distance) {
      found->second_distance = distance;
    }
  }
  void FindNeighbours(uint64_t begin, uint64_t end) {
    std::vector<Neighbour> all(k_ - 1);
    for (uint64_t c = begin; c < end; ++c) {
      size_t n = 0;
      for (uint32_t other = 0; other < k_; ++other) {
        if (other == c) continue;
        all[n++] = {Distance::LengthDown(
                        Distance::Between(centroid(static_cast<uint32_t>(c)), centroid(other))),
                    other};
      }
      std::partial_sort(all.begin(), all.begin() + num_neighbours_, all.end());
      std::copy_n(all.begin(), num_neighbours_, neighbours_.begin() + c * num_neighbours_);
    }
  }

  const std::vector<uint8_t> centroids_;
  const uint32_t k_;
  const uint32_t num_neighbours_;
  std::vector<Neighbour> neighbours_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_CENTROID_SEARCH_H_
