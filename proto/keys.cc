#include "proto/keys.h"

#include <fcntl.h>
#include <glog/logging.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "proto/identity.h"

namespace nash {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;
constexpr size_t kAllowListBytesMax = 4 << 20;
constexpr size_t kNameCharactersMax = 64;
constexpr char kKeygenRemedy[] = "make one with tools/keygen";

bool IsKey(absl::string_view text) {
  std::array<uint8_t, 32> bytes;
  // zmq_z85_decode() does not mind characters that Z85 does not have.
  return text.size() == kKeyCharacters &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) {
                       return absl::ascii_isalnum(c) ||
                              absl::string_view(".-:+=^!/*?&<>()[]{}@%$#").find(c) !=
                                  absl::string_view::npos;
                     }) &&
         zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

bool IsName(absl::string_view name) {
  return !name.empty() && name.size() <= kNameCharactersMax &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
         });
}

// The words of each line that has any, without comments. '#' is also a character of keys: a comment
// begins where it starts a word.
std::vector<std::vector<std::string>> WordsOf(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    std::vector<std::string> words;
    for (absl::string_view word :
         absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty())) {
      if (word.front() == '#' && word.size() != kKeyCharacters) break;
      words.emplace_back(word);
    }
    lines.push_back(std::move(words));
  }
  return lines;
}

absl::Status WritePrivateFile(const std::string& path, absl::string_view contents) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return FileError(path, "cannot be written", errno);
  const ssize_t n = write(file, contents.data(), contents.size());
  const bool is_written = n == static_cast<ssize_t>(contents.size()) && fsync(file) == 0;
  const int error = n >= 0 && !is_written && errno == 0 ? ENOSPC : errno;
  close(file);
  if (is_written) return absl::OkStatus();
  unlink(path.c_str());
  return FileError(path, "cannot be written", error);
}

}  // namespace

KeyPair MakeKeyPair() {
  std::array<char, kKeyCharacters + 1> public_key, secret_key;
  CHECK_EQ(zmq_curve_keypair(public_key.data(), secret_key.data()), 0)
      << "libzmq was built without CURVE";
  return {public_key.data(), secret_key.data()};
}

absl::Status WriteKeyFiles(const std::string& folder, const std::string& name, const KeyPair& keys,
                           bool is_shared) {
  if (!IsName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--name: \"", name, "\": up to ", kNameCharactersMax,
                     " letters, digits, '.', '-' and '_' were expected, as in worker-1"));
  }
  RETURN_IF_ERROR(CreateDirectories(folder));
  const std::string path = JoinPath(folder, name);
  if (FileExists(path + ".pub")) return FileError(path + ".pub", "cannot be written", EEXIST);
  RETURN_IF_ERROR(WritePrivateFile(
      path + ".key",
      absl::StrCat("# Key of ", name, ". Secret: never send it, keep its mode 0600.\n", "public ",
                   keys.public_key, "\nsecret ", keys.secret_key, "\n")));
  RETURN_IF_ERROR(WriteNewFile(path + ".pub", absl::StrCat(keys.public_key, " ", name,
                                                           is_shared ? kSharedKeyEnd : "", "\n")));
  return SyncFolder(folder);
}

absl::StatusOr<KeyPair> ReadKeyFile(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return FileError(path, "cannot be read", errno);
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, ": others may read this secret key; run chmod 600 ", path,
                     ", and make a new key if they may have done so"));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kKeyFileBytesMax));
  KeyPair keys;
  for (const std::vector<std::string>& words : WordsOf(text)) {
    if (words.size() == 2 && words[0] == "public") keys.public_key = words[1];
    if (words.size() == 2 && words[0] == "secret") keys.secret_key = words[1];
  }
  std::array<char, kKeyCharacters + 1> derived{};
  if (!IsKey(keys.secret_key) || !IsKey(keys.public_key) ||
      zmq_curve_public(derived.data(), keys.secret_key.c_str()) != 0 ||
      keys.public_key != derived.data()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": holds no key pair; ", kKeygenRemedy, ", and name its .key file"));
  }
  return keys;
}

absl::StatusOr<AllowList> ReadAllowList(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kAllowListBytesMax));
  AllowList list;
  std::set<std::string> names;
  int line = 0;
  for (const std::vector<std::string>& words : WordsOf(text)) {
    ++line;
    if (words.empty()) continue;
    const auto wrong = [&](absl::string_view what) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": line ", line, ": ", what,
                       "; each line is a public key and a name, as in a .pub file"));
    };
    if (words.size() != 2 || !IsKey(words[0])) return wrong("is no such line");
    const absl::string_view name = absl::StripSuffix(words[1], kSharedKeyEnd);
    if (!IsName(name)) return wrong("is no such line");
    if (!names.emplace(name).second) return wrong(absl::StrCat(name, " is named twice"));
    if (!list.emplace(words[0], words[1]).second) {
      return wrong(absl::StrCat("the key of ", words[1], " stands there twice"));
    }
  }
  return list;
}

absl::StatusOr<std::string> ReadPublicKeyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const AllowList list, ReadAllowList(path));
  if (list.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": holds ", list.size(),
                                                   " public keys, expected 1; name the .pub file ",
                                                   "of the coordinator"));
  }
  return list.begin()->first;
}

}  // namespace nash
