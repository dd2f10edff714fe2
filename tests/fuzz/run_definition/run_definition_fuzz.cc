// Any text is either refused in one line or parses to a definition whose canonical text says the
// same.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "solver/run/run_definition.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto run = nash::ParseRunDefinition(text, "fuzz.yaml");
  if (!run.ok()) {
    CHECK(!run.status().message().empty());
    CHECK(run.status().message().find('\n') == absl::string_view::npos) << run.status();
    return 0;
  }
  const std::string canonical = nash::CanonicalText(*run);
  const auto again = nash::ParseRunDefinition(canonical, "canonical.yaml");
  CHECK(again.ok()) << again.status() << "\n" << canonical;
  CHECK(*again == *run) << canonical;
  CHECK_EQ(nash::CanonicalText(*again), canonical);
  CHECK_EQ(nash::Fingerprint(*again), nash::Fingerprint(*run));
  return 0;
}
