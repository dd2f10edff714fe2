#!/usr/bin/env bash
# Runs that are stopped and killed, and go on with --resume.
source tests/tools/expect.sh

# 100 rounds of 16,000 iterations: a second or two, and a stop each time after about five rounds.
leduc_config "$work/leduc.yaml" 500 1600000
readonly stops=5

# The same in 20 meetings, of rounds of two units.
readonly meet_every=16
leduc_config "$work/lag.yaml" 500 5120000
sed -i "s/^round:.*/round: {units: 2, batches: 250, deals: 32, lag: 1, meet_every: $meet_every}/" \
  "$work/lag.yaml"
config=$work/leduc.yaml

# start OUT FLAGS...: in the background, as $pid.
start() {
  local out=$1
  shift
  : >"$err_file"
  "$train" --config="$config" --out="$out" --resume --threads=1 --report_every=0.05 "$@" \
    >"$out_file" 2>"$err_file" &
  pid=$!
}

# expect_end CODE: of $pid.
expect_end() {
  local found=0
  wait "$pid" 2>/dev/null || found=$?
  [ "$found" -eq "$1" ] || fail "expected it to end with $1, found $found"
}

round_of() { "$inspect" summary "$1" --json 2>/dev/null | grep -oP '"round": \K\d+'; }

# finish OUT STRAIGHT: to the end, and compares with the run that nothing interrupted.
finish() {
  expect_exit 0 "$train" --config="$config" --out="$1" --resume --threads=1
  expect_message "resuming"
  diff -r "$(newest "$2")" "$(newest "$1")" >"$out_file" ||
    fail "interrupted and resumed, it came to other bytes"
}

signals_save_and_resume() {
  local i before=0 now
  for ((i = 0; i < stops; ++i)); do
    start "$work/stopped"
    if ((i == 0)); then
      expected="holds no checkpoint: starting from the beginning"
    else
      expected="resuming $work/stopped"
    fi
    wait_for " touches/s" "$err_file" "$pid"
    if ((i % 2)); then kill -TERM "$pid"; else kill -INT "$pid"; fi
    expect_end 0
    expect_message "$expected" "stopping: saving round"
    expect_exit 0 "$inspect" verify "$work/stopped"
    now=$(round_of "$work/stopped")
    ((now > before)) || fail "round $now after round $before: nothing was gained"
    ((now < 100)) || fail "the run was over before it could be stopped"
    before=$now
  done
  finish "$work/stopped" "$work/straight"
}

kills_lose_little_and_harm_nothing() {
  local i
  for ((i = 0; i < stops; ++i)); do
    start "$work/killed" --checkpoint_every=0.01
    wait_for "checkpoint $work/killed" "$err_file" "$pid"
    sleep "0.0$((i * 2))"  # at another point of the next checkpoint each time
    kill -KILL "$pid"
    expect_end 137
    expect_exit 0 "$inspect" verify "$work/killed"
    (($(round_of "$work/killed") < 100)) || fail "the run was over before it could be killed"
  done
  finish "$work/killed" "$work/straight"
  ! ls -d "$work"/killed/checkpoints/partial-* 2>/dev/null || fail "partial checkpoints are left"
}

# Nearly every signal comes between two meetings.
with_lag_signals_save_at_the_next_meeting() {
  local i between=0 round
  config=$work/lag.yaml
  expect_exit 0 "$train" --config="$config" --out="$work/lag_straight" --threads=2
  for ((i = 0; i < stops; ++i)); do
    start "$work/lag_stopped"
    wait_for " touches/s" "$err_file" "$pid"
    kill -TERM "$pid"
    expect_end 0
    round=$(round_of "$work/lag_stopped")
    expect_message "stopping: saving round $round"
    ((round % meet_every == 0)) || fail "round $round is no meeting"
    ((round < 320)) || fail "the run was over before it could be stopped"
    if grep -qF "stopping at the next meeting, round $round; once more ends at once" "$err_file"; then
      ((++between))
    fi
  done
  ((between > 0)) || fail "no stop was announced for the next meeting"
  finish "$work/lag_stopped" "$work/lag_straight"
  config=$work/leduc.yaml
}

# The tree has thousands of nodes and a round a million deals, which is seconds of work: whoever waits
# for the end of one is seen to wait.
a_second_signal_ends_at_once() {
  holdem_config "$work/slow.yaml" "[min, 0.5pot, pot, 2pot, allin]" 1024 1024 9
  expect_exit 0 "$train" --config="$work/slow.yaml" --out="$work/twice" --threads=1 \
    --time_budget=0.000001
  local started
  start "$work/twice" --config="$work/slow.yaml"
  wait_for "resuming" "$err_file" "$pid"
  sleep 0.2
  kill -INT "$pid"
  sleep 0.2
  kill -0 "$pid" 2>/dev/null || fail "the first signal did not wait for the round's end"
  started=$SECONDS
  kill "-$1" "$pid"
  expect_end "$2"
  ((SECONDS - started <= 5)) || fail "the second signal did not end it at once"
  expect_exit 0 "$inspect" verify "$work/twice"
  rm -r "$work/twice"
}

expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/straight" --threads=1
signals_save_and_resume
kills_lose_little_and_harm_nothing
with_lag_signals_save_at_the_next_meeting
a_second_signal_ends_at_once INT 130  # 128 + the signal's number
a_second_signal_ends_at_once TERM 143
