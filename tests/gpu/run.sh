#!/usr/bin/env bash
# Checks the GPU's half of Nashville against the processor's and measures both, on any x86-64 Linux
# machine with an NVIDIA driver. Prints tables, writes report.json here; some minutes.
#
#   ./run.sh [--device=N] [--threads=N] [--quick]
#
# Exit codes: 0 all the same; 1 something differs; 2 this machine cannot run the program; 77 no GPU,
# so that nothing was checked; 99 compute-sanitizer found something.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

problem=$(ldd ./gpu_check 2>&1 | grep -m 1 -E 'not found|not a dynamic')
if [ -n "$problem" ]; then
  echo "run.sh: gpu_check does not start here: $problem" >&2
  echo "run.sh: it needs x86-64 Linux with the C library that BUILT_WITH.txt names, or a later" >&2
  exit 2
fi

./gpu_check --json=report.json "$@"
code=$?
[ "$code" -eq 77 ] && echo "run.sh: no GPU here: run this on a machine that has one" >&2
[ "$code" -eq 0 ] || exit "$code"
echo
echo "written: $PWD/report.json"

sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null |
  tail -n 1)
if [ -z "$sanitizer" ]; then
  echo "compute-sanitizer: not found (it comes with the CUDA toolkit), so not run"
  exit 0
fi
for tool in memcheck racecheck; do
  echo
  echo "compute-sanitizer --tool $tool"
  "$sanitizer" --tool "$tool" --error-exitcode 99 ./gpu_check --quick || exit 99
done
