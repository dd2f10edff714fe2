// A drawer for each round, a ticket for each part. What fits into the budget stays in memory, and
// what comes after that goes to a file of the drawer that has no name: the system removes it with
// the process, however that ends. Nothing moves from one to the other, since a round is read once
// and forgotten. The checksum is compared only for what has been on a disk.
#include "solver/coordinator/part_spool.h"

#include <glog/logging.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<PartSpool::Ticket> PartSpool::Put(uint64_t round, const EncodedRows& rows) {
  Drawer& drawer = drawers_[round];
  Entry entry;
  entry.bytes = static_cast<uint32_t>(rows.bytes.size());
  entry.rows.checksum = rows.checksum;
  if (bytes_in_memory_ + entry.bytes <= memory_bytes_) {
    entry.rows.bytes = rows.bytes;
    drawer.bytes_in_memory += entry.bytes;
    bytes_in_memory_ += entry.bytes;
  } else {
    if (!drawer.file.has_value()) {
      ASSIGN_OR_RETURN(ScratchFile file, ScratchFile::Create(folder_));
      drawer.file = std::move(file);
    }
    ASSIGN_OR_RETURN(entry.place, drawer.file->Append(rows.bytes));
    drawer.bytes_on_disk += entry.bytes;
    bytes_on_disk_ += entry.bytes;
  }
  drawer.entries.push_back(std::move(entry));
  return static_cast<Ticket>(drawer.entries.size() - 1);
}

absl::StatusOr<EncodedRows> PartSpool::Get(uint64_t round, Ticket ticket) const {
  const Drawer& drawer = drawers_.at(round);
  CHECK_LT(ticket, drawer.entries.size());
  const Entry& entry = drawer.entries[ticket];
  CHECK(!entry.is_gone);
  if (entry.rows.bytes.size() == entry.bytes) return entry.rows;
  EncodedRows rows;
  ASSIGN_OR_RETURN(rows.bytes, drawer.file->Read(entry.place, entry.bytes));
  rows.checksum = entry.rows.checksum;
  if (Checksum64Of(rows.bytes) != rows.checksum) {
    return absl::DataLossError(absl::StrCat(
        folder_, ": a unit's delta has changed on the disk since it was written there"));
  }
  return rows;
}

absl::StatusOr<std::vector<EncodedRows>> PartSpool::GetAll(
    uint64_t round, const std::vector<Ticket>& tickets) const {
  std::vector<EncodedRows> parts;
  for (const Ticket ticket : tickets) {
    ASSIGN_OR_RETURN(EncodedRows part, Get(round, ticket));
    parts.push_back(std::move(part));
  }
  return parts;
}

void PartSpool::LetGo(uint64_t round, Ticket ticket) {
  Drawer& drawer = drawers_.at(round);
  Entry& entry = drawer.entries.at(ticket);
  drawer.bytes_in_memory -= entry.rows.bytes.size();
  bytes_in_memory_ -= entry.rows.bytes.size();
  entry.rows.bytes = std::string();
  entry.is_gone = true;
}

void PartSpool::Forget(uint64_t round) {
  const auto found = drawers_.find(round);
  if (found == drawers_.end()) return;
  bytes_in_memory_ -= found->second.bytes_in_memory;
  bytes_on_disk_ -= found->second.bytes_on_disk;
  drawers_.erase(found);
}

}  // namespace nash
