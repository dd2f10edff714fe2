// Lines of a log on their way to a descriptor that may be slow, or that nobody reads any more: a
// terminal that was stopped, a pipe whose reader waits.
//
//   Append()  any thread   --> waiting_ (up to bytes_max_, else counted and left out)
//   WriteOut() its thread      takes all of waiting_ at once, writes it without the mutex
//
// Whoever appends waits for the mutex only, never for the descriptor. What has no room is left out
// by whole lines, and the next line that has says how many there were. pending_ is a number of its
// own, and atomic, because a signal handler may look at it and may take no lock (Drain). A reader
// that is gone for good ends the writing, and what is appended after that is dropped at once.
// tests/common/message_queue_test.cc has readers that stop and readers that go.
#include "common/message_queue.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

// A thread that is started meanwhile gets no signals: those are for the threads that know of them.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

MessageQueue::MessageQueue(int descriptor, size_t bytes_max)
    : descriptor_(descriptor), bytes_max_(bytes_max) {
  const NoSignals no_signals;
  thread_ = std::thread([this] { WriteOut(); });
}

MessageQueue::~MessageQueue() {
  {
    const MutexLock lock(&mutex_);
    stop_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void MessageQueue::Append(absl::string_view text) {
  if (text.empty()) return;
  {
    const MutexLock lock(&mutex_);
    if (is_reader_gone_) return;
    // A progress line that is written over ('\r') begins one as well.
    const bool begins_line = is_line_start_ || text.front() == '\r';
    std::string note;
    if (lines_left_out_ > 0) {
      note = absl::StrCat("(", lines_left_out_, " lines were left out here: nobody read them)\n");
    }
    const bool has_room = waiting_.size() + note.size() + text.size() <= bytes_max_;
    if (has_room && (!is_leaving_out_ || begins_line)) {
      absl::StrAppend(&waiting_, note, text);
      pending_.fetch_add(note.size() + text.size());
      is_leaving_out_ = false;
      lines_left_out_ = 0;
    } else {
      LeaveOut(text);
    }
    is_line_start_ = text.back() == '\n';
  }
  changed_.NotifyOne();
}

// A line that was begun ends here.
void MessageQueue::LeaveOut(absl::string_view text) {
  if (!is_leaving_out_ && !is_line_start_) {
    waiting_ += '\n';
    pending_.fetch_add(1);
  }
  is_leaving_out_ = true;
  lines_left_out_ += std::count(text.begin(), text.end(), '\n');
}

void MessageQueue::Drain(std::chrono::milliseconds patience) const {
  constexpr timespec kPause = {0, 1'000'000};
  for (int64_t waited = 0; pending_.load() > 0 && waited < patience.count(); ++waited) {
    nanosleep(&kPause, nullptr);
  }
}

void MessageQueue::WriteOut() {
  mutex_.Lock();
  while (true) {
    while (!stop_ && waiting_.empty()) changed_.Wait(&mutex_);
    if (waiting_.empty()) break;
    const std::string text = std::exchange(waiting_, "");
    mutex_.Unlock();
    const bool is_there = WriteAll(text);
    mutex_.Lock();
    pending_.fetch_sub(text.size());
    if (is_there) continue;
    is_reader_gone_ = true;
    pending_.fetch_sub(waiting_.size());
    waiting_.clear();
  }
  mutex_.Unlock();
}

bool MessageQueue::WriteAll(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(descriptor_, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(n);
    } else if (errno == EAGAIN) {  // someone who shares it asked for no waiting
      pollfd wait = {descriptor_, POLLOUT, 0};
      poll(&wait, 1, -1);
    } else if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
      return true;  // there may be room later
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace nash
