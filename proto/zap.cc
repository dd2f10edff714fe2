// ZeroMQ asks a socket of this process, by its own protocol (ZAP, RFC 27), whether a connection's
// key may come in. One thread answers, and looks every half second whether the list has changed.
//
//   list changed, readable     keys that were taken out are told of (changes_), and then revoked
//   list changed, unreadable   no new connection comes in; those that are in stay
//   thread has ended           no question is answered, so no new connection comes in
//
// Every way to fail keeps people out. A stranger that tries again and again is told of once
// (refused_), and how much is told in all is limited: log lines must not be what others can fill a
// disk with. tests/proto/channel_security_test.cc has real sockets on both sides.
#include "proto/zap.h"

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "proto/channel_socket.h"

namespace nash {
namespace {

constexpr char kEndpoint[] = "inproc://zeromq.zap.01";
constexpr std::chrono::milliseconds kReloadInterval(500);
constexpr size_t kNoticesMax = 100;
constexpr size_t kRefusedKeysMax = 10000;

NoticeLimit::Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// Changes whenever the file does.
std::string StampOf(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return "";
  return absl::StrCat(info.st_ino, " ", info.st_size, " ", info.st_mtim.tv_sec, " ",
                      info.st_mtim.tv_nsec, " ", info.st_ctim.tv_sec, " ", info.st_ctim.tv_nsec);
}

// The parts of one request: version, id, domain, address, identity, mechanism, key.
constexpr size_t kPartsMax = 8;
std::vector<std::string> ReceiveParts(zmq::socket_t* socket) {
  std::vector<std::string> parts;
  zmq::message_t part;
  do {
    if (!socket->recv(part)) break;
    if (parts.size() < kPartsMax) parts.push_back(part.to_string());
  } while (part.more());
  return parts;
}

// Of whom `list` has and `other` has not.
void AddChanges(const AllowList& list, const AllowList& other, bool is_allowed,
                std::vector<KeyChange>* changes) {
  for (const auto& [key, name] : list) {
    const auto found = other.find(key);
    if (found == other.end() || found->second != name) changes->push_back({name, is_allowed});
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ZapHandler>> ZapHandler::Start(ChannelContext* context,
                                                              const std::string& allow_list_path) {
  const std::string stamp = StampOf(allow_list_path);
  ASSIGN_OR_RETURN(AllowList list, ReadAllowList(allow_list_path));
  std::unique_ptr<ZapHandler> handler(new ZapHandler(allow_list_path, std::move(list)));
  handler->stamp_ = stamp;
  RETURN_IF_ERROR(handler->Bind(context));
  return handler;
}

absl::StatusOr<std::unique_ptr<ZapHandler>> ZapHandler::Start(ChannelContext* context) {
  std::unique_ptr<ZapHandler> handler(new ZapHandler("", {}));
  RETURN_IF_ERROR(handler->Bind(context));
  return handler;
}

absl::Status ZapHandler::Bind(ChannelContext* context) {
  try {
    zmq::socket_t socket(context->zmq(), zmq::socket_type::rep);
    socket.set(zmq::sockopt::linger, 0);
    socket.bind(kEndpoint);
    thread_ = std::thread([this](zmq::socket_t s) { Run(std::move(s)); }, std::move(socket));
  } catch (const zmq::error_t& error) {
    return absl::UnavailableError(
        absl::StrCat("authentication cannot start: ", error.what(), "; one per process"));
  }
  return absl::OkStatus();
}

void ZapHandler::Allow(const AllowList& list) {
  const MutexLock lock(&mutex_);
  Change(list);
}

void ZapHandler::Change(AllowList list) {
  AddChanges(list_, list, /*is_allowed=*/false, &changes_);
  AddChanges(list, list_, /*is_allowed=*/true, &changes_);
  list_ = std::move(list);
}

ZapHandler::~ZapHandler() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> ZapHandler::NameOf(const std::string& public_key) const {
  const MutexLock lock(&mutex_);
  const auto found = list_.find(public_key);
  if (found == list_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> ZapHandler::TakeNotices() {
  const MutexLock lock(&mutex_);
  for (std::string& line : refusals_.TakeLeftOut(Now())) notices_.push_back(std::move(line));
  return std::exchange(notices_, {});
}

std::vector<KeyChange> ZapHandler::TakeKeyChanges() {
  const MutexLock lock(&mutex_);
  return std::exchange(changes_, {});
}

void ZapHandler::Notice(std::string text) {
  const MutexLock lock(&mutex_);
  if (notices_.size() < kNoticesMax) notices_.push_back(std::move(text));
}

void ZapHandler::NoticeRefusal(const std::string& address, std::string text) {
  std::optional<std::string> notice;
  {
    const MutexLock lock(&mutex_);
    notice = refusals_.Pass("refused", address, std::move(text), Now());
  }
  if (notice.has_value()) Notice(*std::move(notice));
}

void ZapHandler::Run(zmq::socket_t socket) {
  BlockSignals();
  // A failure ends the thread: from then on nobody is let in, since nobody answers.
  try {
    zmq::pollitem_t item = {socket.handle(), 0, ZMQ_POLLIN, 0};
    while (!stop_) {
      zmq::poll(&item, 1, kReloadInterval);
      ReloadWhenChanged();
      if ((item.revents & ZMQ_POLLIN) != 0) Answer(&socket);
    }
  } catch (const zmq::error_t& error) {
    Notice(absl::StrCat("authentication has ended, nobody new is let in: ", error.what()));
  }
}

void ZapHandler::ReloadWhenChanged() {
  if (path_.empty()) return;
  const std::string stamp = StampOf(path_);
  if (stamp == stamp_) return;
  stamp_ = stamp;
  absl::StatusOr<AllowList> list = ReadAllowList(path_);
  std::string notice = list.ok()
                           ? absl::StrCat(path_, ": read again, ", list->size(), " keys are let in")
                           : absl::StrCat("nobody new is let in: ", list.status().message());
  {
    const MutexLock lock(&mutex_);
    // Touched, or written again as it was: nobody needs to hear of it.
    if (is_readable_ && list.ok() && *list == list_) return;
    is_readable_ = list.ok();
    if (list.ok()) Change(*std::move(list));
  }
  refused_.clear();
  Notice(std::move(notice));
}

void ZapHandler::Answer(zmq::socket_t* socket) {
  const std::vector<std::string> request = ReceiveParts(socket);
  bool is_allowed = false;
  std::string key;
  if (request.size() == 7 && request[0] == "1.0" && request[2] == kZapDomain &&
      request[5] == "CURVE" && request[6].size() == 32) {
    std::array<char, kKeyCharacters + 1> text;
    zmq_z85_encode(text.data(), reinterpret_cast<const uint8_t*>(request[6].data()),
                   request[6].size());
    key = text.data();
    const MutexLock lock(&mutex_);
    is_allowed = is_readable_ && list_.contains(key);
  }
  if (!is_allowed && refused_.size() < kRefusedKeysMax && refused_.insert(key).second) {
    const std::string address = request.size() > 3 ? request[3] : "";
    NoticeRefusal(address, absl::StrCat("refused ", address, ": ",
                                        key.empty() ? "it has no key"
                                                    : "its key " + key + " is not in " +
                                                          (path_.empty() ? "our list" : path_)));
  }
  const std::string parts[] = {"1.0",
                               request.size() > 1 ? request[1] : "",
                               is_allowed ? "200" : "400",
                               is_allowed ? "OK" : "not in the allow list",
                               is_allowed ? key : "",
                               ""};
  for (const std::string& part : parts) {
    socket->send(zmq::buffer(part),
                 &part == &parts[5] ? zmq::send_flags::none : zmq::send_flags::sndmore);
  }
}

}  // namespace nash
