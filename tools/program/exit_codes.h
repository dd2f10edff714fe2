// How a program of this project ends: one exit code per kind of failure, for scripts and restart
// loops. docs/operations.md lists them for users.
#ifndef NASHVILLE_TOOLS_PROGRAM_EXIT_CODES_H_
#define NASHVILLE_TOOLS_PROGRAM_EXIT_CODES_H_

#include "absl/status/status.h"

namespace nash {

// Append only: scripts depend on the values. 1 is what anything unforeseen ends with, and 126 and
// above belong to shells and signals.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,        // anything not listed below
  kExitUsage = 2,         // a flag, an argument or a definition that makes no sense: correct it
  kExitNotFound = 3,      // a file or a folder that is not there
  kExitCorrupt = 4,       // a file whose bytes are damaged: restore or remove it
  kExitMismatch = 5,      // a file of another format version, run definition or table
  kExitNoRoom = 6,        // the disk or the memory does not suffice
  kExitNotPermitted = 7,  // a file or a folder that may not be read or written
  kExitInUse = 8,         // the folder is another process's at the moment: try again later
  kExitExists = 9,        // the folder holds a run already: --resume, or choose another
  kExitStopped = 10,      // stopped on request before it was done: the same command goes on
  kExitCheckFailed = 11,  // all was done, and what was checked has a fault (evaluate litmus)
};

inline ExitCode ExitCodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return kExitOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kExitUsage;
    case absl::StatusCode::kNotFound:
      return kExitNotFound;
    case absl::StatusCode::kDataLoss:
      return kExitCorrupt;
    case absl::StatusCode::kFailedPrecondition:
      return kExitMismatch;
    case absl::StatusCode::kResourceExhausted:
      return kExitNoRoom;
    case absl::StatusCode::kPermissionDenied:
      return kExitNotPermitted;
    case absl::StatusCode::kUnavailable:
      return kExitInUse;
    case absl::StatusCode::kAlreadyExists:
      return kExitExists;
    case absl::StatusCode::kCancelled:
      return kExitStopped;
    default:
      return kExitFailed;
  }
}

inline ExitCode ExitCodeOf(const absl::Status& status) { return ExitCodeOf(status.code()); }

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_EXIT_CODES_H_
