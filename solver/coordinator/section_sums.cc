//   unit 0   ====#====#====#==            parts that have come; they come in the order of sections
//   unit 1   ====#====#=
//   unit 2   ====#====#====#====#
//            sum  sum  ^ the next: not yet there of unit 1
//
// A section's sums take the place of its parts in the round (OpenRound::PartsBySection). The parts
// themselves are let go of, unless units of the round after start from them (lag).
// tests/coordinator/section_sums_test.cc
#include "solver/coordinator/section_sums.h"

#include <atomic>
#include <utility>
#include <vector>

#include "common/status_macros.h"

namespace nash {
namespace {

uint64_t BytesOf(const std::vector<EncodedRows>& parts) {
  uint64_t bytes = 0;
  for (const EncodedRows& part : parts) bytes += part.bytes.size();
  return bytes;
}

}  // namespace

bool SectionSums::IsDue(const OpenRound* round) const {
  if (round == nullptr || options_.shape.units < options_.units_to_sum) return false;
  const SummedSections& sums = round->sums();
  return !sums.gave_up && round->results().SectionsComplete(master_->num_sections()) >=
                              sums.tickets.size() + master_->sections_per_step();
}

absl::Status SectionSums::TakeStep(OpenRound* round) {
  SummedSections& sums = *round->mutable_sums();
  const size_t first = sums.tickets.size();
  sums.next_parts.resize(round->num_units());
  std::vector<std::vector<PartSpool::Ticket>> parts(master_->sections_per_step());
  std::vector<std::vector<uint32_t>> next_parts;  // after each of the sections
  std::vector<uint32_t> next = sums.next_parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto section = static_cast<uint32_t>(first + i);
    for (uint32_t unit = 0; unit < round->num_units(); ++unit) {
      for (; round->results().IsOfSection({unit, next[unit]}, section); ++next[unit]) {
        parts[i].push_back(round->results().TicketOf({unit, next[unit]}));
      }
    }
    next_parts.push_back(next);
  }
  std::atomic<uint64_t> bytes{0};
  const auto read = [&](size_t section) {
    auto of_units = spool_->GetAll(round->round(), parts[section - first]);
    if (of_units.ok()) bytes += BytesOf(*of_units);
    return of_units;
  };
  ASSIGN_OR_RETURN(const auto summed, master_->SumUp(first, parts.size(), read));
  uint64_t sum_bytes = 0;
  for (const std::vector<EncodedRows>& of_section : summed) sum_bytes += BytesOf(of_section);
  if (sum_bytes > options_.sums_share_max * static_cast<double>(bytes)) {
    sums.gave_up = true;
    return absl::OkStatus();
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    std::vector<PartSpool::Ticket> tickets;
    for (const EncodedRows& sum : summed[i]) {
      const absl::StatusOr<PartSpool::Ticket> ticket = spool_->Put(round->round(), sum);
      if (absl::IsResourceExhausted(ticket.status())) {
        sums.gave_up = true;
        return absl::OkStatus();
      }
      RETURN_IF_ERROR(ticket.status());
      tickets.push_back(*ticket);
    }
    sums.tickets.push_back(std::move(tickets));
    sums.next_parts = next_parts[i];
    ++counters_->sections_summed;
    if (options_.shape.meet_every > 1) continue;
    for (const PartSpool::Ticket ticket : parts[i]) spool_->LetGo(round->round(), ticket);
  }
  return absl::OkStatus();
}

}  // namespace nash
