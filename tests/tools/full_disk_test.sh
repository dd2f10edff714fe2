#!/usr/bin/env bash
# A disk that fills up: training goes on, and the checkpoint that is there stays.
source tests/tools/own_disks.sh
source tests/tools/expect.sh

holdem_config "$work/preflop.yaml" "[0.5pot, pot, allin]" 10 32 200
readonly disk=$work/disk
small_disk "$disk" 32m
train_preflop() { "$train" --config="$work/preflop.yaml" --threads=1 "$@"; }

# expect_training_on BYTES TEXT: with so little room, checkpoints on the way fail, TEXT says why, and
# training goes on; the last one's failure is the run's, and the checkpoint from before is whole.
expect_training_on() {
  leave_free "$disk" "$1"
  expect_exit 6 train_preflop --out="$disk/run" --resume --rounds=200 --checkpoint_every=0
  expect_message "100.0%  " "train_blueprint: $disk" "free space" "$2"
  expect_message "warning: $disk"
  [ "$(ls "$disk/run/checkpoints")" = round-0000000001 ] || fail "expected the first checkpoint"
  expect_exit 0 "$inspect" verify "$disk/run"
}

full_disks_cost_nothing() {
  expect_exit 0 train_preflop --out="$disk/run" --rounds=1
  local page=4096 bytes
  bytes=$(stat -c %s "$(newest "$disk/run")/chunk-00000")
  ((bytes > 10 * page)) || fail "a checkpoint of $bytes bytes tests little"
  # Too little for the chunk, which is seen before it is written.
  expect_training_on $((4 * page)) "a checkpoint needs"
  # Enough for the chunk and the lock's line, not for the manifest: the disk is full in the middle.
  expect_training_on $(((bytes + page - 1) / page * page + page)) "/manifest"
  # With room again, the run comes to the bytes that it would have had.
  rm "$disk/filler"
  expect_exit 0 train_preflop --out="$disk/run" --resume
  expect_exit 0 train_preflop --out="$work/roomy"
  diff -r "$(newest "$work/roomy")" "$(newest "$disk/run")" >"$out_file" || fail "other bytes"
}

full_disks_cost_nothing
