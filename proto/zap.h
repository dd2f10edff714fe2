// Who may connect: answers libzmq's authentication requests (ZAP, rfc.zeromq.org/spec/27) from an
// allow list of CURVE keys, which a file has or somebody tells.
//
// That of a file is read again when its file changes, within a second: a key taken out is refused
// from then on, and IsAllowed() says so of peers that are connected already. While the file cannot
// be read nobody new gets in. Thread-safe; runs a thread of its own.
#ifndef NASHVILLE_PROTO_ZAP_H_
#define NASHVILLE_PROTO_ZAP_H_

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/mutex.h"
#include "common/notice_limit.h"
#include "proto/channel_context.h"
#include "proto/keys.h"

namespace nash {

inline constexpr char kZapDomain[] = "nashville";

class ZapHandler {
 public:
  // Answers from its return to its end. Errors: as ReadAllowList(); Unavailable where the context
  // has a handler already.
  static absl::StatusOr<std::unique_ptr<ZapHandler>> Start(ChannelContext* context,
                                                           const std::string& allow_list_path);
  // The same without a file: lets in whom Allow() names, and at first nobody. Error: Unavailable.
  static absl::StatusOr<std::unique_ptr<ZapHandler>> Start(ChannelContext* context);
  ~ZapHandler();

  // From now on these, and nobody else. Needs a handler without a file.
  void Allow(const AllowList& list);

  // The name of a key's owner; none where the key is not (any longer) in the list.
  std::optional<std::string> NameOf(const std::string& public_key) const;
  // What happened since the last call, for a log: refused keys, once each and few of an address,
  // and changes of the list.
  std::vector<std::string> TakeNotices();
  // Who was taken out of the list or put into it since the last call, in order. A name with another
  // key than before is taken out and put in.
  std::vector<KeyChange> TakeKeyChanges();

 private:
  ZapHandler(std::string path, AllowList list) : path_(std::move(path)), list_(std::move(list)) {}
  absl::Status Bind(ChannelContext* context);
  void Change(AllowList list) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run(zmq::socket_t socket);
  void Answer(zmq::socket_t* socket);
  void ReloadWhenChanged();
  void Notice(std::string text);
  void NoticeRefusal(const std::string& address, std::string text);

  const std::string path_;  // empty: there is no file
  std::atomic<bool> stop_ = false;
  mutable Mutex mutex_;
  AllowList list_ ABSL_GUARDED_BY(mutex_);
  bool is_readable_ ABSL_GUARDED_BY(mutex_) = true;  // what list_ says is what the file says
  std::vector<std::string> notices_ ABSL_GUARDED_BY(mutex_);
  std::vector<KeyChange> changes_ ABSL_GUARDED_BY(mutex_);
  NoticeLimit refusals_ ABSL_GUARDED_BY(mutex_);
  // The thread's own.
  std::string stamp_;  // of the file as it was read
  std::set<std::string> refused_;
  std::thread thread_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_ZAP_H_
