// One overload for each message, and no template that would take any: a message without its
// overload does not compile, neither here nor in LargestField, which has the bytes of the one field
// that may be large, so that a buffer is taken once. Both directions share one union on the wire
// (messages.capnp); which half a message belongs to follows from the variant that it comes in.
#include "proto/message_writer.h"

#include <concepts>
#include <string>
#include <variant>

namespace nash {
namespace {

capnp::Text::Reader TextOf(const std::string& text) { return {text.c_str(), text.size()}; }
capnp::Data::Reader DataOf(const std::string& bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

void WriteRows(const EncodedRows& rows, wire::Rows::Builder out) {
  out.setBytes(DataOf(rows.bytes));
  out.setChecksum(rows.checksum);
}

// For any builder with such fields.
template <typename Builder>
void WriteName(const UnitName& name, Builder* out) {
  out->setRound(name.round);
  out->setUnit(name.unit);
  out->setStartChecksum(name.start_checksum);
}

template <typename Fetch>
void WriteRange(const Fetch& m, wire::Parts::Builder out) {
  out.setRound(m.round);
  out.setFirstPart(m.first_part);
  out.setParts(m.parts);
}

template <typename Part>
void WriteRoundPart(const Part& m, wire::RoundPart::Builder out) {
  out.setRound(m.round);
  out.setPart(m.part);
  WriteRows(m.rows, out.initRows());
}

// One overload a message.
template <typename Builder>
void WriteChecksums(const std::vector<uint64_t>& from, Builder* to) {
  auto checksums = to->initChecksums(static_cast<uint>(from.size()));
  for (uint i = 0; i < checksums.size(); ++i) checksums.set(i, from[i]);
}

struct Writer {
  wire::Envelope::Builder out;

  void operator()(const Hello& m) {
    auto to = out.initHello();
    to.setWorkerName(TextOf(m.worker_name));
    to.setIncarnation(m.incarnation);
    to.setThreads(m.threads);
    to.setRounds(m.rounds);
    to.setRelayEndpoint(TextOf(m.relay_endpoint));
    to.setPublicKey(TextOf(m.public_key));
  }
  void operator()(const Following& m) {
    auto to = out.initFollowing();
    to.setRounds(m.rounds);
    to.setRegretHash(m.regret_hash);
    to.setUnitsWanted(m.units_wanted);
    auto held = to.initHeld(static_cast<uint32_t>(m.held.size()));
    for (uint32_t i = 0; i < m.held.size(); ++i) {
      auto name = held[i];
      WriteName(m.held[i], &name);
    }
  }
  void operator()(const WorkerFigures& m) {
    auto to = out.initWorkerFigures();
    to.setMilliseconds(m.milliseconds);
    to.setWaitedMilliseconds(m.waited_milliseconds);
    to.setTouches(m.touches);
    to.setProcessorDeals(m.processor_deals);
    to.setDeviceDeals(m.device_deals);
    to.setResidentBytes(m.resident_bytes);
    auto times = to.initTimes();
    times.setRunning(m.times.running);
    times.setApplying(m.times.applying);
    times.setFetching(m.times.fetching);
    times.setDelivering(m.times.delivering);
    times.setMerging(m.times.merging);
    times.setOthers(m.times.others);
  }
  void operator()(const FetchBuckets& m) {
    auto to = out.initFetchBuckets();
    to.setContentHash(m.content_hash);
    to.setOffset(m.offset);
  }
  void operator()(const FetchRegrets& m) { WriteRange(m, out.initFetchRegrets()); }
  void operator()(const FetchRound& m) { WriteRange(m, out.initFetchRound()); }
  void operator()(const DeltaPart& m) {
    auto to = out.initDeltaPart();
    WriteName(m.name, &to);
    to.setPart(m.part);
    WriteRows(m.rows, to.initRows());
  }
  void operator()(const UnitClaim& m) {
    auto to = out.initUnitClaim();
    WriteName(m.name, &to);
    to.setParts(m.result.parts);
    to.setTouches(m.result.touches);
    to.setChecksum(m.result.checksum);
  }
  void operator()(const Goodbye& m) { out.initGoodbye().setReason(TextOf(m.reason)); }
  void operator()(const Welcome& m) {
    auto to = out.initWelcome();
    to.setDefinition(TextOf(m.definition));
    auto files = to.initBuckets(static_cast<uint>(m.buckets.size()));
    for (uint i = 0; i < files.size(); ++i) {
      files[i].setStreet(m.buckets[i].street);
      files[i].setContentHash(m.buckets[i].content_hash);
      files[i].setBytes(m.buckets[i].bytes);
    }
    to.setRegretsRound(m.regrets_round);
    to.setRegretParts(m.regret_parts);
    to.setRounds(m.rounds);
    to.setHistory(m.history);
  }
  void operator()(const Refusal& m) {
    auto to = out.initRefusal();
    to.setReason(static_cast<wire::RefusalReason>(m.reason));
    to.setText(TextOf(m.text));
  }
  void operator()(const Lease& m) {
    auto to = out.initLease();
    WriteName(m.name, &to);
    to.setMilliseconds(m.milliseconds);
    to.setStartParts(m.start_parts);
  }
  void operator()(const PartReceived& m) {
    auto to = out.initPartReceived();
    WriteName(m.name, &to);
    to.setPart(m.part);
  }
  void operator()(const UnitReceived& m) {
    auto to = out.initUnitReceived();
    WriteName(m.name, &to);
  }
  void operator()(const RoundMerged& m) {
    auto to = out.initRoundMerged();
    to.setRound(m.round);
    to.setParts(m.parts);
    to.setRegretHash(m.regret_hash);
    to.setDurableRounds(m.durable_rounds);
    to.setRounds(m.rounds);
  }
  void operator()(const RoundPart& m) { WriteRoundPart(m, out.initRoundPart()); }
  void operator()(const RegretPart& m) { WriteRoundPart(m, out.initRegretPart()); }
  void operator()(const BucketPart& m) {
    auto to = out.initBucketPart();
    to.setContentHash(m.content_hash);
    to.setOffset(m.offset);
    to.setBytes(DataOf(m.bytes));
  }
  void operator()(const Resend& m) { out.initResend().setRound(m.round); }
  void operator()(const Reload& m) {
    auto to = out.initReload();
    to.setRegretsRound(m.regrets_round);
    to.setRegretParts(m.regret_parts);
  }
  void operator()(const FetchChecksums& m) { out.initFetchChecksums().setRound(m.round); }
  void operator()(const RoundChecksums& m) {
    auto to = out.initRoundChecksums();
    to.setRound(m.round);
    WriteChecksums(m.checksums, &to);
  }
  void operator()(const RoundGrows& m) {
    auto to = out.initRoundGrows();
    to.setRound(m.round);
    to.setFirstPart(m.first_part);
    WriteChecksums(m.checksums, &to);
  }
  void operator()(const RelayPlace& m) {
    auto to = out.initRelayPlace();
    to.setSourceEndpoint(TextOf(m.source_endpoint));
    to.setSourceKey(TextOf(m.source_key));
    auto keys = to.initChildKeys(static_cast<uint>(m.child_keys.size()));
    for (uint i = 0; i < keys.size(); ++i) keys.set(i, TextOf(m.child_keys[i]));
  }
  void operator()(const FetchStart& m) {
    auto to = out.initFetchStart();
    to.setRound(m.round);
    to.setUnit(m.unit);
    to.setFirstPart(m.first_part);
    to.setParts(m.parts);
  }
  void operator()(const StartPart& m) {
    auto to = out.initStartPart();
    to.setRound(m.round);
    to.setUnit(m.unit);
    to.setPart(m.part);
    WriteRows(m.rows, to.initRows());
  }
};

template <typename T, typename... Ts>
concept IsOneOf = (std::same_as<T, Ts> || ...);

struct LargestField {
  size_t operator()(const DeltaPart& m) const { return m.rows.bytes.size(); }
  size_t operator()(const RoundPart& m) const { return m.rows.bytes.size(); }
  size_t operator()(const RegretPart& m) const { return m.rows.bytes.size(); }
  size_t operator()(const StartPart& m) const { return m.rows.bytes.size(); }
  size_t operator()(const BucketPart& m) const { return m.bytes.size(); }
  size_t operator()(const Welcome& m) const { return m.definition.size(); }
  size_t operator()(const RoundChecksums& m) const { return m.checksums.size() * sizeof(uint64_t); }
  size_t operator()(const RoundGrows& m) const { return m.checksums.size() * sizeof(uint64_t); }
  // A new message must be named here or above.
  template <IsOneOf<Hello, Following, FetchBuckets, FetchRegrets, FetchRound, FetchStart, UnitClaim,
                    Goodbye, WorkerFigures, Refusal, Lease, PartReceived, UnitReceived, RoundMerged,
                    Resend, Reload, FetchChecksums, RelayPlace>
                Small>
  size_t operator()(const Small&) const {
    return 0;
  }
};

template <typename Message>
void Write(const Envelope<Message>& envelope, wire::Envelope::Builder out) {
  out.setFingerprint(TextOf(envelope.fingerprint));
  out.setGeneration(envelope.generation);
  std::visit(Writer{out}, envelope.message);
}

}  // namespace

size_t LargestFieldBytes(const WorkerMessage& message) {
  return std::visit(LargestField(), message);
}
size_t LargestFieldBytes(const CoordinatorMessage& message) {
  return std::visit(LargestField(), message);
}

void WriteEnvelope(const WorkerEnvelope& envelope, wire::Envelope::Builder out) {
  Write(envelope, out);
}
void WriteEnvelope(const CoordinatorEnvelope& envelope, wire::Envelope::Builder out) {
  Write(envelope, out);
}

}  // namespace nash
