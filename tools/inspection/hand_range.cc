// Notation and hands meet in classes. A class is a pair of ranks with the suits that are meant; an
// item of the notation is a run of classes:
//
//   "A5s+"   A5s A6s ... AKs       the lower card moves up to the one below the higher
//   "99+"    99 TT ... AA          both cards move
//   "QQ-99"  the same, between two ends in either order
//
// A hand is in an item when one of its classes holds it. All hands of the deck are tried, 1,326 at
// most, so that decks with fewer ranks or suits need no rule of their own: an item without a hand
// in this deck is an error, since whoever typed it thinks of another game.
//
// The way back goes from the highest hand down and writes a class where its first hand stands, if
// all of its hands have one weight in six digits, and else hand after hand. It writes no spans such
// as 22+: the text is longer than by hand, and says the same. tests/tools/look_test.sh reads a
// range back that `range` printed.
#include "tools/inspection/hand_range.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr absl::string_view kRanks = "23456789TJQKA";
constexpr double kWeightMin = 5e-7;  // smaller ones are zero in six digits

// A class of hands: ranks, and for two cards of different ranks which suits.
struct HandClass {
  int high = 0;
  int low = 0;  // of one card: as high
  bool suited = true;
  bool offsuit = true;
  bool is_pair() const { return high == low; }
};

std::optional<int> ParseRank(char c) {
  const size_t at = kRanks.find(c);
  if (at == absl::string_view::npos) return std::nullopt;
  return static_cast<int>(at);
}

// "AKs", "QQ"; of one card "K".
std::optional<HandClass> ParseClass(absl::string_view text, int num_hole_cards) {
  HandClass out;
  const size_t ranks = num_hole_cards;
  if (text.size() < ranks || text.size() > ranks + 1) return std::nullopt;
  const auto first = ParseRank(text[0]);
  const auto second = ParseRank(text[ranks - 1]);
  if (!first.has_value() || !second.has_value()) return std::nullopt;
  out.high = std::max(*first, *second);
  out.low = std::min(*first, *second);
  if (text.size() == ranks) return out;
  if (num_hole_cards == 1 || out.is_pair()) return std::nullopt;
  if (text.back() != 's' && text.back() != 'o') return std::nullopt;
  out.suited = text.back() == 's';
  out.offsuit = text.back() == 'o';
  return out;
}

// The classes of "A5s+", "QQ-99", "AKs"; none where it is neither.
std::vector<HandClass> ParseClasses(absl::string_view text, int num_hole_cards) {
  const bool and_up = absl::ConsumeSuffix(&text, "+");
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(text, absl::MaxSplits('-', 1));
  const bool is_span = ends.first.size() != text.size();
  if (and_up && is_span) return {};
  auto from = ParseClass(ends.first, num_hole_cards);
  if (!from.has_value()) return {};
  HandClass to = *from;
  if (and_up) {
    const int top = static_cast<int>(kRanks.size()) - 1;
    if (from->is_pair()) {
      to.high = to.low = top;
    } else {
      to.low = to.high - 1;
    }
  } else if (is_span) {
    const auto other = ParseClass(ends.second, num_hole_cards);
    if (!other.has_value() || other->is_pair() != from->is_pair() ||
        other->suited != from->suited || other->offsuit != from->offsuit ||
        (!from->is_pair() && other->high != from->high)) {
      return {};
    }
    to = *other;
    if (to.low < from->low) std::swap(to, *from);
  }
  std::vector<HandClass> classes;
  for (HandClass c = *from; c.low <= to.low; ++c.low) {
    if (from->is_pair()) c.high = c.low;
    classes.push_back(c);
  }
  return classes;
}

bool Holds(const HandClass& c, const std::vector<Card>& hand) {
  if (RankOf(hand.front()) != c.high || RankOf(hand.back()) != c.low) return false;
  if (c.is_pair()) return true;
  return SuitOf(hand.front()) == SuitOf(hand.back()) ? c.suited : c.offsuit;
}

std::vector<std::vector<Card>> AllHands(absl::Span<const Card> deck, int num_hole_cards) {
  std::vector<std::vector<Card>> hands;
  for (size_t high = 0; high < deck.size(); ++high) {
    if (num_hole_cards == 1) hands.push_back({deck[high]});
    for (size_t low = 0; num_hole_cards == 2 && low < high; ++low) {
      hands.push_back({deck[high], deck[low]});
    }
  }
  return hands;
}

