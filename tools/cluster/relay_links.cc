// Two threads, each of which alone uses its channel:
//
//   worker's thread   Exchange():  Put() -> outgoing_ ---+      +--- incoming_ -> Take()
//                                                        v      |
//   thread of a link  Run():                    encode, send    poll, decode; wake the worker
//
// While there is no connection to the source nothing waits for it: the coordinator is asked.
#include "tools/cluster/relay_links.h"

#include <atomic>
#include <deque>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/mutex.h"
#include "common/status_macros.h"
#include "proto/codec.h"

namespace nash {
namespace {

constexpr std::chrono::milliseconds kPoll(50);
// What waits for a thread: more than windows of parts of all peers.
constexpr size_t kWaitingMax = 512;
// Both ends hear of their places at about the same time: a child may come too early.
constexpr std::chrono::milliseconds kRefusedPause(200);

Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// What goes from one thread to the other.
template <typename T>
class Basket {
 public:
  void Put(T thing) {
    const MutexLock lock(&mutex_);
    if (things_.size() < kWaitingMax) things_.push_back(std::move(thing));
  }
  std::vector<T> Take() {
    const MutexLock lock(&mutex_);
    return std::exchange(things_, {});
  }

 private:
  Mutex mutex_;
  std::vector<T> things_ ABSL_GUARDED_BY(mutex_);
};

bool IsWildcard(absl::string_view endpoint) {
  return absl::StartsWith(endpoint, "tcp://0.0.0.0:") || absl::StartsWith(endpoint, "tcp://[::]:");
}

}  // namespace

// To whom we have rounds from.
class RelayLinks::SourceLink {
 public:
  SourceLink(std::unique_ptr<WorkerChannel> channel, const std::function<void()>& wake)
      : channel_(std::move(channel)), wake_(wake), thread_([this] { Run(); }) {}
  ~SourceLink() {
    stop_ = true;
    channel_->Wake();
    thread_.join();
  }
  void Send(WorkerEnvelope envelope) {
    outgoing_.Put(std::move(envelope));
    channel_->Wake();
  }
  std::vector<CoordinatorEnvelope> Take() { return incoming_.Take(); }
  bool is_up() const { return is_up_; }
  // Whether a connection has broken since the last time.
  bool TakeBroken() { return is_broken_.exchange(false); }

 private:
  void Run() {
    std::deque<std::string> waiting;
    while (!stop_) {
      bool has_news = false;
      for (const std::string& frame : channel_->Poll(kPoll)) {
        absl::StatusOr<CoordinatorEnvelope> envelope = Decode<CoordinatorMessage>(frame);
        if (!envelope.ok()) continue;  // damaged on its way, or no worker of ours
        incoming_.Put(*std::move(envelope));
        has_news = true;
      }
      const bool is_up = channel_->is_up();
      if (is_up_.exchange(is_up) && !is_up) {
        waiting.clear();
        is_broken_ = has_news = true;
      }
      for (const WorkerEnvelope& envelope : outgoing_.Take()) {
        if (waiting.size() < kWaitingMax) waiting.push_back(Encode(envelope));
      }
      while (is_up && !waiting.empty() && channel_->Send(waiting.front())) waiting.pop_front();
      if (has_news) wake_();
    }
  }

  const std::unique_ptr<WorkerChannel> channel_;
  const std::function<void()>& wake_;
  Basket<WorkerEnvelope> outgoing_;
  Basket<CoordinatorEnvelope> incoming_;
  std::atomic<bool> is_up_{false}, is_broken_{false}, stop_{false};
  std::thread thread_;
};

// To those that have rounds from us.
class RelayLinks::PeerLink {
 public:
  struct Question {
    std::string peer;
    WorkerEnvelope envelope;
  };
  PeerLink(std::unique_ptr<CoordinatorChannel> channel, const std::function<void()>& wake)
      : channel_(std::move(channel)), wake_(wake), thread_([this] { Run(); }) {}
  ~PeerLink() {
    stop_ = true;
    channel_->Wake();
    thread_.join();
  }
  void Allow(const AllowList& keys) { channel_->Allow(keys); }
  void Send(Worker::ForPeer answer) {
    outgoing_.Put(std::move(answer));
    channel_->Wake();
  }
  std::vector<Question> Take() { return incoming_.Take(); }
  std::vector<std::string> TakeNotices() { return notices_.Take(); }

