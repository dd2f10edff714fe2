// No other source includes a header of protobuf. tests/tools/read_events.py reads what is written
// with a decoder of its own.
#include "tools/training/tensorboard_writer.h"

#include <nmmintrin.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "tools/stored/metric_registry.h"
#include "tools/training/tensorboard_event.pb.h"

namespace nash {
namespace {

// The processor has an instruction for this polynomial (x86-64-v2 on; the build asks for v3).
uint32_t MaskedCrc32c(absl::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) crc = _mm_crc32_u8(crc, static_cast<uint8_t>(byte));
  crc = ~crc;
  // So that a CRC of bytes that hold CRCs is none of them.
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

template <typename Number>
void AppendNumber(Number number, std::string* out) {
  char bytes[sizeof(number)];
  std::memcpy(bytes, &number, sizeof(number));
  out->append(bytes, sizeof(bytes));
}

std::string RecordOf(const tensorboard::Event& event) {
  const std::string data = event.SerializeAsString();
  std::string record;
  AppendNumber(uint64_t{data.size()}, &record);
  AppendNumber(MaskedCrc32c(record), &record);
  record += data;
  AppendNumber(MaskedCrc32c(data), &record);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TensorBoardWriter>> TensorBoardWriter::Open(
    const std::string& folder) {
  RETURN_IF_ERROR(CreateDirectories(folder));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double seconds = std::chrono::duration<double>(now).count();
  std::array<char, 200> host{};
  gethostname(host.data(), host.size() - 1);
  // Readers look for "tfevents", and take files in the order of their names.
  const std::string name =
      absl::StrFormat("events.out.tfevents.%010d.%s.%d", static_cast<int64_t>(seconds), host.data(),
                      static_cast<int>(getpid()));
  ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(JoinPath(folder, name)));
  tensorboard::Event version;
  version.set_wall_time(seconds);
  version.set_file_version("brain.Event:2");
  RETURN_IF_ERROR(file.Append(RecordOf(version)));
  return std::unique_ptr<TensorBoardWriter>(new TensorBoardWriter(std::move(file)));
}

absl::Status TensorBoardWriter::Append(const std::string& line) {
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!json.is_object()) return absl::InvalidArgumentError("no line of figures");
  tensorboard::Event event;
  for (const MetricValue& figure : FiguresOf(json)) {
    const absl::string_view name = figure.metric->name;
    if (name == "unix_time") event.set_wall_time(figure.value);
    if (name == "iterations") event.set_step(static_cast<int64_t>(figure.value));
    tensorboard::Summary::Value* const value = event.mutable_summary()->add_value();
    value->set_tag(figure.street < 0 ? std::string(name) : absl::StrCat(name, "/", figure.street));
    value->set_simple_value(static_cast<float>(figure.value));
  }
  return file_.Append(RecordOf(event));
}

}  // namespace nash
