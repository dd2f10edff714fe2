// A network that loses, repeats, delays, damages and cuts, and whose links may be narrow.
//
// It carries frames, as the transport does. A link is one direction between two peers.
#ifndef NASHVILLE_TESTS_SIM_SIM_NETWORK_H_
#define NASHVILLE_TESTS_SIM_SIM_NETWORK_H_

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "tests/sim/event_queue.h"
#include "tests/sim/sim_random.h"

namespace nash {

struct NetworkFaults {
  double loss = 0;
  double duplication = 0;
  double damage = 0;  // share of frames with flipped bits or a lost end
  // Frames overtake each other as their delays differ.
  Nanos delay_min = std::chrono::microseconds(100);
  Nanos delay_max = std::chrono::milliseconds(1);
  double straggling = 0;  // share of frames that take up to straggle_max
  Nanos straggle_max = std::chrono::seconds(5);
  // What each link carries; 0: any number. Frames that do not get through at once wait in front of
  // the link.
  uint64_t bytes_per_second = 0;
  uint64_t waiting_frames_max = 256;  // more are dropped, as a socket does
};

class SimNetwork {
 public:
  using Deliver = std::function<void(const std::string& frame)>;
  struct Link {
    Nanos cut_until{0};
    Nanos free_at{0};  // what waits has gone by then
    uint64_t waiting_frames = 0;
    uint64_t waiting_bytes = 0;
    uint64_t waiting_bytes_max = 0;  // so many at a time so far
    uint64_t dropped_frames = 0;     // for want of room
    uint64_t bytes = 0;              // sent through it
  };

  SimNetwork(EventQueue* events, SimRandom* random) : events_(events), random_(random) {}

  void set_faults(const NetworkFaults& faults) { faults_ = faults; }
  // Loses everything in this direction until then.
  void Cut(const std::string& from, const std::string& to, Nanos until) {
    links_[{from, to}].cut_until = until;
  }
  void HealAll() {
    for (auto& [ends, link] : links_) link.cut_until = Nanos(0);
  }

  void Send(const std::string& from, const std::string& to, std::string frame, Deliver deliver) {
    ++sent_;
    Link& link = links_[{from, to}];
    if (link.cut_until > events_->now()) return;
    if (random_->Happens(faults_.loss)) return;
    if (link.waiting_frames >= faults_.waiting_frames_max) {
      ++link.dropped_frames;
      return;
    }
    const Nanos through = Queue(&link, frame.size());
    if (random_->Happens(faults_.duplication)) Arrive(through, frame, deliver);
    Arrive(through, std::move(frame), std::move(deliver));
  }
  uint64_t sent() const { return sent_; }
  uint64_t damaged() const { return damaged_; }
  const Link& link(const std::string& from, const std::string& to) { return links_[{from, to}]; }

 private:
  // When it is through the link.
  Nanos Queue(Link* link, uint64_t bytes) {
    link->bytes += bytes;
    if (faults_.bytes_per_second == 0) return events_->now();
    const Nanos time(static_cast<int64_t>(bytes * 1'000'000'000 / faults_.bytes_per_second));
    link->free_at = std::max(link->free_at, events_->now()) + time;
    ++link->waiting_frames;
    link->waiting_bytes += bytes;
    link->waiting_bytes_max = std::max(link->waiting_bytes_max, link->waiting_bytes);
    events_->At(link->free_at, [link, bytes] {
      --link->waiting_frames;
      link->waiting_bytes -= bytes;
    });
    return link->free_at;
  }

  void Arrive(Nanos time, std::string frame, Deliver deliver) {
    if (random_->Happens(faults_.damage)) Damage(&frame);
    const Nanos delay = random_->Happens(faults_.straggling)
                            ? random_->Between(faults_.delay_min, faults_.straggle_max)
                            : random_->Between(faults_.delay_min, faults_.delay_max);
    events_->At(time + delay,
                [frame = std::move(frame), deliver = std::move(deliver)] { deliver(frame); });
  }

  void Damage(std::string* frame) {
    ++damaged_;
    if (random_->Happens(0.3)) return frame->resize(random_->Below(frame->size()));
    // One bit or two, which are not the same.
    const uint64_t bits = 8 * frame->size();
    const uint64_t first = random_->Below(bits), apart = random_->Below(bits);
    for (const uint64_t bit : {first, (first + apart) % bits}) {
      (*frame)[bit / 8] ^= static_cast<char>(1 << bit % 8);
      if (apart == 0) return;
    }
  }

  EventQueue* events_;
  SimRandom* random_;
  NetworkFaults faults_;
  std::map<std::pair<std::string, std::string>, Link> links_;  // by from, to; they stay
  uint64_t sent_ = 0;
  uint64_t damaged_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_NETWORK_H_
