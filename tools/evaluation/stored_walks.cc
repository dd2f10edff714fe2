//   nashville walks 1
//   EVALUATION                    release, strategy's hash, kind of walk: what the file is of
//   chips A B                     walks that are over, doubles by their bits
//   steps N boards N values N     the walk under way, then its values as they are in memory
//   32 digits                     checksum of all before
//
// The name of the file is a hash of EVALUATION, so that evaluations side by side do not touch each
// other, and the text is compared in full when it is read, since a hash alone promises nothing.
// Doubles go by their bits: a walk that goes on must end with the same figure as one that was never
// stopped, to the last digit.
//
// It is saved when a second has passed and fifty times what saving took, whichever is longer. A
// folder that cannot be written ends the saving and not the evaluation.
// tests/tools/stored_walks_test.cc cuts and flips every byte, and lets a next process go on.
#include "tools/evaluation/stored_walks.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/checksum.h"
#include "common/files.h"

namespace nash {
namespace {

constexpr char kHeading[] = "nashville walks 1";
constexpr size_t kChecksumDigits = 32;
// Saving takes at most a fiftieth of the time, and a kill costs some seconds.
constexpr std::chrono::seconds kPauseMin(1);
constexpr int kPauseOfSaving = 50;

// The next line of `text`, without its end, which is taken from it.
std::optional<absl::string_view> TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos) return std::nullopt;
  const absl::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

// "chips A B", as the bits of doubles in hexadecimal.
std::optional<std::vector<double>> ReadChips(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "chips")) return std::nullopt;
  std::vector<double> chips;
  for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
    uint64_t bits;
    if (!absl::SimpleHexAtoi(word, &bits)) return std::nullopt;
    chips.push_back(std::bit_cast<double>(bits));
  }
  return chips;
}

// "steps N boards N values N", then the values.
std::optional<WalkState> ReadState(absl::string_view line, absl::string_view values) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  WalkState state;
  uint64_t count;
  if (words.size() != 6 || !absl::SimpleAtoi(words[1], &state.steps) ||
      !absl::SimpleAtoi(words[3], &state.boards) || !absl::SimpleAtoi(words[5], &count) ||
      count != values.size() / sizeof(double)) {
    return std::nullopt;
  }
  state.values.resize(count);
  std::memcpy(state.values.data(), values.data(), count * sizeof(double));
  return state;
}

}  // namespace

std::string WalksText(absl::string_view evaluation, const WalksDone& done) {
  std::string text = absl::StrCat(kHeading, "\n", evaluation, "\nchips");
  for (const double chips : done.chips) {
    absl::StrAppend(&text, " ", absl::Hex(std::bit_cast<uint64_t>(chips)));
  }
  text += "\n";
  if (done.state.has_value()) {
    const std::vector<double>& values = done.state->values;
    absl::StrAppend(&text, "steps ", done.state->steps, " boards ", done.state->boards, " values ",
                    values.size(), "\n");
    text.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
  }
  return absl::StrCat(text, ChecksumOf(text).Hex());
}

std::optional<WalksDone> ReadWalks(absl::string_view evaluation, absl::string_view text) {
  if (text.size() < kChecksumDigits) return std::nullopt;
  const absl::string_view checksum = text.substr(text.size() - kChecksumDigits);
  text.remove_suffix(kChecksumDigits);
  if (ChecksumOf(text).Hex() != checksum) return std::nullopt;
  if (TakeLine(&text) != kHeading || TakeLine(&text) != evaluation) return std::nullopt;
  const std::optional<absl::string_view> chips = TakeLine(&text);
  if (!chips.has_value()) return std::nullopt;
  std::optional<std::vector<double>> over = ReadChips(*chips);
  if (!over.has_value()) return std::nullopt;
  WalksDone done = {*std::move(over), std::nullopt};
  if (text.empty()) return done;
  const std::optional<absl::string_view> state = TakeLine(&text);
  if (!state.has_value()) return std::nullopt;
  done.state = ReadState(*state, text);
  if (!done.state.has_value()) return std::nullopt;
  return done;
}

StoredWalks::StoredWalks(const std::string& folder, const std::string& evaluation)
    : folder_(folder), evaluation_(evaluation), pause_(kPauseMin) {
  if (folder.empty()) return;
  path_ = JoinPath(folder, absl::StrCat("walks-", ChecksumOf(evaluation).Hex()));
  const absl::StatusOr<std::string> text = ReadFile(path_);
  if (!text.ok()) return;
  std::optional<WalksDone> done = ReadWalks(evaluation, *text);
  if (!done.has_value()) {
    std::fprintf(stderr, "evaluate: %s is damaged: all is walked anew\n", path_.c_str());
    return;
  }
  done_ = *std::move(done);
  goes_on_ = true;
}

double StoredWalks::Run(const std::function<double(WalkJournal* journal)>& walk) {
  const size_t number = next_++;
  if (number < done_.chips.size()) return done_.chips[number];
  const double chips = walk(this);
  done_.chips.push_back(chips);
  done_.state.reset();
  // A walk that was over before anything was saved is short.
  if (goes_on_) Write();
  return chips;
}

const WalkState* StoredWalks::Begin() { return done_.state.has_value() ? &*done_.state : nullptr; }

bool StoredWalks::IsDue() { return !path_.empty() && Clock::now() - saved_ >= pause_; }

void StoredWalks::Save(const WalkState& state) {
  done_.state = state;
  Write();
}

void StoredWalks::Write() {
  const Clock::time_point begin = Clock::now();
  absl::Status status = CreateDirectories(folder_);
  if (status.ok()) status = WriteFileAtomically(path_, WalksText(evaluation_, done_));
  saved_ = Clock::now();
  pause_ = std::max<Clock::duration>(kPauseMin, kPauseOfSaving * (saved_ - begin));
  goes_on_ = true;
  if (status.ok()) return;
  std::fprintf(stderr, "evaluate: %s; a process that is killed will begin anew\n",
               std::string(status.message()).c_str());
  path_.clear();
}

void StoredWalks::Remove() {
  if (goes_on_ && !path_.empty()) RemoveAll(path_).IgnoreError();
}

}  // namespace nash
