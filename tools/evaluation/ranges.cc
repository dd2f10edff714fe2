// What it takes is told before it begins, since a walk may last days: the actions of hands on
// boards that are to be visited, counted from the tree, and a first guess of the time. The memory
// does not depend on how many boards there are.
//
//   best response of either player    what it could win, or from --from's street on
//   value                             a walk with no answer at all: where it takes no hours more
//
// Exploitability needs the first two only, since values of two players sum to zero. Walks of all
// boards keep a journal (stored_walks.h), so that a kill costs seconds. Drawn boards keep none:
// they end at a signal, with a bound of those that were walked.
#include "tools/evaluation/ranges.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/game/street_names.h"
#include "tools/evaluation/stored_walks.h"
#include "tools/program/stop_signals.h"
#include "tools/program/version.h"
#include "tools/stored/bucket_folder.h"

namespace nash {
namespace {

// What one core does, roughly: for the first guess only.
constexpr double kSlotsPerSecondDouble = 1.2e9;
constexpr double kSlotsPerSecondSingle = 3.3e9;
constexpr double kSlotsPerSecondRiver = 2.2e9;  // in floats, of boards that share no turn
constexpr double kReportSeconds = 10;

absl::Status CheckBoards(const NashConvRequest& request, int from_street) {
  if (request.boards == 0) return absl::OkStatus();
  if (request.boards < 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("--boards=", request.boards, ": an interval takes at least 2; 0: all boards"));
  }
  if (from_street == 0) {
    return absl::InvalidArgumentError(
        "--boards is how many boards are drawn up to the street of --from=flop, turn or river");
  }
  return absl::OkStatus();
}

std::string Duration(double seconds) {
  if (seconds < 120) return absl::StrFormat("%.0f s", seconds);
  if (seconds < 7200) return absl::StrFormat("%.0f min", seconds / 60);
  return absl::StrFormat("%.1f h", seconds / 3600);
}

// Says how far several walks of equal length are, every kReportSeconds. What is left is by what was
// walked here: a walk may go on where another process ended.
class WalkReport {
 public:
  explicit WalkReport(int num_walks) : num_walks_(num_walks) {}

  WalkProgress Next() {
    const int walk = walk_++;
    return [this, walk](double share) {
      const double done = (walk + share) / num_walks_;
      if (!first_.has_value()) {
        first_ = {Clock::now(), done};
        return;
      }
      if (SecondsSince(last_) < kReportSeconds || done == first_->done) return;
      last_ = Clock::now();
      const double left = SecondsSince(first_->time) * (1 - done) / (done - first_->done);
      std::fprintf(stderr, "evaluate: %5.1f%% done, %s, %s to go\n", 100 * done,
                   Duration(SecondsSince(start_)).c_str(), Duration(left).c_str());
    };
  }

 private:
  using Clock = std::chrono::steady_clock;
  static double SecondsSince(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
  }

