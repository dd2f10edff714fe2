#!/usr/bin/env bash
# Makes gpu_check.rebuilt of a bundle (tools/dev gpu-bundle): the kernels, compiled here for this
# machine's own GPU, and the rest of the program as it was brought. Called by run.sh, with the flags
# of gpu_check.
#
# Prints one line: with what it compiled (exit code 0), or why there is no such program (1). What
# compilers, linker and the first start say is in rebuild.log.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export PATH  # in an empty environment the shell has one, but what it starts has none

give_up() {
  rm -f gpu_check.rebuilt
  echo "$*"
  exit 1
}
# The line of the log that says most.
trouble() {
  grep -m 1 -iE 'error|fatal|undefined|not found|no such|check failed' rebuild.log ||
    tail -n 1 rebuild.log
}
# "13.0"
release() { sed -n 's/.*release \([0-9]*\.[0-9]*\).*/\1/p'; }

rm -rf objects gpu_check.rebuilt
mkdir objects && : >rebuild.log || give_up "$PWD cannot be written to"

for nvcc in "$(command -v nvcc)" "${CUDA_HOME:-}/bin/nvcc" /usr/local/cuda/bin/nvcc ''; do
  [ -x "$nvcc" ] && break
done
[ -n "$nvcc" ] || give_up "no nvcc on the PATH, under CUDA_HOME or in /usr/local/cuda"
# The CUDA runtime is in rest.o. What compilers of another generation make wants another.
brought=$(release <BUILT_WITH.txt)
found=$("$nvcc" --version 2>>rebuild.log | release)
[ "${found%.*}" = "${brought%.*}" ] ||
  give_up "$nvcc is of CUDA ${found:-(it does not say)}, the program of CUDA $brought"

mapfile -t options <kernel_options.txt
# Every nvcc that knows C++20 knows the native architecture.
options+=(-isystem include -arch=native)
while read -r source; do
  (cd source && exec "$nvcc" "${options[@]}" -c "$source" -o "$OLDPWD/objects/${source//\//.}.o") \
    >>rebuild.log 2>&1 || give_up "$nvcc does not compile $source: $(trouble)"
done < <(cd source && find . -name '*.cu' -printf '%P\n')
gcc -no-pie -static-libgcc -Wl,--gc-sections -o gpu_check.rebuilt objects/*.o rest.o \
  -lm -ldl -lrt -lpthread >>rebuild.log 2>&1 || give_up "it cannot be linked: $(trouble)"

./gpu_check.rebuilt --quick "$@" >>rebuild.log 2>&1
code=$?
case $code in
  0 | 77) ;;  # 77: no GPU, as run.sh will say
  *) give_up "it ends with exit code $code: $(trouble)" ;;
esac
echo "$nvcc (CUDA $found)"
