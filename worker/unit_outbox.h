// Results of units on their way to the coordinator, kept until it cannot lose them any more.
//
// A coordinator that crashes or takes a round back asks for results again, so they are kept until
// their round is durable; with lag 1 the next unit of their line starts from them as well. What it
// has confirmed goes before that where there is no room: the unit is run again if need be.
// Thread-compatible. Memory: the encoded parts (bytes()), at most bytes_max and what is not
// confirmed.
#ifndef NASHVILLE_WORKER_UNIT_OUTBOX_H_
#define NASHVILLE_WORKER_UNIT_OUTBOX_H_

#include <cstdint>
#include <map>
#include <memory>
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

// A result's parts, shared with a unit that starts from them. Null: none.
using SharedParts = std::shared_ptr<const std::vector<EncodedRows>>;

class UnitOutbox {
 public:
  UnitOutbox(uint32_t window_parts, uint64_t bytes_max, RetryTimer timer)
      : window_parts_(window_parts), bytes_max_(bytes_max), timer_(timer) {}
  UnitOutbox(const UnitOutbox&) = delete;  // windows point to our timer
  UnitOutbox& operator=(const UnitOutbox&) = delete;

  void Add(UnitResult result);
  bool Has(const UnitName& name) const { return units_.count(name) > 0; }

  // The result of that unit, if it has this checksum; else null.
  SharedParts Find(uint64_t round, uint32_t unit, uint64_t checksum) const;

  // Rounds [first, last].
  struct Rounds {
    uint64_t first = 0;
    uint64_t last = 0;
  };
  // What is to be sent now, of these rounds.
  std::vector<WorkerMessage> Due(const Rounds& rounds, Nanos now);
  void OnPartReceived(const PartReceived& received, Nanos now);
  void OnUnitReceived(const UnitName& name);

  // Starts over with one unit, or with all from a round on: the coordinator has lost them.
  void SendAgain(const UnitName& name);
  void SendAgainFrom(uint64_t round);

  void ForgetBelow(uint64_t round);
  // Units of these rounds that the coordinator has not confirmed.
  std::vector<UnitName> Unconfirmed(const Rounds& rounds) const;
  uint64_t bytes() const { return bytes_; }
  bool has_room() const { return bytes_ <= bytes_max_; }

 private:
  struct Kept {
    SharedParts parts;
    UnitClaim claim;
    std::optional<PartWindow> window;  // none: confirmed
    std::optional<Nanos> claim_sent;
  };
  using Units = std::map<UnitName, Kept>;
  Units::iterator Erase(Units::iterator unit);
  void MakeRoom();

  const uint32_t window_parts_;
  const uint64_t bytes_max_;
  RetryTimer timer_;
  Units units_;
  uint64_t bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_UNIT_OUTBOX_H_
