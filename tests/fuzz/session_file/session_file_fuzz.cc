// The file of a session is refused by one line that names it, or what it holds are hands of the
// game, whole ones and at most one that is not.
//
// The first byte says whether the checksums at the lines' ends are made right before it is parsed,
// so that mutations get past them.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/checksum.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "solver/game/game_definition.h"
#include "tools/playing/session_file.h"

namespace {

constexpr char kGame[] = R"(GAMEDEF
limit
numPlayers = 2
numRounds = 2
blind = 1 1
raiseSize = 2 4
firstPlayer = 1 1
maxRaises = 2 2
numSuits = 2
numRanks = 3
numHoleCards = 1
numBoardCards = 0 1
END GAMEDEF
)";

constexpr size_t kDigits = 16;

std::string Resealed(const std::string& text) {
  std::string sealed, last;
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
    std::string line = text.substr(begin, end - begin);
    if (line.size() > kDigits) {
      const std::string body = line.substr(0, line.size() - kDigits - 1);
      last = absl::StrFormat("%016x", nash::Checksum64Of(absl::StrCat(last, body)));
      line = absl::StrCat(body, " ", last);
    }
    absl::StrAppend(&sealed, line, "\n");
    begin = end + 1;
  }
  return sealed + text.substr(begin);
}

void CheckMessage(const absl::Status& status) {
  const std::string message(status.message());
  CHECK_EQ(message.substr(0, 5), "file:") << message;
  CHECK_EQ(message.find('\n'), message.npos) << message;
}

bool IsOver(const nash::GameDefinition& game, const std::vector<nash::ActionLabel>& actions) {
  nash::BettingState state(&game);
  for (const nash::ActionLabel action : actions) {
    CHECK(!state.is_over());
    nash::ApplyAction(action, &state);
  }
  return state.is_over();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const nash::GameDefinition* const game =
      new nash::GameDefinition(nash::ParseGameDefinition(kGame, "fuzz").value());
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] % 2 == 1) text = Resealed(text);
  const auto header = nash::ParseSessionHeader(text, "file");
  const auto record = nash::ParseSession(text, "file", *game);
  if (!header.ok()) CheckMessage(header.status());
  if (!record.ok()) {
    CheckMessage(record.status());
    return 0;
  }
  CHECK(header.ok()) << header.status();
  CHECK_LE(record->whole_bytes, text.size());
  for (const auto& hand : record->hands) CHECK(IsOver(*game, hand));
  CHECK(record->open.empty() || !IsOver(*game, record->open));
  return 0;
}
