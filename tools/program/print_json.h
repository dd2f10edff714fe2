// JSON as all programs print it. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_PROGRAM_PRINT_JSON_H_
#define NASHVILLE_TOOLS_PROGRAM_PRINT_JSON_H_

#include <nlohmann/json.hpp>
#include <string>

namespace nash {

// The text of `json`, on one line. A string need not be UTF-8, since a path of the user's may hold
// any byte: bytes that are not become U+FFFD, so that the text is valid JSON and nothing throws.
std::string JsonLine(const nlohmann::ordered_json& json);

// Prints `json` to stdout, two spaces a level and a line break at its end. Strings as above.
// Errors of stdout are told by Finish() (command_line.h).
void PrintJson(const nlohmann::ordered_json& json);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_PRINT_JSON_H_
