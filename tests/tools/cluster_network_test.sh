#!/usr/bin/env bash
# Hosts with links that are cut and healed, that are slow, and that are bad in every way: time is
# lost, and no byte changes.
source tests/tools/own_hosts.sh

readonly keys=$work/keys

# host N: with a link to us, over which we are 10.77.N.1 and it is 10.77.N.2.
host() {
  new_host "$1"
  ip address add "10.77.$1.1/24" dev "link-$1" && ip link set "link-$1" up &&
    on "$1" ip address add "10.77.$1.2/24" dev far && on "$1" ip link set far up ||
    fail "host $1 cannot be made"
}

# remote N FLAGS...: a worker named remote-N on host N, of the coordinator named $name.
remote() {
  local n=$1
  shift
  begin "remote-$n" nsenter -t "${pid_of[host-$n]}" -n "$worker" --threads=1 \
    --coordinator="tcp://10.77.$n.1:5555" --keys="$keys/remote.$n.key" \
    --coordinator_key="$keys/coordinator.pub" "$@"
}

keyed_coordinator() {
  name=$1
  shift
  coordinator "$name" --listen='tcp://0.0.0.0:5555' --keys="$keys/coordinator.key" \
    --allow="$keys/allowed" "$@"
  hear "$name" "listening on"
}

# finish WORKER...: stops the coordinator and compares.
finish() {
  trains_on "$name"
  stop TERM "$name"
  expect_end 0 "$name" "$@"
  expect_same "$name"
}

cut() { ip link set "link-$1" down; }
heal() { ip link set "link-$1" up; }

links_are_cut_and_healed() {
  config=$work/leduc.yaml
  keyed_coordinator cuts
  remote 1
  remote 2
  hear cuts "2 workers"
  trains_on cuts
  # One is cut off, long enough to be noticed by both sides.
  cut 1
  trains_on cuts
  hear remote-1 "the connection broke; trying again"
  trains_on cuts
  # Both: everything waits, and nobody gives up.
  cut 2
  hear remote-2 "the connection broke; trying again"
  kill -0 "${pid_of[remote-1]}" "${pid_of[remote-2]}" || fail "a worker gave up"
  heal 1
  trains_on cuts
  heal 2
  stop KILL remote-1
  expect_end 137 remote-1
  trains_on cuts
  finish remote-2
}

# 4 Mbit/s: the bucket file alone takes three seconds.
slow_links_only_cost_time() {
  if ! tc qdisc add dev link-1 root tbf rate 4mbit burst 32kb latency 400ms 2>"$err_file"; then
    echo "SKIPPED: slow links: tc has no tbf here: $(head -n 1 "$err_file")"
    return
  fi
  config=$work/holdem.yaml
  # One that no worker slows down builds the bucket file.
  expect_exit 0 "$train" --config="$config" --out="$work/buckets" --rounds=1 \
    --bucket_cache="$work/cache"
  keyed_coordinator slow --bucket_cache="$work/cache"
  local started=$SECONDS
  remote 1 --bucket_cache="$work/empty"
  trains_on slow
  ((SECONDS - started >= 2)) || fail "the link was not slow"
  trains_on slow
  local peak_kb
  peak_kb=$(grep -oP 'VmHWM:\s*\K\d+' "/proc/${pid_of[slow]}/status")
  ((peak_kb < 200000)) || fail "the coordinator took $peak_kb kB for a worker that is slow"
  finish remote-1
}

# Delays, broken and truncated connections, silence in one direction: on loopback.
bad_networks_only_cost_time() {
  config=$work/leduc.yaml
  local port i
  coordinator bad --listen='tcp://127.0.0.1:*'
  hear bad "listening on"
  port=$(grep -oP 'listening on tcp://127.0.0.1:\K\d+' "$work/bad.err")
  begin proxy python3 tests/tools/chaos_proxy.py "$port" 1
  wait_for "port" "$work/proxy.out" "${pid_of[proxy]}"
  port=$(grep -oP 'port \K\d+' "$work/proxy.out")
  for i in 1 2 3; do begin "far-$i" "$worker" --coordinator="tcp://127.0.0.1:$port" --threads=1; done
  for ((i = 0; i < 8; ++i)); do
    trains_on bad
    sleep 1
  done
  # All ways to end were seen.
  for i in close truncate "silence"; do
    grep -q "^$i" "$work/proxy.out" || { cp "$work/proxy.out" "$out_file"; fail "no $i by chance"; }
  done
  name=bad
  finish
  # Whoever was cut off when the coordinator said goodbye waits for another one.
  kill -TERM "${pid_of[far-1]}" "${pid_of[far-2]}" "${pid_of[far-3]}" 2>/dev/null
  expect_end 0 far-1 far-2 far-3
}

leduc_rounds "$work/leduc.yaml"
holdem_rounds "$work/holdem.yaml" 1000000
bad_networks_only_cost_time
if may_have_hosts "cut and slow links"; then
  host 1
  host 2
  for key in coordinator remote.1 remote.2; do
    expect_exit 0 "$keygen" --out="$keys" --name="$key"
  done
  cat "$keys"/remote.*.pub >"$keys/allowed"
  links_are_cut_and_healed
  slow_links_only_cost_time
fi
