#!/usr/bin/env bash
# What a cluster that nobody watches says, how it is stopped for a while, and how it ends.
source tests/tools/expect.sh
source tests/tools/cluster.sh

config=$work/leduc.yaml
leduc_rounds "$config"

time_that_is_over_ends_a_run_without_workers() {
  local start=$SECONDS
  coordinator budget --time_budget=1
  expect_end 0 budget
  ((SECONDS - start < 30)) || fail "it waited for workers"
}

# The round that is being waited for is given up when its last worker has gone, and by a signal.
a_signal_ends_what_waits_for_a_round() {
  coordinator waiting --resume --time_budget=2
  workers 1
  trains_on waiting
  stop STOP worker-1
  sleep 2.5
  stop TERM waiting
  expect_end 0 waiting
  # In this order: one that goes on may be told that the run has ended, and go home by itself.
  stop TERM worker-1
  stop CONT worker-1
  expect_end 0 worker-1
}

workers_wait_where_they_are_told_to() {
  coordinator paused --resume --local_workers=1
  workers 2
  trains_on paused
  stop USR1 paused
  expect_end 0 paused
  expect_message "workers are not sent home" "checkpoint $work/paused"
  sleep 1
  kill -0 "${pid_of[worker-1]}" "${pid_of[worker-2]}" || fail "they went home"
  coordinator paused --resume
  hear paused "2 workers"
  trains_on paused
  stop TERM paused
  expect_end 0 paused worker-1 worker-2
  expect_same paused
}

logs_have_times_and_no_hints() {
  local name
  for name in paused worker-1; do
    ! grep -vE '^[IWE][0-9]{8} [0-9:.]{15} +[0-9]+ [a-z_]+\.cc:[0-9]+\] ' "$work/$name.err" ||
      fail "$name: lines without level and time"
  done
  [ ! -s "$work/paused.out" ] || fail "a log has hints or charts"
  grep -qE "worker $(hostname)/[0-9a-z/-]+ has joined; workers now: [0-9]+" "$work/paused.err" || fail "who joined?"
}

idle_workers_are_told_of() {
  config=$work/single.yaml
  leduc_rounds "$config"
  sed -i 's/^round: .*/round: {units: 1, batches: 20, deals: 120}/' "$config"
  coordinator single --resume
  workers 2
  hear single "warning: 2 workers for 1 unit a round: the others are idle"
  trains_on single
  stop TERM single
  expect_end 0 single worker-1 worker-2
  python3 - "$work/single/metrics.jsonl" 2>"$err_file" <<'PY' || fail "metrics.jsonl"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
both = [line["idle_share"] for line in lines if line["workers"] == 2]
assert both and all(0 <= share <= 1 for share in both), both
# One of two has nothing to do at any moment, whatever the other does.
assert max(both) >= 0.5, both
PY
}

time_that_is_over_ends_a_run_without_workers
a_signal_ends_what_waits_for_a_round
workers_wait_where_they_are_told_to
logs_have_times_and_no_hints
idle_workers_are_told_of
