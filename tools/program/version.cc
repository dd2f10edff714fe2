#include "tools/program/version.h"

#include "absl/strings/str_cat.h"
#include "proto/messages.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/checkpoint/manifest.h"
#include "solver/checkpoint/round_log_record.h"
#include "solver/play/strategy_file.h"

namespace nash {

std::string VersionText(const std::string& program) {
  return absl::StrCat(program, " (Nashville) ", kVersion, "\nprotocol ", kProtocolVersion,
                      ", checkpoints ", kCheckpointFormatVersion, ", round log ",
                      kRoundLogFormatVersion, ", bucket files ", kBucketFormatVersion,
                      ", strategy files ", kStrategyFormatVersion, "\n");
}

}  // namespace nash
