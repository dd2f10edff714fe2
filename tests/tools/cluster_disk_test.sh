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
  expect_message "found no room on the disk" "free space there" "--resume"
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

training_pauses_until_there_is_room
ends_on_a_full_disk_lose_nothing
