// A table with GTO Wizard AI, by the interface of its benchmark (the "researcher API"), as its
// published client has it: github.com/gtowizard-ai/researcher-api-client, src/models.py.
//
// POST /hands {game_name} and /hands/ID/act {action, amount}, GET /hands/in-progress?game_name=, a
// list of what the others answer, of hands that are open; with the key in X-API-Key. Answers
// hold hand_id, game (game_id, game_name, game_format, starting_stack, blinds,
// stack_reset_per_hand) and game_state: street, common_pot, total_pot, board_cards, is_hand_over,
// players (name, stack, position, hole_cards), legal_actions, raise_range, action_history,
// has_gto_wizard_folded, winnings, aivat_score. Every field must be there and of its kind; what the
// rules say of it is compared with the rules. Of pots and stacks the client does not say what is
// counted in, so that those are looked at as numbers only.
//
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_OPPONENTS_GTO_WIZARD_H_
#define NASHVILLE_TOOLS_OPPONENTS_GTO_WIZARD_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/opponents/http_client.h"
#include "tools/opponents/online_table.h"

namespace nash {

inline constexpr absl::string_view kGtoWizardKeyHeader = "X-API-Key";

class GtoWizardTable : public OnlineTable {
 public:
  // server: not owned; sends the key.
  explicit GtoWizardTable(HttpClient* server) : OnlineTable("GTO Wizard"), server_(server) {}

  absl::string_view adjustment() const override { return "by AIVAT, as the server tells it"; }
  absl::StatusOr<size_t> FindOpenHands() override;

 protected:
  absl::StatusOr<OnlineState> Begin() override;
  absl::StatusOr<OnlineState> Act(const OnlineState& state, ActionLabel action) override;
  absl::StatusOr<OnlineState> AskAgain(const absl::Status& broken) override;

 private:
  absl::StatusOr<OnlineState> Ask(const HttpQuestion& question);
  // [hands that are open]: answers.
  absl::StatusOr<std::vector<std::string>> OpenHands();
  absl::StatusOr<OnlineState> ReadAnswer(const std::string& body);
  absl::StatusOr<OnlineState> Read(const nlohmann::json& state);
  absl::Status CheckGame(const nlohmann::json& game) const;
  absl::Status ReadPlayers(const nlohmann::json& players, OnlineState* state) const;
  absl::Status ReadActions(const nlohmann::json& history, OnlineState* state) const;
  absl::Status ReadTurn(const nlohmann::json& json, const OnlineState& state);

  HttpClient* const server_;
  std::vector<std::string> open_hands_;  // answers of hands that were found and are not begun
  int64_t hand_id_ = -1;
  std::string legal_letters_;  // of the newest state
  double raise_min_ = 0, raise_max_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_OPPONENTS_GTO_WIZARD_H_
