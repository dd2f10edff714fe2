// The first byte chooses the format, the rest is a file of hands. It is refused by one line that
// begins with the file, or what it holds is written and read again, in every format that has words
// for it, to the same text.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/game/game_definition.h"
#include "tools/history/hand_files.h"

namespace {

constexpr char kGame[] = R"(GAMEDEF
nolimit
numPlayers = 3
numRounds = 4
blind = 50 100 0
stack = 900 20000 4321
firstPlayer = 3 1 1 1
numSuits = 4
numRanks = 13
numHoleCards = 2
numBoardCards = 0 3 1 1
END GAMEDEF
)";

constexpr nash::HandFormat kFormats[] = {nash::HandFormat::kAcpcLog, nash::HandFormat::kPhhs,
                                         nash::HandFormat::kPokerStars};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const nash::GameDefinition* const game =
      new nash::GameDefinition(nash::ParseGameDefinition(kGame, "fuzz").value());
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto hands = nash::ParseHands(text, "file", kFormats[data[0] % 3], *game);
  if (!hands.ok()) {
    const std::string message(hands.status().message());
    CHECK_EQ(message.substr(0, 5), "file:") << message;
    CHECK_EQ(message.find('\n'), message.npos) << message;
    return 0;
  }
  for (const nash::HandFormat format : kFormats) {
    const auto written = nash::FormatHands(*hands, format);
    if (!written.ok()) {
      CHECK(absl::IsFailedPrecondition(written.status())) << written.status();
      continue;
    }
    // A log states its hands' results and no game: it is of the first hand's.
    const auto again =
        nash::ParseHands(*written, "file", format, hands->empty() ? *game : (*hands)[0].game);
    CHECK(again.ok()) << again.status() << " of " << *written;
    CHECK_EQ(nash::FormatHands(*again, format).value(), *written);
  }
  return 0;
}
