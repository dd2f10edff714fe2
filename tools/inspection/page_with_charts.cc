#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/inspection/pages.h"

namespace nash {

std::string PageWithCharts(absl::string_view page) {
  return absl::StrReplaceAll(page, {{"/*CHARTS*/", absl::StrCat(kChartLibrary, kCurvesScript)},
                                    {"/*CHARTSTYLE*/", kChartStyle}});
}

}  // namespace nash
