#!/usr/bin/env bash
# What stands where a file should: pipes, folders, links to themselves, files of others, files under
# wrong names. Each is named, nothing waits for ever, and the exit code says what to do: 3 not there,
# 4 damaged, 7 may not be read.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 6400
readonly run=$work/run
train_leduc() { timeout 60 "$train" --config="$work/leduc.yaml" --threads=1 --out="$run" "$@"; }

expect_exit 0 train_leduc --rounds=1
expect_exit 0 train_leduc --rounds=2 --resume
readonly first=$run/checkpoints/round-0000000001 second=$run/checkpoints/round-0000000002
cp -r "$run" "$work/whole"
restore() {
  rm -rf "$run"
  cp -r "$work/whole" "$run"
}

# Nobody writes to them, so that opening them as files would wait for ever.
pipes_are_named() {
  local file
  for file in "$second/manifest" "$second/chunk-00000"; do
    rm "$file"
    mkfifo "$file"
    expect_exit 4 timeout 60 "$inspect" verify "$second"
    expect_message "$file"
    expect_one_line
    expect_exit 0 train_leduc --resume --rounds=2
    expect_message "passed over a damaged checkpoint" "$file" "resuming $first"
    restore
  done
  rm "$run/metrics.jsonl"
  mkfifo "$run/metrics.jsonl"
  expect_exit 4 train_leduc --resume --rounds=3
  expect_message "$run/metrics.jsonl" "a pipe"
  restore
  mkfifo "$work/pipe.yaml"
  expect_exit 2 timeout 60 "$train" --config="$work/pipe.yaml" --out="$work/none"
  expect_message "$work/pipe.yaml" "a pipe"
  expect_one_line
  # What bash makes of <(program) is a pipe as well, and has a writer.
  expect_exit 0 "$train" --config=<(sed "s,leduc_2p,$work/&," "$work/leduc.yaml") --out="$work/fed" \
    --threads=1 --rounds=1
}

folders_and_links_are_named() {
  rm "$run/run.yaml"
  mkdir "$run/run.yaml"
  expect_exit 4 train_leduc --resume --rounds=3
  expect_message "$run/run.yaml: cannot be written" "a folder stands where a file is expected"
  [ -z "$(ls "$run" | grep partial)" ] || fail "a partial file is left"
  restore
  ln -sf chunk-00000 "$second/chunk-00000"
  expect_exit 4 "$inspect" verify "$second"
  expect_message "$second/chunk-00000" "a link leads to itself"
  expect_exit 0 train_leduc --resume --rounds=2
  expect_message "passed over a damaged checkpoint"
  restore
  expect_exit 2 "$train" --config="$work" --out="$work/none"
  expect_message "$work: cannot be read" "a folder stands"
}

# Root may read everything: it gives that up first.
files_of_others_are_named() {
  local as=() file
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --bounding-set=-dac_override,-dac_read_search
      --inh-caps=-dac_override,-dac_read_search)
    if ! "${as[@]}" true 2>/dev/null; then
      echo "SKIPPED: files of others: this root may read everything and cannot give that up"
      return
    fi
  fi
  for file in "$second/manifest" "$second/chunk-00000"; do
    chmod 000 "$file"
    expect_exit 7 "${as[@]}" "$inspect" verify "$second"
    expect_message "$file: cannot be read: Permission denied; change its permissions"
    chmod 644 "$file"
  done
  for file in "$work/leduc.yaml" "$work/leduc_2p.game"; do
    chmod 000 "$file"
    expect_exit 7 "${as[@]}" "$train" --config="$work/leduc.yaml" --out="$work/none"
    expect_message "$file: cannot be read: Permission denied; change its permissions"
    chmod 644 "$file"
  done
  expect_exit 3 "$train" --config="$work/no.yaml" --out="$work/none"
  expect_message "$work/no.yaml: cannot be read: No such file or directory; check the path"
}

# What a checkpoint holds decides, not its name.
renamed_checkpoints_are_named() {
  local later=$run/checkpoints/round-0000000009
  cp -r "$first" "$later"
  expect_exit 4 "$inspect" verify "$later"
  expect_message "$later: holds round 1, not the one of its name" "round-0000000001"
  expect_exit 0 "$inspect" summary "$run" --json
  expect_message "passed over a damaged checkpoint" "$later"
  grep -q '"round": 2' "$out_file" || fail "expected round 2 as the newest"
  expect_exit 0 train_leduc --resume --rounds=3
  expect_message "resuming $second"
  restore
  # A copy elsewhere may have any name.
  cp -r "$first" "$work/kept"
  expect_exit 0 "$inspect" verify "$work/kept"
}

the_definition_beside_a_checkpoint_is_verified() {
  expect_exit 0 "$inspect" verify "$run"
  local bytes cut
  bytes=$(stat -c %s "$run/run.yaml")
  for cut in 1 2 20 $((bytes / 2)) "$bytes"; do
    truncate -s -"$cut" "$run/run.yaml"
    expect_exit 4 "$inspect" verify "$run"
    expect_message "$run/run.yaml" "the checkpoint is whole" "inspect_checkpoint definition"
    restore
  done
  sed -i 's/^seed: 1/seed: 2/' "$run/run.yaml"
  expect_exit 4 "$inspect" verify "$run"
  expect_message "$run/run.yaml: is of another run"
  restore
  # Neither a longer run nor a copy without it is damage.
  expect_exit 0 train_leduc --resume --rounds=3
  sed -i 's/^iterations: .*/iterations: 9600/' "$work/leduc.yaml"
  expect_exit 0 train_leduc --resume --rounds=3
  expect_exit 0 "$inspect" verify "$second"
  rm "$run/run.yaml"
  expect_exit 0 "$inspect" verify "$run"
  restore
}

pipes_are_named
folders_and_links_are_named
files_of_others_are_named
renamed_checkpoints_are_named
the_definition_beside_a_checkpoint_is_verified
! [ -e "$work/none" ] || fail "a run that was refused has left a folder"
