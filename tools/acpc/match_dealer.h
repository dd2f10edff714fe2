// Deals a match as the ACPC's server does, and keeps its log: who sits where, what each is told,
// what each has won. Knows no socket: a player is whoever answers (MatchSeat).
//
// The cards of a hand are a function of (seed, hand), so that a match is played again with the
// players in another order, or without sockets. Not thread-safe.
#ifndef NASHVILLE_TOOLS_ACPC_MATCH_DEALER_H_
#define NASHVILLE_TOOLS_ACPC_MATCH_DEALER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/play/match_state.h"
#include "tools/acpc/acpc_player.h"
#include "tools/acpc/line_socket.h"

namespace nash {

// The server's limits, in seconds.
struct TimeLimits {
  double response = 600;
  double hand = 600;    // of one player's answers in one hand
  double per_hand = 7;  // the mean over the match, so a limit for all hands together
};

struct MatchPlan {
  std::string name;
  std::string game_name;  // for the log
  uint32_t num_hands = 0;
  uint64_t seed = 0;
  bool fixed_seats = false;  // else positions rotate from hand to hand
  TimeLimits limits;
};

// A player, whatever its position.
class MatchSeat {
 public:
  virtual ~MatchSeat() = default;
  // Tells of a state, in which it need not act or acts next. line: the state as text.
  virtual absl::Status Tell(const MatchState& state, const std::string& line) = 0;
  // The action of the player in the state that it was told of last.
  virtual absl::StatusOr<ActionLabel> Act(const MatchState& state, const std::string& line) = 0;
  // Before each hand.
  virtual void BeginHand() {}
};

// Over a socket. An answer that makes no sense counts as a call, as the server has it, and is
// warned of; one to an older state is passed over with a warning.
class SocketSeat : public MatchSeat {
 public:
  using Warn = std::function<void(const std::string&)>;
  SocketSeat(const GameDefinition& game, const MatchPlan& plan, LineSocket socket, Warn warn)
      : game_(game), plan_(plan), socket_(std::move(socket)), warn_(std::move(warn)) {}
  // Reads the player's first line. Errors: those of LineSocket, DataLoss for another version.
  absl::Status Greet();
  absl::Status Tell(const MatchState& state, const std::string& line) override;
  absl::StatusOr<ActionLabel> Act(const MatchState& state, const std::string& line) override;
  void BeginHand() override { hand_seconds_ = 0; }
  int num_warnings() const { return num_warnings_; }

 private:
  void Warning(const std::string& what);

  const GameDefinition& game_;
  const MatchPlan& plan_;
  LineSocket socket_;
  const Warn warn_;
  double hand_seconds_ = 0;
  double match_seconds_ = 0;
  int num_warnings_ = 0;
};

// Without a socket.
class LocalSeat : public MatchSeat {
 public:
  explicit LocalSeat(AcpcPlayer player) : player_(std::move(player)) {}
  absl::Status Tell(const MatchState& state, const std::string& line) override {
    return absl::OkStatus();
  }
  absl::StatusOr<ActionLabel> Act(const MatchState& state, const std::string& line) override {
    return player_.ActionAt(state);
  }

 private:
  AcpcPlayer player_;
};

struct MatchSeatName {
  std::string name;
  MatchSeat* seat = nullptr;  // not owned
};

struct MatchResult {
  uint32_t num_hands = 0;      // that were played to their end
  std::vector<double> totals;  // in chips, by seat
};

// Takes the log, a line at a time without its end.
using LogSink = std::function<absl::Status(absl::string_view line)>;

// Plays the match. What was played before an error is in `result` and in the log; only a whole
// match has a line SCORE. Errors: those of seats and of the log.
absl::Status PlayMatch(const GameDefinition& game, const MatchPlan& plan,
                       const std::vector<MatchSeatName>& seats, const LogSink& log,
                       MatchResult* result);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_ACPC_MATCH_DEALER_H_
