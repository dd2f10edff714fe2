// What a worker is told at its start.
#ifndef NASHVILLE_WORKER_OPTIONS_H_
#define NASHVILLE_WORKER_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace nash {

// Of a monotonic clock; what it counts from does not matter.
using Nanos = std::chrono::nanoseconds;

struct WorkerOptions {
  std::string name;          // host and process, or as told; sharers of a key are known by it
  uint64_t incarnation = 0;  // drawn anew by each process
  uint32_t threads = 1;
  std::string fingerprint;  // of the run that it must be, or empty
  // As Hello has them.
  std::string relay_endpoint;
  std::string public_key;
  // It is on the coordinator's machine, from where rounds come to it at no cost: no other source.
  bool is_local = false;

  // Parts that are asked for, or sent and not yet confirmed, at a time: with parts of at most 1
  // MiB, the credit of either direction.
  uint32_t window_parts = 8;
  // Results that are not durable at the coordinator. Above, those that it has received are
  // forgotten, and no further unit is asked for while others can be delivered.
  uint64_t kept_bytes_max = uint64_t{1} << 30;

  // Parts of the newest rounds that are kept for others, where relay_endpoint is not empty.
  uint64_t relay_bytes_max = uint64_t{512} << 20;

  // How long an answer is awaited before asking again: four times what answers took, within bounds,
  // doubled at each silence. Over TCP little is lost, so waiting is cheap.
  Nanos retry_min = std::chrono::seconds(1);
  Nanos retry_max = std::chrono::seconds(30);
  // After so long without a word from the coordinator what was asked meanwhile is taken for lost,
  // and the first answer begins the patience anew: it was stopped, or cut off.
  Nanos silence = std::chrono::seconds(3);
  // Signs of life, well below the shortest lease; an idle worker asks for units more often.
  Nanos keep_alive = std::chrono::milliseconds(750);
  Nanos idle_ask = std::chrono::milliseconds(250);
  // Results may still be delivered so long after a request to stop.
  Nanos drain = std::chrono::seconds(5);
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_OPTIONS_H_
