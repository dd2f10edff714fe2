#!/usr/bin/env bash
# tools/dev bench quality [--iterations=N] [--threads=N] [BUCKETS...]      (20971520, all, 20 100)
#
# What card abstractions cost: NashConv in the real game, where best responses see cards and not
# buckets, of blueprints trained with each kind of buckets, as one line of JSON each.
#
# The game is tests/abstraction/short.game. Every run has the same iterations and seed. With the
# default iterations about a minute a line on two cores.
set -euo pipefail

iterations=20971520 threads=0
while [ $# -gt 0 ]; do
  case $1 in
    --iterations=*) iterations=${1#*=} ;;
    --threads=*) threads=${1#*=} ;;
    -*)
      echo "quality: $1: there are --iterations and --threads, then numbers of buckets" >&2
      exit 2
      ;;
    *) break ;;
  esac
  shift
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/abstraction/short.game "$work"

# measure NAME BUCKETS FLOP TURN
measure() {
  cat >"$work/run.yaml" <<YAML
name: quality
game: short.game
abstraction: {preflop: lossless, flop: {$3}, turn: {$4}}
algorithm: {variant: linear, discount: {every: 262144, until: 104857600}, quantum: 0.01}
round: {batches: 64, deals: 4096}
iterations: $iterations
YAML
  rm -rf "$work/run"
  # More buckets than a kind can tell apart are refused: that is a result too.
  local code=0
  bazel-bin/tools/train_blueprint --config="$work/run.yaml" --out="$work/run" --threads="$threads" \
    --bucket_cache="$work/cache" >/dev/null 2>"$work/log" || code=$?
  if [ "$code" -ne 0 ]; then
    [ "$code" -eq 2 ] || { cat "$work/log" >&2; exit "$code"; }
    python3 - "$1" "$2" "$work/log" <<'PY'
import json, sys
refused = open(sys.argv[3]).read().strip().splitlines()[-1]
print(json.dumps({"kind": sys.argv[1], "buckets": int(sys.argv[2]), "refused": refused}))
PY
    return
  fi
  bazel-bin/tools/evaluate nashconv "$work/run" --bucket_cache="$work/cache" --json |
    python3 -c "import json, sys; print(json.dumps({'kind': '$1', 'buckets': $2,
      'iterations': $iterations, 'nash_conv_chips': json.load(sys.stdin)['nash_conv']}))"
}

[ $# -gt 0 ] || set -- 20 100
for buckets in "$@"; do
  measure ehs "$buckets" "kind: ehs, buckets: $buckets" "kind: ehs, buckets: $buckets"
  measure ehs2 "$buckets" "kind: ehs2, buckets: $buckets" "kind: ehs, buckets: $buckets"
  measure ochs "$buckets" "kind: ochs, buckets: $buckets" "kind: ochs, buckets: $buckets"
  measure emd "$buckets" "kind: emd, buckets: $buckets" "kind: ochs, buckets: $buckets"
  measure public-ehs "$buckets" "kind: ehs, buckets: $buckets, public: 5" \
    "kind: ehs, buckets: $buckets, public: 5"
  measure public-emd "$buckets" "kind: emd, buckets: $buckets, public: 5" \
    "kind: ochs, buckets: $buckets, public: 5"
done
