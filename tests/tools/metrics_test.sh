#!/usr/bin/env bash
# The figures of a run over HTTP, while it trains.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 6400

# scraped NAME [FLAGS]: a run of three seconds is scraped, by a parser of the test's own.
scraped() {
  local name=$1 port trainer
  port=$(python3 tests/tools/free_port.py)
  "$train" --config="$work/leduc.yaml" --out="$work/$name" --threads=1 --time_budget=3 \
    --report_every=0.5 --metrics_address="$port" "${@:2}" >"$work/$name.log" 2>&1 &
  trainer=$!
  python3 tests/tools/scrape_metrics.py "$port" "$work/$name/metrics.jsonl" ||
    fail "$name: $(cat "$work/$name.log")"
  kill -INT "$trainer"
  wait "$trainer" || true
}

ports_in_use_are_told_of() {
  local port=$1
  expect_exit 8 "$train" --config="$work/leduc.yaml" --out="$work/second" --metrics_address="$port"
  expect_message "--metrics_address=$port" "in use"
  expect_one_line
  [ ! -e "$work/second" ] || fail "a folder was made"
}

senseless_addresses_are_refused() {
  for address in nowhere 127.0.0.1: 127.0.0.1:0 127.0.0.1:65536 192.0.2.1:9464; do
    expect_exit 2 "$train" --config="$work/leduc.yaml" --out="$work/x" --metrics_address="$address"
    expect_message "--metrics_address=$address"
    expect_one_line
  done
}

event_files_have_every_figure() {
  "$train" --config="$work/leduc.yaml" --out="$work/board" --time_budget="$patience" --report_every=0.1 \
    --tensorboard="$work/events/board" >"$out_file" 2>&1
  python3 tests/tools/read_events.py "$work/events/board" "$work/board/metrics.jsonl" ||
    fail "TensorBoard's events are not those of metrics.jsonl"
  "$train" --config="$work/leduc.yaml" --out="$work/board" --time_budget="$patience" --report_every=0.1 --resume \
    --tensorboard="$work/events/board" >"$out_file" 2>&1
  python3 tests/tools/read_events.py "$work/events/board" "$work/board/metrics.jsonl" ||
    fail "not after a resume"
  : >"$work/file"
  expect_exit 2 "$train" --config="$work/leduc.yaml" --out="$work/z" --tensorboard="$work/file"
  expect_message "--tensorboard" "$work/file"
  expect_one_line
  [ ! -e "$work/z" ] || fail "a folder was made"
}

# A worker serves its own, and its coordinator shows what it tells.
workers_have_figures() {
  local port trainer worker socket
  port=$(python3 tests/tools/free_port.py)
  socket=$(mktemp -u /tmp/metrics.XXXXXX)  # paths of sockets must be short
  "$train" --config=configs/leduc_cluster.yaml --out="$work/master" --threads=1 --time_budget=30 \
    --report_every=0.5 --listen="ipc://$socket" >"$work/master.log" 2>&1 &
  trainer=$!
  tools/worker --coordinator="ipc://$socket" --threads=1 --metrics_address="$port" \
    >"$work/worker.log" 2>&1 &
  worker=$!
  python3 tests/tools/scrape_metrics.py "$port" "$work/master/metrics.jsonl" worker ||
    fail "a worker's figures: $(cat "$work/worker.log" "$work/master.log")"
  kill -INT "$trainer"
  wait "$trainer" "$worker" || true
}

figures_change_no_byte() {
  "$train" --config="$work/leduc.yaml" --out="$work/plain" --rounds=20 >"$out_file" 2>&1
  "$train" --config="$work/leduc.yaml" --out="$work/watched" --rounds=20 \
    --metrics_address="$(python3 tests/tools/free_port.py)" --tensorboard="$work/watched-board" >"$out_file" 2>&1
  diff -r "$work/plain/checkpoints" "$work/watched/checkpoints" >"$out_file" || fail "other bytes"
}

scraped alone
scraped cluster --local_workers=1
workers_have_figures
senseless_addresses_are_refused
figures_change_no_byte
event_files_have_every_figure
python3 -c '
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); time.sleep(20)' >"$work/port" &
holder=$!
until [ -s "$work/port" ]; do sleep 0.02; done
ports_in_use_are_told_of "$(cat "$work/port")"
kill "$holder"
