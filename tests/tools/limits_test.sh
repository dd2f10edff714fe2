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
  # Far less than the 256 MB that a large run leaves alone is enough for a small one.
  echo 60000000 >"$group/memory.limit_in_bytes"
  expect_exit 0 train_fresh in_group memory
  echo 12000000 >"$group/memory.limit_in_bytes"
  expect_exit 6 train_fresh in_group memory
  expect_message "GB are available" "the run needs"
  remove_group
}

# planned_mb FILE: what a program printed of its memory.
planned_mb() {
  python3 - "$1" <<'PY'
import re, sys
print(re.search(r"\bmemory: ([0-9.]+) MB at the most;", open(sys.argv[1]).read())[1])
PY
}

# What a coordinator takes at the most is within a quarter of what it has planned. Without audits:
# with one worker alone it would run the audited units itself, for which it takes another table.
coordinators_plan_what_they_take() {
  local socket peak_kb config
  cp configs/leduc_cluster.yaml "$work/cluster.yaml"
  sed -i "s,games/,$PWD/configs/games/," "$work/cluster.yaml"
  holdem_config "$work/wide.yaml" "[0.5pot, 0.75pot, pot, 2pot, allin]" 4 4096 1
  for config in cluster wide; do
    socket=$(mktemp -u /tmp/limits.XXXXXX)
    "$train" --config="$work/$config.yaml" --out="$work/$config" --listen="ipc://$socket" \
      --iterations=1000000000000 --report_every=0.2 --checkpoint_every=1 --threads=1 \
      --audit_fraction=0 >"$out_file" 2>"$work/$config.log" &
    local coordinator=$!
    tools/worker --coordinator="ipc://$socket" --threads=1 >"$out_file" 2>&1 &
    local worker=$!
    for _ in {1..3000}; do
      [ "$(grep -c "/checkpoints/round-" "$work/$config.log")" -ge 5 ] && break
      sleep 0.01
    done
    peak_kb=$(grep -oP 'VmHWM:\s*\K\d+' "/proc/$coordinator/status")
    kill -TERM "$coordinator"
    wait "$coordinator" "$worker"
    rm -f "$socket"
    cp "$work/$config.log" "$err_file"
    python3 -c 'import sys; plan, peak = map(float, sys.argv[1:]); sys.exit(abs(peak / 1000 * 1.024 - plan) > plan / 4)' \
      "$(planned_mb "$work/$config.log")" "$peak_kb" || fail "$config: a peak of $peak_kb kB"
  done
}

one_core_gets_one_thread
coordinators_plan_what_they_take
quotas_lower_the_threads
limits_of_jobs_are_seen
