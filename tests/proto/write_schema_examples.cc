// Writes the files that follow from the schema (schema_examples.h) into the tree named by the only
// argument: `tools/dev schema`.
#include <cstdio>

#include "common/files.h"
#include "common/status_macros.h"
#include "tests/proto/schema_examples.h"

namespace nash {
namespace {

absl::Status WriteExamples(const std::string& tree) {
  ASSIGN_OR_RETURN(const std::string page, ReadFile(JoinPath(tree, kSchemaPage)));
  ASSIGN_OR_RETURN(const std::vector<ExampleFile> files, SchemaExamples(page));
  for (const ExampleFile& file : files) {
    const std::string path = JoinPath(tree, file.path);
    if (FileExists(path)) {
      ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
      if (content == file.content) continue;
    }
    RETURN_IF_ERROR(WriteFileAtomically(path, file.content));
    std::printf("%s\n", file.path.c_str());
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_schema_examples TREE\n");
    return 2;
  }
  const absl::Status status = nash::WriteExamples(argv[1]);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
