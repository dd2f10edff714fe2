#!/usr/bin/env bash
# build_buckets as users run it: builds, keeps its place when it is stopped, reports, compares, and
# says what is wrong in one line with its own exit code.
source tests/tools/expect.sh

readonly build=tools/build_buckets

cp tests/abstraction/short.game "$work"

# define FILE FLOP TURN
define() {
  cat >"$work/$1" <<YAML
name: short
game: short.game
abstraction: {preflop: lossless, flop: $2, turn: $3}
YAML
}
define short.yaml "{kind: emd, buckets: 20}" "{kind: ehs, buckets: 30}"

# Version 2 had one checksum of all data, and none of blocks behind them.
as_version_2() {
  python3 - "$1" <<'PY'
import ctypes, struct, sys
library = ctypes.CDLL("libxxhash.so.0")
library.XXH3_64bits.restype = ctypes.c_uint64
library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
checksum = lambda data: struct.pack("<Q", library.XXH3_64bits(bytes(data), len(data)))
file = bytearray(open(sys.argv[1], "rb").read())
assert struct.unpack_from("<I", file, 8) == (3,)
data = file[80:80 + struct.unpack_from("<Q", file, 48)[0] * file[22]]
assert len(file) == 80 + len(data) + (len(data) + 4095) // 4096 * 8
file[8:12], file[36:40] = struct.pack("<I", 2), bytes(4)
file[64:72] = checksum(data)
file[72:80] = checksum(file[:72])
open(sys.argv[1], "wb").write(file[:80] + data)
PY
}

a_file_of_version_2_is_written_anew() {
  cp -r "$work/once" "$work/older"
  as_version_2 "$(ls "$work"/older/flop*)"
  cp -r "$work/older" "$work/older_damaged"
  flip_byte "$(ls "$work"/older_damaged/flop*)" 100
  expect_exit 4 "$build" --config="$work/short.yaml" --out="$work/older_damaged"
  expect_message "damaged data" "delete it"
  expect_exit 0 "$build" --config="$work/short.yaml" --out="$work/older"
  [ "$(grep -c "^found in an older format, wrote anew" "$out_file")" -eq 1 ] ||
    fail "expected one file to be written anew"
  diff -r "$work/once" "$work/older" || fail "a file written anew has other bytes than a built one"
}

builds_once() {
  expect_exit 0 "$build" --config="$work/short.yaml" --out="$work/once"
  expect_message "memory: at most" "flop histograms"
  [ "$(grep -c ^built "$out_file")" -eq 2 ] || fail "expected two files to be built"
  expect_exit 0 "$build" --config="$work/short.yaml" --out="$work/once" --json
  python3 - "$out_file" <<'PY' || fail "the JSON is not as expected"
import json, sys
report = json.load(open(sys.argv[1]))
assert [file["built"] for file in report["files"]] == [False, False], report
assert [file["kind"] for file in report["files"]] == ["emd", "ehs"], report
PY
  expect_exit 0 "$build" --config="$work/short.yaml" --out="$work/turn" --street=turn
  [ "$(ls "$work/turn")" = "$(cd "$work/once" && ls turn*)" ] || fail "expected the turn alone"
  cmp -s "$work"/turn/turn* "$work"/once/turn* || fail "one street alone has other bytes"
  expect_exit 0 "$build" --game="$work/short.game" --streets=flop:emd:20,turn:ehs:30 \
    --out="$work/flags" --threads=1
  diff -r "$work/once" "$work/flags" || fail "flags and definition give other bytes"
  expect_exit 0 "$build" --config="$work/short.yaml" --out="$work/device" --device=cuda:0
  grep -q '^clusterings: on cuda:0' "$err_file" || expect_message "warning: no device" "CUDA"
  diff -r "$work/once" "$work/device" || fail "a device changes bytes"
}

goes_on_after_a_stop() {
  define long.yaml "{kind: emd, buckets: 20}" "{kind: ochs, buckets: 1500}"
  expect_exit 0 "$build" --config="$work/long.yaml" --out="$work/whole" --json
  "$build" --config="$work/long.yaml" --out="$work/parts" >"$out_file" 2>"$err_file" &
  local pid=$! tries
  for ((tries = 0; tries < 6000; ++tries)); do
    ls "$work"/parts/turn*.part >/dev/null 2>&1 && break
    sleep 0.01
  done
  kill -INT "$pid"
  local code=0
  wait "$pid" || code=$?
  [ "$code" -eq 10 ] || fail "stopped: expected exit code 10, found $code"
  expect_message "the same command goes on from here"
  ls "$work"/parts/turn*.part >/dev/null || fail "no journal is left"
  # Killed without a chance to say so, then to the end.
  "$build" --config="$work/long.yaml" --out="$work/parts" >/dev/null 2>&1 &
  pid=$!
  sleep 0.5
  kill -KILL "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  expect_exit 0 "$build" --config="$work/long.yaml" --out="$work/parts" --threads=1
  # Killed while it wrote the file itself, it leaves what it had written, which nobody reads.
  diff -r --exclude='*.partial' "$work/whole" "$work/parts" || fail "a stopped build has other bytes"
}

