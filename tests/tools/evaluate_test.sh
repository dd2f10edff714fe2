#!/usr/bin/env bash
# What evaluate prints.
source tests/tools/expect.sh

nash_conv_is_json() {
  expect_exit 0 "$train" --config=configs/leduc.yaml --out="$work/leduc" --threads=1 \
    --iterations=160000
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --json
  mv "$out_file" "$work/trained.json"
  expect_exit 0 "$evaluate" nashconv --policy=uniform --config=configs/leduc.yaml --json
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
large_games_are_refused
