#!/usr/bin/env bash
# Flags as people who know other programs type them, and what is said of those that are wrong.
source tests/tools/expect.sh

readonly programs=(acpc_dealer acpc_player build_buckets evaluate hands inspect_checkpoint keygen play play_online simulate train_blueprint worker)

# usage PROGRAM ARGUMENTS... -- TEXT: a mistake on the command line is one line with the program's name.
usage() {
  local command=()
  while [ "$1" != -- ]; do command+=("$1"); shift; done
  expect_exit 2 "tools/${command[0]}" "${command[@]:1}"
  expect_one_line
  [ "$(cat "$err_file")" = "${command[0]}: $2" ] || fail "expected: ${command[0]}: $2"
}

every_program_helps_and_knows_its_version() {
  local program option
  for program in "${programs[@]}"; do
    for option in -h -help --help; do
      expect_exit 0 "tools/$program" "$option"
      grep -q "^$program" "$out_file" || fail "no help by $option"
    done
    expect_exit 0 "tools/$program" --version
    grep -qE "^$program \(Nashville\) [0-9.]+$" "$out_file" || fail "no version"
    grep -qE '^protocol [0-9]+, checkpoints [0-9]+, round log [0-9]+, bucket files [0-9]+, strategy files [0-9]+$' \
      "$out_file" || fail "no versions of formats"
    usage "$program" --no_such_flag -- \
      "--no_such_flag: there is no such flag; --help lists those there are"
  done
}

mistakes_are_named() {
  local whole="a whole number from 0 to 18446744073709551615, as in 1000 or 1e6"
  usage train_blueprint --iteratons=5 -- \
    "--iteratons: there is no such flag; did you mean --iterations?"
  usage inspect_checkpoint -c x -- "-c: there is no such flag; --help lists those there are"
  usage train_blueprint --iterations=1.5 -- \
    "--iterations=1.5: found \"1.5\"; expected $whole"
  usage train_blueprint --iterations 1e30 -- \
    "--iterations=1e30: found \"1e30\"; expected $whole"
  usage train_blueprint --rounds=-1 -- "--rounds=-1: found \"-1\"; expected $whole"
  usage worker --threads=4e9 -- "--threads=4e9: found \"4e9\"; expected a whole number from \
-2147483648 to 2147483647, as in 1000 or 1e6"
  usage train_blueprint --time_budget=1h -- \
    "--time_budget=1h: found \"1h\"; expected a number, as in 0.5 or 1e6"
  usage train_blueprint --resume=maybe -- \
    "--resume=maybe: found \"maybe\"; expected true or false"
  usage train_blueprint --config -- "--config: its value is missing; expected a text"
  usage train_blueprint --noconfig -- "--noconfig: there is no such flag; did you mean --config?"
  printf '%s\n' '# a comment' '--iteratons=3' >"$work/flags"
  usage train_blueprint --flagfile="$work/flags" -- \
    "--iteratons: there is no such flag; did you mean --iterations?"
  echo "--flagfile=$work/flags" >"$work/flags"
  usage train_blueprint --flagfile="$work/flags" -- \
    "--flagfile=$work/flags: flag files name each other in a circle"
}

# Two ways to say the same give the same bytes.
flags_have_several_spellings() {
  leduc_config "$work/leduc.yaml" 10 1000000
  expect_exit 0 $train -c "$work/leduc.yaml" --out "$work/short" -iterations 3.2e3 \
    --report-every=1 --noresume
  printf '%s\n' '' "--config=$work/leduc.yaml" '  --iterations=3200' >"$work/flags"
  expect_exit 0 $train --flagfile="$work/flags" --out="$work/long"
  diff -r "$work/short/checkpoints" "$work/long/checkpoints" || fail "other bytes"
  expect_exit 0 $inspect summary --json -- "$work/short"
  grep -q '"iterations": 3200' "$out_file" || fail "1e3 is not 1000"
}

# No line of a terminal that is 50 columns wide is wider, and none of them is cut.
lines_fit_into_the_terminal() {
  leduc_config "$work/long.yaml" 10 1e9
  expect_exit 0 script -qec "stty cols 50; $train -c '$work/long.yaml' --out='$work/narrow' \
    --time_budget=1.3 --threads=1" /dev/null
  tr '\r' '\n' <"$out_file" | sed 's/\x1b\[K//' | grep 'iterations' | grep -v 'resum' >"$work/lines"
  grep -qE '^ *[0-9.]+%  .* iterations  .*/s' "$work/lines" || fail "no progress line"
  ! grep -E '^ *[0-9.]+%  .{50}' "$work/lines" || fail "wider than the terminal"
}

every_program_helps_and_knows_its_version
mistakes_are_named
flags_have_several_spellings
lines_fit_into_the_terminal
