// The abstraction of a definition: its YAML form, read and written.
//
// "lossless" without more words is perfect recall. Until there was a choice, hold'em with the full
// deck forgot on its turn and river which street a card came on, and its definitions said
// "lossless" all the same; and short decks numbered their classes otherwise. So that a stored run
// keeps its meaning, texts that a program wrote are told from people's files (TextOrigin): what is
// written today says which recall it is wherever the bare word has meant something else, so that
// the bare word there is an old text's.
#include "absl/strings/str_cat.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/run/sections.h"

namespace nash {
namespace {

std::string Forms() {
  return absl::StrCat("lossless or {kind: K, buckets: N} with K one of ", BucketFileKinds());
}

StreetAbstraction ParseClustered(const YamlMap& map, const GameDefinition& game, int street,
                                 StreetAbstraction out) {
  if (!IsHoldemFamily(game)) {
    map.AddError("kind", absl::StrCat("found \"", BucketKindName(out.kind),
                                      "\"; it needs two hole cards and hold'em's boards; allowed: "
                                      "lossless"));
    return out;
  }
  out.num_buckets = static_cast<uint32_t>(map.Integer("buckets", {1, kBucketsMax}, std::nullopt));
  out.board_classes = static_cast<uint32_t>(map.Integer("public", {1, kBucketsMax}, 1));
  if (UsesSeed(out.kind, out.board_classes)) {
    out.seed = map.Integer("seed", {0, UINT64_MAX}, out.seed);
  } else {
    map.Refuse("seed", "nothing is drawn for percentiles");
  }
  const absl::Status status = CheckStreetAbstraction(out, game, street);
  if (!status.ok()) map.AddError("kind", status.message());
  return out;
}

// What a bare "lossless" in a text that a program wrote means, on a street of a game.
enum class BareWord {
  kPerfect,    // as in a person's file; written to this day
  kImperfect,  // of the full deck's turn and river, before there was a choice
  kForeign,    // of a short deck, whose classes had other numbers before they were indexed
};
BareWord BareWordOn(const GameDefinition& game, int street) {
  if (!IsIndexed(game)) return BareWord::kPerfect;
  if (!game.IsHoldem()) return BareWord::kForeign;
  return HasBoardOrder(game, street) ? BareWord::kImperfect : BareWord::kPerfect;
}

// A lossless street of a text that a program wrote, in one word.
void ReadBareWord(const YAML::Node& node, const std::string& key, BareWord word, YamlErrors* errors,
                  StreetAbstraction* out) {
  if (word == BareWord::kImperfect) out->recall = BoardRecall::kImperfect;
  if (word == BareWord::kForeign) {
    errors->Add(
        node, key,
        "found \"lossless\" from a program that numbered a short deck's classes otherwise, so "
        "that this one would take its rows for other hands; use the release of the program "
        "that wrote it, or train anew");
  }
}

void ParseRecall(const YamlMap& map, const GameDefinition& game, int street,
                 StreetAbstraction* out) {
  out->recall = map.Choice<BoardRecall>(
      "recall", {{"perfect", BoardRecall::kPerfect}, {"imperfect", BoardRecall::kImperfect}},
      BoardRecall::kPerfect);
  const absl::Status status = CheckStreetAbstraction(*out, game, street);
  if (!status.ok()) map.AddError("recall", status.message());
}

StreetAbstraction ParseStreet(const YAML::Node& node, const std::string& key,
                              const GameDefinition& game, int street, TextOrigin origin,
                              YamlErrors* errors) {
  StreetAbstraction out;
  if (node.IsScalar()) {
    if (node.Scalar() == BucketKindName(BucketKind::kLossless)) {
      out.kind = BucketKind::kLossless;
      if (origin == TextOrigin::kStored) {
        ReadBareWord(node, key, BareWordOn(game, street), errors, &out);
      }
    } else {
      errors->Add(node, key, absl::StrCat("found ", DescribeYaml(node), "; allowed: ", Forms()));
    }
    return out;
  }
  YamlMap::Choices<BucketKind> kinds;
  for (const BucketKindTraits& traits : kBucketKinds) kinds.push_back({traits.name, traits.kind});
  const YamlMap map(node, key, {"kind", "recall", "buckets", "public", "seed"}, errors);
  out.kind = map.Choice<BucketKind>("kind", kinds, std::nullopt);
  if (out.kind != BucketKind::kLossless) {
    map.Refuse("recall", "buckets are made from the cards held now");
    return ParseClustered(map, game, street, out);
  }
  ParseRecall(map, game, street, &out);
  for (absl::string_view other : {"buckets", "public", "seed"}) {
    map.Refuse(other, "a lossless street has as many buckets as there are classes");
  }
  return out;
}

}  // namespace

AbstractionDefinition ParseAbstraction(const YamlMap& document, const GameDefinition& game,
                                       TextOrigin origin, YamlErrors* errors) {
  AbstractionDefinition abstraction;
  if (!document.Require("abstraction")) return abstraction;
  const auto nodes = StreetNodes(document, "abstraction", game, errors);
  for (int street = 0; street < game.num_streets; ++street) {
    const std::string key = absl::StrCat("abstraction.", kStreetNames[street]);
    if (nodes[street].IsDefined()) {
      abstraction.streets[street] = ParseStreet(nodes[street], key, game, street, origin, errors);
    } else {
      errors->Add(document.At("abstraction"), key,
                  absl::StrCat("missing; every street needs one: ", Forms()));
    }
  }
  return abstraction;
}

std::string StreetAbstractionText(const StreetAbstraction& street, const GameDefinition& game,
                                  int s, LosslessSpelling spelling) {
  if (street.kind == BucketKind::kLossless) {
    const BareWord word = BareWordOn(game, s);
    const bool is_perfect = street.recall == BoardRecall::kPerfect;
    if (word == BareWord::kPerfect && is_perfect) return "lossless";
    if (word == BareWord::kImperfect && !is_perfect &&
        spelling == LosslessSpelling::kFingerprinted) {
      return "lossless";
    }
    return absl::StrCat("{kind: lossless, recall: ", is_perfect ? "perfect" : "imperfect", "}");
  }
  std::string out =
      absl::StrCat("{kind: ", BucketKindName(street.kind), ", buckets: ", street.num_buckets);
  if (street.board_classes > 1) absl::StrAppend(&out, ", public: ", street.board_classes);
  if (UsesSeed(street.kind, street.board_classes)) absl::StrAppend(&out, ", seed: ", street.seed);
  return out + "}";
}

}  // namespace nash
