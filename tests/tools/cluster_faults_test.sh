#!/usr/bin/env bash
# Workers and coordinators that are stopped, killed and started again cost time and no byte.
source tests/tools/expect.sh
source tests/tools/cluster.sh

config=$work/leduc.yaml
leduc_rounds "$config"

# finish NAME WORKER...: stops NAME, which sends its workers home, and compares what it came to.
finish() {
  trains_on "$1"
  # One that connects too late to hear of the end would wait.
  (($# == 1)) || hear "$1" "$(($# - 1)) workers"
  stop TERM "$1"
  expect_end 0 "$@"
  expect_message "ended: "
  expect_same "$1"
}

workers_die_and_leave() {
  coordinator deaths
  workers 3
  trains_on deaths
  stop KILL worker-2
  expect_end 137 worker-2
  trains_on deaths
  local started=$SECONDS
  stop TERM worker-3
  expect_end 0 worker-3
  ((SECONDS - started <= 10)) || fail "SIGTERM took longer than ten seconds"
  expect_message "ended: "
  # Without it the run goes on; when it wakes, its lease is lost and its result comes too late.
  begin sleeper "$worker" --coordinator="$ipc" --threads=1
  stop STOP sleeper
  trains_on deaths
  stop CONT sleeper
  # All gone: nothing happens until somebody comes.
  stop KILL worker-1 sleeper
  expect_end 137 worker-1 sleeper
  workers 2
  trains_on deaths
  # The coordinator counts those that were killed as well, for a minute.
  hear worker-1 "memory: "
  hear worker-2 "memory: "
  stop TERM deaths
  expect_end 0 deaths worker-1 worker-2
  expect_same deaths
}

# The workers stay alive all the time, and join again by themselves.
coordinators_die() {
  coordinator killed --checkpoint_every=0.3
  workers 2
  local i
  for i in 1 2 3; do
    trains_on killed
    stop KILL killed
    expect_end 137 killed
    coordinator killed --resume --checkpoint_every=0.3
    hear killed "generation $((i + 1)), round"
  done
  trains_on killed
  finish killed worker-1 worker-2
  coordinator killed --resume
  workers 2
  finish killed worker-1 worker-2
}

# With lag the rounds since the last meeting are run again; killed or stopped makes no difference.
rounds_with_lag_survive() {
  local config=$work/lag.yaml i
  lag_rounds "$config" 1500
  coordinator lagging --checkpoint_every=0.3
  workers 3
  for i in 1 2 3; do
    trains_on lagging
    stop KILL lagging "worker-$i"
    expect_end 137 lagging "worker-$i"
    coordinator lagging --resume --checkpoint_every=0.3
    hear lagging "generation $((i + 1)), round"
    begin "worker-$i" "$worker" --coordinator="$ipc" --threads=1
  done
  trains_on lagging
  hear lagging "3 workers"
  stop TERM lagging
  expect_end 0 lagging worker-1 worker-2 worker-3
  coordinator lagging --resume
  workers 2
  expect_end 0 lagging worker-1 worker-2
  [ "$(newest "$work/lagging")" = "$work/lagging/checkpoints/round-0000001500" ] || fail "not its end"
  expect_same lagging
}

# kill_in_training NAME FLAGS...: lets it train a little and kills it; two workers wait then.
kill_in_training() {
  coordinator "$@"
  workers 2
  trains_on "$1"
  stop KILL "$1"
  expect_end 137 "$1"
}

damage_costs_rounds_only() {
  local segment newest_round
  kill_in_training torn
  segment=$(ls -d "$work"/torn/rounds/* | tail -n 1)
  truncate -s -100 "$segment"
  coordinator torn --resume
  hear torn "of a round that was not finished were cut" "replayed rounds 0 to"
  # The workers have followed the round that was cut off.
  finish torn worker-1 worker-2

  kill_in_training damaged --checkpoint_every=0.2
  until [ "$(ls -d "$work"/damaged/checkpoints/round-* | wc -l)" -ge 2 ]; do
    coordinator damaged --resume --checkpoint_every=0.2
    trains_on damaged
    stop KILL damaged
    expect_end 137 damaged
  done
  newest_round=$(newest "$work/damaged")
  flip_byte "$newest_round/chunk-00000" 100
  coordinator damaged --resume
  hear damaged "warning: passed over a damaged checkpoint: $newest_round" "replayed rounds"
  finish damaged worker-1 worker-2
}

# A snapshot that was due may be lost with the coordinator; the log goes past it. The rounds that are
# replayed are its second chance.
snapshots_come_again() {
  sed 's/quantum: 0.001/&, average: {streets: first, snapshot_every: 24000}/' "$config" \
    >"$work/first.yaml"
  local config=$work/first.yaml round
  kill_in_training forgetful
  until [ -e "$work/forgetful/snapshots/round-0000000010" ]; do
    coordinator forgetful --resume
    trains_on forgetful
    stop KILL forgetful
    expect_end 137 forgetful
  done
  rm -rf "$work/forgetful/snapshots"
  coordinator forgetful --resume
  finish forgetful worker-1 worker-2
  round=$(basename "$(newest "$work/forgetful")")
  diff -r "$work/plain-first.yaml-$round/snapshots" "$work/forgetful/snapshots" >"$out_file" ||
    fail "snapshots of rounds that were replayed are not those of one process"
}

one_coordinator_at_a_time() {
  coordinator first --local_workers=1
  trains_on first
  expect_exit 8 "$train" --config="$config" --out="$work/first" --resume --listen="$ipc-2"
  expect_message "$work/first" "in use by process ${pid_of[first]}"
  expect_one_line
  finish first
}

# One run, in turns alone and with workers.
clusters_come_and_go() {
  expect_exit 0 "$train" --config="$config" --out="$work/turns" --rounds=50 --threads=2
  coordinator turns --resume --rounds=120
  workers 2
  expect_end 0 turns worker-1 worker-2
  expect_exit 0 "$train" --config="$config" --out="$work/turns" --resume --rounds=150
  coordinator turns --resume --rounds=200 --local_workers=2
  expect_end 0 turns
  # Its log goes beyond its checkpoint: what follows makes these rounds again, and passes them.
  coordinator turns --resume
  workers 1
  trains_on turns
  stop KILL turns worker-1
  expect_end 137 turns worker-1
  expect_exit 0 "$train" --config="$config" --out="$work/turns" --resume --rounds=300
  coordinator turns --resume --local_workers=1
  finish turns
}

workers_die_and_leave
coordinators_die
rounds_with_lag_survive
damage_costs_rounds_only
snapshots_come_again
one_coordinator_at_a_time
clusters_come_and_go
