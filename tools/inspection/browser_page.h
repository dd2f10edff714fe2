// The page that the browser's server answers with: browser/page.html, made a literal by the build.
#ifndef NASHVILLE_TOOLS_INSPECTION_BROWSER_PAGE_H_
#define NASHVILLE_TOOLS_INSPECTION_BROWSER_PAGE_H_

namespace nash {

extern const char kBrowserPage[];

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_BROWSER_PAGE_H_
