#include "tools/program/print_json.h"

#include <cstdio>

namespace nash {
namespace {

constexpr int kOneLine = -1;  // as dump() has it

std::string Text(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string JsonLine(const nlohmann::ordered_json& json) { return Text(json, kOneLine); }

void PrintJson(const nlohmann::ordered_json& json) { std::printf("%s\n", Text(json, 2).c_str()); }

}  // namespace nash
