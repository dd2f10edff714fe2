#include "tools/stored/bucket_folder.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_replace.h"
#include "solver/abstraction/bucket_cache.h"

namespace nash {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Several local workers ask at once, so that it must not be getpwuid().
std::string HomeOfUser() {
  char text[16384];
  passwd user;
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &user, text, sizeof(text), &found) != 0 || found == nullptr) return "";
  return found->pw_dir == nullptr ? "" : found->pw_dir;
}

}  // namespace

std::string BucketFolder(const std::string& named) {
  return BucketFolder(named, {Environment("XDG_CACHE_HOME"), Environment("HOME"), HomeOfUser()});
}

std::string BucketFolder(const std::string& named, const HomeFolders& homes) {
  if (!named.empty()) return named;
  const std::string& home = homes.home.empty() ? homes.of_user : homes.home;
  if (homes.xdg_cache_home.empty() && home.empty()) return "";
  return CacheFolder(homes.xdg_cache_home, home);
}

absl::Status NoBucketFolderError() {
  return absl::InvalidArgumentError(
      "there is no folder for bucket files: neither XDG_CACHE_HOME nor HOME is set, and the system "
      "has no home for this user; name one by --bucket_cache");
}

absl::Status BucketFolderError(const absl::Status& error) {
  return absl::Status(error.code(),
                      absl::StrReplaceAll(error.message(), {{"(--out)", "(--bucket_cache)"}}));
}

}  // namespace nash
