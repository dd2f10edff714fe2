// A device's answers go to the caller piece by piece, while the next is computed. Of each piece
// some rows are searched again by the processor, slowly: an error in a kernel or in transfers shows
// in most rows, not in one. After any error the device is not asked again, and `done` says how many
// answers were handed on; the caller goes on from there, with the same result (lloyd.h).
#include "solver/device/nearest_finder.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

// Rows that are checked in every piece of answers.
constexpr uint64_t kCheckedRows = 16;

}  // namespace

NearestCentroid SlowNearest(RowMetric metric, const uint8_t* row,
                            absl::Span<const uint8_t> centroids) {
  return WithMetric(metric, [&]<RowMetric kMetric>() {
    constexpr size_t kBytes = 4 * WordsOf(kMetric);
    std::array<uint32_t, WordsOf(kMetric)> words, centroid;
    std::memcpy(words.data(), row, kBytes);
    NearestCentroid found;
    for (uint32_t c = 0; c * kBytes < centroids.size(); ++c) {
      std::memcpy(centroid.data(), centroids.data() + c * kBytes, kBytes);
      TryCentroids<kMetric>(words.data(), centroid.data(), c, 1, &found);
    }
    return found;
  });
}

void NearestFinder::Load(const DeviceRows& rows) {
  rows_ = rows;
  if (device_ == nullptr) return;
  const absl::Status status = device_->Load(rows);
  if (!status.ok()) GiveUp(status.message());
}

uint64_t NearestFinder::Find(absl::Span<const uint8_t> centroids, const NearestSink& sink) {
  uint64_t done = 0;
  if (device_ == nullptr) return done;
  bool all_right = true;
  const absl::Status status = device_->FindNearest(
      centroids, [&](uint64_t begin, absl::Span<const NearestCentroid> nearest) {
        all_right = all_right && begin == done && AreRight(centroids, begin, nearest);
        if (!all_right) return;
        sink(begin, nearest);
        done += nearest.size();
      });
  if (!status.ok()) {
    GiveUp(status.message());
  } else if (!all_right || done != rows_.size) {
    GiveUp("WRONG ANSWER for a nearest centroid");
  }
  return done;
}

bool NearestFinder::AreRight(absl::Span<const uint8_t> centroids, uint64_t begin,
                             absl::Span<const NearestCentroid> nearest) const {
  const uint64_t stride = 4 * WordsOf(rows_.metric);
  for (uint64_t i = 0; i < std::min<uint64_t>(kCheckedRows, nearest.size()); ++i) {
    const uint8_t* const row = rows_.data + (begin + i) * stride;
    if (SlowNearest(rows_.metric, row, centroids) != nearest[i]) return false;
  }
  return true;
}

void NearestFinder::GiveUp(absl::string_view why) {
  warn_(absl::StrCat(device_->name(), " is given up, the processor goes on alone (the same ",
                     "results): ", why));
  device_.reset();
}

}  // namespace nash
