//   Begin(round)                          what is to be merged: tickets of parts, by section
//   TakeStep ... TakeStep                 merge some sections, append their parts to the log
//   TakeStep (the last)                   EndMerge: the sweep and the table's hash; the end record
//
// State machine and disk are interleaved so that a tick stays short, however large the table is.
// Where the disk is full the step ends in the middle: what was merged is kept in `parts`,
// `appended` says how far it is in the log, `is_ended` that only the end record is missing. So the
// next try begins where this one ended and nothing is added to the table twice.
#include "solver/coordinator/round_finisher.h"

#include <utility>

#include "common/status_macros.h"

namespace nash {

void RoundFinisher::Begin(const OpenRound& round) {
  pending_.emplace();
  pending_->record.round = round.round();
  pending_->record.touches = round.results().Touches();
  pending_->sections = round.PartsBySection(master_->num_sections());
}

absl::StatusOr<RoundFinisher::Step> RoundFinisher::TakeStep(Nanos now) {
  if (!IsDue(now)) return Step{};
  const absl::Status status = MergeAndAppend();
  if (absl::IsResourceExhausted(status)) {
    pending_->retry_at = now + options_.append_retry;
    return Step{Step::Kind::kPaused, status};
  }
  RETURN_IF_ERROR(status);
  pending_->retry_at = Nanos(0);
  const bool is_whole = store_->end_round() > pending_->record.round;
  Step step{is_whole ? Step::Kind::kMerged : Step::Kind::kOn, absl::OkStatus(),
            pending_->record.round, pending_->told, std::exchange(pending_->checksums, {})};
  pending_->told += static_cast<uint32_t>(step.checksums.size());
  if (is_whole) pending_.reset();
  return step;
}

// Takes up where it was stopped by a full disk: nothing is merged twice, nothing appended twice.
absl::Status RoundFinisher::MergeAndAppend() {
  if (!pending_->is_begun) RETURN_IF_ERROR(store_->RoomForRound());
  pending_->is_begun = true;
  if (pending_->is_ended) return store_->EndRound(pending_->record);
  if (pending_->appended == pending_->parts.size() && !master_->is_merged()) {
    ASSIGN_OR_RETURN(pending_->parts, master_->MergeNext([this](size_t section) {
      return spool_->GetAll(pending_->record.round, pending_->sections[section]);
    }));
    pending_->record.parts += static_cast<uint32_t>(pending_->parts.size());
    pending_->appended = 0;
  }
  for (; pending_->appended < pending_->parts.size(); ++pending_->appended) {
    const MergedPart& part = pending_->parts[pending_->appended];
    RETURN_IF_ERROR(store_->AppendPart(part));
    pending_->checksums.push_back(part.regrets.checksum);
  }
  if (!master_->is_merged()) return absl::OkStatus();
  master_->EndMerge();
  pending_->record.regret_hash = master_->regret_hash();
  pending_->is_ended = true;
  return store_->EndRound(pending_->record);
}

}  // namespace nash
