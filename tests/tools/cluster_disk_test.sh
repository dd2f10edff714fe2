#!/usr/bin/env bash
# The coordinator's disk fills up: training pauses, says so, and goes on when there is room.
source tests/tools/own_disks.sh
source tests/tools/expect.sh
source tests/tools/cluster.sh

config=$work/leduc.yaml
leduc_rounds "$config"

# fill NAME: all that is left.
fill() { head -c 1G /dev/zero >"$work/$1/filler" 2>/dev/null; }

training_pauses_until_there_is_room() {
  local before
  small_disk "$work/full" 16m
  coordinator full --resume
  workers 2
  hear full "2 workers"
  trains_on full
  fill full
  hear full "training pauses: round" "$work/full" "goes on when there is room"
  before=$(ls -l "$work/full/rounds")
  sleep 1.5
  [ "$(grep -c 'training pauses' "$work/full.err")" -eq 1 ] || fail "the pause is told again and again"
  [ "$(ls -l "$work/full/rounds")" = "$before" ] || fail "the log changed while the disk was full"
  kill -0 "${pid_of[full]}" "${pid_of[worker-1]}" "${pid_of[worker-2]}" || fail "somebody gave up"
  rm "$work/full/filler"
  hear full "training goes on: there is room again"
  trains_on full
  stop TERM full
  expect_end 0 full worker-1 worker-2
  expect_same full
}

# Stopped or killed meanwhile, it has what it had before.
ends_on_a_full_disk_lose_nothing() {
  small_disk "$work/ended" 16m
  coordinator ended --resume
  workers 1
  hear ended "1 workers"
  trains_on ended
  fill ended
  hear ended "training pauses: round"
  stop KILL ended
  expect_end 137 ended
  rm "$work/ended/filler"
  coordinator ended --resume
  hear ended "replayed rounds 0 to"
  trains_on ended
  fill ended
  hear ended "training pauses: round"
  stop TERM ended
  expect_end 6 ended
  expect_message "a checkpoint needs" "free space there" "--resume"
  expect_end 0 worker-1
  rm "$work/ended/filler"
  coordinator ended --resume
  workers 1
  hear ended "replayed rounds 0 to"
  trains_on ended
  stop TERM ended
  expect_end 0 ended worker-1
  expect_same ended
}

# checkpoints NAME COUNT: waits until it has told of so many.
checkpoints() {
  local tries
  for ((tries = 0; tries < 3000; ++tries)); do
    [ "$(grep -c "] checkpoint " "$work/$1.err")" -lt "$2" ] || return 0
    sleep 0.01
  done
  cp "$work/$1.err" "$err_file"
  fail "$1 does not write $2 checkpoints"
}

# The log would fill this disk in seconds. No time for a checkpoint comes: they are written for room.
a_small_disk_is_left_by_checkpoints() {
  small_disk "$work/small" 1m
  coordinator small --resume
  hear small "disk: checkpoints 0.0 MB" "1.0 MB are free" "warning: the disk has less"
  workers 2
  checkpoints small 4
  [ "$(ls "$work/small/rounds" | head -n 1)" != segment-0000000000 ] || fail "the log was kept"
  ! grep "training pauses" "$work/small.err" || fail "it found no room"
  # Others fill the disk, also what a checkpoint makes free just then: what is older than the newest
  # checkpoint goes, and training goes on. Where they take the room that was kept for a checkpoint, too,
  # it pauses until they leave: then they come again.
  local tries
  for ((tries = 1; tries <= 150; ++tries)); do
    head -c 1G /dev/zero >>"$work/small/filler" 2>/dev/null
    ! grep -q "for want of room" "$work/small.err" || break
    sleep 0.1
    ((tries % 10)) || { rm "$work/small/filler"; trains_on small; }
  done
  hear small "for want of room" "older than the newest checkpoint"
  rm -f "$work/small/filler"
  trains_on small
  stop TERM small
  expect_end 0 small worker-1 worker-2
  expect_same small
}

the_log_has_a_limit() {
  coordinator limited --resume --round_log_gb=0.0001
  workers 1
  checkpoints limited 3
  (($(du --bytes "$work/limited/rounds" | cut -f 1) < 150000)) || fail "the log has passed its limit"
  stop TERM limited
  expect_end 0 limited worker-1
  expect_same limited
}

a_small_disk_is_left_by_checkpoints
the_log_has_a_limit
training_pauses_until_there_is_room
ends_on_a_full_disk_lose_nothing
