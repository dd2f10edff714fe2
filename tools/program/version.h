// Which Nashville this is.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_PROGRAM_VERSION_H_
#define NASHVILLE_TOOLS_PROGRAM_VERSION_H_

#include <string>

namespace nash {

// Of the programs as a whole. What decides whether two of them understand each other, or a file, is
// the version of the protocol or of the format.
inline constexpr char kVersion[] = "0.9";

// For --version: the programs' version, then those of the protocol and of the formats. Ends a line.
std::string VersionText(const std::string& program);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_VERSION_H_
