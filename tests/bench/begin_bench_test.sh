#!/usr/bin/env bash
# What benchmarks say of themselves, and of what they cannot measure.
source tests/tools/expect.sh

readonly delta=tests/bench/delta/delta
readonly boards=tests/bench/boards/boards

expect_exit 0 "$delta" --help
grep -q '^delta measures' "$out_file" || fail "no help"
grep -q '^  --batches_per_unit ' "$out_file" || fail "its flags are not listed"
! grep -q 'logtostderr' "$out_file" || fail "a library's flags are listed"

expect_exit 2 "$delta" --no_such_flag
expect_one_line
expect_exit 2 "$delta" 5
expect_one_line

for bench in "$delta" "$boards"; do
  expect_exit 3 "$bench" --config=no/such.yaml
  expect_one_line
  grep -q "^${bench##*/}: no/such.yaml: " "$err_file" || fail "not named"
done
