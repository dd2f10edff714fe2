// Since when each worker alone vouches for results that were merged.
//
// An audit compares what a worker has just given. What it gave before is believed because of that,
// and for no better reason: so when a worker is caught, its results since its last clean audit are
// worth nothing, and the rounds that hold them are taken back.
//
// Thread-compatible. Memory: a name and a number for each worker that gave something.
#ifndef NASHVILLE_SOLVER_COORDINATOR_UNCONFIRMED_H_
#define NASHVILLE_SOLVER_COORDINATOR_UNCONFIRMED_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "solver/coordinator/open_round.h"

namespace nash {

class Unconfirmed {
 public:
  // first: the round that is collected first. Of results below nothing is known but that they are
  // there: who gave them is forgotten with the coordinator before us.
  explicit Unconfirmed(uint64_t first) : first_(first) {}

  // The round is complete, and is going to be merged.
  void Note(const OpenRound& round);

  // The first round with a result that only this worker, or only somebody with this shared key,
  // vouches for since its last clean audit; 0 where that may be any round, none where there is
  // none.
  std::optional<uint64_t> Since(const std::string& name) const;

 private:
  const uint64_t first_;
  // Who has given anything. None: all of it is confirmed.
  std::map<std::string, std::optional<uint64_t>> workers_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_UNCONFIRMED_H_
