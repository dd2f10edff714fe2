// Results of units on their way to the coordinator, kept until it cannot lose them any more.
//
// A coordinator that crashes or takes a round back asks for results again, so they are kept until
// their round is durable. Thread-compatible. Memory: the encoded parts (bytes()).
#ifndef NASHVILLE_WORKER_UNIT_OUTBOX_H_
#define NASHVILLE_WORKER_UNIT_OUTBOX_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "proto/messages.h"
#include "worker/part_window.h"

namespace nash {

// What running a unit gave.
struct UnitResult {
  UnitName name;
  std::vector<EncodedRows> parts;
  uint64_t touches = 0;
};

class UnitOutbox {
 public:
  UnitOutbox(uint32_t window_parts, Patience patience)
      : window_parts_(window_parts), patience_(patience) {}
  UnitOutbox(const UnitOutbox&) = delete;  // windows point to our patience
  UnitOutbox& operator=(const UnitOutbox&) = delete;

  void Add(UnitResult result);
  bool Has(const UnitName& name) const { return units_.count(name) > 0; }

  // What is to be sent now of round `round`.
  std::vector<Message> Due(uint64_t round, Nanos now);
  void OnPartReceived(const PartReceived& received, Nanos now);
  void OnUnitReceived(const UnitName& name);

  // Starts over with one unit or with those of a round: the coordinator has lost them.
  void SendAgain(const UnitName& name);
  void SendAgain(uint64_t round);

  void ForgetBelow(uint64_t round);
  // Units of the round that the coordinator has not confirmed.
  std::vector<UnitName> Unconfirmed(uint64_t round) const;
  uint64_t bytes() const { return bytes_; }

 private:
  struct Kept {
    std::vector<EncodedRows> parts;
    UnitDone done;
    std::optional<PartWindow> window;  // none: confirmed
    std::optional<Nanos> done_sent;
  };
  const uint32_t window_parts_;
  Patience patience_;
  std::map<UnitName, Kept> units_;
  uint64_t bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_UNIT_OUTBOX_H_
