// A table with Slumbot, by the HTTP interface that it publishes.
//
// POST /api/new_hand {token} and /api/act {token, incr}; answers hold old_action, action,
// client_pos (0: the big blind), hole_cards, board, token, and when the hand is over winnings,
// perhaps bot_hole_cards and baseline_winnings (what Slumbot itself won with our cards); or
// error_msg. A token that an answer brings replaces the one before. Every field that is used is
// checked.
//
// A token that the server does not take for a new hand is forgotten, and the hand begun in a new
// session, once. Not thread-safe.
#ifndef NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_
#define NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/opponents/http_client.h"
#include "tools/opponents/online_table.h"

namespace nash {

class SlumbotTable : public OnlineTable {
 public:
  // server: not owned. name: of an account at the server, for results that it adds up; empty: none.
  SlumbotTable(HttpClient* server, std::string name, std::string password);

  absl::string_view adjustment() const override { return "less Slumbot's own result in the seat"; }

 protected:
  absl::StatusOr<OnlineState> Begin() override;
  absl::StatusOr<OnlineState> Act(const OnlineState& state, ActionLabel action) override;

 private:
  // Sends name and password. Error: PermissionDenied where they are refused.
  absl::Status LogIn();
  absl::StatusOr<OnlineState> Ask(const std::string& path, const std::string& increment);
  absl::StatusOr<OnlineState> Read(const nlohmann::json& json);
  absl::StatusOr<std::vector<Card>> CardList(const nlohmann::json& json, const char* key) const;

  HttpClient* const server_;
  const std::string name_;
  const std::string password_;
  std::string token_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_
