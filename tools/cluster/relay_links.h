// A worker's connections to other workers, by which merged rounds are passed on (worker/relay.h):
// one to whom it has them from, and those of whom it passes them on to.
//
// Either end has a thread of its own, which encodes, decodes and waits for its socket, and wakes
// the worker's thread when something has come. What is too much is left out, as if it had been
// lost. Thread-compatible: one thread calls.
#ifndef NASHVILLE_TOOLS_CLUSTER_RELAY_LINKS_H_
#define NASHVILLE_TOOLS_CLUSTER_RELAY_LINKS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/channel.h"
#include "worker/worker.h"

namespace nash {

class RelayLinks {
 public:
  struct Options {
    std::string listen;  // tcp://ADDRESS:PORT; empty: it serves nobody
    std::optional<KeyPair> keys;
    bool insecure = false;
  };
  // wake: called by threads of ours. Errors: as CoordinatorChannel::Listen(); InvalidArgument for
  // an address that others cannot be told.
  static absl::StatusOr<std::unique_ptr<RelayLinks>> Start(ChannelContext* context,
                                                           const Options& options,
                                                           std::function<void()> wake);
  ~RelayLinks();

  // Where others reach it, with its port; empty where it serves nobody.
  const std::string& endpoint() const { return endpoint_; }

  // Gives the worker what has come, and takes what it has for others. Connects as the coordinator
  // says.
  void Exchange(Worker* worker);
  // Lines for people.
  std::vector<std::string> TakeNotices();

 private:
  class SourceLink;
  class PeerLink;

  RelayLinks(ChannelContext* context, const Options& options, std::function<void()> wake);
  void FollowPlace(const RelayPlace& place);

  ChannelContext* const context_;
  const Options options_;
  const std::function<void()> wake_;
  std::string endpoint_;
  RelayPlace place_;  // as last followed
  std::unique_ptr<PeerLink> peers_;
  std::unique_ptr<SourceLink> source_;
  std::vector<std::string> notices_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_RELAY_LINKS_H_
