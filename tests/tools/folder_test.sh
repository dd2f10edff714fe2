#!/usr/bin/env bash
# Output folders that are used, in use or read-only.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 6400
train_leduc() { "$train" --config="$work/leduc.yaml" --threads=1 "$@"; }

used_folders_are_refused() {
  expect_exit 0 train_leduc --out="$work/used"
  expect_exit 9 train_leduc --out="$work/used"
  expect_message "$work/used" "--resume"
  expect_one_line
  mkdir "$work/foreign"
  echo keep >"$work/foreign/letter"
  expect_exit 9 train_leduc --out="$work/foreign"
  expect_message "letter" "--out"
  [ "$(ls "$work/foreign")" = letter ] || fail "something was left in a folder of something else"
}

resume_starts_where_there_is_nothing() {
  mkdir "$work/empty"
  expect_exit 0 train_leduc --out="$work/empty" --resume
  expect_message "holds no checkpoint: starting from the beginning"
  diff -r "$work/used/checkpoints" "$work/empty/checkpoints" >"$out_file" || fail "other bytes"
  # Nothing is left to do, which is success: a restart loop ends.
  expect_exit 0 train_leduc --out="$work/empty" --resume
  diff -r "$work/used/checkpoints" "$work/empty/checkpoints" >"$out_file" || fail "other bytes"
}

folders_in_use_are_refused() {
  # Not by the function: $! would be a subshell.
  "$train" --config="$work/leduc.yaml" --threads=1 --out="$work/busy" --iterations=100000000000 \
    >"$work/busy.log" 2>&1 &
  local pid=$!
  wait_for "infosets" "$work/busy.log" "$pid"
  expect_exit 8 train_leduc --out="$work/busy" --resume
  expect_message "$work/busy" "in use" "--out"
  expect_one_line
  kill -INT "$pid"
  wait "$pid" || fail "SIGINT did not end it with 0"
  expect_exit 0 "$inspect" verify "$work/busy"
}

# Root may write everywhere: it gives that up first.
read_only_folders_are_refused() {
  local as=()
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search)
    if ! "${as[@]}" true 2>/dev/null; then
      echo "SKIPPED: read-only folders: this root may write everywhere and cannot give that up"
      return
    fi
  fi
  mkdir "$work/sealed"
  chmod 555 "$work/sealed"
  expect_exit 7 "${as[@]}" "$train" --config="$work/leduc.yaml" --out="$work/sealed"
  expect_message "$work/sealed" "permission" "--out"
  expect_exit 7 "${as[@]}" "$train" --config="$work/leduc.yaml" --out="$work/sealed/new"
  chmod 755 "$work/sealed"
  expect_exit 0 train_leduc --out="$work/sealed"
  # What may not be read is not what is not there.
  local file
  for file in leduc.yaml leduc_2p.game; do
    chmod 000 "$work/$file"
    expect_exit 7 "${as[@]}" "$train" --config="$work/leduc.yaml" --out="$work/unread"
    expect_message "$work/$file" "ermission"
    chmod 644 "$work/$file"
  done
}

used_folders_are_refused
resume_starts_where_there_is_nothing
folders_in_use_are_refused
read_only_folders_are_refused
