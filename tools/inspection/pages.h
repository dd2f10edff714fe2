// Pages for browsers, made literals by the build. Thread-safe: constants and functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_PAGES_H_
#define NASHVILLE_TOOLS_INSPECTION_PAGES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace nash {

extern const char kBrowserPage[];   // browser/page.html: `serve` answers with it
extern const char kReportPage[];    // report/page.html: a frame for one run's data
extern const char kCurvesScript[];  // charts/curves.js: what both draw curves by
// dygraphs, as Debian packs it: draws curves, asks nothing from elsewhere.
extern const char kChartLibrary[];
extern const char kChartStyle[];

// One of the pages with the library, its style and our script in the places that name them.
std::string PageWithCharts(absl::string_view page);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_PAGES_H_
