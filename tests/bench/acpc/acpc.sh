#!/usr/bin/env bash
# A match of two strategies over real sockets: how long answers take, whether the log is that of the
# same match without sockets, whether the tests' own state machine agrees with every line of it.
#
#   tools/dev bench acpc GAME A.strategy B.strategy [HANDS [SEED]]
#
# 12,000 hands unless told otherwise, which is what the competition asks of an entry. Prints one JSON
# object. For a soak give more hands: memory of the players is told at the start and at the end.
set -euo pipefail

[ $# -ge 3 ] || { sed -n '2,/^set/{/^#/s/^# \?//p}' "$0" >&2; exit 2; }
readonly game=$1 a=$2 b=$3 hands=${4:-12000} seed=${5:-1}
readonly root=$(cd "$(dirname "$0")/../../.." && pwd)
readonly dealer=$root/tools/acpc_dealer player=$root/tools/acpc_player
readonly work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT

"$dealer" bench "$game" "$hands" "$seed" A B --log="$work/socket.log" >"$work/dealer" &
dealer_pid=$!
until [ -s "$work/dealer" ]; do sleep 0.02; done
read -r port_a port_b <"$work/dealer"
start_ns=$(date +%s%N)
"$player" localhost "$port_a" --strategy="$a" --seed=1 --json >"$work/a" &
pid_a=$!
"$player" localhost "$port_b" --strategy="$b" --seed=2 --json >"$work/b" &
pid_b=$!
# Resident memory in kB of player A, its mapped files included: after the first 200 hands, at the end.
until [ "$(cat "$work"/socket.log* 2>/dev/null | wc -l)" -gt $((hands < 400 ? hands / 2 : 200)) ]; do
  kill -0 $dealer_pid
  sleep 0.02
done
anonymous() { sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null || true; }
first_kb=$(anonymous $pid_a)
last_kb=$first_kb
while kill -0 $dealer_pid 2>/dev/null; do
  now_kb=$(anonymous $pid_a)
  last_kb=${now_kb:-$last_kb}
  sleep 0.2
done
wait $dealer_pid $pid_a $pid_b
seconds=$((($(date +%s%N) - start_ns) / 1000000000))

"$dealer" bench "$game" "$hands" "$seed" A B --log="$work/local.log" --strategies="$a,$b" \
  --seeds=1,2 >/dev/null
same=false
cmp -s "$work/socket.log" "$work/local.log" && same=true
replayed=false
"$root/tests/acpc/replay_log" "$game" "$work/socket.log" "$hands" >/dev/null && replayed=true
cat <<JSON
{"hands": $hands, "score": "$(tail -n 1 "$work/dealer")", "seconds": $seconds,
 "same_without_sockets": $same, "replayed": $replayed,
 "a_own_memory_kb": [${first_kb:-0}, ${last_kb:-0}],
 "a": $(cat "$work/a"),
 "b": $(cat "$work/b")}
JSON
$same && $replayed
