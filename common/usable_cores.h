// How many threads can run at once: not all that the machine has may be ours.
#ifndef NASHVILLE_COMMON_USABLE_CORES_H_
#define NASHVILLE_COMMON_USABLE_CORES_H_

#include "common/control_group.h"

namespace nash {

// Processors that this process may run on (taskset, batch systems), and no more than its control
// groups pay for: a quota of 1.5 cores keeps two threads busy. At least 1.
int UsableCores(const GroupAllowance& allowance);
inline int UsableCores() { return UsableCores(ReadGroupAllowance()); }

}  // namespace nash

#endif  // NASHVILLE_COMMON_USABLE_CORES_H_
