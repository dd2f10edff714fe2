#!/usr/bin/env bash
# Checkpoints that are cut short, changed, of another run or of another version.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 6400
readonly run=$work/run
train_leduc() { "$train" --config="$work/leduc.yaml" --threads=1 --out="$run" "$@"; }

# Two checkpoints, rounds 1 and 2; and what round 2 has to be.
expect_exit 0 train_leduc --rounds=1
expect_exit 0 train_leduc --rounds=2 --resume
readonly first=$run/checkpoints/round-0000000001 second=$run/checkpoints/round-0000000002
cp -r "$run" "$work/whole"

# expect_fallback TEXT: round 2 is damaged, which is found; going on from round 1 repairs it.
expect_fallback() {
  expect_exit 4 "$inspect" verify "$second"
  expect_message "$second" "$1"
  expect_one_line
  expect_exit 0 "$inspect" verify "$first"
  expect_exit 0 train_leduc --rounds=2 --resume
  expect_message "warning: passed over a damaged checkpoint: $second" "resuming $first"
  diff -r "$work/whole/checkpoints" "$run/checkpoints" >"$out_file" || fail "it was not repaired"
}

damage_is_found_and_repaired() {
  truncate -s -1 "$second/chunk-00000"
  expect_fallback "cut short"
  truncate -s 20 "$second/manifest"
  expect_fallback "manifest"
  rm "$second/manifest"
  expect_fallback "missing"
  rm "$second/chunk-00000"
  expect_fallback "missing"
  local offset
  for offset in 0 1000; do
    flip_byte "$second/chunk-00000" $offset
    expect_fallback "checksum"
  done
  flip_byte "$second/manifest" 100
  expect_fallback "manifest"
}

the_summary_passes_over_what_it_sees_to_be_damaged() {
  truncate -s -1 "$second/chunk-00000"
  expect_exit 0 "$inspect" summary "$run" --json
  expect_message "passed over a damaged checkpoint: $second"
  grep -q '"round": 1' "$out_file" || fail "expected round 1"
  truncate -s -1 "$first/chunk-00000"
  expect_exit 4 "$inspect" summary "$run"
  expect_exit 4 train_leduc --resume
  expect_message "all checkpoints" "damaged"
  rm -r "$run"
  cp -r "$work/whole" "$run"
}

other_runs_are_refused() {
  sed -i 's/^seed: 1/seed: 2/' "$work/leduc.yaml"
  expect_exit 5 train_leduc --resume
  expect_message "$second" "--config" "--out" "- seed: 1" "+ seed: 2"
  sed -i 's/^seed: 2/seed: 1/' "$work/leduc.yaml"
  diff -r "$work/whole" "$run" >"$out_file" || fail "a run that was refused changed the folder"
}

# Neither the name nor the length changes what a round contains.
longer_runs_go_on() {
  sed -i 's/^iterations: .*/iterations: 9600/; s/^name: .*/name: longer/' "$work/leduc.yaml"
  expect_exit 0 train_leduc --resume
  expect_message "resuming $second"
  [ "$(basename "$(newest "$run")")" = round-0000000003 ] || fail "expected 3 rounds"
  cmp "$work/whole/checkpoints/round-0000000002/chunk-00000" "$second/chunk-00000" >"$out_file" ||
    fail "an older checkpoint was changed"
}

# The format version is the header's second number (docs/formats/checkpoint.md).
other_versions_are_refused() {
  local third
  third=$(newest "$run")
  flip_byte "$third/manifest" 8
  expect_exit 5 "$inspect" summary "$run"
  expect_message "$third/manifest" "version"
  expect_exit 5 train_leduc --resume
  expect_message "$third/manifest" "version"
  expect_exit 5 "$evaluate" nashconv "$run"
}

damage_is_found_and_repaired
the_summary_passes_over_what_it_sees_to_be_damaged
other_runs_are_refused
longer_runs_go_on
other_versions_are_refused
