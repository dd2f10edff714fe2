#include "tools/evaluation/match_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

// Needs a game with blinds.
double MilliBlinds(const Match& match, double chips) {
  return 1000 * chips / match.big_blind_chips;
}

}  // namespace

void PrintMatchTable(const Match& match) {
  for (size_t i = 0; i < match.sides.size(); ++i) {
    const MatchSide& side = match.sides[i];
    absl::PrintF("%c                 %s: %s, %s strategy, %d iterations\n", i == 0 ? 'A' : 'B',
                 side.folder, side.run_name, match.policy, side.iterations);
  }
  const DealMean& mean = match.played.mean;
  absl::PrintF("deals             %d%s, each in both seats, in %.1f s\n", mean.deals(),
               !match.played.is_complete() ? absl::StrFormat(" of %d", match.played.wanted)
               : match.played.is_all       ? ", all there are"
                                           : "",
               match.played.seconds);
  const double half_width = match.played.half_width_chips();
  const char* const what = match.played.is_exact() ? "exact" : "95% interval";
  absl::PrintF("A wins            %s chips a hand (%s)\n", IntervalText(mean.chips(), half_width),
               what);
  if (match.big_blind_chips > 0) {
    absl::PrintF("                  %s mbb/g\n",
                 IntervalText(MilliBlinds(match, mean.chips()), MilliBlinds(match, half_width)));
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
  const double half_width = match.played.half_width_chips();
  json["policy"] = match.policy;
  json["seed"] = match.seed;
  json["deals"] = match.played.mean.deals();
  json["is_complete"] = match.played.is_complete();
  json["is_exact"] = match.played.is_exact();
  json["chips"] = match.played.mean.chips();
  json["chips_half_width"] = half_width;
  if (match.big_blind_chips > 0) {
    json["mbb_per_game"] = MilliBlinds(match, match.played.mean.chips());
    json["mbb_half_width"] = MilliBlinds(match, half_width);
  }
  json["chips_by_position"] = {match.played.mean.chips_in(0), match.played.mean.chips_in(1)};
  json["seconds"] = match.played.seconds;
  PrintJson(json);
}

}  // namespace nash
