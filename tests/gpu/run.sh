#!/usr/bin/env bash
# Checks the GPU's half of Nashville against the processor's and measures both, on any x86-64 Linux
# machine with an NVIDIA driver. Prints tables, writes report.json here; some minutes.
#
#   ./run.sh [--device=N] [--threads=N] [--quick] [--no-rebuild]
#
# Where there is nvcc and a compiler, kernels are compiled for this machine's own GPU first, unless
# --no-rebuild is given; where that fails, those that were brought are used.
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

program=./gpu_check
flags=()
rebuild=yes
for flag in "$@"; do
  if [ "$flag" = --no-rebuild ]; then rebuild=no; else flags+=("$flag"); fi
done
if [ "$rebuild" = no ]; then
  echo "run.sh: the kernels that were brought"
elif line=$(./rebuild.sh "${flags[@]}"); then
  program=./gpu_check.rebuilt
  echo "run.sh: kernels compiled here by $line"
else
  echo "run.sh: the kernels that were brought, for none were compiled here: $line"
fi

"$program" --json=report.json "${flags[@]}"
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
  "$sanitizer" --tool "$tool" --error-exitcode 99 "$program" --quick "${flags[@]}" || exit 99
done
