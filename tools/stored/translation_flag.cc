#include "tools/stored/translation_flag.h"

#include "absl/strings/str_cat.h"

namespace nash {

absl::StatusOr<TranslationKind> ParseTranslationKind(absl::string_view name) {
  if (name == "pseudo_harmonic") return TranslationKind::kPseudoHarmonic;
  if (name == "nearest") return TranslationKind::kNearest;
  return absl::InvalidArgumentError(
      absl::StrCat("--translation=", name, "; allowed: pseudo_harmonic, nearest"));
}

}  // namespace nash
