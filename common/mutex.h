// std::mutex with the annotations of clang's thread-safety analysis, which `tools/dev lint` runs: a
// member that carries ABSL_GUARDED_BY(mutex_) cannot be touched without the lock.
//
// Not absl::Mutex: Debian's library is built without ThreadSanitizer, which would then see races
// where there are none. Thread-safe.
#ifndef NASHVILLE_COMMON_MUTEX_H_
#define NASHVILLE_COMMON_MUTEX_H_

#include <condition_variable>
#include <mutex>

#include "absl/base/thread_annotations.h"

namespace nash {

class ABSL_LOCKABLE Mutex {
 public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  bool TryLock() ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true) { return mutex_.try_lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Lets a thread wait for what another changes under a mutex.
class CondVar {
 public:
  // Lets go of the mutex while it waits. It may return for no reason, so that callers wait in a
  // loop; the condition is theirs, where the analysis sees that they hold the mutex.
  void Wait(Mutex* mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();  // the caller holds it on
  }
  void NotifyOne() { changed_.notify_one(); }

 private:
  std::condition_variable changed_;
};

// Holds the mutex from here to the end of the block.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_MUTEX_H_
