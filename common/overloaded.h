// One visitor made of several lambdas, for std::visit.
//
// Where every alternative has a lambda of its own (no `const auto&`), one that has none does not
// compile.
#ifndef NASHVILLE_COMMON_OVERLOADED_H_
#define NASHVILLE_COMMON_OVERLOADED_H_

namespace nash {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace nash

#endif  // NASHVILLE_COMMON_OVERLOADED_H_
