// The flag --translation: what a bet that is not on the menu is taken for. Thread-safe: functions
// only.
#ifndef NASHVILLE_TOOLS_STORED_TRANSLATION_FLAG_H_
#define NASHVILLE_TOOLS_STORED_TRANSLATION_FLAG_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/translation/bet_size_mapping.h"

namespace nash {

// "pseudo_harmonic", "nearest". Error: InvalidArgument, naming --translation.
absl::StatusOr<TranslationKind> ParseTranslationKind(absl::string_view name);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_TRANSLATION_FLAG_H_
