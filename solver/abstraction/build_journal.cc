// The journal is written whole, to a new file that takes the old one's place, so a crash leaves the
// last one or the one before. Writing it costs less than iterations take, except for small
// clusterings, which take milliseconds: those are put off until about a second's worth of distances
// has gathered.
//
// A damaged journal is refused, not ignored: it is hours of work, and may be what is left of a
// failing disk. Its remedy is to delete it.
#include "solver/abstraction/build_journal.h"

#include <xxhash.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr absl::string_view kMagic = "NASHBKJ\n";
constexpr uint32_t kVersion = 1;
constexpr size_t kChecksumBytes = 8;

template <typename Number>
void Append(Number number, std::string* out) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

// Takes a number off the front; false where too few bytes are left.
template <typename Number>
bool Take(absl::string_view* bytes, Number* number) {
  if (bytes->size() < sizeof(Number)) return false;
  std::memcpy(number, bytes->data(), sizeof(Number));
  bytes->remove_prefix(sizeof(Number));
  return true;
}

bool TakeState(absl::string_view* bytes, ClusterStates* states) {
  uint32_t number = 0;
  uint8_t is_finished = 0;
  uint64_t size = 0;
  ClusterState state;
  if (!Take(bytes, &number) || !Take(bytes, &state.iterations) || !Take(bytes, &is_finished) ||
      !Take(bytes, &size) || is_finished > 1 || size > bytes->size()) {
    return false;
  }
  state.is_finished = is_finished == 1;
  state.centroids.assign(bytes->begin(), bytes->begin() + size);
  bytes->remove_prefix(size);
  return states->emplace(number, std::move(state)).second;
}

}  // namespace

std::string SerializeJournal(uint64_t content_hash, const ClusterStates& states) {
  std::string out(kMagic);
  Append(kVersion, &out);
  Append(content_hash, &out);
  Append(static_cast<uint32_t>(states.size()), &out);
  for (const auto& [number, state] : states) {
    Append(number, &out);
    Append(state.iterations, &out);
    Append(static_cast<uint8_t>(state.is_finished), &out);
    Append(static_cast<uint64_t>(state.centroids.size()), &out);
    out.append(state.centroids.begin(), state.centroids.end());
  }
  Append(static_cast<uint64_t>(XXH3_64bits(out.data(), out.size())), &out);
  return out;
}

absl::StatusOr<ClusterStates> ParseJournal(uint64_t content_hash, absl::string_view bytes,
                                           absl::string_view file_name) {
  const absl::Status damaged = absl::DataLossError(
      absl::StrCat(file_name,
                   ": what an interrupted build left is damaged: delete it, and the build begins "
                   "anew"));
  if (bytes.size() < kMagic.size() + kChecksumBytes) return damaged;
  absl::string_view tail = bytes.substr(bytes.size() - kChecksumBytes);
  absl::string_view left = bytes.substr(0, bytes.size() - kChecksumBytes);
  uint64_t checksum = 0;
  if (!Take(&tail, &checksum) || checksum != XXH3_64bits(left.data(), left.size())) return damaged;
  if (left.substr(0, kMagic.size()) != kMagic) return damaged;
  left.remove_prefix(kMagic.size());
  uint32_t version = 0;
  uint64_t hash = 0;
  uint32_t count = 0;
  if (!Take(&left, &version) || !Take(&left, &hash) || !Take(&left, &count)) return damaged;
  if (version != kVersion || hash != content_hash) return damaged;
  ClusterStates states;
  for (uint32_t i = 0; i < count; ++i) {
    if (!TakeState(&left, &states)) return damaged;
  }
  if (!left.empty()) return damaged;
  return states;
}

absl::StatusOr<std::unique_ptr<BuildJournal>> BuildJournal::Open(const std::string& path,
                                                                 uint64_t content_hash) {
  std::unique_ptr<BuildJournal> journal(new BuildJournal(path, content_hash));
  if (!FileExists(path)) return journal;
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  ASSIGN_OR_RETURN(journal->states_, ParseJournal(content_hash, bytes, path));
  return journal;
}

std::optional<ClusterState> BuildJournal::Find(uint32_t number) const {
  const auto it = states_.find(number);
  if (it == states_.end()) return std::nullopt;
  return it->second;
}

absl::Status BuildJournal::Save(uint32_t number, const ClusterState& state, uint64_t distances) {
  states_[number] = state;
  distances_put_off_ += distances;
  return distances_put_off_ < kDistancesPutOffMax ? absl::OkStatus() : Flush();
}

absl::Status BuildJournal::Flush() {
  if (distances_put_off_ == 0) return absl::OkStatus();
  distances_put_off_ = 0;
  return WriteFileAtomically(path_, SerializeJournal(content_hash_, states_));
}

}  // namespace nash
