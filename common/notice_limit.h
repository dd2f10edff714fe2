// Keeps a log readable whatever others do: of the notices of one kind that one peer causes the
// first is told at once, and then one in each interval, with a count of those that were left out.
//
// A peer may be anything that a stranger cannot have many of, such as an address. Since some can,
// all peers together have a limit for each kind as well. Thread-compatible. Memory: bounded by
// kPeersMax names for each kind; kinds are ours.
#ifndef NASHVILLE_COMMON_NOTICE_LIMIT_H_
#define NASHVILLE_COMMON_NOTICE_LIMIT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace nash {

class NoticeLimit {
 public:
  using Nanos = std::chrono::nanoseconds;  // of a monotonic clock
  static constexpr Nanos kInterval = std::chrono::seconds(60);
  static constexpr size_t kPeersMax = 1000;
  // Of a kind in an interval, from peers that have not been told of before.
  static constexpr uint32_t kNewPeersMax = 20;

  // What to tell now of something of this kind that `peer` has caused; none where it is left out.
  std::optional<std::string> Pass(absl::string_view kind, absl::string_view peer, std::string text,
                                  Nanos now);
  // Lines about what was left out and has not come again since.
  std::vector<std::string> TakeLeftOut(Nanos now);

 private:
  struct Peer {
    Nanos told{0};
    uint64_t left_out = 0;
    std::string last;  // of those that were left out
  };
  struct Kind {
    std::map<std::string, Peer, std::less<>> peers;
    Nanos began{0};
    uint32_t new_peers = 0;  // since then
    Peer others;             // who are too many to have a place of their own
  };
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_NOTICE_LIMIT_H_
