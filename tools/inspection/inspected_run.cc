#include "tools/inspection/inspected_run.h"

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "tools/program/build_progress.h"
#include "tools/program/threads_flag.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

constexpr char kRootName[] = "root";

}  // namespace

absl::StatusOr<std::unique_ptr<LoadedRun>> LoadRunOf(const Checkpoint& checkpoint,
                                                     const std::string& bucket_cache,
                                                     BucketCheck check) {
  ASSIGN_OR_RETURN(const RunDefinition definition, DefinitionOf(checkpoint));
  BuildProgressPrinter progress;
  LoadOptions options;
  options.bucket_cache = bucket_cache;
  options.check = check;
  options.has_lanes = false;
  options.build.threads = NumCores();
  options.build.progress = [&](const BuildProgress& p) { progress.Print(p); };
  return LoadedRun::Make(definition, options);
}

absl::StatusOr<RunDefinition> DefinitionOfRun(const std::string& run_folder) {
  const std::string path = JoinPath(run_folder, "run.yaml");
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (text.ok()) return ParseStoredDefinition(*text, path);
  if (!absl::IsNotFound(text.status())) return text.status();
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(run_folder));
  return DefinitionOf(checkpoint);
}

// A subtree's nodes follow its root.
std::vector<PathStep> PathTo(const PublicTree& tree, NodeIndex node) {
  std::vector<PathStep> path;
  NodeIndex at = 0;
  while (at != node) {
    const absl::Span<const PublicEdge> edges = tree.EdgesOf(at);
    size_t a = 0;
    // Depth-first order makes a subtree a range of numbers, so that two comparisons find the child
    // that holds the node.
    const auto holds = [&](const PublicEdge& edge) {
      return edge.kind() == EdgeKind::kDecision && edge.payload() <= node &&
             node < edge.payload() + tree.SubtreeSize(edge.payload());
    };
    while (!holds(edges[a])) ++a;
    path.push_back({at, static_cast<int>(a)});
    at = edges[a].payload();
  }
  return path;
}

std::string BettingName(const PublicTree& tree, NodeIndex node) {
  return node == 0 ? kRootName : tree.Betting(node);
}

absl::StatusOr<NodeIndex> FindNode(const PublicTree& tree, const std::string& betting) {
  const absl::StatusOr<NodeIndex> node = tree.FindNode(betting == kRootName ? "" : betting);
  if (node.ok()) return *node;
  return absl::InvalidArgumentError(absl::StrCat("--betting: ", node.status().message()));
}

}  // namespace nash
