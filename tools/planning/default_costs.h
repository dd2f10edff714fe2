// configs/cluster/costs.json, made a literal by the build, so that a plan needs no file beside it.
#ifndef NASHVILLE_TOOLS_PLANNING_DEFAULT_COSTS_H_
#define NASHVILLE_TOOLS_PLANNING_DEFAULT_COSTS_H_

namespace nash {

extern const char kDefaultCosts[];

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLANNING_DEFAULT_COSTS_H_
