// JSON that others have written. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PROGRAM_PARSE_JSON_H_
#define NASHVILLE_TOOLS_PROGRAM_PARSE_JSON_H_

#include <nlohmann/json.hpp>
#include <string>

namespace nash {

// More than anything that we read nests.
inline constexpr int kJsonDepthMax = 32;

// Discarded where the text is no JSON. What nests deeper than kJsonDepthMax is left out: whoever
// copies or prints a value calls himself for each level, and a file of a megabyte could have more
// levels than the stack holds.
template <typename Json>
Json ParseJson(const std::string& text) {
  const auto keep = [](int depth, typename Json::parse_event_t, Json&) {
    return depth < kJsonDepthMax;
  };
  return Json::parse(text, keep, /*allow_exceptions=*/false);
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_PARSE_JSON_H_
