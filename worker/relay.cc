// A part's way, of a round that is new enough (IsOurs):
//
//   Want, OnFetch --> AskFor --no checksums yet--> held_back --OnChecksums--+
//                       |                             | no answer           |
//                       v                             v                     v
//              coordinator, or source <---------------+---------- source, or coordinator
//                       |                                  for what has no checksum
//                       v
//      Arrived: kept if we serve, given to peers that wait; our table takes it from the caller
//
// FallBack() is the one way out of whatever goes wrong with a source: what it was asked for and
// what waits for checksums, the coordinator is asked for. Distrust() adds a pause, twice as long
// each time that nothing came in between. tests/worker/relay_test.cc plays single steps,
// tests/sim/relays_test.cc whole trees whose relays die, fall silent and lie.
#include "worker/relay.h"

#include <algorithm>

namespace nash {

void Relay::Reset() {
  place_ = RelayPlace();
  paused_until_ = Nanos(0);
  rounds_end_ = 0;
  rounds_.clear();
  num_waiting_ = 0;
  kept_.clear();
  kept_bytes_ = 0;
  for_coordinator_.clear();
  for_source_.clear();
  checksums_wanted_.clear();
  for_peers_.clear();
}

void Relay::OnPlace(const RelayPlace& place, Nanos now) {
  const bool is_other =
      place.source_endpoint != place_.source_endpoint || place.source_key != place_.source_key;
  place_ = place;
  if (!is_other) return;
  paused_until_ = Nanos(0);
  for (auto& [number, round] : rounds_) FallBack(number, &round, now);
}

void Relay::OnRounds(uint64_t rounds, Nanos now) {
  const uint64_t grown = std::exchange(rounds_end_, std::max(rounds_end_, rounds));
  if (grown < rounds_end_ && rounds_.count(grown) > 0) AskForHeldBack(grown, now);
  while (!rounds_.empty() && !IsOurs(rounds_.begin()->first)) {
    auto& [number, round] = *rounds_.begin();
    FallBack(number, &round, now);
    for (const auto& [part, peers] : round.waiting) num_waiting_ -= peers.size();
    for (const auto& [part, rows] : round.kept) kept_bytes_ -= rows.bytes.size();
    std::erase_if(kept_, [number = number](const auto& kept) { return kept.first == number; });
    rounds_.erase(rounds_.begin());
  }
}

const EncodedRows* Relay::Find(uint64_t round, uint32_t part) const {
  const auto found = rounds_.find(round);
  if (found == rounds_.end()) return nullptr;
  const auto kept = found->second.kept.find(part);
  return kept == found->second.kept.end() ? nullptr : &kept->second;
}

void Relay::Want(uint64_t round, uint32_t part, Nanos now) {
  if (IsOurs(round)) {
    AskFor(round, part, now);
  } else {
    for_coordinator_.emplace(round, part);
  }
}

void Relay::OnFetch(const std::string& peer, const FetchRound& fetch, Nanos now) {
  if (options_.relay_endpoint.empty() || !IsOurs(fetch.round)) return;
  const uint32_t parts = std::min(fetch.parts, options_.window_parts);
  for (uint32_t part = fetch.first_part; part < fetch.first_part + parts; ++part) {
    if (const EncodedRows* const rows = Find(fetch.round, part)) {
      Give(peer, fetch.round, part, *rows);
    } else if (num_waiting_ < kWaitingMax) {
      num_waiting_ += rounds_[fetch.round].waiting[part].insert(peer).second;
      AskFor(fetch.round, part, now);
    }
  }
}

// Needs IsOurs(number), and that we do not hold the part.
void Relay::AskFor(uint64_t number, uint32_t part, Nanos now) {
  Round& round = rounds_[number];
  const auto trip = round.under_way.find(part);
  if (trip != round.under_way.end()) {
    // The source has its time limit (OnTick). What the coordinator has not answered may be lost;
    // several may want the same at about the same time.
    const bool is_new = now - trip->second.since < options_.retry_min / 2;
    if (trip->second.is_of_source || is_new) return;
  } else if (HasSource(now) && part < round.checksums.size()) {
    round.under_way[part] = {true, now, now};
    for_source_.emplace(number, part);
    return;
  } else if (HasSource(now) && !round.are_told && !round.are_checksums_late) {
    round.held_back.insert(part);
    // Those of a round that still grows come by themselves.
    if (number == rounds_end_ || round.checksums_asked.has_value()) return;
    round.checksums_asked = now;
    checksums_wanted_.insert(number);
    return;
  }
  AskCoordinator(number, part, &round, now);
}

void Relay::AskCoordinator(uint64_t number, uint32_t part, Round* round, Nanos now) {
  Trip& trip = round->under_way[part];
  trip.is_of_source = false;
  trip.since = now;
  for_coordinator_.emplace(number, part);
}

void Relay::FallBack(uint64_t number, Round* round, Nanos now) {
  std::set<uint32_t> parts = std::exchange(round->held_back, {});
  for (const auto& [part, trip] : round->under_way) {
    if (trip.is_of_source) parts.insert(part);
  }
  for (const uint32_t part : parts) {
    for_source_.erase({number, part});
    AskCoordinator(number, part, round, now);
  }
  counters_->relay_fallbacks += parts.size();
}

void Relay::Distrust(Nanos now) {
  patience_.Silence();
  paused_until_ = now + patience_.value();
  OnSourceGone(now);
}

void Relay::OnSourceGone(Nanos now) {
  for (auto& [number, round] : rounds_) FallBack(number, &round, now);
}

void Relay::OnChecksums(const RoundChecksums& checksums, Nanos now) {
  const auto found = rounds_.find(checksums.round);
  if (found == rounds_.end() || found->second.are_told) return;
  Round& round = found->second;
  round.checksums = checksums.checksums;
  round.are_told = true;
  if (round.checksums_asked.has_value()) {
    checksum_patience_.Answered(now - *round.checksums_asked);
  }
  AskForHeldBack(checksums.round, now);
}

void Relay::OnGrows(const RoundGrows& grows, Nanos now) {
  if (place_.source_endpoint.empty() || grows.round != rounds_end_) return;
  std::vector<uint64_t>& known = rounds_[grows.round].checksums;
  if (known.size() != grows.first_part) return;
  known.insert(known.end(), grows.checksums.begin(), grows.checksums.end());
  AskForHeldBack(grows.round, now);
}

void Relay::AskForHeldBack(uint64_t round, Nanos now) {
  for (const uint32_t part : std::exchange(rounds_[round].held_back, {})) AskFor(round, part, now);
}

void Relay::OnPart(const RoundPart& part) {
  const auto round = rounds_.find(part.round);
  if (round != rounds_.end()) {
    Arrived(part, &round->second);
  } else if (IsOurs(part.round) && !options_.relay_endpoint.empty()) {
    Arrived(part, &rounds_[part.round]);  // our table has asked for it ahead
  }
}

bool Relay::OnSourcePart(const RoundPart& part, Nanos now) {
  const auto found = rounds_.find(part.round);
  if (found == rounds_.end() || part.part >= found->second.checksums.size()) return false;
  Round& round = found->second;
  if (part.rows.checksum != round.checksums[part.part]) {
    ++counters_->parts_refused;
    Distrust(now);
    return false;
  }
  const auto trip = round.under_way.find(part.part);
  if (trip == round.under_way.end()) return false;  // it has come already
  // Also one that came too late tells how long to wait.
  if (trip->second.source_asked.has_value()) patience_.Answered(now - *trip->second.source_asked);
  counters_->relay_fetched_bytes += part.rows.bytes.size();
  Arrived(part, &round);
  return true;
}

void Relay::Arrived(const RoundPart& part, Round* round) {
  round->under_way.erase(part.part);
  round->held_back.erase(part.part);
  const auto waiting = round->waiting.find(part.part);
  if (waiting != round->waiting.end()) {
    for (const std::string& peer : waiting->second) Give(peer, part.round, part.part, part.rows);
    num_waiting_ -= waiting->second.size();
    round->waiting.erase(waiting);
  }
  if (!options_.relay_endpoint.empty()) Keep(part, round);
}

// Forgets the oldest where there is no room: who wants them later has us ask again.
void Relay::Keep(const RoundPart& part, Round* round) {
  if (!round->kept.emplace(part.part, part.rows).second) return;
  kept_.emplace_back(part.round, part.part);
  kept_bytes_ += part.rows.bytes.size();
  while (kept_bytes_ > options_.relay_bytes_max) {
    const auto [old_round, old_part] = kept_.front();
    kept_.pop_front();
    auto& of_round = rounds_.at(old_round).kept;
    const auto old = of_round.find(old_part);
    kept_bytes_ -= old->second.bytes.size();
    of_round.erase(old);
  }
}

void Relay::Give(const std::string& peer, uint64_t round, uint32_t part, const EncodedRows& rows) {
  counters_->relay_served_bytes += rows.bytes.size();
  for_peers_.push_back({peer, {round, part, rows}});
}

void Relay::OnTick(Nanos now) {
  const Nanos wait = patience_.base();  // it is the pauses that grow
  bool is_silent = false;
  for (auto& [number, round] : rounds_) {
    for (const auto& [part, trip] : round.under_way) {
      is_silent = is_silent || (trip.is_of_source && now - trip.since >= wait);
    }
    // The coordinator has not heard of this question, or we not of its answer, or its link is slow.
    if (!round.held_back.empty() && round.checksums_asked.has_value() &&
        now - *round.checksums_asked >= checksum_patience_.value()) {
      round.are_checksums_late = true;
      checksum_patience_.Silence();
      FallBack(number, &round, now);
    }
  }
  if (is_silent) Distrust(now);
}

std::vector<FetchRound> Relay::InRanges(const Parts& parts, uint32_t parts_max) {
  std::vector<FetchRound> ranges;
  for (const auto& [round, part] : parts) {
    if (!ranges.empty() && ranges.back().round == round && ranges.back().parts < parts_max &&
        ranges.back().first_part + ranges.back().parts == part) {
      ++ranges.back().parts;
    } else {
      ranges.push_back({round, part, 1});
    }
  }
  return ranges;
}

std::vector<WorkerMessage> Relay::TakeForCoordinator() {
  std::vector<WorkerMessage> messages;
  for (const uint64_t round : std::exchange(checksums_wanted_, {})) {
    messages.push_back(FetchChecksums{round});
  }
  for (const FetchRound& fetch :
       InRanges(std::exchange(for_coordinator_, {}), options_.window_parts)) {
    messages.push_back(fetch);
  }
  return messages;
}

std::vector<FetchRound> Relay::TakeForSource() {
  return InRanges(std::exchange(for_source_, {}), options_.window_parts);
}

}  // namespace nash
