#include "common/file_holes.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nash {

uint64_t NextDataOffset(const std::string& path, uint64_t offset) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return offset;
  off_t data = lseek(file, static_cast<off_t>(offset), SEEK_DATA);
  if (data < 0 && errno == ENXIO) data = lseek(file, 0, SEEK_END);
  close(file);
  return data < 0 ? offset : std::max(offset, static_cast<uint64_t>(data));
}

}  // namespace nash
