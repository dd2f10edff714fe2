// Measures a run while it trains: `evaluate` on the newest checkpoint, in a process of its own.
//
// Why a process: it reads checkpoints as anybody may, so that it can change no byte of the run; it
// has a low priority; and if it needs more memory than there is, or fails in any way, it ends
// and the run does not (the system, short of memory, ends it first). What it found is for the
// reporter (run_reporter.h), which one process and a coordinator share.
//
// Thread-compatible: for the thread that trains. Costs that thread a look at a pipe now and then.
#ifndef NASHVILLE_TOOLS_TRAINING_YARDSTICK_H_
#define NASHVILLE_TOOLS_TRAINING_YARDSTICK_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/game/game_definition.h"

namespace nash {

struct YardstickOptions {
  double every_seconds = 0;            // between the beginnings of two; 0: never
  double share = 0.1;                  // of this process's time and cores, at most
  std::vector<std::string> arguments;  // of evaluate: the subcommand, then its flags
  std::string program;                 // path of evaluate
  std::string bucket_cache;            // as evaluate's flag
  std::optional<double> until_chips;   // the run is to end with a bound as low
};

// What --evaluate says: a subcommand of evaluate that gives a bound, and its flags, with blanks
// between; empty: what suits the game. Error: InvalidArgument, naming the flag.
absl::StatusOr<std::vector<std::string>> ParseYardstick(absl::string_view text,
                                                        const GameDefinition& game);
// evaluate, beside the program that runs. Error: NotFound.
absl::StatusOr<std::string> FindEvaluate();

// In chips a hand: the exploitability (the mean of what seats gain), or what an exploiter wins at
// least, of which it is a bound.
struct Measurement {
  std::string kind;  // the subcommand
  uint64_t round = 0;
  uint64_t iterations = 0;
  double chips = 0;
  double half_width = 0;  // of the 95% interval; 0: exact
  double seconds = 0;     // that it took

  // The upper end of the interval, so that luck alone ends no run. What lies further below zero
  // than the goal above says nothing: who measured has learned too little, or lost.
  bool Reaches(double until_chips) const {
    return chips + half_width <= until_chips && chips + half_width >= -until_chips;
  }
};

// What evaluate printed, for the checkpoint of `round`. Error: InvalidArgument where it is no
// result of a whole measurement.
absl::StatusOr<Measurement> ParseMeasurement(const std::string& json, const std::string& kind,
                                             uint64_t round);

class Yardstick {
 public:
  // num_cores: that the share is of.
  Yardstick(const YardstickOptions& options, const std::string& run_folder, int num_cores);
  // Ends what is running.
  ~Yardstick();
  Yardstick(const Yardstick&) = delete;
  Yardstick& operator=(const Yardstick&) = delete;

  // A turn, `seconds` after the start of training: begins where it is time and there is a newer
  // checkpoint, and takes the result of what has ended. An error is of one measurement only, and no
  // reason to end the run.
  absl::StatusOr<std::optional<Measurement>> Step(double seconds);

 private:
  // An end of a pipe that the process writes to, and what came.
  struct Output {
    int fd = -1;
    std::string text;
  };

  absl::Status Start(uint64_t round, double seconds);
  // Links to the files of a checkpoint, so that they stay while they are read, however many newer
  // ones come; returns their folder, or the checkpoint's own where there can be no links.
  std::string Hold(uint64_t round) const;
  void Release() const;
  static void Drain(Output* output);
  void CloseOutputs();
  absl::StatusOr<std::optional<Measurement>> TakeEnd(int status, double seconds);

  const YardstickOptions options_;
  const std::string run_folder_;
  const int num_cores_;
  pid_t pid_ = 0;  // 0: none runs
  Output result_;
  Output errors_;
  uint64_t round_ = 0;  // that is measured, or was last
  bool has_measured_ = false;
  bool is_given_up_ = false;  // its flags make no sense to evaluate
  double began_ = 0;
  double next_look_ = 0;
  double next_start_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_YARDSTICK_H_