reports_and_compares() {
  local flop turn
  flop=$(ls "$work"/once/flop*)
  turn=$(ls "$work"/once/turn*)
  expect_exit 0 "$build" report "$flop"
  grep -q "variance of strength" "$out_file" || fail "no variance in the report"
  grep -q "|" "$out_file" || fail "no example hands in the report"
  expect_exit 0 "$build" report "$flop" --json
  python3 - "$out_file" <<'PY' || fail "the report's JSON is not as expected"
import json, sys
report = json.load(open(sys.argv[1]))
assert len(report["buckets"]) == 20
assert sum(bucket["deals"] for bucket in report["buckets"]) == 276 * 1540  # C(24,2) * C(22,3)
assert all(bucket["min"] <= bucket["mean"] <= bucket["max"] for bucket in report["buckets"])
PY
  expect_exit 0 "$build" compare "$flop" "$flop" --json
  python3 -c "import json, sys; assert abs(json.load(open(sys.argv[1]))['adjusted_rand_index'] - 1) < 1e-9" \
    "$out_file" || fail "a file does not agree with itself"
  expect_exit 5 "$build" compare "$flop" "$turn"
  expect_message "different streets"
}

refusals() {
  local name expression
  expect_exit 2 "$build"
  expect_message "--config" "--help"
  expect_exit 2 "$build" --config="$work/short.yaml" --game=x
  expect_message "leave out --game"
  expect_exit 2 "$build" --config="$work/short.yaml" --street=river
  expect_message "river" "turn"
  expect_exit 2 "$build" --game="$work/short.game" --streets=flop:emd:70000
  expect_message "65535"
  expect_exit 2 "$build" --game="$work/short.game" --streets=flop:ehs:9,flop:emd:9
  expect_message "named twice"
  expect_exit 2 "$build" --game="$work/short.game" --streets=turn:emd:9
  expect_message "on the last street"
  expect_exit 2 "$build" no_such_subcommand
  expect_exit 2 "$build" report
  expect_exit 3 "$build" --config="$work/none.yaml"
  expect_message "none.yaml"
  expect_exit 3 "$build" report "$work/none.buckets"
  define bad.yaml "{kind: kmeans, buckets: 20}" lossless
  expect_exit 2 "$build" --config="$work/bad.yaml"
  expect_message "bad.yaml:3" "kmeans" "allowed"
  expect_one_line
  define bad.yaml "{kind: emd, buckets: 50000}" lossless
  expect_exit 2 "$build" --config="$work/bad.yaml" --out="$work/many"
  expect_message "fewer than 50000 different hands"
  cp -r "$work/once" "$work/damaged"
  flip_byte "$(ls "$work"/damaged/flop*)" 100
  expect_exit 4 "$build" --config="$work/short.yaml" --out="$work/damaged"
  expect_message "damaged data" "delete it"
  expect_one_line
  cp -r "$work/once" "$work/old"
  flip_byte "$(ls "$work"/old/flop*)" 8
  expect_exit 5 "$build" --config="$work/short.yaml" --out="$work/old"
  expect_message "format version"
  rm "$work"/damaged/flop*
  echo rubbish >"$work/damaged/$(basename "$(ls "$work"/once/flop*)").part"
  expect_exit 4 "$build" --config="$work/short.yaml" --out="$work/damaged"
  expect_message "interrupted build left is damaged"
}

# Seen before any work is done, and nothing is left behind.
too_little_memory() {
  # 200 MB of address space, of which programs and libraries take a part themselves.
  little() { (ulimit -v 200000 && exec "$build" "$@"); }
  if ! little --help >/dev/null 2>&1; then
    echo "SKIPPED: this build does not start with so little memory (an address sanitizer?)"
    return
  fi
  expect_exit 6 little --config="$work/short.yaml" --out="$work/little"
  expect_message "building buckets takes" "are available" "larger machine"
  [ -z "$(ls "$work/little")" ] || fail "expected an empty folder"
}

builds_once
too_little_memory
goes_on_after_a_stop
reports_and_compares
refusals
a_file_of_version_2_is_written_anew
