#include "tools/stored/named_definition.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/checkpoint/definition_diff.h"

namespace nash {
namespace {

absl::StatusOr<std::vector<Setting>> SettingsOf(const DefinitionFlags& flags) {
  std::vector<Setting> settings;
  if (flags.seed.has_value()) {
    settings.push_back({"seed", absl::StrCat(*flags.seed), absl::StrCat("--seed=", *flags.seed)});
  }
  for (const absl::string_view text : absl::StrSplit(flags.set, '\n', absl::SkipEmpty())) {
    absl::StatusOr<Setting> setting = ParseSetting(text);
    if (!setting.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--set: ", setting.status().message()));
    }
    settings.push_back(*std::move(setting));
  }
  return settings;
}

std::string StoredPath(const std::string& folder) { return JoinPath(folder, "run.yaml"); }

absl::StatusOr<RunDefinition> ReadStored(const std::string& path,
                                         const std::vector<Setting>& settings) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseStoredDefinition(text, path, settings);
}

// Checkpoints are compared with the definition when they are loaded; a folder may hold none yet.
absl::Status CheckAgreement(const NamedDefinition& named, const std::vector<Setting>& settings) {
  const std::string path = StoredPath(named.out);
  if (settings.empty() || !FileExists(path)) return absl::OkStatus();
  const absl::StatusOr<RunDefinition> stored = ReadStored(path, {});
  // What is damaged does not count: the run's checkpoints have its definition too.
  if (!stored.ok() || Fingerprint(*stored) == Fingerprint(named.definition)) {
    return absl::OkStatus();
  }
  const std::string origins = absl::StrJoin(
      settings, " ",
      [](std::string* text, const Setting& setting) { absl::StrAppend(text, setting.origin); });
  return absl::FailedPreconditionError(
      absl::StrCat(origins, ": ", named.out,
                   " holds a run of another definition (- its own, + as asked for); "
                   "leave this out to go on with it, or name another --out\n",
                   DiffDefinitions(CanonicalText(*stored), CanonicalText(named.definition))));
}

// A run that is gone on with keeps the batches that were chosen when it began.
absl::Status TakeChosenBatches(NamedDefinition* named) {
  const std::string path = StoredPath(named->out);
  if (!named->definition.batches_are_auto || !FileExists(path)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RunDefinition stored, ReadStored(path, {}));
  ASSIGN_OR_RETURN(named->definition, WithBatches(named->definition, stored.round.batches));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NamedDefinition> ReadNamedDefinition(const DefinitionFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<Setting> settings, SettingsOf(flags));
  NamedDefinition named;
  const bool is_stored = flags.config.empty() && flags.resume && !flags.out.empty();
  named.path = is_stored ? StoredPath(flags.out) : flags.config;
  if (named.path.empty()) {
    return absl::InvalidArgumentError(
        "--config is missing: name a run definition, such as --config=configs/quickstart.yaml, or "
        "the folder of a run to go on with, by --out and --resume");
  }
  absl::StatusOr<RunDefinition> definition =
      is_stored ? ReadStored(named.path, settings) : LoadRunDefinition(named.path, settings);
  RETURN_IF_ERROR(definition.status());
  named.definition = *std::move(definition);
  named.said_auto = named.definition.batches_are_auto;
  named.out = flags.out.empty() ? absl::StrCat("runs/", named.definition.name) : flags.out;
  if (flags.resume) {
    RETURN_IF_ERROR(TakeChosenBatches(&named));
    RETURN_IF_ERROR(CheckAgreement(named, settings));
  }
  return named;
}

}  // namespace nash
