#!/usr/bin/env bash
# run.sh and rebuild.sh in a bundle of one small kernel, whose programs say which of them they are
# and end as if there were no GPU. What needs nvcc is skipped where there is none.
source tests/tools/expect.sh

readonly bundle=$work/bundle no_gpu=77
nvcc=
for nvcc in "$(command -v nvcc)" "${CUDA_HOME:-}/bin/nvcc" /usr/local/cuda/bin/nvcc ''; do
  [ -x "$nvcc" ] && break
done

# program NAME CODE: its source. It prints its name and ends with EXIT_CODE, or else with CODE.
program() {
  cat <<C
#include <stdio.h>
#include <stdlib.h>
void Launch();
int main() {
  puts("this is $1");
  const char* code = getenv("EXIT_CODE");
  return code ? atoi(code) : $2;
}
C
}

make_bundle() {
  mkdir -p "$bundle/source/kernels"
  install -m 755 tests/gpu/run.sh tests/gpu/rebuild.sh "$bundle"
  install -m 644 tests/gpu/kernel_options.txt "$bundle"
  echo "Cuda compilation tools, release 13.0, V13.0.88" >"$bundle/BUILT_WITH.txt"
  program brought "$no_gpu" | gcc -x c -o "$bundle/gpu_check" - || fail "no compiler"
}

# Where nvcc looks for the CUDA runtime: it may be a script that calls another.
libraries() { "$nvcc" --dryrun -x cu /dev/null 2>&1 | sed -n 's/^#\$ LIBRARIES=.*-L\([^" ]*\).*/\1/p'; }

# The rest of the program, which calls the kernel's launch.
make_rest() {
  program rebuilt "(Launch(), $no_gpu)" | gcc -x c -c -o "$work/main.o" - || fail "no compiler"
  ld -r -o "$bundle/rest.o" "$work/main.o" --whole-archive "$(libraries)/libcudart_static.a" \
    "$(g++ -print-file-name=libstdc++.a)" "$(g++ -print-file-name=libgcc_eh.a)" || fail "no rest.o"
  # The options of kernels are known by what they allow.
  cat >"$bundle/source/kernels/one.cu" <<'CU'
#include <bit>
#include "kernels/one.h"
R123_CUDA_DEVICE constexpr unsigned Five() { return std::bit_ceil(5u); }
__device__ unsigned five;
__global__ void One() { five = Five(); }
extern "C" void Launch() { One<<<1, 1>>>(); }
CU
  : >"$bundle/source/kernels/one.h"
  "$nvcc" --version >"$bundle/BUILT_WITH.txt"
}

# expect_output TEXT...: the last program's stdout holds each of them.
expect_output() {
  local text
  for text in "$@"; do
    grep -qF -- "$text" "$out_file" || fail "expected stdout to tell of: $text"
  done
}
# expect_run CODE TEXT...: run.sh ends so and tells of these.
expect_run() {
  local code=$1
  shift
  expect_exit "$code" "$bundle/run.sh"
  expect_output "$@"
}

the_program_that_was_brought() {
  expect_exit "$no_gpu" "$bundle/run.sh" --no-rebuild
  expect_output "this is brought"
  # Compilers that are no help.
  mkdir "$work/bin"
  printf '#!/bin/sh\necho "$answer"\n' >"$work/bin/nvcc"
  chmod +x "$work/bin/nvcc"
  local PATH=$work/bin:$PATH
  export answer
  answer="release 12.4, V12.4.1"
  expect_run "$no_gpu" "nvcc is of CUDA 12.4, the program of CUDA 13.0" "this is brought"
  answer=""
  expect_run "$no_gpu" "(it does not say)" "this is brought"
  answer="release 13.1, V13.1.1"
  expect_run "$no_gpu" "it cannot be linked" "this is brought"
}

kernels_are_compiled_here() {
  expect_run "$no_gpu" "kernels compiled here by $nvcc" "this is rebuilt"
  expect_exit "$no_gpu" env -i "$bundle/run.sh"
  expect_output "kernels compiled here" "this is rebuilt"
}

faults_leave_what_was_brought() {
  EXIT_CODE=3 expect_run 3 "it ends with exit code 3" "this is brought"
  echo "int x = unknown;" >"$bundle/source/kernels/one.h"
  expect_run "$no_gpu" "does not compile kernels/one.cu: ./kernels/one.h(1): error" "this is brought"
}

make_bundle
the_program_that_was_brought
if [ -z "$nvcc" ]; then
  echo "skipped: there is no nvcc to compile kernels with"
  exit 0
fi
make_rest
kernels_are_compiled_here
faults_leave_what_was_brought
