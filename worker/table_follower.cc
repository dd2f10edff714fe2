// The states and what leads from one to the next (docs/protocol.md, "A worker"):
//
//   NoTable --Welcome--> FetchingBuckets --all files--> Loading --all parts--> Complete
//                                                          ^                    |    ^
//                        Reload, or ahead at a Welcome     |           RoundMerged   | hash equal
//                        (from any but the first two) -----+                    v    |
//                                            Diverged <---hash differs--- Advancing--+
//
// Advancing begins before RoundMerged where RoundGrows tells of parts while the coordinator merges,
// and ends after it. Until then nobody has a unit for this table: all of its round are there.
//
// A state is left only in Step(), where no unit runs and the replica may be touched, or for
// Loading, which leaves the replica alone until its first Step(). Parts come between steps; they
// wait until ApplyParts(), so that all that came together are decoded side by side.
//
// Tested in tests/worker/worker_test.cc, against clusters that lose and repeat everything in
// tests/sim.
#include "worker/table_follower.h"

#include <algorithm>
#include <utility>

#include "common/overloaded.h"
#include "common/status_macros.h"

namespace nash {

std::optional<TableFollower::Place> TableFollower::place() const {
  return std::visit(
      Overloaded{[](const NoTable&) -> std::optional<Place> { return std::nullopt; },
                 [](const FetchingBuckets&) -> std::optional<Place> { return std::nullopt; },
                 [](const Loading&) -> std::optional<Place> { return std::nullopt; },
                 [](const auto& state) -> std::optional<Place> { return state.place; }},
      state_);
}

// Until the first part is applied, the table is what it was.
bool TableFollower::is_complete() const {
  const auto* const advancing = std::get_if<Advancing>(&state_);
  return std::holds_alternative<Complete>(state_) ||
         (advancing != nullptr && !advancing->is_changed);
}

bool TableFollower::takes_units() const {
  const auto* const complete = std::get_if<Complete>(&state_);
  return complete != nullptr && !complete->next && complete->grown == 0;
}

bool TableFollower::awaits_round() const {
  const auto* const advancing = std::get_if<Advancing>(&state_);
  return advancing != nullptr && !advancing->next && advancing->window.done();
}

bool TableFollower::has_parts() const {
  return std::visit(
      Overloaded{[](const NoTable&) { return false; }, [](const FetchingBuckets&) { return false; },
                 [](const Diverged&) { return false; },
                 [](const auto& state) { return !state.parts.empty(); }},
      state_);
}

void TableFollower::OnWelcome(const Welcome& welcome) {
  std::visit(Overloaded{[&](NoTable&) {
                          state_ = FetchingBuckets{welcome, std::nullopt};
                        },
                        [](FetchingBuckets&) {},
                        [&](Loading&) { Load(welcome.regrets_round, welcome.regret_parts); },
                        [&](Complete& complete) { GoOn(welcome, &complete); },
                        [&](Advancing& advancing) { GoOn(welcome, advancing); },
                        [](Diverged&) {}},  // Reload comes in answer to what we say of it
             state_);
}

void TableFollower::GoOn(const Welcome& welcome, Complete* complete) {
  complete->asked_ahead.reset();
  complete->grown = 0;
  if (complete->place.rounds > welcome.rounds) {
    Load(welcome.regrets_round, welcome.regret_parts);
  } else if (complete->place.rounds == welcome.rounds) {
    complete->next.reset();  // it was lost with the coordinator
    complete->parts.clear();
  }
}

void TableFollower::GoOn(const Welcome& welcome, const Advancing& advancing) {
  const uint64_t rounds = advancing.place.rounds;
  // The same parts will be merged again some day, but until then no unit can run here.
  if (rounds > welcome.rounds || (advancing.is_changed && rounds == welcome.rounds)) {
    Load(welcome.regrets_round, welcome.regret_parts);
  } else if (rounds == welcome.rounds) {
    state_ = Complete{.place = advancing.place};
  }
}

void TableFollower::OnReload(const Reload& reload) {
  if (std::holds_alternative<NoTable>(state_) || std::holds_alternative<FetchingBuckets>(state_)) {
    return;
  }
  Load(reload.regrets_round, reload.regret_parts);
}

void TableFollower::Load(uint64_t round, uint32_t parts) {
  const auto* const loading = std::get_if<Loading>(&state_);
  if (loading != nullptr && loading->round == round) return;
  state_ = Loading{round, WindowOf(parts)};
}

void TableFollower::OnRoundMerged(const RoundMerged& merged) {
  if (auto* const complete = std::get_if<Complete>(&state_)) {
    if (!complete->next && merged.round == complete->place.rounds) complete->next = merged;
  } else if (auto* const advancing = std::get_if<Advancing>(&state_)) {
    if (advancing->next || merged.round != advancing->place.rounds) return;
    if (merged.parts < advancing->window.parts()) {
      // Another coordinator merged another round: what was applied is none of it.
      state_ = Diverged{{merged.round + 1, ~merged.regret_hash}};
      return;
    }
    advancing->window.Extend(merged.parts - advancing->window.parts());
    advancing->next = merged;
  }
}

// What follows a message that was lost is left out, until RoundMerged tells of all.
void TableFollower::OnRoundGrows(const RoundGrows& grows) {
  const uint32_t parts = static_cast<uint32_t>(grows.checksums.size());
  if (auto* const complete = std::get_if<Complete>(&state_)) {
    const bool is_news = !complete->next && grows.first_part == complete->grown;
    if (is_news && grows.round == complete->place.rounds) complete->grown += parts;
  } else if (auto* const advancing = std::get_if<Advancing>(&state_)) {
    const bool is_news = !advancing->next && grows.first_part == advancing->window.parts();
    if (is_news && grows.round == advancing->place.rounds) advancing->window.Extend(parts);
  }
}

absl::Status TableFollower::OnBucketPart(const BucketPart& part, Nanos now) {
  auto* const fetching = std::get_if<FetchingBuckets>(&state_);
  if (fetching == nullptr || !fetching->file ||
      part.content_hash != fetching->file->name.content_hash ||
      part.offset % kBucketPartBytes != 0 || part.offset / kBucketPartBytes > UINT32_MAX) {
    return absl::OkStatus();
  }
  const uint32_t number = static_cast<uint32_t>(part.offset / kBucketPartBytes);
  if (!fetching->file->window.IsOpen(number)) return absl::OkStatus();
  RETURN_IF_ERROR(replica_->WriteBuckets(fetching->file->name, part.offset, part.bytes));
  fetching->file->window.Confirm(number, now);
  return absl::OkStatus();
}

void TableFollower::OnRegretPart(const RegretPart& part) {
  auto* const loading = std::get_if<Loading>(&state_);
  if (loading == nullptr || !loading->is_cleared || part.round != loading->round) return;
  if (loading->window.IsOpen(part.part)) loading->parts.emplace(part.part, part.rows);
}

void TableFollower::OnRoundPart(const RoundPart& part) {
  if (auto* const advancing = std::get_if<Advancing>(&state_)) {
    if (part.round == advancing->place.rounds && advancing->window.IsOpen(part.part)) {
      advancing->parts.emplace(part.part, part.rows);
    }
  } else if (auto* const complete = std::get_if<Complete>(&state_)) {
    // Parts that were asked for ahead may overtake their RoundMerged.
    if (part.round == complete->place.rounds && complete->asked_ahead &&
        part.part < options_.window_parts) {
      complete->parts.emplace(part.part, part.rows);
    }
  }
}

// Returns how many could be applied; others are asked for again.
template <typename Apply>
uint32_t TableFollower::ApplyEach(const Parts& parts, PartWindow* window, Nanos now,
                                  const Apply& apply) {
  std::vector<std::pair<uint32_t, const EncodedRows*>> work;
  for (const auto& [part, rows] : parts) {
    if (window->IsOpen(part)) work.emplace_back(part, &rows);
  }
  std::vector<uint8_t> is_applied(work.size());
  replica_->ForEach(work.size(), [&](size_t i) { is_applied[i] = apply(*work[i].second).ok(); });
  uint32_t applied = 0;
  for (size_t i = 0; i < work.size(); ++i) {
    if (is_applied[i]) {
      window->Confirm(work[i].first, now);
      ++applied;
    } else {
      ++counters_->parts_refused;
    }
  }
  return applied;
}

void TableFollower::ApplyParts(Nanos now) {
  if (auto* const loading = std::get_if<Loading>(&state_)) {
    ApplyEach(std::exchange(loading->parts, {}), &loading->window, now,
              [this](const EncodedRows& rows) { return replica_->LoadRegrets(rows); });
  } else if (auto* const advancing = std::get_if<Advancing>(&state_)) {
    const uint32_t applied =
        ApplyEach(std::exchange(advancing->parts, {}), &advancing->window, now,
                  [this](const EncodedRows& rows) { return replica_->Apply(rows); });
    advancing->is_changed = advancing->is_changed || applied > 0;
    if (!advancing->next) counters_->early_parts += applied;
  }
}

absl::StatusOr<TableFollower::News> TableFollower::Step(Nanos now) {
  if (std::holds_alternative<FetchingBuckets>(state_)) RETURN_IF_ERROR(MakeTable());
  if (auto* const loading = std::get_if<Loading>(&state_)) {
    if (!loading->is_cleared) replica_->Clear(loading->round);
    loading->is_cleared = true;
    return loading->window.done() ? EndLoading() : News::kNone;
  }
  BeginRound(now);
  const auto* const advancing = std::get_if<Advancing>(&state_);
  const bool is_whole = advancing != nullptr && advancing->next && advancing->window.done();
  return is_whole ? EndRound() : News::kNone;
}

// Makes the table once all bucket files are there.
absl::Status TableFollower::MakeTable() {
  auto& [welcome, file] = std::get<FetchingBuckets>(state_);
  while (true) {
    if (!file) file = FirstMissing(welcome.buckets);
    if (!file) break;
    if (!file->window.done()) return absl::OkStatus();
    const BucketFileName name = file->name;
    file.reset();
    RETURN_IF_ERROR(replica_->FinishBuckets(name));
  }
  RETURN_IF_ERROR(replica_->Prepare(welcome.definition));
  shape_ = replica_->shape();
  Load(welcome.regrets_round, welcome.regret_parts);
  return absl::OkStatus();
}

std::optional<TableFollower::FetchingBuckets::File> TableFollower::FirstMissing(
    const std::vector<BucketFileName>& files) {
  for (const BucketFileName& name : files) {
    if (replica_->HasBuckets(name)) continue;
    const uint64_t parts = (name.bytes + kBucketPartBytes - 1) / kBucketPartBytes;
    return FetchingBuckets::File{name, WindowOf(static_cast<uint32_t>(parts))};
  }
  return std::nullopt;
}

TableFollower::News TableFollower::EndLoading() {
  const Place place = {std::get<Loading>(state_).round, replica_->regret_hash()};
  state_ = Complete{.place = place};
  ++counters_->tables_loaded;
  return News::kArrived;
}

void TableFollower::BeginRound(Nanos now) {
  auto* const complete = std::get_if<Complete>(&state_);
  if (complete == nullptr || (!complete->next && complete->grown == 0)) return;
  const uint32_t parts = complete->next ? complete->next->parts : complete->grown;
  Advancing advancing{complete->place, complete->next, WindowOf(parts), std::move(complete->parts),
                      false};
  // The first parts have been asked for and follow.
  if (complete->asked_ahead && now - *complete->asked_ahead < timer_->value()) {
    advancing.window.Due(now);
  }
  state_ = std::move(advancing);
}

TableFollower::News TableFollower::EndRound() {
  const Advancing& advancing = std::get<Advancing>(state_);
  replica_->EndRound();
  ++counters_->rounds_followed;
  const Place place = {advancing.place.rounds + 1, replica_->regret_hash()};
  if (place.regret_hash == advancing.next->regret_hash) {
    state_ = Complete{.place = place};
    return News::kArrived;
  }
  ++counters_->divergences;
  state_ = Diverged{place};
  return News::kDiverged;
}

FetchRound TableFollower::AskAhead(Nanos now) {
  Complete& complete = std::get<Complete>(state_);
  complete.asked_ahead = now;
  return {complete.place.rounds, 0, options_.window_parts};
}

std::vector<WorkerMessage> TableFollower::Due(Nanos now) {
  std::vector<WorkerMessage> due;
  // Parts that follow each other are asked for together.
  const auto fetch = [&](auto request, PartWindow* window) {
    const std::vector<uint32_t> parts = window->Due(now);
    for (size_t i = 0; i < parts.size(); i += request.parts) {
      request.first_part = parts[i];
      request.parts = 1;
      while (i + request.parts < parts.size() &&
             parts[i + request.parts] == parts[i] + request.parts) {
        ++request.parts;
      }
      due.push_back(request);
    }
  };
  if (auto* const fetching = std::get_if<FetchingBuckets>(&state_)) {
    if (!fetching->file) return due;
    for (const uint32_t part : fetching->file->window.Due(now)) {
      due.push_back(FetchBuckets{fetching->file->name.content_hash, part * kBucketPartBytes});
    }
  } else if (auto* const loading = std::get_if<Loading>(&state_)) {
    fetch(FetchRegrets{loading->round, 0, 0}, &loading->window);
  } else if (auto* const advancing = std::get_if<Advancing>(&state_)) {
    fetch(FetchRound{advancing->place.rounds, 0, 0}, &advancing->window);
  }
  return due;
}

}  // namespace nash