 private:
  void Run() {
    while (!stop_) {
      bool has_news = false;
      for (const ReceivedFrame& frame : channel_->Poll(kPoll)) {
        absl::StatusOr<WorkerEnvelope> envelope = Decode<WorkerMessage>(frame.frame);
        if (!envelope.ok()) continue;
        incoming_.Put({frame.peer, *std::move(envelope)});
        has_news = true;
      }
      for (const Worker::ForPeer& answer : outgoing_.Take()) {
        channel_->Send(answer.peer, Encode(answer.envelope));
      }
      for (std::string& notice : channel_->TakeNotices()) notices_.Put(std::move(notice));
      if (has_news) wake_();
    }
  }

  const std::unique_ptr<CoordinatorChannel> channel_;
  const std::function<void()>& wake_;
  Basket<Worker::ForPeer> outgoing_;
  Basket<Question> incoming_;
  Basket<std::string> notices_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

RelayLinks::RelayLinks(ChannelContext* context, const Options& options, std::function<void()> wake)
    : context_(context), options_(options), wake_(std::move(wake)) {}

RelayLinks::~RelayLinks() = default;

absl::StatusOr<std::unique_ptr<RelayLinks>> RelayLinks::Start(ChannelContext* context,
                                                              const Options& options,
                                                              std::function<void()> wake) {
  std::unique_ptr<RelayLinks> links(new RelayLinks(context, options, std::move(wake)));
  if (options.listen.empty()) return links;
  CoordinatorChannel::Options listen;
  listen.endpoints = {options.listen};
  listen.flag = "--relay_listen";
  listen.keys = options.keys;
  listen.insecure = options.insecure;
  listen.is_allow_list_told = true;
  ASSIGN_OR_RETURN(std::unique_ptr<CoordinatorChannel> channel,
                   CoordinatorChannel::Listen(context, listen));
  links->endpoint_ = channel->endpoints().front();
  if (!IsNumericEndpoint(links->endpoint_) || IsWildcard(links->endpoint_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--relay_listen: \"", options.listen,
                     "\": name the one address at which other workers reach this machine, as in "
                     "tcp://10.0.0.7:5556"));
  }
  links->peers_ = std::make_unique<PeerLink>(std::move(channel), links->wake_);
  return links;
}

void RelayLinks::FollowPlace(const RelayPlace& place) {
  if (place == place_) return;
  if (peers_ != nullptr && place.child_keys != place_.child_keys) {
    AllowList keys;
    for (const std::string& key : place.child_keys) keys[key] = key;
    peers_->Allow(keys);
  }
  const bool is_other =
      place.source_endpoint != place_.source_endpoint || place.source_key != place_.source_key;
  place_ = place;
  if (!is_other) return;
  source_.reset();
  if (place.source_endpoint.empty()) return;
  WorkerChannel::Options connect;
  connect.endpoint = place.source_endpoint;
  connect.keys = options_.keys;
  connect.coordinator_key = place.source_key;
  connect.insecure = options_.insecure;
  connect.refused_pause = kRefusedPause;
  absl::StatusOr<std::unique_ptr<WorkerChannel>> channel =
      WorkerChannel::Connect(context_, connect);
  if (channel.ok()) {
    source_ = std::make_unique<SourceLink>(*std::move(channel), wake_);
    notices_.push_back(absl::StrCat("has merged rounds from the worker at ", connect.endpoint));
  } else {
    notices_.push_back(
        absl::StrCat("has merged rounds from the coordinator: ", channel.status().message()));
  }
}

void RelayLinks::Exchange(Worker* worker) {
  FollowPlace(worker->relay_place());
  if (peers_ != nullptr) {
    for (const PeerLink::Question& question : peers_->Take()) {
      worker->OnPeerMessage(question.peer, question.envelope, Now());
    }
  }
  if (source_ != nullptr) {
    for (const CoordinatorEnvelope& envelope : source_->Take()) {
      worker->OnSourceMessage(envelope, Now());
    }
    if (source_->TakeBroken()) worker->OnSourceGone(Now());
  }
  for (WorkerEnvelope& envelope : worker->TakeForSource()) {
    if (source_ != nullptr && source_->is_up()) {
      source_->Send(std::move(envelope));
    } else {
      worker->OnSourceGone(Now());
    }
  }
  for (Worker::ForPeer& answer : worker->TakeForPeers()) peers_->Send(std::move(answer));
}

std::vector<std::string> RelayLinks::TakeNotices() {
  std::vector<std::string> notices = std::exchange(notices_, {});
  if (peers_ == nullptr) return notices;
  for (std::string& notice : peers_->TakeNotices()) notices.push_back(std::move(notice));
  return notices;
}

}  // namespace nash
