#include "common/notice_limit.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace nash {

std::optional<std::string> NoticeLimit::Pass(absl::string_view kind, absl::string_view peer,
                                             std::string text, Nanos now) {
  Kind& of_kind = kinds_.try_emplace(std::string(kind)).first->second;
  if (now - of_kind.began >= kInterval) {
    of_kind.began = now;
    of_kind.new_peers = 0;
  }
  auto found = of_kind.peers.find(peer);
  if (found == of_kind.peers.end()) {
    if (of_kind.new_peers >= kNewPeersMax || of_kind.peers.size() >= kPeersMax) {
      ++of_kind.others.left_out;
      of_kind.others.last = std::move(text);
      return std::nullopt;
    }
    ++of_kind.new_peers;
    of_kind.peers.emplace(peer, Peer{now});
    return text;
  }
  Peer& known = found->second;
  if (now - known.told < kInterval) {
    ++known.left_out;
    known.last = std::move(text);
    return std::nullopt;
  }
  known.told = now;
  const uint64_t left_out = std::exchange(known.left_out, 0);
  if (left_out == 0) return text;
  return absl::StrCat(text, " (and ", left_out, " more like it since the last line)");
}

std::vector<std::string> NoticeLimit::TakeLeftOut(Nanos now) {
  std::vector<std::string> lines;
  const auto take = [&](Peer* peer) {
    if (peer->left_out > 0) {
      lines.push_back(
          absl::StrCat(peer->last, " (one of ", peer->left_out, " like it since the last line)"));
    }
    *peer = Peer{now};
  };
  for (auto& [name, kind] : kinds_) {
    for (auto it = kind.peers.begin(); it != kind.peers.end();) {
      if (now - it->second.told < kInterval) {
        ++it;
        continue;
      }
      const bool is_quiet = it->second.left_out == 0;
      take(&it->second);
      it = is_quiet ? kind.peers.erase(it) : std::next(it);
    }
    if (now - kind.others.told >= kInterval) take(&kind.others);
  }
  return lines;
}

}  // namespace nash
