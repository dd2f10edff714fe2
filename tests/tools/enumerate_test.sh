#!/usr/bin/env bash
# A run without sampling from start to end: what it reaches, that no flag and no stop changes a byte,
# and what is refused.
source tests/tools/expect.sh

cp configs/games/leduc_2p.game "$work"

# definition FILE
definition() {
  cat >"$1" <<YAML
name: exact
game: leduc_2p.game
abstraction: {preflop: lossless, flop: lossless}
algorithm: {chance: enumerate, variant: predictive_discounted}
round: {batches: 50, deals: 1}
iterations: 2000
YAML
}

it_solves_leduc() {
  definition "$work/exact.yaml"
  expect_exit 0 "$train" --config="$work/exact.yaml" --out="$work/one" --threads=1 \
    --checkpoint_every=0.01
  expect_exit 0 "$inspect" verify "$work/one"
  expect_exit 0 "$inspect" policy "$work/one" --betting=r
  expect_exit 0 "$evaluate" nashconv "$work/one" --json
  python3 -c 'import json, sys; sys.exit(not json.load(sys.stdin)["nash_conv"] < 1e-3)' \
    <"$out_file" || fail "2,000 iterations should be below 0.001"
}

stops_and_threads_change_no_byte() {
  expect_exit 0 "$train" --config="$work/exact.yaml" --out="$work/two" --threads=2 --rounds=13
  expect_exit 0 "$train" --out="$work/two" --resume --threads=1
  diff -r "$(newest "$work/one")" "$(newest "$work/two")" >"$out_file" || fail "other bytes"
}

what_is_not_for_it_is_refused() {
  expect_exit 2 "$train" --config="$work/exact.yaml" --out="$work/no" --local_workers=2
  expect_message "chance: enumerate is trained by one process" "--local_workers"
  expect_one_line
  expect_exit 2 "$train" --config="$work/exact.yaml" --out="$work/no" --set=round.deals=30
  expect_message "$work/exact.yaml" "units and deals must be 1"
}

it_solves_leduc
stops_and_threads_change_no_byte
what_is_not_for_it_is_refused
