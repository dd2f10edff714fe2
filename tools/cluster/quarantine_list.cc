#include "tools/cluster/quarantine_list.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<QuarantineList> QuarantineList::Open(const std::string& run_folder) {
  QuarantineList list(JoinPath(run_folder, "quarantined"));
  if (!FileExists(list.path_)) return list;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(list.path_));
  for (const absl::string_view name : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    list.names_.emplace(name);
  }
  return list;
}

absl::Status QuarantineList::Update(const std::set<std::string>& names) {
  if (names == names_) return absl::OkStatus();
  const std::string end = names.empty() ? "" : "\n";
  const absl::Status written =
      WriteFileAtomically(path_, absl::StrCat(absl::StrJoin(names, "\n"), end));
  if (written.ok()) names_ = names;
  if (std::exchange(trouble_, written) == written) return absl::OkStatus();
  return written;
}

}  // namespace nash
