// The part of the worker that speaks with other workers: merged rounds that it has from one and
// passes on to some (relay.h). What the coordinator says of them comes in worker.cc, as all that it
// says.
#include <utility>

#include "worker/worker.h"

namespace nash {

// Generations do not matter here: parts have checksums, and the coordinator says who is whose peer.
void Worker::OnSourceMessage(const CoordinatorEnvelope& envelope, Nanos now) {
  now_ = now;
  const auto* const part = std::get_if<RoundPart>(&envelope.message);
  if (stopped_ || part == nullptr || envelope.fingerprint != fingerprint_) return;
  if (!relay_.OnSourcePart(*part, now)) return;
  if (std::holds_alternative<NoUnit>(unit_)) table_.OnRoundPart(*part);
}

void Worker::OnSourceGone(Nanos now) {
  now_ = now;
  relay_.OnSourceGone(now);
}

void Worker::OnPeerMessage(const std::string& peer, const WorkerEnvelope& envelope, Nanos now) {
  now_ = now;
  const auto* const fetch = std::get_if<FetchRound>(&envelope.message);
  if (stopped_ || fetch == nullptr || envelope.fingerprint != fingerprint_) return;
  relay_.OnFetch(peer, *fetch, now);
}

void Worker::Handle(const RelayPlace& place) {
  relay_.OnPlace(options_.is_local ? RelayPlace{"", "", place.child_keys} : place, now_);
}

// From whoever has it: ourselves, if another worker has wanted it before.
void Worker::Fetch(const FetchRound& fetch) {
  for (uint32_t part = fetch.first_part; part < fetch.first_part + fetch.parts; ++part) {
    if (const EncodedRows* const rows = relay_.Find(fetch.round, part)) {
      table_.OnRoundPart({fetch.round, part, *rows});
    } else {
      relay_.Want(fetch.round, part, now_);
    }
  }
}

std::vector<WorkerEnvelope> Worker::TakeForSource() {
  std::vector<WorkerEnvelope> envelopes;
  for (const FetchRound& fetch : relay_.TakeForSource()) {
    envelopes.push_back({kProtocolVersion, fingerprint_, generation_, fetch});
  }
  return envelopes;
}

std::vector<Worker::ForPeer> Worker::TakeForPeers() {
  std::vector<ForPeer> answers;
  for (Relay::ForPeer& answer : relay_.TakeForPeers()) {
    answers.push_back({std::move(answer.peer),
                       {kProtocolVersion, fingerprint_, generation_, std::move(answer.part)}});
  }
  return answers;
}

}  // namespace nash
