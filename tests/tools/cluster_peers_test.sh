#!/usr/bin/env bash
# Names with several addresses, names that move, names that are not unique; strangers that take all
# connections, and processes that may have few files: a run goes on, or says what it needs.
source tests/tools/expect.sh
source tests/tools/cluster.sh

config=$work/leduc.yaml
leduc_rounds "$config"
readonly keys=$work/keys

# endpoint_of NAME: the first where it listens.
endpoint_of() {
  hear "$1" "listening on"
  grep -oP 'listening on \K[^,]+' "$work/$1.err"
}

finish() {
  trains_on "$1"
  stop TERM "$1"
  expect_end 0 "$@"
  expect_same "$1"
}

# with_hosts PROGRAM...: with $work/hosts as its /etc/hosts.
with_hosts() { unshare -rm sh -c "mount --bind '$work/hosts' /etc/hosts && exec \"\$@\"" - "$@"; }

every_address_of_a_name_is_tried() {
  coordinator local --listen='tcp://localhost:*'
  local port
  port=$(endpoint_of local | grep -oP '\d+$')
  begin by-name "$worker" --coordinator="tcp://localhost:$port" --threads=1
  trains_on local
  echo "127.0.0.1 localhost" >"$work/hosts"
  if ! with_hosts true 2>/dev/null; then
    echo "SKIPPED: names: no mount namespace with an /etc/hosts of its own"
    finish local by-name
    return
  fi
  # Nothing listens at the first two.
  printf '%s\n' "::1 nash-test" "127.0.0.9 nash-test" "127.0.0.1 nash-test" >"$work/hosts"
  begin both with_hosts "$worker" --coordinator="tcp://nash-test:$port" --insecure --threads=1
  hear local "2 workers"
  finish local by-name both
}

# The coordinator is started again at another address; its workers are not.
a_name_may_move() {
  [ -s "$work/hosts" ] && with_hosts true 2>/dev/null || return
  echo "127.0.0.2 nash-test" >"$work/hosts"
  coordinator moving --listen='tcp://127.0.0.2:*'
  local port
  port=$(endpoint_of moving | grep -oP '\d+$')
  begin follower with_hosts "$worker" --coordinator="tcp://nash-test:$port" --insecure --threads=1
  trains_on moving
  stop KILL moving
  expect_end 137 moving
  # It says what it tries in vain.
  hear follower "127.0.0.2:$port: cannot be reached"
  echo "127.0.0.3 nash-test" >"$work/hosts"
  coordinator moving --resume --listen="tcp://127.0.0.3:$port"
  finish moving follower
}

# In containers everybody may be process 1 of a host of the same name.
names_are_unique() {
  local contained=(unshare -rpf --kill-child) endpoint i
  if ! "${contained[@]}" true 2>/dev/null; then
    echo "SKIPPED: unique names: no process namespaces"
    return
  fi
  expect_exit 0 "$keygen" --out="$keys" --name=coordinator
  expect_exit 0 "$keygen" --out="$keys" --name=all --shared
  coordinator alike --listen='tcp://127.0.0.1:*' --keys="$keys/coordinator.key" \
    --allow="$keys/all.pub"
  endpoint=$(endpoint_of alike)
  for i in 1 2; do
    begin "pod-$i" "${contained[@]}" "$worker" --coordinator="$endpoint" --threads=1 \
      --keys="$keys/all.key" --coordinator_key="$keys/coordinator.pub"
  done
  hear pod-1 "worker $(uname -n)/1-"
  hear pod-2 "worker $(uname -n)/1-"
  hear alike "2 workers"
  trains_on alike
  # Neither has taken the other's place.
  finish alike pod-1 pod-2
}

# Far more than there are descriptors for, and always new ones.
strangers_take_no_descriptors() {
  local endpoint
  begin flooded bash -c 'ulimit -n 300 && exec "$@"' - "$train" --config="$config" \
    --out="$work/flooded" --listen='tcp://127.0.0.1:*' --threads=1 --report_every=0.05
  endpoint=$(endpoint_of flooded)
  begin early "$worker" --coordinator="$endpoint" --threads=1
  trains_on flooded
  cat >"$work/strangers.py" <<'PY'
import resource, socket, sys, time
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
count = min(2000, hard - 50)
files = []
while True:
    while len(files) < count:
        file = socket.socket()
        file.setblocking(False)
        file.connect_ex(("127.0.0.1", int(sys.argv[1])))
        files.append(file)
    print("all there", flush=True)
    time.sleep(0.5)
    for file in files[:100]:
        file.close()
    del files[:100]
PY
  begin strangers python3 "$work/strangers.py" "${endpoint##*:}"
  wait_for "all there" "$work/strangers.out" "${pid_of[strangers]}"
  trains_on flooded
  begin late "$worker" --coordinator="$endpoint" --threads=1
  hear flooded "2 workers" "ended a connection from 127.0.0.1"
  trains_on flooded
  # It says so once in a while, and not each time.
  (($(grep -c "ended a connection" "$work/flooded.err") < 10)) || fail "strangers fill the log"
  ! grep -q "Too many open files" "$work/flooded.err" || fail "rounds wanted for descriptors"
  stop KILL strangers
  expect_end 137 strangers
  # A connection that was ended among theirs is there again: the longest pause is of two seconds.
  sleep 3
  finish flooded early late
}

# What libzmq would end the process for.
limits_are_looked_at_first() {
  local files
  for files in 8 12 40; do
    expect_exit 6 bash -c 'ulimit -n "$0" && exec "$@"' "$files" "$worker" --coordinator="$ipc"
    expect_message "more files can be opened" "ulimit -n"
  done
  for files in 24 40; do
    expect_exit 6 bash -c 'ulimit -n "$0" && exec "$@"' "$files" "$train" --config="$config" \
      --out="$work/few" --listen="$ipc"
    expect_message "ulimit -n"
  done
  expect_exit 6 bash -c 'ulimit -v 60000 && exec "$@"' - "$worker" --coordinator="$ipc"
  expect_message "address space" "ulimit -v"
}

every_address_of_a_name_is_tried
a_name_may_move
names_are_unique
strangers_take_no_descriptors
limits_are_looked_at_first
