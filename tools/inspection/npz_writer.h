// Arrays of NumPy in one .npz file: a zip archive of .npy files, stored as they are.
//
// Bytes are written as they come, so that an array may be larger than the memory; its data starts
// at a multiple of 64 bytes in the file, so that readers can map it. Zip64 throughout: no size is a
// limit. No clock is in it: the same arrays give the same bytes. The file appears under its name
// when it is complete. docs/formats/strategy_npz.md has the bytes. Thread-compatible.
#ifndef NASHVILLE_TOOLS_INSPECTION_NPZ_WRITER_H_
#define NASHVILLE_TOOLS_INSPECTION_NPZ_WRITER_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace nash {

class NpzWriter {
 public:
  // Replaces `path` in the end. Errors of all calls: those of writing (files.h).
  static absl::StatusOr<NpzWriter> Create(const std::string& path);
  NpzWriter(NpzWriter&& other) noexcept = default;
  // What was not finished is removed.
  ~NpzWriter();

  // Begins an array of one dimension. dtype: as NumPy writes it, "<f4"; element_bytes: of it.
  absl::Status Begin(absl::string_view name, absl::string_view dtype, uint64_t element_bytes,
                     uint64_t num_elements);
  // The next bytes of the array.
  absl::Status Append(absl::string_view bytes);
  template <typename T>
  absl::Status Append(absl::Span<const T> values) {
    return Append(
        absl::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
  }
  // Needs as many bytes as Begin() told.
  absl::Status End();
  // A whole array at once.
  template <typename T>
  absl::Status Add(absl::string_view name, absl::string_view dtype, const std::vector<T>& values) {
    absl::Status status = Begin(name, dtype, sizeof(T), values.size());
    if (status.ok()) status = Append(absl::MakeConstSpan(values));
    return status.ok() ? End() : status;
  }

  // Writes the directory, makes all of it durable and gives the file its name. Returns its bytes.
  absl::StatusOr<uint64_t> Finish();

 private:
  struct Member {
    std::string name;
    uint64_t offset = 0;  // of its local header
    uint64_t bytes = 0;
    uint32_t crc = 0;
  };
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  NpzWriter(std::string path, std::string part, std::FILE* file)
      : path_(std::move(path)), part_(std::move(part)), file_(file) {}
  static std::string DirectoryEntry(const Member& member);
  // What closes an archive whose directory has the bytes [directory, end): both of its ends, with
  // sizes of 64 bits and without.
  static std::string EndRecords(uint64_t directory, uint64_t end, uint64_t num_members);
  absl::Status Write(absl::string_view bytes);
  absl::Status Failed() const;

  std::string path_;
  std::string part_;  // what it is called until Finish()
  std::unique_ptr<std::FILE, CloseFile> file_;
  uint64_t offset_ = 0;
  std::vector<Member> members_;
  uint64_t member_start_ = 0;  // where the data of the last one begins
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_NPZ_WRITER_H_
