#!/usr/bin/env bash
# What a run plans to take of the memory is within a quarter of what it takes, for the shipped games
# that need no bucket files; docs/measurements/memory.md has the others.
source tests/tools/expect.sh

if grep -q __asan_init "$train" || grep -q __tsan_init "$train"; then
  echo "skipped: sanitizers take memory of their own"
  exit 0
fi
for config in kuhn kuhn_3p leduc leduc_3p leduc_cluster; do
  for mode in "" --local_workers=1; do
    python3 - "$train" --config=configs/$config.yaml --out="$work/$config$mode" --threads=2 \
      --time_budget=0.3 $mode 2>"$err_file" <<'PY' || fail "$config $mode: the plan is far off"
import re, resource, subprocess, sys
log = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True).stderr
planned = float(re.search(r"memory: ([\d.]+) MB at the most;", log)[1])
parts = [float(megabytes) for megabytes in re.findall(r"\]   .* ([\d.]+) MB$", log, re.M)]
assert len(parts) >= 4 and abs(sum(parts) - planned) < 0.05 * (len(parts) + 1), (planned, parts)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
assert 0.75 * peak < planned < 1.25 * peak, (planned, peak, parts)
PY
  done
done
