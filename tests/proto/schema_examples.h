// Files in the tree that hold encoded messages: seeds of the codec's fuzzer, and the worked example
// of docs/formats/messages.md. They change with the schema and with kProtocolVersion; `tools/dev
// schema` writes them anew.
#ifndef NASHVILLE_TESTS_PROTO_SCHEMA_EXAMPLES_H_
#define NASHVILLE_TESTS_PROTO_SCHEMA_EXAMPLES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

inline constexpr char kSchemaPage[] = "docs/formats/messages.md";

struct ExampleFile {
  std::string path;  // in the tree
  std::string content;
};
// The files as they should be. page: what kSchemaPage holds. Error: FailedPrecondition where its
// worked example does not describe the whole frame.
absl::StatusOr<std::vector<ExampleFile>> SchemaExamples(absl::string_view page);

}  // namespace nash

#endif  // NASHVILLE_TESTS_PROTO_SCHEMA_EXAMPLES_H_
