#!/usr/bin/env bash
# --seed and --set: a run of a changed definition is one of that definition, and needs no flag later.
source tests/tools/expect.sh

state_hash() { $inspect summary "$1" --json | grep state_hash; }

make_definitions() {
  leduc_config "$work/leduc.yaml" 10 3200
  leduc_config "$work/other.yaml" 20 3200 7
}

set_is_as_if_the_file_said_so() {
  expect_exit 0 $train --config="$work/other.yaml" --out="$work/said"
  expect_exit 0 $train --config="$work/leduc.yaml" --out="$work/set" --seed=7 \
    --set round.batches=20 --set=algorithm.discount.every=640
  diff -r "$work/said/checkpoints" "$work/set/checkpoints" || fail "other bytes"
  cmp "$work/said/run.yaml" "$work/set/run.yaml" || fail "another run.yaml"
  expect_exit 0 $train --config="$work/leduc.yaml" --out="$work/default"
  ! cmp -s "$work/default/run.yaml" "$work/set/run.yaml" || fail "nothing was set"
}

it_is_stored() {
  expect_exit 0 $inspect definition "$work/set"
  grep -qx 'seed: 7' "$out_file" || fail "the seed is not in the checkpoint's definition"
  # On with the folder alone, with the same flags, and with some of them.
  expect_exit 0 $train --out="$work/set" --resume --iterations=6400
  expect_exit 0 $train --config="$work/leduc.yaml" --out="$work/set" --resume --seed=7 \
    --set round.batches=20 --set=algorithm.discount.every=640 --iterations=9600
  expect_exit 0 $train --out="$work/set" --resume --seed=7 --set iterations=1e4
  expect_exit 0 $train --config="$work/other.yaml" --out="$work/said" --resume --iterations=1e4
  [ "$(state_hash "$work/said")" = "$(state_hash "$work/set")" ] || fail "other bytes after going on"
}

contradictions_are_refused() {
  local before after
  before=$(cat "$work/set/run.yaml")
  expect_exit 5 $train --out="$work/set" --resume --seed=8
  expect_message "train_blueprint: --seed=8: $work/set holds a run of another definition" \
    "- seed: 7" "+ seed: 8" "leave this out to go on with it"
  # Before there is a checkpoint as well.
  rm -r "$work/set/checkpoints"
  expect_exit 5 $train --config="$work/leduc.yaml" --out="$work/set" --resume --set=algorithm.quantum=0.01
  expect_message "--set algorithm.quantum=0.01: $work/set holds a run of another definition"
  after=$(cat "$work/set/run.yaml")
  [ "$before" = "$after" ] || fail "run.yaml has changed"
}

mistakes_are_those_of_the_flag() {
  expect_exit 2 $train --config="$work/leduc.yaml" --out="$work/none" --set round.baches=3
  expect_message "leduc.yaml with --set round.baches=3: round: unknown key \"baches\"; did you mean batches?"
  expect_one_line
  expect_exit 2 $train --config="$work/leduc.yaml" --out="$work/none" --set round.batches
  expect_message "--set: found \"round.batches\"; expected KEY=VALUE"
  expect_exit 2 $train --config="$work/leduc.yaml" --out="$work/none" --seed=1 --set seed=2
  expect_message "with --seed=1 --set seed=2: seed: set twice; leave one out"
  expect_exit 2 $train --out="$work/none"
  expect_message "--config is missing"
  expect_exit 3 $train --out="$work/none" --resume
  expect_message "$work/none/run.yaml"
  [ ! -e "$work/none" ] || fail "a folder was made"
}

# The workers of a cluster get the definition as it was changed.
a_cluster_trains_it() {
  expect_exit 0 $train --config="$work/leduc.yaml" --out="$work/cluster" --seed=7 \
    --set round.batches=20 --set=algorithm.discount.every=640 --iterations=1e4 --local_workers=1
  [ "$(state_hash "$work/said")" = "$(state_hash "$work/cluster")" ] || fail "other bytes in a cluster"
}

make_definitions
set_is_as_if_the_file_said_so
it_is_stored
a_cluster_trains_it
contradictions_are_refused
mistakes_are_those_of_the_flag
