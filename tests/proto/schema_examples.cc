#include "tests/proto/schema_examples.h"

#include <cstdlib>
#include <regex>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "proto/codec.h"
#include "tests/proto/sample_messages.h"

namespace nash {
namespace {

constexpr char kHeading[] = "### Worked example";
constexpr size_t kRowBytes = 8;

template <typename Kind>
std::string FrameOf() {
  std::string frame;
  ForEachSample([&frame](const auto& envelope) {
    if constexpr (std::is_constructible_v<std::decay_t<decltype(envelope.message)>, Kind>) {
      if (std::holds_alternative<Kind>(envelope.message)) frame = Encode(envelope);
    }
  });
  return frame;
}

std::string Hex(absl::string_view bytes) {
  return absl::StrJoin(bytes, " ", [](std::string* out, char byte) {
    absl::StrAppendFormat(out, "%02x", static_cast<unsigned char>(byte));
  });
}

// A row of the example, with the bytes of the frame. What is said of them stays, but for numbers
// that are made from the schema.
std::string RowOf(absl::string_view frame, size_t at, std::string words) {
  static const std::regex version("version \\d+; \\d+ bytes"), schema("schema [0-9a-f]{16}");
  words = std::regex_replace(
      words, version,
      absl::StrFormat("version %d; %d bytes", kProtocolVersion, frame.size() - kFrameHeaderBytes));
  words = std::regex_replace(words, schema, absl::StrFormat("schema %016x", SchemaHash()));
  return absl::StrFormat("%02x  %s  %s", at, Hex(frame.substr(at, kRowBytes)), words);
}

// The rows of the example with the bytes of the frame.
absl::StatusOr<std::string> Refresh(absl::string_view frame, absl::string_view example) {
  // An offset, then 8 bytes; or an offset and a text, which ends where the next row begins.
  static const std::regex row("([0-9a-f]{2})  (?:(?:[0-9a-f]{2} ){7}[0-9a-f]{2}  (.*)|\".*)");
  std::vector<std::string> lines = absl::StrSplit(example, '\n');
  size_t end = 0;
  for (std::string& line : lines) {
    if (line.empty()) continue;
    std::smatch match;
    if (!std::regex_match(line, match, row)) {
      return absl::FailedPreconditionError(absl::StrCat("not a row of an example: ", line));
    }
    const size_t at = std::strtoul(match[1].str().c_str(), nullptr, 16);
    const bool is_text = !match[2].matched;
    if (at < end || at >= frame.size()) {
      return absl::FailedPreconditionError(absl::StrCat("a row out of place: ", line));
    }
    if (!is_text) line = RowOf(frame, at, match[2]);
    end = at + kRowBytes;
  }
  if (end != frame.size()) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the worked example describes 0x%02x bytes, its frame has 0x%02x: write "
                        "rows for the others (any bytes), say what they are, and try again",
                        end, frame.size()));
  }
  return absl::StrJoin(lines, "\n");
}

absl::StatusOr<std::string> RefreshPage(absl::string_view frame, absl::string_view page) {
  const size_t heading = page.find(kHeading);
  const size_t begin = page.find("```\n", heading);
  const size_t end = page.find("```\n", begin + 1);
  if (heading == page.npos || begin == page.npos || end == page.npos) {
    return absl::FailedPreconditionError(
        absl::StrCat(kSchemaPage, " has no rows below \"", kHeading, "\""));
  }
  const size_t first = begin + 4;
  ASSIGN_OR_RETURN(const std::string example, Refresh(frame, page.substr(first, end - first)));
  static const std::regex version("of the protocol: \\d+"), size(": \\d+ bytes\\.");
  std::string before(page.substr(0, first));
  before = std::regex_replace(before, version, absl::StrCat("of the protocol: ", kProtocolVersion));
  before = std::regex_replace(before, size, absl::StrCat(": ", frame.size(), " bytes."));
  return absl::StrCat(before, example, page.substr(end));
}

}  // namespace

absl::StatusOr<std::vector<ExampleFile>> SchemaExamples(absl::string_view page) {
  const std::string lease = FrameOf<Lease>();
  ASSIGN_OR_RETURN(const std::string new_page, RefreshPage(lease, page));
  std::vector<ExampleFile> files = {{kSchemaPage, new_page}};
  const auto add_seed = [&files](absl::string_view name, const std::string& frame) {
    files.push_back({absl::StrCat("tests/fuzz/codec/", name, ".seed"), frame});
  };
  add_seed("lease", lease);  // the worked example
  add_seed("hello", FrameOf<Hello>());
  add_seed("delta_part", FrameOf<DeltaPart>());
  add_seed("welcome", FrameOf<Welcome>());
  add_seed("refusal", FrameOf<Refusal>());
  add_seed("unit_part", FrameOf<StartPart>());
  add_seed("worker_figures", FrameOf<WorkerFigures>());
  add_seed("bucket_part", FrameOf<BucketPart>());
  return files;
}

}  // namespace nash
