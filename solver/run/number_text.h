// The one spelling of a number in canonical text. Thread-safe: a pure function.
#ifndef NASHVILLE_SOLVER_RUN_NUMBER_TEXT_H_
#define NASHVILLE_SOLVER_RUN_NUMBER_TEXT_H_

#include <charconv>
#include <string>

namespace nash {

// The shortest decimal text that parses back to `value`: "0.01", "1e+20".
inline std::string NumberText(double value) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), value);
  return std::string(text, end.ptr);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_NUMBER_TEXT_H_
