#!/usr/bin/env bash
# Whoever reads our output may stop, go away or never have been there; the terminal may close and
# limits may end a file: none of it costs work.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 1 100000000000
# A report each round: more lines than pipes and terminals have room for.
readonly chatty=(--config="$work/leduc.yaml" --threads=1 --report_every=0)

# expect_saved FOLDER: a checkpoint is there, of a round that was worked for.
expect_saved() {
  expect_exit 0 "$inspect" verify "$1"
  [ "$(basename "$(newest "$1")")" != round-0000000000 ] || fail "no round was saved"
}

# wait_for_growth FILE BYTES PID: until it has so many more.
wait_for_growth() {
  local tries before
  before=$(stat -c %s "$1" 2>/dev/null || echo 0)
  for ((tries = 0; tries < 3000; ++tries)); do
    [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt $((before + $2)) ] && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.01
  done
  fail "$1 does not grow"
}

# What `| head -4` and `| tee log`, Ctrl-C are to the program: the pipe breaks, then it is to stop.
readers_may_go() {
  mkfifo "$work/pipe"
  head -n 4 "$work/pipe" >"$out_file" &
  "$train" "${chatty[@]}" --out="$work/gone" >"$work/pipe" 2>&1 &
  local pid=$!
  wait_for_growth "$work/gone/metrics.jsonl" 100000 "$pid"
  kill -INT "$pid"
  wait "$pid" || fail "exit code $? without a reader"
  expect_saved "$work/gone"
}

readers_may_stop() {
  exec 9<>"$work/pipe"  # is open and never read
  "$train" "${chatty[@]}" --out="$work/stalled" 2>"$work/pipe" >"$out_file" &
  local pid=$!
  wait_for_growth "$work/stalled/metrics.jsonl" 500000 "$pid"
  kill -INT "$pid"
  wait "$pid" || fail "exit code $? with a reader that stands still"
  exec 9<&-
  expect_saved "$work/stalled"
}

# Also by SIGHUP, which its end sends.
terminals_may_stop_and_close() {
  expect_exit 0 python3 tests/tools/on_terminal.py "$work/terminal/metrics.jsonl" \
    "$train" "${chatty[@]}" --out="$work/terminal"
  expect_saved "$work/terminal"
}

# A coordinator and a worker, each with a reader that goes.
clusters_outlive_their_readers() {
  local socket
  socket=$(mktemp -u /tmp/readers.XXXXXX)  # its path must be short
  local endpoint=ipc://$socket
  mkfifo "$work/coordinator" "$work/worker"
  head -n 1 "$work/coordinator" >"$out_file" &
  head -n 1 "$work/worker" >"$err_file" &
  "$train" "${chatty[@]}" --out="$work/cluster" --listen="$endpoint" >"$work/coordinator" 2>&1 &
  local coordinator=$!
  tools/worker --coordinator="$endpoint" --threads=1 >"$work/worker" 2>&1 &
  local worker=$!
  wait_for_growth "$work/cluster/metrics.jsonl" 100000 "$coordinator"
  kill -HUP "$coordinator"
  wait "$coordinator" || fail "exit code $? of a coordinator without a reader"
  wait "$worker" || fail "exit code $? of a worker without a reader"
  rm -f "$socket"
  expect_saved "$work/cluster"
}

nohup_ignores_the_end_of_the_terminal() {
  rm -f "$err_file"
  nohup "$train" "${chatty[@]}" --out="$work/nohup" >"$out_file" 2>"$err_file" &
  local pid=$!
  wait_for "infosets reached" "$err_file" "$pid"
  kill -HUP "$pid"
  wait_for_growth "$work/nohup/metrics.jsonl" 10000 "$pid"
  kill -TERM "$pid"
  wait "$pid" || fail "exit code $? after SIGTERM"
}

# systemd-logind and shells send it with a SIGTERM, or twice: nobody is in a hurry then.
hangups_with_others_save_too() {
  local first second
  for pair in "HUP TERM" "TERM HUP" "HUP HUP"; do
    read -r first second <<<"$pair"
    rm -rf "$work/twice" "$err_file"
    "$train" "${chatty[@]}" --out="$work/twice" >"$out_file" 2>"$err_file" &
    local pid=$!
    wait_for "infosets reached" "$err_file" "$pid"
    kill -"$first" "$pid"
    kill -"$second" "$pid" 2>/dev/null
    wait "$pid" || fail "exit code $? after SIG$first and SIG$second"
    expect_saved "$work/twice"
  done
}

# What is printed must not land in files that took the places of stdout and stderr.
descriptors_may_be_closed() {
  local run=$work/closed
  "$train" "${chatty[@]}" --out="$run" --rounds=50 <&- >&- 2>&- || fail "exit code $?"
  python3 -c 'import json, sys; [json.loads(line) for line in open(sys.argv[1])]' \
    "$run/metrics.jsonl" 2>"$err_file" || fail "metrics.jsonl holds something else"
  [ -s "$run/metrics.jsonl" ] || fail "no metrics"
  ! [ -s "$run/lock" ] || fail "the lock holds: $(cat "$run/lock")"
  expect_saved "$run"
}

file_sizes_may_be_limited() {
  holdem_config "$work/preflop.yaml" "[0.5pot, pot, allin]" 10 32 20
  expect_exit 6 bash -c 'ulimit -f 16 && exec "$@"' - "$train" --config="$work/preflop.yaml" \
    --threads=1 --out="$work/limited" --checkpoint_every=0
  expect_message "warning: $work/limited" "train_blueprint: $work/limited" "ulimit -f"
}

readers_may_go
readers_may_stop
terminals_may_stop_and_close
clusters_outlive_their_readers
nohup_ignores_the_end_of_the_terminal
hangups_with_others_save_too
descriptors_may_be_closed
file_sizes_may_be_limited
