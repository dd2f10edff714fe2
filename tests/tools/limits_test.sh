#!/usr/bin/env bash
# What a process may use counts, and not what the machine has: cores by taskset and by quota, memory
# by control groups.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 10 3200
holdem_config "$work/preflop.yaml" "[0.5pot, pot, allin]" 10 32 2
train_fresh() {
  rm -rf "$work/run"
  "$@" "$train" --config="$work/leduc.yaml" --out="$work/run" --checkpoint_every=1000
}

one_core_gets_one_thread() {
  local core
  core=$(taskset -cp $$ | grep -o '[0-9]*' | sed -n 2p)
  expect_exit 0 train_fresh taskset -c "$core"
  expect_message ", 1 threads"
  expect_exit 0 taskset -c "$core" "$train" --config="$work/leduc.yaml" --out="$work/two" --threads=2
  expect_message "warning: --threads=2 on the 1 cores" "--threads=1"
}

# in_group CONTROLLER PROGRAM...: in a group of our own, which is made and removed here (version 1).
group=
in_group() {
  local controller=$1
  shift
  bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group/$controller" "$@"
}

# make_group CONTROLLER FILE VALUE: a group with a limit, and one below it without.
make_group() {
  group=/sys/fs/cgroup/$1/nashville-test-$$
  mkdir "$group" 2>/dev/null && mkdir "$group/$1" && echo "$3" >"$group/$2" 2>/dev/null
}
remove_group() {
  [ -z "$group" ] || rmdir "$group"/*/ "$group" 2>/dev/null
  group=
}
trap remove_group EXIT

quotas_lower_the_threads() {
  if ! make_group cpu cpu.cfs_quota_us 100000; then
    echo "SKIPPED: quotas: no control groups of version 1 that this test may make"
    return
  fi
  expect_exit 0 train_fresh in_group cpu
  expect_message ", 1 threads"
  remove_group
}

# The limit is of the group above the process's own, as Slurm sets those of jobs.
limits_of_jobs_are_seen() {
  if ! make_group memory memory.limit_in_bytes 600000000; then
    echo "SKIPPED: memory: no control groups of version 1 that this test may make"
    return
  fi
  expect_exit 0 train_fresh in_group memory
  python3 - "$err_file" <<'PY' || fail "the job's 600 MB are not what is available"
import re, sys
available = float(re.search(r"; ([0-9.]+) MB are available", open(sys.argv[1]).read()).group(1))
assert 400 < available <= 600, available
PY
  # Pages of a file that was read are in the group, and can be dropped.
  head -c 500000000 /dev/zero >"$work/large"
  sync "$work/large"
  expect_exit 0 in_group memory bash -c 'cat "$0" >/dev/null; shift; exec "$@"' "$work/large" - \
    "$train" --config="$work/leduc.yaml" --out="$work/cached"
  expect_message "MB are available"
  echo 30000000 >"$group/memory.limit_in_bytes"
  expect_exit 6 train_fresh in_group memory
  expect_message "GB are available" "the run needs"
  remove_group
}

one_core_gets_one_thread
quotas_lower_the_threads
limits_of_jobs_are_seen
