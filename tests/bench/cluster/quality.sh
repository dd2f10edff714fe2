#!/usr/bin/env bash
# What card abstractions cost: NashConv in the real game, where best responses see cards and not
# buckets, of blueprints trained with each kind of buckets, as one line of JSON each.
#
#   tests/bench/cluster/quality.sh [BUCKETS...]      (20 100)
#
# The game is limit hold'em with the 24 cards from nine to ace, to the turn: small enough for exact
# best responses. Every run has the same iterations and seed. About two minutes a line on one core.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

iterations=20971520
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bazel build --noshow_progress --ui_event_filters=-info //tools:train_blueprint //tools:evaluate >&2

cat >"$work/short.game" <<'GAME'
GAMEDEF
limit
numPlayers = 2
numRounds = 3
blind = 10 5
raiseSize = 10 10 20
firstPlayer = 2 1 1
maxRaises = 2 2 2
numSuits = 4
numRanks = 6
numHoleCards = 2
numBoardCards = 0 3 1
END GAMEDEF
GAME

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
  bazel-bin/tools/train_blueprint --config="$work/run.yaml" --out="$work/run" \
    --bucket_cache="$work/cache" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  bazel-bin/tools/evaluate nashconv "$work/run" --bucket_cache="$work/cache" --json |
    python3 -c "import json, sys; print(json.dumps({'kind': '$1', 'buckets': $2,
      'nash_conv_chips': json.load(sys.stdin)['nash_conv']}))"
}

[ $# -gt 0 ] || set -- 20 100
for buckets in "$@"; do
  measure ehs "$buckets" "kind: ehs, buckets: $buckets" "kind: ehs, buckets: $buckets"
  measure ehs2 "$buckets" "kind: ehs2, buckets: $buckets" "kind: ehs2, buckets: $buckets"
  measure ochs "$buckets" "kind: ochs, buckets: $buckets" "kind: ochs, buckets: $buckets"
  measure emd "$buckets" "kind: emd, buckets: $buckets" "kind: ochs, buckets: $buckets"
  measure public-ehs "$buckets" "kind: ehs, buckets: $buckets, public: 5" \
    "kind: ehs, buckets: $buckets, public: 5"
  measure public-emd "$buckets" "kind: emd, buckets: $buckets, public: 5" \
    "kind: ochs, buckets: $buckets, public: 5"
done
