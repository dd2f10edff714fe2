// The border of the cluster: what has passed here is of a size that its handler can bear, with
// numbers that can be added up without overflow. Whether a message fits the moment is not asked
// here; that is for the state machines, to which any message may come at any time.
//
// The first thing that is wrong is told, with the field's name and both numbers, since its reader
// may be the author of a worker. Texts may reach a terminal: control characters are refused.
#include "proto/message_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/checksum.h"

namespace nash {
namespace {

// Remembers the first thing that is wrong.
class Checker {
 public:
  absl::Status status() const { return status_; }

  void AtMost(absl::string_view field, uint64_t value, uint64_t most) {
    if (value > most) Wrong(absl::StrCat(field, " is ", value, ", at most ", most));
  }
  void AtLeastOne(absl::string_view field, uint64_t value) {
    if (value == 0) Wrong(absl::StrCat(field, " is 0"));
  }
  void Text(absl::string_view field, const std::string& text, size_t most) {
    AtMost(absl::StrCat(field, "'s length"), text.size(), most);
    if (std::any_of(text.begin(), text.end(),
                    [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      Wrong(absl::StrCat(field, " holds control characters"));
  }
  void Chunk(const std::string& bytes) {
    AtMost("a chunk's bytes", bytes.size(), kPayloadBytesMax);
  }
  void Rows(const EncodedRows& rows) {
    Chunk(rows.bytes);
    if (rows.checksum != Checksum64Of(rows.bytes)) Wrong("the checksum of rows is not theirs");
  }
  void Round(uint64_t round) { AtMost("a round", round, kRoundsMax); }
  void Unit(uint32_t unit) { AtMost("a unit", unit, kUnitsMax - 1); }
  void Unit(const UnitName& name) {
    Round(name.round);
    Unit(name.unit);
  }
  void Part(uint32_t part) { AtMost("a part", part, kPartsMax - 1); }
  void Parts(uint32_t parts) { AtMost("a number of parts", parts, kPartsMax); }
  void Range(uint32_t first, uint32_t parts) {
    AtLeastOne("a number of parts", parts);
    AtMost("the end of a range of parts", uint64_t{first} + parts, kPartsMax);
  }

  // By number: whoever gets it must not have to look up a name that a stranger chose.
  void Endpoint(absl::string_view field, const std::string& endpoint) {
    Text(field, endpoint, kNameTextMax);
    if (!endpoint.empty() && !IsNumericEndpoint(endpoint)) {
      Wrong(absl::StrCat(field, " is not tcp://ADDRESS:PORT by number"));
    }
  }
  void Key(absl::string_view field, const std::string& key) {
    const bool is_text = std::all_of(key.begin(), key.end(), absl::ascii_isgraph);
    if (key.size() != kPublicKeyTextBytes || !is_text) Wrong(absl::StrCat(field, " is no key"));
  }

  void operator()(const Hello& m) {
    Text("worker_name", m.worker_name, kNameTextMax);
    // It would mean everybody (identity.h).
    if (m.worker_name.find('*') != std::string::npos) Wrong("worker_name holds a '*'");
    AtMost("threads", m.threads, kThreadsMax);
    AtLeastOne("threads", m.threads);
    if (m.rounds != Hello::kNoTable) Round(m.rounds);
    Endpoint("relay_endpoint", m.relay_endpoint);
    if (!m.public_key.empty()) Key("public_key", m.public_key);
  }
  void operator()(const Following& m) {
    if (m.rounds != Following::kNoTable) Round(m.rounds);
    AtMost("units_wanted", m.units_wanted, kUnitsMax);
    AtMost("held units", m.held.size(), Following::kHeldMax);
    for (const UnitName& name : m.held) Unit(name);
  }
  void operator()(const WorkerFigures& m) {
    AtMost("milliseconds", m.milliseconds, kFigureMax);
    AtMost("waited_milliseconds", m.waited_milliseconds, kFigureMax);
    AtMost("touches", m.touches, kFigureMax);
    AtMost("processor_deals", m.processor_deals, kFigureMax);
    AtMost("device_deals", m.device_deals, kFigureMax);
    AtMost("resident_bytes", m.resident_bytes, kFigureMax);
    for (const NamedWorkerTime& named : kWorkerTimes) {
      AtMost(named.name, m.times.*named.time, kFigureMax);
    }
  }
  void operator()(const FetchBuckets&) {}
  void operator()(const FetchRegrets& m) {
    Round(m.round);
    Range(m.first_part, m.parts);
  }
  void operator()(const FetchRound& m) {
    Round(m.round);
    Range(m.first_part, m.parts);
  }
  void operator()(const DeltaPart& m) {
    Unit(m.name);
    Part(m.part);
    Rows(m.rows);
  }
  void operator()(const UnitClaim& m) {
    Unit(m.name);
    Parts(m.result.parts);
  }
  void operator()(const Goodbye& m) { Text("reason", m.reason, kReasonTextMax); }
  void operator()(const Welcome& m) {
    AtMost("the definition's length", m.definition.size(), kDefinitionTextMax);
    AtMost("the number of bucket files", m.buckets.size(), kBucketFilesMax);
    for (const BucketFileName& file : m.buckets) AtMost("street", file.street, kStreetsLimit - 1);
    Round(m.regrets_round);
    Parts(m.regret_parts);
    Round(m.rounds);
  }
  void operator()(const Refusal& m) {
    AtLeastOne("reason", static_cast<uint64_t>(m.reason));
    AtMost("reason", static_cast<uint64_t>(m.reason),
           static_cast<uint64_t>(RefusalReason::kDraining));
    Text("text", m.text, kReasonTextMax);
  }
  void operator()(const Lease& m) {
    Unit(m.name);
    AtMost("milliseconds", m.milliseconds, kLeaseMillisecondsMax);
    Parts(m.start_parts);
  }
  void operator()(const PartReceived& m) {
    Unit(m.name);
    Part(m.part);
  }
  void operator()(const UnitReceived& m) { Unit(m.name); }
  void operator()(const RoundMerged& m) {
    Round(m.round);
    Parts(m.parts);
    Round(m.durable_rounds);
    Round(m.rounds);
  }
  void operator()(const RoundPart& m) {
    Round(m.round);
    Part(m.part);
    Rows(m.rows);
  }
  void operator()(const RegretPart& m) {
    Round(m.round);
    Part(m.part);
    Rows(m.rows);
  }
  void operator()(const BucketPart& m) { Chunk(m.bytes); }
  void operator()(const Resend& m) { Round(m.round); }
  void operator()(const Reload& m) {
    Round(m.regrets_round);
    Parts(m.regret_parts);
  }
  void operator()(const FetchChecksums& m) { Round(m.round); }
  void operator()(const RoundChecksums& m) {
    Round(m.round);
    AtMost("the number of checksums", m.checksums.size(), RoundChecksums::kPartsMax);
  }
  void operator()(const RoundGrows& m) {
    Round(m.round);
    AtMost("the number of checksums", m.checksums.size(), RoundChecksums::kPartsMax);
    Range(m.first_part, static_cast<uint32_t>(m.checksums.size()));
  }
  void operator()(const RelayPlace& m) {
    Endpoint("source_endpoint", m.source_endpoint);
    if (!m.source_key.empty()) Key("source_key", m.source_key);
    AtMost("the number of child_keys", m.child_keys.size(), RelayPlace::kChildrenMax);
    for (const std::string& key : m.child_keys) Key("a child's key", key);
  }
  void operator()(const FetchStart& m) {
    Round(m.round);
    Unit(m.unit);
    Range(m.first_part, m.parts);
  }
  void operator()(const StartPart& m) {
    Round(m.round);
    Unit(m.unit);
    Part(m.part);
    Rows(m.rows);
  }

  void Fingerprint(const std::string& fingerprint) {
    if (fingerprint.empty()) return;
    const bool is_hex = std::all_of(fingerprint.begin(), fingerprint.end(), [](unsigned char c) {
      return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
    });
    if (fingerprint.size() != kFingerprintTextBytes || !is_hex) {
      Wrong(absl::StrCat("fingerprint is not ", kFingerprintTextBytes, " hexadecimal digits"));
    }
  }

 private:
  void Wrong(absl::string_view what) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(what);
  }
  absl::Status status_;
};

template <typename Message>
absl::Status Check(const Envelope<Message>& envelope) {
  Checker checker;
  checker.Fingerprint(envelope.fingerprint);
  std::visit([&checker](const auto& message) { checker(message); }, envelope.message);
  return checker.status();
}

}  // namespace

bool IsNumericEndpoint(absl::string_view endpoint) {
  if (!absl::ConsumePrefix(&endpoint, "tcp://")) return false;
  const size_t colon = endpoint.rfind(':');
  uint32_t port = 0;
  if (colon == endpoint.npos || !absl::SimpleAtoi(endpoint.substr(colon + 1), &port)) return false;
  if (port == 0 || port > 65535) return false;
  absl::string_view host = endpoint.substr(0, colon);
  in6_addr address;  // room for either kind
  if (absl::ConsumePrefix(&host, "[")) {
    return absl::ConsumeSuffix(&host, "]") &&
           inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
  }
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

absl::Status CheckEnvelope(const WorkerEnvelope& envelope) { return Check(envelope); }
absl::Status CheckEnvelope(const CoordinatorEnvelope& envelope) { return Check(envelope); }

}  // namespace nash
