// Whether output is coloured: on terminals, unless their user wants none (https://no-color.org).
//
// Thread-safe: reads the environment only.
#ifndef NASHVILLE_TOOLS_PROGRAM_COLOUR_H_
#define NASHVILLE_TOOLS_PROGRAM_COLOUR_H_

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace nash {

inline bool WantsColour(bool is_terminal) {
  const char* const none = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::strcmp(terminal, "dumb") == 0;
  return is_terminal && (none == nullptr || *none == '\0') && !is_dumb;
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_COLOUR_H_