absl::Status BadItem(absl::string_view item, int num_hole_cards, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "--range: \"", absl::CEscape(item), "\" ", why, "; a range is hands with commas between, as ",
      num_hole_cards == 2 ? "22+,A5s+,KTo+,QQ-99,AhKd, each with a weight if you wish: AKs:0.5"
                          : "A,Q+,A-Q,Kh, each with a weight if you wish: K:0.5"));
}

// "AKs", "77"; of one card "K".
std::string ClassName(const std::vector<Card>& hand) {
  std::string name(1, kRanks[RankOf(hand.front())]);
  if (hand.size() == 1) return name;
  name += kRanks[RankOf(hand.back())];
  if (RankOf(hand.front()) != RankOf(hand.back())) {
    name += SuitOf(hand.front()) == SuitOf(hand.back()) ? 's' : 'o';
  }
  return name;
}

void AppendItem(const std::string& hands, double weight, std::string* out) {
  if (weight < kWeightMin) return;
  if (!out->empty()) *out += ',';
  *out += hands;
  const std::string digits = absl::StrFormat("%.6g", weight);
  if (digits != "1") absl::StrAppend(out, ":", digits);
}

}  // namespace

absl::StatusOr<HandRange> ParseHandRange(absl::string_view text, absl::Span<const Card> deck,
                                         int num_hole_cards) {
  const std::vector<std::vector<Card>> all = AllHands(deck, num_hole_cards);
  HandRange range;
  for (const absl::string_view item : absl::StrSplit(text, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(item, ':');
    double weight = 1;
    if (parts.size() > 2 || (parts.size() == 2 && (!absl::SimpleAtod(parts[1], &weight) ||
                                                   !(weight >= 0) || weight > 1))) {
      return BadItem(item, num_hole_cards, "has no weight from 0 to 1 behind its colon");
    }
    const absl::string_view hands = parts[0];
    absl::StatusOr<std::vector<Card>> cards = ParseCards(hands);
    std::function<bool(const std::vector<Card>&)> is_in;
    const std::vector<HandClass> classes = ParseClasses(hands, num_hole_cards);
    if (hands == "any") {
      is_in = [](const std::vector<Card>&) { return true; };
    } else if (!classes.empty()) {
      is_in = [&](const std::vector<Card>& hand) {
        return std::any_of(classes.begin(), classes.end(),
                           [&](const HandClass& c) { return Holds(c, hand); });
      };
    } else if (cards.ok() && cards->size() == static_cast<size_t>(num_hole_cards)) {
      std::sort(cards->begin(), cards->end(), std::greater<>());
      is_in = [&](const std::vector<Card>& hand) { return hand == *cards; };
    } else {
      return BadItem(item, num_hole_cards, "is no hand or class of hands");
    }
    size_t found = 0;
    for (const std::vector<Card>& hand : all) {
      if (!is_in(hand)) continue;
      // Weights are set and not added: a later item corrects what an earlier one said of a hand.
      range[hand] = weight;
      ++found;
    }
    if (found == 0) return BadItem(item, num_hole_cards, "is not in this deck");
  }
  return range;
}

std::string FormatHandRange(const HandRange& range) {
  struct Class {
    double weight = 0;
    bool is_even = true;  // all hands have that weight, as printed
  };
  std::map<std::string, Class> classes;
  const auto name = [](double weight) { return absl::StrFormat("%.6g", weight); };
  for (const auto& [hand, weight] : range) {
    const auto [it, is_new] = classes.try_emplace(ClassName(hand), Class{weight, true});
    if (!is_new && name(weight) != name(it->second.weight)) it->second.is_even = false;
  }
  std::string out;
  // The highest hands first, and a class where its first hand stands.
  for (auto at = range.rbegin(); at != range.rend(); ++at) {
    const std::string class_name = ClassName(at->first);
    const auto found = classes.find(class_name);
    if (found == classes.end()) continue;  // written already
    if (!found->second.is_even) {
      AppendItem(CardNames(at->first), at->second, &out);
    } else {
      AppendItem(class_name, at->second, &out);
      classes.erase(found);
    }
  }
  return out;
}

}  // namespace nash
