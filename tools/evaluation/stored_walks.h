// The walks of one evaluation, in a file while they last: the same command goes on after a kill.
//
// A cache and no result: text with a version, numbers, then the doubles of the walk that is under
// way, and a checksum of it all. A file that is damaged, or of another evaluation or release, is as
// if it were not there.
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_EVALUATION_STORED_WALKS_H_
#define NASHVILLE_TOOLS_EVALUATION_STORED_WALKS_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "solver/ranges/walk_journal.h"

namespace nash {

// What the file holds.
struct WalksDone {
  std::vector<double> chips;       // of the walks that are over
  std::optional<WalkState> state;  // of the one under way
};

// evaluation: of what, with all that decides the result; one line.
std::string WalksText(absl::string_view evaluation, const WalksDone& done);
// None where the text is damaged, or of something else.
std::optional<WalksDone> ReadWalks(absl::string_view evaluation, absl::string_view text);

class StoredWalks : public WalkJournal {
 public:
  // folder: made where it is not there; empty: nothing is kept. What cannot be written is told
  // once, on stderr, and ends nothing.
  StoredWalks(const std::string& folder, const std::string& evaluation);

  // Runs the next walk, unless it is over already.
  double Run(const std::function<double(WalkJournal* journal)>& walk);
  // Whether a file was found, and so less is left to do.
  bool goes_on() const { return goes_on_; }
  // For when the result is told, whole: nothing needs to go on.
  void Remove();

  const WalkState* Begin() override;
  bool IsDue() override;
  void Save(const WalkState& state) override;

 private:
  using Clock = std::chrono::steady_clock;
  void Write();

  const std::string folder_;
  const std::string evaluation_;
  std::string path_;  // empty: nothing is kept
  WalksDone done_;
  bool goes_on_ = false;
  size_t next_ = 0;
  Clock::time_point saved_ = Clock::now();
  Clock::duration pause_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_STORED_WALKS_H_
