// build_buckets: makes bucket files, and says what is in them.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "tools/buckets/commands.h"
#include "tools/program/command_line.h"
#include "tools/program/stderr_relay.h"
#include "tools/program/threads_flag.h"

DEFINE_string(config, "", "Bucket definition, as in configs/buckets/small.yaml");
DEFINE_string(street, "", "With --config: build this street only; empty: all that need a file");
DEFINE_string(game, "", "Without --config: ACPC game definition file");
DEFINE_string(streets, "",
              "Without --config: what to build, as STREET:KIND:BUCKETS with commas between");
DEFINE_string(out, "",
              "Folder for the files; empty: $XDG_CACHE_HOME/nashville or ~/.cache/nashville, where "
              "training looks for them");
DEFINE_int32(threads, 0, "Threads; 0: as many as this process may use cores. Changes no byte");
DEFINE_string(device, "auto", "Who helps the processor to cluster: auto, cpu or cuda:N");
DEFINE_bool(json, false, "Print JSON, and no progress");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(build_buckets makes bucket files for training, and says what is in them.

  build_buckets --config=configs/buckets/small.yaml [--street=flop] [--out=DIR]
  build_buckets --game=configs/games/nolimit_2p.game \
      --streets=flop:emd:200,turn:public:20:ehs2:200,river:ochs:200 [--out=DIR]
  build_buckets report FILE [--json]
  build_buckets compare FILE FILE [--json]

Kinds are ehs, ehs2, ochs and emd, each over classes of boards with "public:CLASSES:" before it;
docs/formats/buckets.md says what they are. Files that are there already are kept; those in an
older format are written anew in this one, which takes seconds. One that takes long to build keeps
its place: after Ctrl-C, a crash or a power cut the same command goes on, and ends with the same
bytes. Training builds what it needs by itself; this is for building ahead, or on another
machine: files may be copied.

report prints sizes, strengths and example hands of every bucket; tools/scripts/plot_buckets.py
draws its JSON as a PNG. compare says how far two files of one street agree.

Exit codes: 0 all is there; 2 wrong command line, game file or definition; 3 no such file; 4 a
damaged file; 5 a file of another format version or another street; 6 memory or disk do not suffice;
7 the folder may not be read or written; 10 stopped on request: the same command goes on.
)";

absl::Status Run(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const int threads, ParseThreads(FLAGS_threads));
  ASSIGN_OR_RETURN(const DeviceChoice device, ParseDeviceChoice(FLAGS_device, false));
  if (arguments.empty()) {
    return BuildBuckets({.config = FLAGS_config,
                         .game = FLAGS_game,
                         .streets = FLAGS_streets,
                         .street = FLAGS_street,
                         .out = FLAGS_out,
                         .threads = threads,
                         .as_json = FLAGS_json,
                         .device = device});
  }
  const size_t files = arguments.size() - 1;
  if (arguments[0] == "report") {
    if (files == 1) return ReportBuckets(arguments[1], {threads, FLAGS_json});
    return absl::InvalidArgumentError(
        absl::StrCat("report: expected one bucket file, got ", files, "; try --help"));
  }
  if (arguments[0] == "compare") {
    if (files == 2) {
      return CompareBucketFiles(arguments[1], arguments[2], {threads, FLAGS_json});
    }
    return absl::InvalidArgumentError(
        absl::StrCat("compare: expected two bucket files, got ", files, "; try --help"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", arguments[0],
                   "\" is no subcommand (report, compare) and no flag: flags are written "
                   "--name=value; try --help"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  nash::RelayStderr();
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
