// Where a part of a unit's delta lies in the table.
#ifndef NASHVILLE_SOLVER_COORDINATOR_PART_PLACE_H_
#define NASHVILLE_SOLVER_COORDINATOR_PART_PLACE_H_

#include <cstdint>

namespace nash {

struct PartPlace {
  uint32_t section = 0;  // that holds all its rows (delta_sections.h)
  uint64_t first_row = 0;
  uint64_t last_row = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_PART_PLACE_H_
