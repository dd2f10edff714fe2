#include "solver/coordinator/part_spool.h"

#include <glog/logging.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<PartSpool::Ticket> PartSpool::Put(const EncodedRows& rows) {
  Entry entry;
  entry.bytes = static_cast<uint32_t>(rows.bytes.size());
  entry.rows.checksum = rows.checksum;
  if (bytes_in_memory_ + rows.bytes.size() <= memory_bytes_) {
    entry.rows.bytes = rows.bytes;
    bytes_in_memory_ += rows.bytes.size();
  } else {
    if (!file_.has_value()) {
      ASSIGN_OR_RETURN(ScratchFile file, ScratchFile::Create(folder_));
      file_ = std::move(file);
    }
    ASSIGN_OR_RETURN(entry.place, file_->Append(rows.bytes));
    bytes_on_disk_ += rows.bytes.size();
  }
  entries_.push_back(std::move(entry));
  return static_cast<Ticket>(entries_.size() - 1);
}

absl::StatusOr<EncodedRows> PartSpool::Get(Ticket ticket) const {
  CHECK_LT(ticket, entries_.size());
  const Entry& entry = entries_[ticket];
  if (entry.rows.bytes.size() == entry.bytes) return entry.rows;
  EncodedRows rows;
  ASSIGN_OR_RETURN(rows.bytes, file_->Read(entry.place, entry.bytes));
  rows.checksum = entry.rows.checksum;
  if (Checksum64Of(rows.bytes) != rows.checksum) {
    return absl::DataLossError(absl::StrCat(
        folder_, ": a unit's delta has changed on the disk since it was written there"));
  }
  return rows;
}

absl::Status PartSpool::Clear() {
  entries_.clear();
  bytes_in_memory_ = 0;
  if (std::exchange(bytes_on_disk_, 0) == 0) return absl::OkStatus();
  return file_->Clear();
}

}  // namespace nash
