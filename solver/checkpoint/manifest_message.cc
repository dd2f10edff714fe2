// The message of a manifest, field by field, and Cap'n Proto kept within bounds. Foreign bytes may
// nest, overlap lists or claim lengths that they do not have; limits on nesting and on words read
// make any message cost at most a few times its bytes, and the library's exceptions end here, as a
// status.
//
// Fields are copied out, not used in place: a manifest is small, and what is copied cannot change.
// Whether values make sense is CheckManifest()'s question (manifest.cc).
#include "solver/checkpoint/manifest_message.h"

#include <capnp/message.h>

#include "absl/strings/str_cat.h"
#include "common/capnp_message.h"
#include "solver/checkpoint/checkpoint.capnp.h"

namespace nash {
namespace {

std::string StringOf(capnp::Text::Reader text) { return std::string(text.begin(), text.size()); }

absl::StatusOr<Manifest> ReadManifest(wire::CheckpointManifest::Reader in) {
  Manifest manifest;
  manifest.position.definition = StringOf(in.getDefinition());
  manifest.position.fingerprint = StringOf(in.getFingerprint());
  manifest.position.round = in.getRound();
  manifest.position.iterations = in.getIterations();
  manifest.position.touches = in.getTouches();
  manifest.state_hash = in.getStateHash();
  manifest.rows_reached = in.getRowsReached();
  manifest.num_nodes = in.getNodes();
  manifest.num_rows = in.getRows();
  manifest.num_values = in.getValues();
  const auto chunks = in.getChunks();
  // A list of empty structs may claim any length without having bytes: no reserve() beforehand.
  for (const auto chunk : chunks) {
    if (manifest.chunks.size() > kChunksMax) break;  // refused by CheckManifest()
    manifest.chunks.push_back({chunk.getFirstNode(),
                               chunk.getNodes(),
                               chunk.getBytes(),
                               {chunk.getChecksumHigh(), chunk.getChecksumLow()}});
  }
  return manifest;
}

}  // namespace

std::string EncodeManifestMessage(const Manifest& manifest) {
  capnp::MallocMessageBuilder builder;
  auto out = builder.initRoot<wire::CheckpointManifest>();
  const RunPosition& position = manifest.position;
  out.setDefinition(capnp::Text::Reader(position.definition.c_str(), position.definition.size()));
  out.setFingerprint(
      capnp::Text::Reader(position.fingerprint.c_str(), position.fingerprint.size()));
  out.setRound(position.round);
  out.setIterations(position.iterations);
  out.setTouches(position.touches);
  out.setStateHash(manifest.state_hash);
  out.setRowsReached(manifest.rows_reached);
  out.setNodes(manifest.num_nodes);
  out.setRows(manifest.num_rows);
  out.setValues(manifest.num_values);
  auto chunks = out.initChunks(manifest.chunks.size());
  for (size_t i = 0; i < manifest.chunks.size(); ++i) {
    chunks[i].setFirstNode(manifest.chunks[i].first_node);
    chunks[i].setNodes(manifest.chunks[i].num_nodes);
    chunks[i].setBytes(manifest.chunks[i].bytes);
    chunks[i].setChecksumHigh(manifest.chunks[i].checksum.high);
    chunks[i].setChecksumLow(manifest.chunks[i].checksum.low);
  }
  const kj::Array<capnp::word> words = capnp::canonicalize(out.asReader());
  return std::string(words.asChars().begin(), words.asChars().size());
}

absl::StatusOr<Manifest> DecodeManifestMessage(absl::string_view message) {
  if (message.empty() || message.size() % kCapnpWordBytes != 0 ||
      message.size() > kManifestBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("its message has ", message.size(),
                                                   " bytes, expected some multiple of ",
                                                   kCapnpWordBytes, " up to ", kManifestBytesMax));
  }
  return ReadCapnp<wire::CheckpointManifest>(message, "its message", ReadManifest);
}

}  // namespace nash
