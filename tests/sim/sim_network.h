// A network that delays, loses, repeats and reorders, between nodes with names.
#ifndef NASHVILLE_TESTS_SIM_SIM_NETWORK_H_
#define NASHVILLE_TESTS_SIM_SIM_NETWORK_H_

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "proto/messages.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/sim_random.h"

namespace nash {

struct NetworkFaults {
  double loss = 0;
  double duplication = 0;
  // Messages overtake each other as their delays differ.
  Nanos delay_min = std::chrono::microseconds(100);
  Nanos delay_max = std::chrono::milliseconds(1);
  double straggling = 0;  // share of messages that take up to straggle_max
  Nanos straggle_max = std::chrono::seconds(5);
};

class SimNetwork {
 public:
  using Deliver = std::function<void(const Envelope&)>;

  SimNetwork(EventQueue* events, SimRandom* random) : events_(events), random_(random) {}

  void set_faults(const NetworkFaults& faults) { faults_ = faults; }
  // Loses everything in this direction until then.
  void Cut(const std::string& from, const std::string& to, Nanos until) {
    cuts_[{from, to}] = until;
  }
  void HealAll() { cuts_.clear(); }

  void Send(const std::string& from, const std::string& to, Envelope envelope, Deliver deliver) {
    ++sent_;
    const auto cut = cuts_.find({from, to});
    if (cut != cuts_.end() && cut->second > events_->now()) return;
    if (random_->Happens(faults_.loss)) return;
    if (random_->Happens(faults_.duplication)) Arrive(envelope, deliver);
    Arrive(std::move(envelope), std::move(deliver));
  }
  uint64_t sent() const { return sent_; }

 private:
  void Arrive(Envelope envelope, Deliver deliver) {
    const Nanos delay = random_->Happens(faults_.straggling)
                            ? random_->Between(faults_.delay_min, faults_.straggle_max)
                            : random_->Between(faults_.delay_min, faults_.delay_max);
    events_->After(delay, [envelope = std::move(envelope), deliver = std::move(deliver)] {
      deliver(envelope);
    });
  }

  EventQueue* events_;
  SimRandom* random_;
  NetworkFaults faults_;
  std::map<std::pair<std::string, std::string>, Nanos> cuts_;
  uint64_t sent_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_NETWORK_H_
