// The folder of bucket files, in all programs.
#ifndef NASHVILLE_TOOLS_STORED_BUCKET_FOLDER_H_
#define NASHVILLE_TOOLS_STORED_BUCKET_FOLDER_H_

#include <string>

#include "absl/status/status.h"

namespace nash {

// `named` (--bucket_cache), or the user's cache folder where that is empty:
// $XDG_CACHE_HOME/nashville, or .cache/nashville in $HOME, or in the home that the system has for
// the user where no HOME is set (cron, some containers). Empty where there is none of these.
std::string BucketFolder(const std::string& named);

// The same, of what it is made: for tests. xdg_cache_home and home are empty where they are not
// set.
struct HomeFolders {
  std::string xdg_cache_home;
  std::string home;
  std::string of_user;  // as the system has it
};
std::string BucketFolder(const std::string& named, const HomeFolders& homes);

// Where files are needed and there is no folder for them.
absl::Status NoBucketFolderError();
// An error of reading or writing bucket files, with the flag in its advice that chooses their
// folder. OK stays OK.
absl::Status BucketFolderError(const absl::Status& error);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_BUCKET_FOLDER_H_
