// A vector whose resize() leaves new elements as the memory is: for arrays that are written right
// after. With std::vector's own, making room costs as much as filling it.
#ifndef NASHVILLE_COMMON_UNINITIALIZED_VECTOR_H_
#define NASHVILLE_COMMON_UNINITIALIZED_VECTOR_H_

#include <memory>
#include <utility>
#include <vector>

namespace nash {

template <typename T>
struct UninitializedAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = UninitializedAllocator<U>;
  };
  template <typename U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
  }
};

// T: a number.
template <typename T>
using UninitializedVector = std::vector<T, UninitializedAllocator<T>>;

}  // namespace nash

#endif  // NASHVILLE_COMMON_UNINITIALIZED_VECTOR_H_
