// PKWARE's APPNOTE.TXT 6.3.10 has the records: 4.3.7 local header, 4.3.12 directory, 4.3.14 to
// 4.3.16 its ends, 4.5.3 the extra field of Zip64. NumPy's numpy.lib.format has .npy files.
//
//   local header | name | sizes | padding | .npy header | data     for each array, as it comes
//   directory entry ...                                            of all arrays, at the end
//   Zip64 end | Zip64 locator | end                                readers begin at this end
//
// Only the checksum is known late: sizes follow from what Begin() is told. It stands before the
// bytes that it is of, and is written there when they are, by one seek for an array.
//
// The padding is an extra field of the header, as zipalign writes it for Android's packages:
// readers skip fields that they do not know. Nothing is compressed, because what is compressed
// cannot be mapped. What does not fit in 32 bits is all ones there and stands in the Zip64 field;
// so small files have the same form as large ones, and one path is tested for both. tests/python
// reads files by NumPy and, where there is one, by unzip.
#include "tools/inspection/npz_writer.h"

#include <glog/logging.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kDirectoryEntry = 0x02014b50;
constexpr uint32_t kZip64End = 0x06064b50;
constexpr uint32_t kZip64Locator = 0x07064b50;
constexpr uint32_t kEnd = 0x06054b50;
constexpr uint16_t kVersion = 45;         // that knows Zip64
constexpr uint16_t kDate = (1 << 5) | 1;  // 1 January 1980, the first there is
constexpr uint16_t kZip64Extra = 0x0001;
constexpr uint16_t kPaddingExtra = 0xd935;  // as zipalign pads
constexpr uint64_t kAlignBytes = 64;
constexpr uint64_t kCrcOffset = 14;  // in a local header
constexpr size_t kCrcPieceBytes = size_t{1} << 30;

// Little-endian, as this machine has it (files are mapped as they are elsewhere, too).
template <typename T>
void Put(T value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string NpyHeader(absl::string_view dtype, uint64_t num_elements) {
  std::string text = absl::StrCat("{'descr': '", dtype, "', 'fortran_order': False, 'shape': (",
                                  num_elements, ",), }");
  constexpr size_t kPrefixBytes = 10;
  while ((kPrefixBytes + text.size() + 1) % kAlignBytes != 0) text += ' ';
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  Put(static_cast<uint16_t>(text.size()), &header);
  return header + text;
}

}  // namespace

absl::StatusOr<NpzWriter> NpzWriter::Create(const std::string& path) {
  const std::string part = path + ".partial";
  std::FILE* const file = std::fopen(part.c_str(), "wb");
  if (file == nullptr) return FileError(part, "cannot be written", errno);
  return NpzWriter(path, part, file);
}

NpzWriter::~NpzWriter() {
  if (file_ == nullptr) return;
  file_.reset();
  std::remove(part_.c_str());
}

absl::Status NpzWriter::Failed() const { return FileError(part_, "cannot be written", errno); }

absl::Status NpzWriter::Write(absl::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return Failed();
  offset_ += bytes.size();
  return absl::OkStatus();
}

absl::Status NpzWriter::Begin(absl::string_view name, absl::string_view dtype,
                              uint64_t element_bytes, uint64_t num_elements) {
  const std::string npy = NpyHeader(dtype, num_elements);
  Member member;
  member.name = absl::StrCat(name, ".npy");
  member.offset = offset_;
  member.bytes = npy.size() + element_bytes * num_elements;
  const uint16_t zip64_bytes = 4 + 16;
  // Of the local header, the name, the extra fields of Zip64 and of the padding without any.
  const uint64_t before = 30 + member.name.size() + zip64_bytes + 4;
  const uint16_t padding = (kAlignBytes - (offset_ + before) % kAlignBytes) % kAlignBytes;

  std::string header;
  Put(kLocalHeader, &header);
  Put(kVersion, &header);
  Put(uint16_t{0}, &header);  // flags
  Put(uint16_t{0}, &header);  // stored
  Put(uint16_t{0}, &header);  // midnight
  Put(kDate, &header);
  Put(uint32_t{0}, &header);           // the checksum, in End()
  Put(uint32_t{0xffffffff}, &header);  // sizes are in the extra field
  Put(uint32_t{0xffffffff}, &header);
  Put(static_cast<uint16_t>(member.name.size()), &header);
  Put(static_cast<uint16_t>(zip64_bytes + 4 + padding), &header);
  header += member.name;
  Put(kZip64Extra, &header);
  Put(uint16_t{16}, &header);
  Put(member.bytes, &header);
  Put(member.bytes, &header);
  Put(kPaddingExtra, &header);
  Put(padding, &header);
  header.append(padding, '\0');
  RETURN_IF_ERROR(Write(header));
  member_start_ = offset_;
  member.crc = static_cast<uint32_t>(crc32(0, nullptr, 0));
  members_.push_back(std::move(member));
  return Append(npy);
}

