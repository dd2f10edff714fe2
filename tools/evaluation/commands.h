// The subcommands of evaluate, one function each.
#ifndef NASHVILLE_TOOLS_EVALUATION_COMMANDS_H_
#define NASHVILLE_TOOLS_EVALUATION_COMMANDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nash {

struct NashConvRequest {
  std::string folder;     // of a run or a checkpoint; empty: none
  std::string config;     // of a run definition; empty: none
  std::string policy;     // average, current or uniform
  std::string from;       // preflop, flop, turn, river, or empty: preflop
  int32_t boards = 0;     // drawn up to that street; 0: all of them
  uint64_t seed = 1;      // of the boards
  std::string precision;  // single, double; empty: single on drawn boards
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Prints NashConv, exploitability and values of a policy, or a lower bound of its exploitability.
absl::Status EvaluateNashConv(const NashConvRequest& request);

struct HeadToHeadRequest {
  std::array<std::string, 2> folders;  // of runs or checkpoints
  std::string policy;                  // average or current, of both
  std::string deals;                   // a number, all, or empty: all of a small game
  uint64_t seed = 1;
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Plays two stored strategies against each other and prints what the first wins.
absl::Status EvaluateHeadToHead(const HeadToHeadRequest& request);

struct LbrRequest {
  std::string folder;       // of a run or a checkpoint
  std::string policy;       // average or current
  std::string bets;         // call, pot or 56
  std::string from;         // as of NashConvRequest
  std::string translation;  // pseudo_harmonic or nearest
  std::string deals;        // as of HeadToHeadRequest
  uint64_t seed = 1;        // of deals, of what the strategy does and of how bets are translated
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Plays a local best response against a stored strategy and prints what it wins.
absl::Status EvaluateLbr(const LbrRequest& request);

struct ExploitRequest {
  std::string folder;       // of a run or a checkpoint
  std::string policy;       // average or current
  std::string abstraction;  // file of a bucket definition; empty: the run's own buckets
  uint64_t iterations = 0;  // deals that each seat learns from; 0: by the game, or the budget
  double time_budget_seconds = 0;  // of all training; 0: no limit
  std::string deals;               // that each seat is measured on, as of HeadToHeadRequest
  uint64_t seed = 1;
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Trains an exploiter for each seat and prints what it gains.
absl::Status EvaluateExploit(const ExploitRequest& request);

struct MatchRequest {
  std::vector<std::string> entrants;  // folders, or names of built-in opponents
  std::string policy;                 // average or current
  int64_t deals = 0;                  // of each pair
  std::string history;                // file for the hands; empty: none
  uint64_t seed = 1;
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Plays everyone against everyone by sampled hands and prints what they win.
absl::Status EvaluateMatch(const MatchRequest& request);

struct LitmusRequest {
  std::string folder;  // of a run or a checkpoint
  std::string policy;  // average or current
  std::string deals;   // as of HeadToHeadRequest
  uint64_t seed = 1;   // of deals, and of what the strategy does
  int threads = 1;
  std::string bucket_cache;
  bool as_json = false;
};

// Checks a stored strategy for poker sense and prints what it found. Returns the number of checks
// that failed.
absl::StatusOr<int> EvaluateLitmus(const LitmusRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_COMMANDS_H_
