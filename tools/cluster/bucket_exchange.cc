// A bucket file is named by a hash of its parameters, so both sides know which file is meant
// without sending a path. Pieces are written where they belong in a file of this process
// (receiving.HOST-PID-N.partial), in whatever order they come; when all are there it is read as any
// bucket file is, and gets its name only if it is what was announced. Readers of the folder never
// see a part of one.
#include "tools/cluster/bucket_exchange.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_file.h"

namespace nash {
namespace {

// One name for all that are on their way, whatever they are of: so any of them finds leftovers.
constexpr char kReceiving[] = "receiving";

// The cached file with this content; empty where there is none.
std::string FindFile(const std::string& folder, uint64_t content_hash) {
  const absl::StatusOr<std::vector<std::string>> names = ListFolder(folder);
  if (!names.ok()) return "";
  const std::string ending = absl::StrFormat("-%016x.buckets", content_hash);
  for (const std::string& name : *names) {
    if (absl::EndsWith(name, ending)) return JoinPath(folder, name);
  }
  return "";
}

}  // namespace

absl::StatusOr<std::vector<BucketFileName>> BucketFilesOf(const LoadedRun& run) {
  std::vector<BucketFileName> files;
  for (int street = 0; street < run.tree().num_streets(); ++street) {
    if (run.abstraction().is_lossless(street)) continue;
    const std::string path =
        JoinPath(run.bucket_folder(), run.abstraction().parameters(street).FileName());
    ASSIGN_OR_RETURN(const uint64_t bytes, FileBytes(path));
    files.push_back({static_cast<uint32_t>(street), run.abstraction().content_hash(street), bytes});
  }
  return files;
}

absl::StatusOr<std::string> BucketFolderSource::Read(uint64_t content_hash, uint64_t offset) {
  const std::string path = FindFile(folder_, content_hash);
  if (path.empty()) return absl::NotFoundError("no such bucket file");
  ASSIGN_OR_RETURN(const uint64_t bytes, FileBytes(path));
  if (offset >= bytes) return absl::NotFoundError("past the end of the bucket file");
  return ReadFilePart(path, offset, std::min<uint64_t>(kBucketPartBytes, bytes - offset));
}

bool BucketFolderSink::Has(const BucketFileName& name) const {
  return !FindFile(folder_, name.content_hash).empty();
}

absl::Status BucketFolderSink::Write(const BucketFileName& name, uint64_t offset,
                                     absl::string_view bytes) {
  auto file = receiving_.find(name.content_hash);
  if (file == receiving_.end()) {
    RETURN_IF_ERROR(CreateDirectories(folder_));
    ASSIGN_OR_RETURN(PartialFile begun, PartialFile::Create(JoinPath(folder_, kReceiving)));
    file = receiving_.emplace(name.content_hash, std::move(begun)).first;
  }
  return file->second.WriteAt(offset, bytes);
}

absl::Status BucketFolderSink::Finish(const BucketFileName& name) {
  auto taken = receiving_.extract(name.content_hash);
  if (taken.empty()) return absl::NotFoundError("no piece of the bucket file has come");
  PartialFile& received = taken.mapped();
  std::string final_name;
  {
    ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(received.partial_path()));
    const absl::StatusOr<BucketTable> table = ParseBucketFile(
        {reinterpret_cast<const uint8_t*>(file.data()), file.bytes()}, "the received bucket file");
    if (!table.ok()) return absl::InvalidArgumentError(table.status().message());
    if (table->parameters.ContentHash() != name.content_hash) {
      return absl::InvalidArgumentError("the received bucket file is another than was announced");
    }
    final_name = table->parameters.FileName();
  }
  return received.CommitAs(JoinPath(folder_, final_name));
}

}  // namespace nash
