#!/usr/bin/env bash
# Six workers pass merged rounds on to each other, each on a host of its own at one switch, the
# coordinator's link capped: how many copies leave the coordinator, by its interface's count of
# bytes, and whoever dies meanwhile, the bytes of the run.
source tests/tools/own_hosts.sh

readonly keys=$work/keys count=6

# host N: at the switch, 10.78.0.N.
host() {
  new_host "$1"
  ip link set "link-$1" master switch up &&
    on "$1" ip address add "10.78.0.$1/24" dev far && on "$1" ip link set far up &&
    on "$1" ip link set lo up || fail "host $1 cannot be made"
}

# remote N: a worker on host N, which passes rounds on.
remote() {
  begin "remote-$1" nsenter -t "${pid_of[host-$1]}" -n "$worker" --threads=1 \
    --coordinator=tcp://10.78.0.10:5555 --keys="$keys/remote.$1.key" \
    --coordinator_key="$keys/coordinator.pub" --relay_listen='tcp://*:5556' \
    --bucket_cache="$work/cache" --metrics_address=9100
}

# figure N NAME: of the worker on host N, as Prometheus gets it.
figure() {
  on "$1" python3 -c 'import sys, urllib.request
for line in urllib.request.urlopen("http://127.0.0.1:9100/metrics"):
  if line.startswith(sys.argv[1].encode() + b" "): print(int(float(line.split()[1])))' "$2"
}

# start NAME FLAGS...: a coordinator on host 10 and all workers.
start() {
  name=$1
  shift
  begin "$name" nsenter -t "${pid_of[host-10]}" -n "$train" --config="$config" \
    --out="$work/$name" --threads=1 --report_every=0.2 --listen=tcp://10.78.0.10:5555 \
    --keys="$keys/coordinator.key" --allow="$keys/allowed" --bucket_cache="$work/cache" \
    --audit_fraction=0 "$@"
  hear "$name" "listening on"
  local n
  for ((n = 1; n <= count; ++n)); do remote "$n"; done
  hear "$name" "$count workers"
  trains_on "$name"
}

rounds_of() { tail -n 1 "$work/$1/metrics.jsonl" | grep -oP '"rounds": ?\K\d+'; }
sent_by_coordinator() {
  on 10 ip -s -j link show far | grep -oP '"tx": ?\{"bytes": ?\K\d+'
}

# bytes_a_round: sets $bytes to what leaves the coordinator for each round of $name, over some.
bytes_a_round() {
  local rounds first_bytes
  rounds=$(rounds_of "$name") first_bytes=$(sent_by_coordinator)
  local started=$EPOCHREALTIME
  while (($(rounds_of "$name") < rounds + 10)); do
    kill -0 "${pid_of[$name]}" 2>/dev/null || fail "$name has ended"
    sleep 0.1
  done
  rounds=$(($(rounds_of "$name") - rounds))
  bytes=$((($(sent_by_coordinator) - first_bytes) / rounds))
  echo "$name: $bytes bytes a round leave the coordinator," \
    "$(echo "$started $EPOCHREALTIME $rounds" | awk '{printf "%.2f", ($2 - $1) / $3}') s a round"
}

finish() {
  stop TERM "$name"
  local n all=()
  for ((n = 1; n <= count; ++n)); do all+=("remote-$n"); done
  expect_end 0 "$name" "${all[@]}"
  expect_same "$name"
}

few_copies_leave_the_coordinator() {
  local without
  start without --relay_fanout=0
  bytes_a_round
  without=$bytes
  finish
  start with --relay_fanout=2
  hear remote-3 "has merged rounds from the worker at tcp://10.78.0.1:5556"
  hear remote-6 "has merged rounds from the worker at tcp://10.78.0.2:5556"
  # Two copies in place of six; the rest is what workers and coordinator say besides.
  bytes_a_round
  ((bytes * 2 < without)) || fail "$bytes bytes a round with relays, $without without"
  local n line=
  for ((n = 1; n <= count; ++n)); do
    line+=" $n: $(figure "$n" nashville_worker_relay_served_bytes_total) passed on,"
    line+=" $(figure "$n" nashville_worker_relay_fetched_bytes_total) fetched,"
    line+=" $(figure "$n" nashville_worker_relay_fallbacks_total) fallbacks;"
  done
  echo "by worker, bytes:$line"
}

# Relays, their children, and both at a time, at moments that are drawn.
whoever_dies_costs_time_only() {
  local n
  for n in 1 "1 2" 5; do
    sleep "0.$((RANDOM % 10))"
    local victims=() victim
    for victim in $n; do victims+=("remote-$victim"); done
    stop KILL "${victims[@]}"
    expect_end 137 "${victims[@]}"
    trains_on "$name"
    for victim in $n; do remote "$victim"; done
    trains_on "$name"
  done
  # One that stands still, connected, and says nothing.
  stop STOP remote-1
  trains_on "$name"
  stop CONT remote-1
  trains_on "$name"
  finish
  grep -qh "had from another worker, [1-9][0-9]* parts asked of the coordinator" \
    "$work"/remote-*.err || fail "nobody has asked the coordinator in a worker's place"
}

may_have_hosts "relays on hosts of their own" || exit 0
if ! ip link add switch type bridge 2>"$err_file"; then
  echo "SKIPPED: relays on hosts of their own: no bridge: $(head -n 1 "$err_file")"
  exit 0
fi
ip link set switch up
for n in 10 $(seq "$count"); do host "$n"; done
for key in coordinator $(seq -f 'remote.%g' "$count"); do
  expect_exit 0 "$keygen" --out="$keys" --name="$key"
done
cat "$keys"/remote.*.pub >"$keys/allowed"
config=$work/holdem.yaml
holdem_rounds "$config" 1000000
sed -i 's/buckets: 50}/buckets: 1000}/; s/\[\[pot\]/[[0.5pot, pot], [pot]/g; s/^round: .*/round: {units: 6, batches: 4, deals: 1024}/
        s/^iterations: .*/iterations: 24576000000/; s/every: 8192/every: 24576/' "$config"
expect_exit 0 "$train" --config="$config" --out="$work/buckets" --rounds=1 \
  --bucket_cache="$work/cache"
on 10 tc qdisc add dev far root tbf rate 16mbit burst 64kb latency 400ms 2>"$err_file" ||
  echo "SKIPPED: a cap of the coordinator's link: $(head -n 1 "$err_file")"
few_copies_leave_the_coordinator
whoever_dies_costs_time_only
