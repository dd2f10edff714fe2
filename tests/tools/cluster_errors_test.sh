#!/usr/bin/env bash
# What goes wrong in a cluster is said in one line with the remedy, each kind with its exit code.
source tests/tools/expect.sh
source tests/tools/cluster.sh

config=$work/leduc.yaml
leduc_rounds "$config"
readonly keys=$work/keys

# expect_last_line TEXT...: the last line on stderr is the error, and holds each of them.
expect_last_line() {
  local text
  for text in "$@"; do
    tail -n 1 "$err_file" | grep -qF -- "$text" || fail "expected the last line to tell of: $text"
  done
}

# endpoint_of NAME: where it listens.
endpoint_of() {
  hear "$1" "listening on"
  grep -oP 'listening on \K[^,]+' "$work/$1.err"
}

addresses() {
  local endpoint
  coordinator open --listen='tcp://127.0.0.1:*'
  endpoint=$(endpoint_of open)
  expect_exit 8 "$train" --config="$config" --out="$work/second" --listen="$endpoint"
  expect_last_line "$endpoint" "in use" "choose another port"
  [ ! -e "$work/second/run.yaml" ] || fail "a run was begun before the port was open"
  stop TERM open
  expect_end 0 open
  expect_exit 2 "$train" --config="$config" --out="$work/plain" --listen='tcp://0.0.0.0:*'
  expect_last_line "tcp://0.0.0.0:*" "keys are needed" "tools/keygen" "--insecure"
  expect_one_line
  [ ! -e "$work/plain" ] || fail "a folder was begun before the flags were looked at"
  # A worker that passes rounds on listens as well.
  expect_exit 2 "$worker" --coordinator="$ipc" --relay_listen='tcp://192.0.2.1:*'
  expect_last_line "192.0.2.1" "keys are needed" "--insecure"
  expect_exit 2 "$worker" --coordinator="$ipc" --relay_listen='tcp://0.0.0.0:*' --insecure
  expect_last_line "--relay_listen" "the one address" "tcp://10.0.0.7:5556"
  expect_exit 2 "$worker" --coordinator="$ipc" --relay_listen='tcp://*:*' --insecure
  expect_last_line "--relay_listen=tcp://*:*" "--coordinator" "$ipc"
  expect_exit 2 "$worker" --coordinator="$ipc" --relay_listen=here
  expect_last_line "--relay_listen" "here" "tcp://HOST:PORT"
  expect_exit 2 "$train" --config="$config" --out="$work/plain" --listen="$ipc" --relay_fanout=65
  expect_last_line "--relay_fanout=65" "from 0 to 64"
  local flag
  for flag in keys=x allow=x audit_fraction=1 relay_fanout=3; do
    expect_exit 2 "$train" --config="$config" --out="$work/plain" "--$flag"
    expect_last_line "--${flag%=*}: is of a cluster" "--listen"
  done
  expect_exit 2 "$train" --config="$config" --out="$work/plain" --listen=here
  expect_last_line "here" "tcp://"
  expect_exit 2 "$worker" --coordinator=tcp://192.0.2.1:5555
  expect_last_line "192.0.2.1" "keys are needed" "tools/keygen" "--insecure"
  # .invalid is reserved (RFC 2606). Without any name server it cannot be known to be unknown.
  local found=0
  "$worker" --coordinator=tcp://nobody.invalid:5555 --insecure >"$out_file" 2>"$err_file" || found=$?
  ((found == 3 || found == 8)) || fail "expected exit code 3, or 8 without name servers: $found"
  expect_last_line "nobody.invalid" "check the n"
  expect_exit 2 "$worker"
  expect_last_line "--coordinator is missing"
}

key_files() {
  local name
  for name in coordinator one two; do
    expect_exit 0 "$keygen" --out="$keys" --name="$name"
  done
  expect_exit 9 "$keygen" --out="$keys" --name=one
  cp "$keys/one.key" "$keys/open.key"
  chmod 644 "$keys/open.key"
  expect_exit 7 "$worker" --coordinator=tcp://127.0.0.1:5555 --keys="$keys/open.key" \
    --coordinator_key="$keys/coordinator.pub"
  expect_last_line "$keys/open.key" "chmod 600"
  expect_exit 2 "$worker" --coordinator=tcp://127.0.0.1:5555 --keys="$keys/one.key"
  expect_last_line "--coordinator_key is missing"
  expect_exit 3 "$worker" --coordinator=tcp://127.0.0.1:5555 --keys="$keys/none.key" \
    --coordinator_key="$keys/coordinator.pub"
  expect_last_line "$keys/none.key"
  expect_exit 2 "$train" --config="$config" --out="$work/plain" --listen="$ipc" \
    --keys="$keys/coordinator.key"
  expect_last_line "--allow is missing"
  expect_exit 3 "$train" --config="$config" --out="$work/plain" --listen="$ipc" --resume \
    --keys="$keys/coordinator.key" --allow="$keys/none"
  expect_last_line "$keys/none"
}

# keyed NAME KEY FLAGS...: a worker.
keyed() {
  begin "$1" "$worker" --coordinator="$endpoint" --threads=1 --keys="$keys/$2.key" \
    --coordinator_key="$keys/coordinator.pub" "${@:3}"
}

