// Pages for browsers and what they draw with, made literals by the build.
#ifndef NASHVILLE_TOOLS_INSPECTION_PAGES_H_
#define NASHVILLE_TOOLS_INSPECTION_PAGES_H_

namespace nash {

extern const char kBrowserPage[];  // browser/page.html: `serve` answers with it
extern const char kReportPage[];   // report/page.html: a frame for one run's data
// dygraphs, as Debian packs it: draws curves, asks nothing from elsewhere.
extern const char kChartLibrary[];
extern const char kChartStyle[];

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_PAGES_H_
