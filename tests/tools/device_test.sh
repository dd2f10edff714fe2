#!/usr/bin/env bash
# --device and --check_lookups: the same bytes with a GPU, without one, and without CUDA in the
# build; what is missing is said once.
source tests/tools/expect.sh

flop_config "$work/flop.yaml" 32768

# train_flop NAME FLAGS...
train_flop() {
  local name=$1
  shift
  expect_exit 0 "$train" --config="$work/flop.yaml" --bucket_cache="$work/buckets" \
    --out="$work/$name" --threads=2 "$@"
}

warned() { grep -c 'warning: ' "$err_file"; }

a_device_changes_no_byte() {
  train_flop cpu --device=cpu
  [ "$(warned)" -eq 0 ] || fail "--device=cpu warns"
  train_flop auto
  [ "$(warned)" -eq 0 ] || fail "--device=auto warns"
  train_flop cuda --device=cuda:0
  if ! grep -q 'lookups: on cuda:0' "$err_file"; then
    [ "$(warned)" -eq 1 ] || fail "expected one warning"
    expect_message "no device" "the same results" "CUDA"
  fi
  train_flop checked --check_lookups
  local name
  for name in auto cuda checked; do
    diff -r "$(newest "$work/cpu")" "$(newest "$work/$name")" >"$out_file" ||
      fail "--device=$name gave other bytes"
  done
}

a_game_that_devices_do_not_know() {
  leduc_config "$work/leduc.yaml" 100 6400
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --device=cuda:0
  expect_message "warning: no device" "hold'em only"
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc_auto"
  [ "$(warned)" -eq 0 ] || fail "--device=auto warns of a small deck"
}

flags_that_say_nothing() {
  local device
  for device in gpu cuda cuda: cuda:x cuda:-1 cuda:64 cuda:0x; do
    expect_exit 2 "$train" --config="$work/flop.yaml" --out="$work/none" --device="$device"
    expect_message "--device=$device" "cuda:N"
    expect_one_line
  done
  expect_exit 2 "$train" --config="$work/flop.yaml" --out="$work/none" --device=cpu \
    --check_lookups
  expect_message "--check_lookups" "--device=cpu"
  ! [ -e "$work/none" ] || fail "a run that was refused has left a folder"
}

a_device_changes_no_byte
a_game_that_devices_do_not_know
flags_that_say_nothing
