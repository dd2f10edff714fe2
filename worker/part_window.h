// Numbered parts that are asked for or sent, a few at a time, until each is confirmed.
//
// Anything may be lost: what is not confirmed in time comes up again. Thread-compatible. Memory: a
// bit for each part.
#ifndef NASHVILLE_WORKER_PART_WINDOW_H_
#define NASHVILLE_WORKER_PART_WINDOW_H_

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "worker/retry_timer.h"

namespace nash {

class PartWindow {
 public:
  // timer outlives us.
  PartWindow(uint32_t parts, uint32_t window, RetryTimer* timer)
      : window_(window), timer_(timer), confirmed_(parts) {}

  // More parts follow those that there are.
  void Extend(uint32_t parts) { confirmed_.resize(confirmed_.size() + parts); }
  uint32_t parts() const { return static_cast<uint32_t>(confirmed_.size()); }
  bool done() const { return num_confirmed_ == confirmed_.size(); }
  bool IsOpen(uint32_t part) const { return part < confirmed_.size() && !confirmed_[part]; }

  uint32_t under_way() const { return static_cast<uint32_t>(under_way_.size()); }

  // Parts whose turn it is, ascending; from now on they are under way. room: so many more than now
  // may be, where several windows share one credit.
  std::vector<uint32_t> Due(Nanos now, uint32_t room = std::numeric_limits<uint32_t>::max()) {
    std::vector<uint32_t> due;
    const Nanos wait = timer_->value();
    for (auto& [part, trip] : under_way_) {
      if (now - trip.since < wait) continue;
      trip = {now, true};
      due.push_back(part);
    }
    if (!due.empty()) timer_->Silence();
    for (; next_ < confirmed_.size() && under_way_.size() < window_ && room > 0; ++next_) {
      if (confirmed_[next_]) continue;
      --room;
      under_way_[next_] = {now, false};
      due.push_back(next_);
    }
    return due;
  }

  // Needs IsOpen(part).
  void Confirm(uint32_t part, Nanos now) {
    const auto trip = under_way_.find(part);
    if (trip != under_way_.end()) {
      timer_->Answered(trip->second.is_repeated ? Nanos(0) : now - trip->second.since);
      under_way_.erase(trip);
    }
    confirmed_[part] = true;
    ++num_confirmed_;
  }

 private:
  struct Trip {
    Nanos since{0};
    bool is_repeated = false;
  };
  uint32_t window_;
  RetryTimer* timer_;
  std::vector<bool> confirmed_;
  size_t num_confirmed_ = 0;
  uint32_t next_ = 0;  // parts below were under way at least once
  std::map<uint32_t, Trip> under_way_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_PART_WINDOW_H_
