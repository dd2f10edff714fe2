// The first byte chooses a public opponent and whether open hands are asked for, each line after it
// is an answer of its server; of "!" a connection that breaks. A hand against it ends in a hand by
// the rules, or in one line of printable text.
#include <glog/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "tools/opponents/gto_wizard.h"
#include "tools/opponents/slumbot.h"

namespace {

class Answers : public nash::HttpClient {
 public:
  explicit Answers(const std::string& text) : answers_(absl::StrSplit(text, '\n')) {}
  absl::StatusOr<std::string> Ask(const nash::HttpQuestion& question) override {
    CHECK(!question.path.empty());
    if (next_ < answers_.size() && answers_[next_] == "!") {
      ++next_;
      return absl::AbortedError("the connection broke");
    }
    if (next_ < answers_.size()) return answers_[next_++];
    return absl::UnavailableError("no more answers");
  }

 private:
  const std::vector<std::string> answers_;
  size_t next_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Answers answers(std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  std::unique_ptr<nash::OnlineTable> table;
  if (data[0] % 2 == 0) {
    table = std::make_unique<nash::SlumbotTable>(&answers, "", "");
  } else {
    table = std::make_unique<nash::GtoWizardTable>(&answers);
  }
  if ((data[0] & 4) != 0) (void)table->FindOpenHands();
  for (uint32_t number = 0; number < 3; ++number) {
    const auto hand =
        table->PlayHand(number, [](const nash::MatchState&) -> absl::StatusOr<nash::ActionLabel> {
          return nash::kCallLabel;
        });
    if (hand.ok()) {
      CHECK_EQ(hand->record.values[0], -hand->record.values[1]);
      CHECK_LE(hand->record.values[0], 20000);
      CHECK_GE(hand->record.values[0], -20000);
      continue;
    }
    const std::string message(hand.status().message());
    CHECK(std::all_of(message.begin(), message.end(), [](char c) {
      return absl::ascii_isprint(c);
    })) << message;
    CHECK_LT(message.size(), 400u);
  }
  return 0;
}
