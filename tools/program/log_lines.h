// How a program that runs for long talks on stderr: by glog, LOG(INFO) and LOG(WARNING).
//
// In a log each line begins with its level, the time and the process; on a terminal, where a person
// looks on, it does not. Needs google::InitGoogleLogging(), and comes before flags are parsed:
// those of glog still decide.
#ifndef NASHVILLE_TOOLS_PROGRAM_LOG_LINES_H_
#define NASHVILLE_TOOLS_PROGRAM_LOG_LINES_H_

#include <glog/logging.h>
#include <unistd.h>

namespace nash {

inline void LogToStderr() {
  FLAGS_logtostderr = true;
  FLAGS_log_prefix = isatty(STDERR_FILENO) != 1;
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_LOG_LINES_H_