  struct Moment {
    Clock::time_point time;
    double done;
  };
  const int num_walks_;
  int walk_ = 0;
  std::optional<Moment> first_;  // that anything was told of
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

// Floats are enough beside the interval of drawn boards. Error: InvalidArgument.
absl::StatusOr<bool> IsSingle(const std::string& precision, uint32_t num_boards) {
  if (precision.empty()) return num_boards > 0;
  if (precision == "single" || precision == "double") return precision == "single";
  return absl::InvalidArgumentError(
      absl::StrCat("--precision=", precision, "; allowed: single, double"));
}

struct RangeQuestion {
  const NashConvRequest& request;
  const PublicTree& tree;
  const CardModel& cards;
  const Policy& policy;
  const std::string& strategy;
};

// out: where and on how many boards is known.
template <typename P>
absl::Status AnswerIn(const RangeQuestion& question, RangeEvaluation* out) {
  const auto& [request, tree, cards, policy, strategy] = question;
  const int threads = request.threads;
  const BoardSample drawn = {out->from_street, out->boards, request.seed};
  const double slots = out->boards > 0 ? CountSlots(tree, drawn) : CountSlots(tree, cards);
  const bool has_value = out->boards == 0 && slots <= kValueSlotsMax;
  const int num_walks = out->boards > 0 ? 1 : has_value ? 3 : 2;
  const bool is_river_alone = out->boards > 0 && out->from_street == tree.num_streets() - 1;
  const double per_second = !out->is_single  ? kSlotsPerSecondDouble
                            : is_river_alone ? kSlotsPerSecondRiver
                                             : kSlotsPerSecondSingle;
  // Walks of all boards may be killed as they are: they go on.
  if (out->boards > 0) CatchStopSignals();
  std::fprintf(stderr,
               "evaluate: %.2g actions of hands on boards for each player, %.2g GB; about %s with "
               "%d threads\n",
               slots, RangeResponse<P>::BytesNeeded(tree, cards, threads) / 1e9,
               Duration((has_value ? 3 : 2) * slots / per_second / threads).c_str(), threads);
  ThreadPool pool(threads);
  ASSIGN_OR_RETURN(const auto response, RangeResponse<P>::Make(tree, cards, policy, &pool));
  WalkReport report(num_walks);
  if (out->boards > 0) {
    const std::vector<BoardChips> chips =
        response->OnBoards(drawn, report.Next(), [] { return stop_signal_received.load() != 0; });
    out->bound = ExploitabilityOf(chips);
    out->boards = static_cast<uint32_t>(chips.size());
    out->is_stopped = out->boards < drawn.num_boards;
    return absl::OkStatus();
  }
  out->walks = std::make_unique<StoredWalks>(
      BucketFolder(request.bucket_cache),
      absl::StrCat(kVersion, " nashconv ", strategy, " from ", out->from_street,
                   out->is_single ? " single" : "", " walk ", kResponseWalkVersion, " lanes ",
                   P::kLanes));
  StoredWalks& walks = *out->walks;
  if (walks.goes_on()) {
    std::fprintf(stderr, "evaluate: goes on where an evaluation of the same ended\n");
  }
  const auto walk = [&](int player, int from_street) {
    const WalkProgress progress = report.Next();
    return walks.Run([&](WalkJournal* journal) {
      return response->Response(player, from_street, progress, journal);
    });
  };
  for (int player : {0, 1}) {
    const double chips = walk(player, out->from_street);
    out->result.best_response_chips.push_back(chips);
    out->result.nash_conv_chips += chips;
  }
  out->result.exploitability_chips = out->result.nash_conv_chips / 2;
  if (has_value) {
    const double value = walk(0, tree.num_streets());
    out->result.values_chips = {value, -value};
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> ParseFromStreet(const std::string& from, int num_streets) {
  if (from.empty()) return 0;
  if (const std::optional<int> street = FindStreet(from, num_streets)) return *street;
  const auto names = absl::MakeConstSpan(kStreetNames).first(num_streets);
  return absl::InvalidArgumentError(
      absl::StrCat("--from=", from, "; the game has: ", absl::StrJoin(names, ", ")));
}

absl::StatusOr<RangeEvaluation> EvaluateByRanges(const NashConvRequest& request,
                                                 const PublicTree& tree, const CardModel& cards,
                                                 const Policy& policy,
                                                 const std::string& strategy) {
  RangeEvaluation out;
  ASSIGN_OR_RETURN(out.from_street, ParseFromStreet(request.from, tree.num_streets()));
  RETURN_IF_ERROR(CheckBoards(request, out.from_street));
  out.boards = static_cast<uint32_t>(std::max(0, request.boards));
  ASSIGN_OR_RETURN(out.is_single, IsSingle(request.precision, out.boards));
  const RangeQuestion question = {request, tree, cards, policy, strategy};
  RETURN_IF_ERROR(out.is_single ? AnswerIn<FastResponsePack>(question, &out)
                                : AnswerIn<ResponsePack>(question, &out));
  return out;
}

}  // namespace nash
