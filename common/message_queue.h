// Text for people, on its way to a descriptor that may take it late or never.
//
// A terminal that was stopped (Ctrl-S), a pager that is not read on or a full disk must not hold up
// whoever has something to say. So writers append to a queue, and a thread writes it out. Where
// nobody reads, what comes last is left out, by whole lines, and how many is said when there is
// room again. A reader that is gone (a broken pipe, a closed terminal) costs all that follows.
#ifndef NASHVILLE_COMMON_MESSAGE_QUEUE_H_
#define NASHVILLE_COMMON_MESSAGE_QUEUE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "common/mutex.h"

namespace nash {

// Thread-safe. SIGPIPE must be ignored by the process.
class MessageQueue {
 public:
  // What waits at the most: some hundreds of lines.
  static constexpr size_t kBytesMax = size_t{256} << 10;

  // `descriptor` is not owned, and must stay open.
  explicit MessageQueue(int descriptor, size_t bytes_max = kBytesMax);
  // Waits for a write that is going on: for whoever knows that it ends. Drain() before that.
  ~MessageQueue();

  // Never waits for the descriptor.
  void Append(absl::string_view text);
  // Waits until all is written, or given up, or `patience` is over. Takes no lock and allocates
  // nothing, so that a signal handler of a process that ends may call it.
  void Drain(std::chrono::milliseconds patience) const;

 private:
  void WriteOut();
  // Whether there may be more to write to.
  bool WriteAll(absl::string_view text);
  void LeaveOut(absl::string_view text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int descriptor_;
  const size_t bytes_max_;
  // Bytes that were appended and are neither written nor given up.
  std::atomic<size_t> pending_{0};

  Mutex mutex_;
  CondVar changed_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);
  // Of what was appended, also where it was left out.
  bool is_line_start_ ABSL_GUARDED_BY(mutex_) = true;
  // Since the last that was taken.
  uint64_t lines_left_out_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_leaving_out_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_reader_gone_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_MESSAGE_QUEUE_H_
