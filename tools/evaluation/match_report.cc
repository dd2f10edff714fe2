#include "tools/evaluation/match_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

constexpr double kTerminalEverySeconds = 0.5;
constexpr double kLogEverySeconds = 10;

// Needs a game with blinds.
double MilliBlinds(const Match& match, double chips) {
  return 1000 * chips / match.big_blind_chips;
}

// 0 where there is nothing to estimate from.
double HalfWidthChips(const Match& match) {
  return match.is_exact || match.mean.deals() < 2 ? 0 : match.mean.half_width_chips();
}

bool IsComplete(const Match& match) { return match.mean.deals() == match.deals_wanted; }

std::string Interval(double value, double half_width) {
  return half_width == 0 ? absl::StrFormat("%+.6f", value)
                         : absl::StrFormat("%+.3f +- %.3f", value, half_width);
}

}  // namespace

void MatchProgress::Print(const Match& match) {
  if (match.seconds < next_print_seconds_ || IsComplete(match)) return;
  next_print_seconds_ =
      match.seconds + (line_.is_terminal() ? kTerminalEverySeconds : kLogEverySeconds);
  const uint64_t deals = match.mean.deals();
  line_.Show(absl::StrFormat("%5.1f%%  %d of %d deals, %s/s, A wins %s chips a hand, %.0f s left",
                             100.0 * deals / match.deals_wanted, deals, match.deals_wanted,
                             ShortRate(deals, match.seconds),
                             Interval(match.mean.chips(), HalfWidthChips(match)),
                             match.seconds * (match.deals_wanted - deals) / deals));
}

void PrintMatchTable(const Match& match) {
  for (size_t i = 0; i < match.sides.size(); ++i) {
    const MatchSide& side = match.sides[i];
    absl::PrintF("%c                 %s: %s, %s strategy, %d iterations\n", i == 0 ? 'A' : 'B',
                 side.folder, side.run_name, match.policy, side.iterations);
  }
  const DealMean& mean = match.mean;
  absl::PrintF("deals             %d%s, each in both seats, in %.1f s\n", mean.deals(),
               !IsComplete(match) ? absl::StrFormat(" of %d", match.deals_wanted)
               : match.is_exact   ? ", all there are"
                                  : "",
               match.seconds);
  const double half_width = HalfWidthChips(match);
  const char* const what = match.is_exact && IsComplete(match) ? "exact" : "95% interval";
  absl::PrintF("A wins            %s chips a hand (%s)\n", Interval(mean.chips(), half_width),
               what);
  if (match.big_blind_chips > 0) {
    absl::PrintF("                  %s mbb/g\n",
                 Interval(MilliBlinds(match, mean.chips()), MilliBlinds(match, half_width)));
  }
  absl::PrintF("by A's position   %+.6f  %+.6f  chips a hand\n", mean.chips_in(0),
               mean.chips_in(1));
}

void PrintMatchJson(const Match& match) {
  nlohmann::ordered_json json;
  const char* const names[] = {"a", "b"};
  for (size_t i = 0; i < match.sides.size(); ++i) {
    const MatchSide& side = match.sides[i];
    json[names[i]] = {{"folder", side.folder},
                      {"run", side.run_name},
                      {"run_fingerprint", side.run_fingerprint},
                      {"iterations", side.iterations}};
  }
  const double half_width = HalfWidthChips(match);
  json["policy"] = match.policy;
  json["seed"] = match.seed;
  json["deals"] = match.mean.deals();
  json["is_complete"] = IsComplete(match);
  json["is_exact"] = match.is_exact && IsComplete(match);
  json["chips"] = match.mean.chips();
  json["chips_half_width"] = half_width;
  if (match.big_blind_chips > 0) {
    json["mbb_per_game"] = MilliBlinds(match, match.mean.chips());
    json["mbb_half_width"] = MilliBlinds(match, half_width);
  }
  json["chips_by_position"] = {match.mean.chips_in(0), match.mean.chips_in(1)};
  json["seconds"] = match.seconds;
  PrintJson(json);
}

}  // namespace nash
