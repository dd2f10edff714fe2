#!/usr/bin/env bash
# Makes the folder of `tools/dev gpu-bundle DIR`: gpu_check, all that run.sh needs, and what
# rebuild.sh needs to compile its kernels anew. Called by tools/dev.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

out=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "tools/dev gpu-bundle: $*" >&2
  exit 1
}

# The same libraries as archives, so that a program needs nothing but the C library: a folder in
# which the linker finds no others.
archives() {
  local from=/usr/lib/x86_64-linux-gnu name gcc_eh
  gcc_eh=$(g++ -print-file-name=libgcc_eh.a)  # before libunwind, which has some of its names
  for name in "$from/libgflags.a" "$(g++ -print-file-name=libstdc++.a)"; do
    ln -s "$name" "$folder/"
  done
  echo "GROUP($gcc_eh $from/libglog.a $from/libunwind.a $from/liblzma.a $from/libgflags.a)" \
    >"$folder/libglog.a"
  # Abseil's archives need each other.
  for name in "$from"/libabsl_*.a; do
    echo "GROUP($(printf '%s ' "$from"/libabsl_*.a))" >"$folder/$(basename "$name")"
  done
}

# included FOLDER OPTIONS...: the files, one a line, that kernels in the folder are compiled of.
included() {
  local source
  for source in "${kernels[@]}"; do
    (cd "$1" && "$nvcc" "${options[@]}" "${@:2}" -M "$source")
  done | sed 's/^[^ ]* : //; s/\\$//' | tr -s ' ' '\n' | grep . | sort -u
}

# Sources of kernels in their paths, with the headers that they include: ours beside them, those of
# libraries in a folder of their own. Those of the C and C++ libraries and of CUDA are nvcc's.
readonly libraries='/usr/include/(absl|Random123)/'
sources() {
  local file
  mkdir "$out/source"
  included . | while read -r file; do
    if [[ "$file" =~ ^$libraries ]]; then
      install -D -m 644 "$file" "$out/source/include/${file#/usr/include/}"
    elif [ "${file:0:1}" != / ]; then
      install -D -m 644 "$file" "$out/source/$file"
    fi
  done
  ! included "$out/source" -isystem include | grep -m 1 -E "^$libraries" ||
    fail "a header that kernels need was not copied"
}

# All of gpu_check but its kernels as one object, by the list of what it was linked of; with all
# that kernels want of libraries.
rest() {
  local list=$1 objects=() wanted
  mapfile -t objects < <(grep '\.o$' "$list")
  wanted=$(nm -u $(printf '%s\n' "${objects[@]}" | grep _kernels_object) | sed -n 's/^ *U /-u /p')
  ld -r -o "$out/rest.o" $(printf '%s\n' "${objects[@]}" | grep -v _kernels_object) $wanted \
    $(grep '^-L' "$list") $(grep '^-l' "$list" | grep -vxE -- '-l(m|dl|rt|pthread)')
  strip --strip-debug "$out/rest.o"
}

bazel query --noshow_progress //tests/gpu:gpu_check >/dev/null 2>&1 ||
  fail "there is no nvcc here: install the CUDA toolkit (docs/gpu.md)"
archives
bazel build --noshow_progress --ui_event_filters=-info --dynamic_mode=off \
  --linkopt="-L$folder" --linkopt=-no-pie --linkopt=-static-libgcc \
  //tests/gpu:gpu_check //tests/gpu:kernel_options >&2
nvcc=$(readlink -f "$(bazel info --noshow_progress output_base 2>/dev/null)/external/cuda/nvcc")
mapfile -t kernels < <(bazel query --noshow_progress \
  'labels(src, kind(_cuda_object, deps(//tests/gpu:gpu_check)))' 2>/dev/null |
  sed 's|^//||; s|:|/|')

rm -rf "$out/source"
mkdir -p "$out"
install -m 755 bazel-bin/tests/gpu/gpu_check tests/gpu/run.sh tests/gpu/rebuild.sh "$out"
strip "$out/gpu_check"
install -m 644 bazel-bin/tests/gpu/kernel_options.txt "$out"
{
  echo "commit $(git rev-parse HEAD)"
  echo "C library $(getconf GNU_LIBC_VERSION)"
  "$nvcc" --version | tail -n 2
} >"$out/BUILT_WITH.txt"
mapfile -t options <"$out/kernel_options.txt"
sources
rest bazel-bin/tests/gpu/gpu_check-2.params

# What a bundle promises: small, and nothing of ours but the C library's own; with kernels that can
# be compiled again, by these compilers at least and in no environment.
strange=$(ldd "$out/gpu_check" | grep -vE 'linux-vdso|ld-linux|lib(c|m|dl|rt|pthread)\.so') || true
[ -z "$strange" ] || fail "not linked statically: $strange"
line=$(env -i "$out/rebuild.sh") || fail "$out/rebuild.sh: $line"
rm -r "$out/gpu_check.rebuilt" "$out/objects" "$out/rebuild.log"
bytes=$(du -sb "$out" | cut -f1)
[ "$bytes" -lt $((64 << 20)) ] || fail "$bytes bytes"
echo "$out: $((bytes >> 10)) KiB. Copy it to the machine with the GPU and start run.sh there."
