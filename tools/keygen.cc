// Makes the key of a coordinator or a worker.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "proto/keys.h"
#include "tools/program/command_line.h"

DEFINE_string(out, "", "Folder for the two files");
DEFINE_string(name, "", "Whose key it is: letters, digits, '.', '-' and '_'");
DEFINE_bool(shared, false, "Any number of workers may have it at a time");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(keygen makes a key for a coordinator or a worker.

  keygen --out=keys --name=worker-1

It writes keys/worker-1.key, which is secret, and keys/worker-1.pub, which is one line for the
coordinator's allow list: "cat keys/worker-1.pub >> allowed". A worker needs its own .key and the
coordinator's .pub. Keys are never written over.

  keygen --out=keys --name=workers --shared

makes a key that any number of workers may have, as pods of one Deployment do. The coordinator tells
them apart by what each calls itself (worker --name), and they are revoked together.

Exit codes: 0 made; 2 wrong command line; 6 the disk is full; 7 the folder may not be written; 9
there is a key of that name.
)";

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", arguments[0], "\" is no flag: flags are written --name=value; try --help"));
  }
  if (FLAGS_out.empty()) {
    return absl::InvalidArgumentError("--out: name a folder, as in --out=keys; try --help");
  }
  RETURN_IF_ERROR(WriteKeyFiles(FLAGS_out, FLAGS_name, MakeKeyPair(), FLAGS_shared));
  absl::PrintF("made %s.key (secret) and .pub\n", JoinPath(FLAGS_out, FLAGS_name));
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
