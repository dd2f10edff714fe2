// Messages to stderr hold nobody up, and end nobody.
#ifndef NASHVILLE_TOOLS_PROGRAM_STDERR_RELAY_H_
#define NASHVILLE_TOOLS_PROGRAM_STDERR_RELAY_H_

namespace nash {

// For programs that work for long: from now on what is printed to `stderr`, by glog and other
// libraries too, goes through a MessageQueue, and SIGPIPE is ignored. So a reader that stops
// reading or goes away costs messages, and neither time nor the work. The descriptor stays what it
// was: isatty(STDERR_FILENO) tells the truth.
//
// At its end, also by abort() or a fault, the process gives what waits a second to be read.
// To be called once, from main(), before other threads are started.
void RelayStderr();

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_STDERR_RELAY_H_