absl::Status NpzWriter::Append(absl::string_view bytes) {
  Member& member = members_.back();
  for (size_t at = 0; at < bytes.size(); at += kCrcPieceBytes) {
    const absl::string_view piece = bytes.substr(at, kCrcPieceBytes);
    member.crc = static_cast<uint32_t>(crc32(
        member.crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
  }
  return Write(bytes);
}

absl::Status NpzWriter::End() {
  const Member& member = members_.back();
  CHECK_EQ(offset_ - member_start_, member.bytes) << member.name;
  std::string crc;
  Put(member.crc, &crc);
  if (fseeko(file_.get(), static_cast<off_t>(member.offset + kCrcOffset), SEEK_SET) != 0 ||
      std::fwrite(crc.data(), 1, crc.size(), file_.get()) != crc.size() ||
      fseeko(file_.get(), 0, SEEK_END) != 0) {
    return Failed();
  }
  return absl::OkStatus();
}

std::string NpzWriter::DirectoryEntry(const Member& member) {
  std::string entry;
  Put(kDirectoryEntry, &entry);
  Put(kVersion, &entry);
  Put(kVersion, &entry);
  Put(uint16_t{0}, &entry);
  Put(uint16_t{0}, &entry);
  Put(uint16_t{0}, &entry);
  Put(kDate, &entry);
  Put(member.crc, &entry);
  Put(uint32_t{0xffffffff}, &entry);
  Put(uint32_t{0xffffffff}, &entry);
  Put(static_cast<uint16_t>(member.name.size()), &entry);
  Put(uint16_t{4 + 24}, &entry);
  Put(uint16_t{0}, &entry);  // comment
  Put(uint16_t{0}, &entry);  // disk
  Put(uint16_t{0}, &entry);  // attributes
  Put(uint32_t{0}, &entry);
  Put(uint32_t{0xffffffff}, &entry);  // the offset is in the extra field
  entry += member.name;
  Put(kZip64Extra, &entry);
  Put(uint16_t{24}, &entry);
  Put(member.bytes, &entry);
  Put(member.bytes, &entry);
  Put(member.offset, &entry);
  return entry;
}

std::string NpzWriter::EndRecords(uint64_t directory, uint64_t end, uint64_t num_members) {
  std::string text;
  Put(kZip64End, &text);
  Put(uint64_t{44}, &text);
  Put(kVersion, &text);
  Put(kVersion, &text);
  Put(uint32_t{0}, &text);
  Put(uint32_t{0}, &text);
  Put(num_members, &text);
  Put(num_members, &text);
  Put(end - directory, &text);
  Put(directory, &text);
  Put(kZip64Locator, &text);
  Put(uint32_t{0}, &text);
  Put(end, &text);
  Put(uint32_t{1}, &text);
  Put(kEnd, &text);
  Put(uint32_t{0}, &text);
  Put(uint16_t{0xffff}, &text);
  Put(uint16_t{0xffff}, &text);
  Put(uint32_t{0xffffffff}, &text);
  Put(uint32_t{0xffffffff}, &text);
  Put(uint16_t{0}, &text);
  return text;
}

absl::StatusOr<uint64_t> NpzWriter::Finish() {
  const uint64_t directory = offset_;
  for (const Member& member : members_) RETURN_IF_ERROR(Write(DirectoryEntry(member)));
  RETURN_IF_ERROR(Write(EndRecords(directory, offset_, members_.size())));
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) return Failed();
  RETURN_IF_ERROR(RenamePath(part_, path_));
  file_.reset();
  RETURN_IF_ERROR(SyncFolder(FolderOf(path_)));
  return offset_;
}

}  // namespace nash
