// Parts of a unit's delta that cannot be right, one for each way of being wrong. Their checksums
// are those of their bytes, so that a codec of messages lets them pass.
#ifndef NASHVILLE_TESTS_SIM_HOSTILE_ROWS_H_
#define NASHVILLE_TESTS_SIM_HOSTILE_ROWS_H_

#include <string>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "proto/messages.h"

namespace nash {

struct HostileRows {
  std::string what;
  EncodedRows rows;
};
// bounds: of one unit. All of them are about rows 2 and 3, which have both lanes.
std::vector<HostileRows> MakeHostileRows(const RowSpace& space, const DeltaBounds& bounds);

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_HOSTILE_ROWS_H_