wrong_and_revoked_keys() {
  local endpoint
  cat "$keys/one.pub" >"$keys/allowed"
  coordinator keyed --listen='tcp://127.0.0.1:*' --keys="$keys/coordinator.key" \
    --allow="$keys/allowed"
  endpoint=$(endpoint_of keyed)
  keyed stranger two
  keyed fooled one --coordinator_key="$keys/two.pub"
  begin plain "$worker" --coordinator="$endpoint" --threads=1
  hear stranger "the coordinator refuses this key" "add it to its allow list"
  hear fooled "no handshake" "public key is right"
  hear plain "no handshake" "both sides use keys"
  hear keyed "refused 127.0.0.1" "is not in $keys/allowed"
  stop TERM fooled plain
  expect_end 0 fooled plain
  keyed one one
  hear keyed "1 workers"
  trains_on keyed
  # The stranger is let in while all runs.
  cat "$keys/two.pub" >>"$keys/allowed"
  hear keyed "read again, 2 keys" "2 workers"
  trains_on keyed
  # And the other one shut out: it is told, and does not come back.
  cat "$keys/two.pub" >"$keys/allowed"
  expect_end 7 one
  expect_last_line "shut out" "its key was taken back"
  hear keyed "is shut out: its key was taken back"
  trains_on keyed
  keyed one one
  hear one "the coordinator refuses this key"
  # Until its key is in the list again.
  cat "$keys/one.pub" >>"$keys/allowed"
  hear one "memory: "
  trains_on keyed
  stop TERM keyed
  expect_end 0 keyed one stranger
  expect_same keyed
}

# Two workers with one key: known by their names, and revoked together.
a_shared_key() {
  local endpoint
  expect_exit 0 "$keygen" --out="$keys" --name=all --shared
  cp "$keys/all.pub" "$keys/allowed"
  coordinator shared --listen='tcp://127.0.0.1:*' --keys="$keys/coordinator.key" \
    --allow="$keys/allowed"
  endpoint=$(endpoint_of shared)
  expect_exit 2 "$worker" --coordinator="$endpoint" --name='*'
  expect_last_line "--name" "without '*'"
  keyed left all --name=left
  keyed right all --name=right
  hear shared "2 workers"
  trains_on shared
  # Somebody else of the same name takes its place; the other sharer does not mind.
  keyed twin all --name=left
  expect_end 9 left
  expect_last_line "left came with the same key" "another --name"
  trains_on shared
  : >"$keys/allowed"
  expect_end 7 right twin
  expect_last_line "shut out" "its key was taken back"
  cp "$keys/all.pub" "$keys/allowed"
  hear shared "read again, 1 keys"
  keyed right all --name=right
  trains_on shared
  stop TERM shared
  expect_end 0 shared right
  expect_same shared
  # One that is quarantined says nothing about the others.
  echo all/right >"$work/shared/quarantined"
  coordinator shared --resume --listen='tcp://127.0.0.1:*' --keys="$keys/coordinator.key" \
    --allow="$keys/allowed"
  endpoint=$(endpoint_of shared)
  keyed right all --name=right
  expect_end 7 right
  keyed left all --name=left
  trains_on shared
  stop TERM shared
  expect_end 0 shared left
  expect_same shared
}

# What a coordinator has learnt of a worker outlives it, until an operator says otherwise.
quarantine_lasts() {
  local endpoint
  cat "$keys/one.pub" "$keys/two.pub" >"$keys/allowed"
  echo one >"$work/keyed/quarantined"
  coordinator keyed --resume --listen='tcp://127.0.0.1:*' --keys="$keys/coordinator.key" \
    --allow="$keys/allowed"
  endpoint=$(endpoint_of keyed)
  grep -q "one is quarantined since an earlier start" "$work/keyed.err" || fail "it was not told"
  keyed one one
  expect_end 7 one
  expect_last_line "shut out" "an operator must let this key in again"
  cat "$keys/two.pub" >"$keys/allowed"
  hear keyed "read again, 1 keys"
  cat "$keys/one.pub" "$keys/two.pub" >"$keys/allowed"
  hear keyed "read again, 2 keys"
  keyed one one
  trains_on keyed
  [ ! -s "$work/keyed/quarantined" ] || fail "it is still listed"
  stop TERM keyed
  expect_end 0 keyed one
  expect_same keyed
}

other_definitions() {
  coordinator kept --rounds=20 --local_workers=1
  expect_end 0 kept
  sed 's/quantum: 0.001/quantum: 0.002/' "$config" >"$work/other.yaml"
  expect_exit 5 "$train" --config="$work/other.yaml" --out="$work/kept" --resume --listen="$ipc"
  expect_message "quantum" "0.001" "0.002"
  expect_same kept
}

# The worker sees a machine with 20 MB, through a /proc/meminfo of its own.
tables_that_do_not_fit() {
  printf 'MemTotal: 8000000 kB\nMemAvailable: 20000 kB\n' >"$work/meminfo"
  local narrow=(unshare -rm sh -c "mount --bind '$work/meminfo' /proc/meminfo && exec \"\$@\"" -)
  if ! "${narrow[@]}" true 2>/dev/null; then
    echo "SKIPPED: a worker with little memory: no mount namespace with a /proc/meminfo of its own"
    return
  fi
  coordinator roomy
  hear roomy "listening on"
  expect_exit 6 "${narrow[@]}" "$worker" --coordinator="$ipc" --threads=1
  expect_last_line "the run needs 0.0" "GB of memory" "0.02 GB are available" "more memory"
  # It costs the others nothing.
  workers 1
  trains_on roomy
  stop TERM roomy
  expect_end 0 roomy worker-1
  expect_same roomy
}

addresses
key_files
wrong_and_revoked_keys
quarantine_lasts
a_shared_key
other_definitions
tables_that_do_not_fit
