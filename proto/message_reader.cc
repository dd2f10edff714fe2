// What comes here has passed its checksum and Cap'n Proto's own limits: pointers stay inside the
// frame. It may still lie about sizes: a list of empty structs takes no bytes, whatever length it
// claims. So no memory is reserved by a length that was read, lists stop one past their limit, and
// CheckEnvelope() (message_limits.cc) refuses what is too long afterwards. A kind of message that
// only the other side sends is no kind here. tests/proto/codec_test.cc cuts and flips every byte of
// every sample; tests/fuzz/codec goes on from there.
#include "proto/message_reader.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "proto/message_limits.h"

namespace nash {
namespace {

std::string StringOf(capnp::Text::Reader text) { return std::string(text.begin(), text.size()); }
std::string StringOf(capnp::Data::Reader data) {
  return std::string(reinterpret_cast<const char*>(data.begin()), data.size());
}

EncodedRows RowsOf(wire::Rows::Reader in) { return {StringOf(in.getBytes()), in.getChecksum()}; }

// For any reader with such fields.
template <typename Reader>
UnitName NameOf(const Reader& in) {
  return {in.getRound(), in.getUnit(), in.getStartChecksum()};
}

Hello Read(wire::Hello::Reader in) {
  return {
      StringOf(in.getWorkerName()),    in.getIncarnation(),        in.getThreads(), in.getRounds(),
      StringOf(in.getRelayEndpoint()), StringOf(in.getPublicKey())};
}
Following Read(wire::Following::Reader in) {
  Following following = {in.getRounds(), in.getRegretHash(), in.getUnitsWanted(), {}};
  for (const auto unit : in.getHeld()) {
    if (following.held.size() > Following::kHeldMax) break;  // refused by CheckEnvelope()
    following.held.push_back(NameOf(unit));
  }
  return following;
}
WorkerTimes Read(wire::WorkerTimes::Reader in) {
  return {in.getRunning(),    in.getApplying(), in.getFetching(),
          in.getDelivering(), in.getMerging(),  in.getOthers()};
}
WorkerFigures Read(wire::WorkerFigures::Reader in) {
  return {in.getMilliseconds(),   in.getWaitedMilliseconds(), in.getTouches(),
          in.getProcessorDeals(), in.getDeviceDeals(),        in.getResidentBytes(),
          Read(in.getTimes())};
}
FetchBuckets Read(wire::FetchBuckets::Reader in) { return {in.getContentHash(), in.getOffset()}; }
UnitClaim Read(wire::UnitClaim::Reader in) {
  return {NameOf(in), {in.getParts(), in.getTouches(), in.getChecksum()}};
}
Welcome Read(wire::Welcome::Reader in) {
  Welcome welcome;
  welcome.definition = StringOf(in.getDefinition());
  // A list of empty structs may claim any length without having bytes: no reserve() beforehand.
  for (const auto file : in.getBuckets()) {
    if (welcome.buckets.size() > kBucketFilesMax) break;  // refused by CheckEnvelope()
    welcome.buckets.push_back({file.getStreet(), file.getContentHash(), file.getBytes()});
  }
  welcome.regrets_round = in.getRegretsRound();
  welcome.regret_parts = in.getRegretParts();
  welcome.rounds = in.getRounds();
  welcome.history = in.getHistory();
  return welcome;
}
Refusal Read(wire::Refusal::Reader in) {
  return {static_cast<RefusalReason>(in.getReason()), StringOf(in.getText())};
}
Lease Read(wire::Lease::Reader in) {
  return {NameOf(in), in.getMilliseconds(), in.getStartParts()};
}
RoundMerged Read(wire::RoundMerged::Reader in) {
  return {in.getRound(), in.getParts(), in.getRegretHash(), in.getDurableRounds(), in.getRounds()};
}
BucketPart Read(wire::BucketPart::Reader in) {
  return {in.getContentHash(), in.getOffset(), StringOf(in.getBytes())};
}
template <typename Reader>
std::vector<uint64_t> ChecksumsOf(const Reader& in) {
  std::vector<uint64_t> checksums;
  for (const uint64_t checksum : in.getChecksums()) {
    if (checksums.size() > RoundChecksums::kPartsMax) break;  // refused by CheckEnvelope()
    checksums.push_back(checksum);
  }
  return checksums;
}
RoundChecksums Read(wire::RoundChecksums::Reader in) { return {in.getRound(), ChecksumsOf(in)}; }
RoundGrows Read(wire::RoundGrows::Reader in) {
  return {in.getRound(), in.getFirstPart(), ChecksumsOf(in)};
}
RelayPlace Read(wire::RelayPlace::Reader in) {
  RelayPlace place = {StringOf(in.getSourceEndpoint()), StringOf(in.getSourceKey()), {}};
  for (const auto key : in.getChildKeys()) {
    if (place.child_keys.size() > RelayPlace::kChildrenMax) break;  // refused by CheckEnvelope()
    place.child_keys.push_back(StringOf(key));
  }
  return place;
}
Reload Read(wire::Reload::Reader in) { return {in.getRegretsRound(), in.getRegretParts()}; }
FetchStart Read(wire::FetchStart::Reader in) {
  return {in.getRound(), in.getUnit(), in.getFirstPart(), in.getParts()};
}
DeltaPart Read(wire::UnitPart::Reader in) {
  return {NameOf(in), in.getPart(), RowsOf(in.getRows())};
}
PartReceived Read(wire::UnitPartName::Reader in) { return {NameOf(in), in.getPart()}; }
StartPart ReadStartPart(wire::UnitPart::Reader in) {
  return {in.getRound(), in.getUnit(), in.getPart(), RowsOf(in.getRows())};
}
template <typename Part>
Part ReadRoundPart(wire::RoundPart::Reader in) {
  return {in.getRound(), in.getPart(), RowsOf(in.getRows())};
}
template <typename Fetch>
Fetch ReadRange(wire::Parts::Reader in) {
  return {in.getRound(), in.getFirstPart(), in.getParts()};
}

absl::Status NoMessage(wire::Envelope::Reader in) {
  return absl::InvalidArgumentError(
      absl::StrCat("a message of no known kind (", static_cast<int>(in.which()), ")"));
}

// Both switches name every kind of the schema: a new one must say which way it goes.
absl::StatusOr<WorkerMessage> ReadWorkerMessage(wire::Envelope::Reader in) {
  switch (in.which()) {
    case wire::Envelope::HELLO:
      return Read(in.getHello());
    case wire::Envelope::FOLLOWING:
      return Read(in.getFollowing());
    case wire::Envelope::FETCH_BUCKETS:
      return Read(in.getFetchBuckets());
    case wire::Envelope::FETCH_REGRETS:
      return ReadRange<FetchRegrets>(in.getFetchRegrets());
    case wire::Envelope::FETCH_ROUND:
      return ReadRange<FetchRound>(in.getFetchRound());
    case wire::Envelope::FETCH_START:
      return Read(in.getFetchStart());
    case wire::Envelope::DELTA_PART:
      return Read(in.getDeltaPart());
    case wire::Envelope::UNIT_CLAIM:
      return Read(in.getUnitClaim());
    case wire::Envelope::GOODBYE:
      return Goodbye{StringOf(in.getGoodbye().getReason())};
    case wire::Envelope::WORKER_FIGURES:
      return Read(in.getWorkerFigures());
    case wire::Envelope::FETCH_CHECKSUMS:
      return FetchChecksums{in.getFetchChecksums().getRound()};
    case wire::Envelope::WELCOME:
    case wire::Envelope::REFUSAL:
    case wire::Envelope::LEASE:
    case wire::Envelope::PART_RECEIVED:
    case wire::Envelope::UNIT_RECEIVED:
    case wire::Envelope::ROUND_MERGED:
    case wire::Envelope::ROUND_PART:
    case wire::Envelope::REGRET_PART:
    case wire::Envelope::START_PART:
    case wire::Envelope::BUCKET_PART:
    case wire::Envelope::RESEND:
    case wire::Envelope::RELOAD:
    case wire::Envelope::ROUND_CHECKSUMS:
    case wire::Envelope::RELAY_PLACE:
    case wire::Envelope::ROUND_GROWS:
      return absl::InvalidArgumentError("a message that only coordinators send");
    case wire::Envelope::INVALID:
      break;
  }
  return NoMessage(in);
}

absl::StatusOr<CoordinatorMessage> ReadCoordinatorMessage(wire::Envelope::Reader in) {
  switch (in.which()) {
    case wire::Envelope::WELCOME:
      return Read(in.getWelcome());
    case wire::Envelope::REFUSAL:
      return Read(in.getRefusal());
    case wire::Envelope::LEASE:
      return Read(in.getLease());
    case wire::Envelope::PART_RECEIVED:
      return Read(in.getPartReceived());
    case wire::Envelope::UNIT_RECEIVED:
      return UnitReceived{NameOf(in.getUnitReceived())};
    case wire::Envelope::ROUND_MERGED:
      return Read(in.getRoundMerged());
    case wire::Envelope::ROUND_PART:
      return ReadRoundPart<RoundPart>(in.getRoundPart());
    case wire::Envelope::REGRET_PART:
      return ReadRoundPart<RegretPart>(in.getRegretPart());
    case wire::Envelope::START_PART:
      return ReadStartPart(in.getStartPart());
    case wire::Envelope::BUCKET_PART:
      return Read(in.getBucketPart());
    case wire::Envelope::RESEND:
      return Resend{in.getResend().getRound()};
    case wire::Envelope::RELOAD:
      return Read(in.getReload());
    case wire::Envelope::ROUND_CHECKSUMS:
      return Read(in.getRoundChecksums());
    case wire::Envelope::RELAY_PLACE:
      return Read(in.getRelayPlace());
    case wire::Envelope::ROUND_GROWS:
      return Read(in.getRoundGrows());
    case wire::Envelope::HELLO:
    case wire::Envelope::FOLLOWING:
    case wire::Envelope::FETCH_BUCKETS:
    case wire::Envelope::FETCH_REGRETS:
    case wire::Envelope::FETCH_ROUND:
    case wire::Envelope::FETCH_START:
    case wire::Envelope::DELTA_PART:
    case wire::Envelope::UNIT_CLAIM:
    case wire::Envelope::GOODBYE:
    case wire::Envelope::WORKER_FIGURES:
    case wire::Envelope::FETCH_CHECKSUMS:
      return absl::InvalidArgumentError("a message that only workers send");
    case wire::Envelope::INVALID:
      break;
  }
  return NoMessage(in);
}

template <typename Message>
absl::StatusOr<Envelope<Message>> WithMessage(wire::Envelope::Reader in,
                                              absl::StatusOr<Message> message) {
  if (!message.ok()) return message.status();
  return Envelope<Message>{kProtocolVersion, StringOf(in.getFingerprint()), in.getGeneration(),
                           *std::move(message)};
}

}  // namespace

template <>
absl::StatusOr<WorkerEnvelope> ReadEnvelope(wire::Envelope::Reader in) {
  return WithMessage(in, ReadWorkerMessage(in));
}
template <>
absl::StatusOr<CoordinatorEnvelope> ReadEnvelope(wire::Envelope::Reader in) {
  return WithMessage(in, ReadCoordinatorMessage(in));
}

}  // namespace nash
