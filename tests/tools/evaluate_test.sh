#!/usr/bin/env bash
# What evaluate prints.
source tests/tools/expect.sh

nash_conv_is_json() {
  # A run of the test's own: the shipped one may be tuned.
  leduc_config "$work/leduc.yaml" 2500 160000
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --threads=1
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --json
  mv "$out_file" "$work/trained.json"
  expect_exit 0 "$evaluate" nashconv --policy=uniform --config="$work/leduc.yaml" --json
  mv "$out_file" "$work/uniform.json"
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --policy=current --json
  python3 - "$work/trained.json" "$work/uniform.json" "$out_file" 2>"$err_file" <<'PY' ||
import json, sys
trained, uniform, current = (json.load(open(path)) for path in sys.argv[1:])
for result in trained, uniform, current:
    assert abs(sum(result["values"])) < 1e-9 and len(result["values"]) == 2, result
    gains = [b - v for b, v in zip(result["best_responses"], result["values"])]
    assert abs(result["nash_conv"] - sum(gains)) < 1e-9, result
    assert abs(result["exploitability"] - result["nash_conv"] / 2) < 1e-9, result
assert abs(uniform["nash_conv"] - 4.747222) < 1e-6, uniform  # known, as is the game's value:
assert 0 < trained["nash_conv"] < 0.2, trained
assert abs(trained["values"][0] + 0.08561) < 0.1, trained
assert current["nash_conv"] > trained["nash_conv"], current  # only the average converges
assert trained["iterations"] == 160000, trained
assert trained["run_fingerprint"] == uniform["run_fingerprint"], uniform
PY
    fail "nashconv --json"
}

# With sums for the first street only, the average of the other is that of snapshots.
snapshots_are_averaged() {
  leduc_config "$work/first.yaml" 100 96000
  sed -i 's/quantum/average: {streets: first, snapshot_every: 9600}, quantum/' "$work/first.yaml"
  local run=$work/first
  expect_exit 0 "$train" --config="$work/first.yaml" --out="$run" --threads=1 --rounds=2
  expect_exit 3 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "after 6400 iterations no snapshot is there yet" "--policy=current"
  expect_exit 0 "$train" --config="$work/first.yaml" --out="$run" --threads=1 --resume
  expect_exit 0 "$evaluate" nashconv "$run" --json
  mv "$out_file" "$work/average.json"
  expect_exit 0 "$evaluate" nashconv "$run" --policy=current --json
  python3 - "$work/average.json" "$out_file" 2>"$err_file" <<'PY' || fail "average over snapshots"
import json, sys
average, current = (json.load(open(path)) for path in sys.argv[1:])
assert average["iterations"] == current["iterations"] == 96000, average
assert average["nash_conv"] < current["nash_conv"] / 2, (average, current)
PY
  flip_byte "$run/snapshots/round-0000000006/chunk-00000" 1000
  expect_exit 4 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "snapshots/round-0000000006/chunk-00000" "--policy=current"
  rm -r "$run/snapshots/round-0000000003"
  expect_exit 3 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "snapshots/round-0000000003: this snapshot is missing"
}

# limit_2p is far too large: refused before anything is built.
large_games_are_refused() {
  cp configs/games/limit_2p.game "$work"
  cat >"$work/limit.yaml" <<'YAML'
name: limit
game: limit_2p.game
abstraction: {preflop: lossless, flop: {kind: ehs, buckets: 2}, turn: {kind: ehs, buckets: 2},
              river: {kind: ehs, buckets: 2}}
round: {batches: 1, deals: 32}
iterations: 32
YAML
  expect_exit 6 "$evaluate" nashconv --policy=uniform --config="$work/limit.yaml"
  expect_one_line
}

nash_conv_is_json
snapshots_are_averaged
large_games_are_refused
