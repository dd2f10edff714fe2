// The border of the library: behind it is C++ with statuses, before it plain C of any compiler. So
// nothing passes that needs our runtime: messages are copied into the caller's buffer and cut
// there, answers are fields of fixed size, ownership is one pointer that is opened and closed. Only
// these four functions are visible in the library. tests/play/c_header_test.c compiles the header
// as C, and c_interface_test.sh asks for every row from Python.
#include "solver/play/nashville_play.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/cards/card.h"
#include "solver/game/betting_text.h"
#include "solver/play/strategy_player.h"

static_assert(NASHVILLE_ACTIONS_MAX == nash::kActionsMax);

struct nashville_strategy {
  std::unique_ptr<nash::StrategyPlayer> player;
  std::string definition;
};

namespace nash {
namespace {

absl::string_view TextOf(const char* text) { return text == nullptr ? "" : text; }

void Tell(absl::string_view message, char* error, size_t error_bytes) {
  if (error == nullptr || error_bytes == 0) return;
  const size_t n = std::min(message.size(), error_bytes - 1);
  std::memcpy(error, message.data(), n);
  error[n] = '\0';
}

absl::Status Ask(const StrategyPlayer& player, const nashville_question& question,
                 nashville_answer* answer) {
  GameDefinition game = player.game();
  if (question.stacks != nullptr) {
    std::copy_n(question.stacks, game.num_players, game.stack_chips.begin());
    for (int p = 0; p < game.num_players; ++p) {
      if (game.stack_chips[p] >= 1 && game.stack_chips[p] <= kStackChipsMax) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "stack of position ", p, ": ", game.stack_chips[p], "; from 1 to ", kStackChipsMax));
    }
    RETURN_IF_ERROR(player.CheckGame(
        game, question.scale_stacks != 0 ? StakesRule::kScale : StakesRule::kRefuse));
  }
  ASSIGN_OR_RETURN(const std::vector<Card> hole, ParseCards(TextOf(question.hole)));
  ASSIGN_OR_RETURN(const std::vector<Card> board, ParseCards(TextOf(question.board)));
  ASSIGN_OR_RETURN(const std::vector<ActionLabel> actions,
                   ParseBetting(game, TextOf(question.betting)));
  PlayedHand hand;
  hand.game = &game;
  hand.position = question.position;
  hand.number = question.hand;
  hand.hole = hole;
  hand.board = board;
  hand.actions = actions;
  ASSIGN_OR_RETURN(const PlayerAnswer found, player.Ask(hand));
  *answer = {};
  answer->num_actions = static_cast<int32_t>(found.actions.size());
  answer->chosen = static_cast<int32_t>(found.chosen);
  answer->is_off_tree = found.is_off_tree ? 1 : 0;
  for (size_t i = 0; i < found.actions.size(); ++i) {
    answer->actions[i] = found.actions[i].action;
    answer->probabilities[i] = found.actions[i].probability;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

// Exceptions, which only a lack of memory throws, stop here.
extern "C" __attribute__((visibility("default"))) nashville_strategy* nashville_open(
    const char* path, const char* bucket_folder, uint64_t seed, char* error, size_t error_bytes) {
  try {
    nash::PlayerOptions options;
    options.bucket_folder = std::string(nash::TextOf(bucket_folder));
    options.translation.seed = seed;
    auto player = nash::StrategyPlayer::Open(std::string(nash::TextOf(path)), options);
    if (!player.ok()) {
      nash::Tell(player.status().message(), error, error_bytes);
      return nullptr;
    }
    std::string definition = nash::CanonicalText((*player)->definition());
    return new nashville_strategy{*std::move(player), std::move(definition)};
  } catch (const std::bad_alloc&) {
    nash::Tell("no memory", error, error_bytes);
    return nullptr;
  }
}

extern "C" __attribute__((visibility("default"))) int nashville_ask(
    const nashville_strategy* strategy, const nashville_question* question,
    nashville_answer* answer, char* error, size_t error_bytes) {
  try {
    const absl::Status status = nash::Ask(*strategy->player, *question, answer);
    if (status.ok()) return 0;
    nash::Tell(status.message(), error, error_bytes);
  } catch (const std::bad_alloc&) {
    nash::Tell("no memory", error, error_bytes);
  }
  return 1;
}

extern "C" __attribute__((visibility("default"))) const char* nashville_definition(
    const nashville_strategy* strategy) {
  return strategy->definition.c_str();
}

extern "C" __attribute__((visibility("default"))) void nashville_close(
    nashville_strategy* strategy) {
  delete strategy;
}
