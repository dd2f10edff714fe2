#!/usr/bin/env bash
# Clusters of real processes end with the bytes of one process, whoever takes part.
source tests/tools/expect.sh
source tests/tools/cluster.sh

leduc_rounds "$work/leduc.yaml" 100
holdem_rounds "$work/holdem.yaml" 20
lag_rounds "$work/lag.yaml" 100
public_rounds "$work/public.yaml" 100
many_sections "$work/sections.yaml" 40

# train_with COUNT NAME: COUNT workers train $config to its end, in $work/NAME.
train_with() {
  local i names=()
  coordinator "$2"
  workers "$1"
  for ((i = 1; i <= $1; ++i)); do names+=("worker-$i"); done
  expect_end 0 "$2" "${names[@]}"
  expect_same "$2"
  [ "$(ls "$work/$2/checkpoints")" = round-0000000100 ] || fail "it came elsewhere"
}

any_number_of_workers() {
  local count config
  config=$work/leduc.yaml
  for count in 1 2 4 8; do train_with "$count" "leduc-$count"; done
  # The coordinator's process audits it, and nothing is waived.
  cp "$work/leduc-1.err" "$err_file"
  grep -q "one worker alone is there" "$err_file" || fail "nobody audits a lone worker"
  ! grep -q "waived" "$err_file" || fail "a lone worker's audits are waived"
  config=$work/lag.yaml  # rounds that do not wait for each other
  for count in 1 3 5; do train_with "$count" "lag-$count"; done
  config=$work/public.yaml
  for count in 1 3; do train_with "$count" "public-$count"; done
}

# Of 100 rounds of four units.
metrics_tell_what_workers_sent() {
  python3 - "$work/leduc-2/metrics.jsonl" 2>"$err_file" <<'PY' || fail "metrics.jsonl"
import json, sys
last = json.loads(open(sys.argv[1]).readlines()[-1])
counters = last["coordinator"]
assert counters["rounds_audited"] >= 1, last  # the last one, and those that were drawn
assert counters["units_done"] == 400 + 4 * counters["rounds_audited"], last
assert counters["audits_waived"] == 0, last
# 288 rows of up to three actions, of which a unit changes most, at 1 to 8 bytes a value.
assert 400 * 288 < counters["part_bytes_taken"] < 400 * 288 * 6 * 8, last
PY
}

workers_in_the_coordinators_process() {
  config=$work/leduc.yaml
  # Without --listen there is no socket at all.
  expect_exit 0 "$train" --config="$config" --out="$work/local" --local_workers=3 --threads=2
  expect_same local
  coordinator mixed --local_workers=1
  workers 2
  expect_end 0 mixed worker-1 worker-2
  expect_same mixed
}

# While others come, whenever the coordinator is idle: in some of 40 rounds.
sections_are_added_up() {
  config=$work/sections.yaml
  expect_exit 0 "$train" --config="$config" --out="$work/sections" --local_workers=2 --threads=1 \
    --bucket_cache="$work/cache"
  expect_same sections
  python3 - "$work/sections/metrics.jsonl" 2>"$err_file" <<'PY' || fail "metrics.jsonl"
import json, sys
last = json.loads(open(sys.argv[1]).readlines()[-1])
assert 0 < last["coordinator"]["sections_summed"] <= 40 * 4, last
# Rows of units' parts are counted once, whether they were added up early or late.
assert 0.6 < last["rows_overlap_share"] < 1 - 1 / 8 + 1e-9, last
PY
}

# Results of all units are compared.
audits() {
  coordinator audited --audit_fraction=1
  workers 3
  expect_end 0 audited worker-1 worker-2 worker-3
  expect_same audited
  ! grep -q "shut out" "$err_file" || fail "honest workers were shut out"
}

# Over TCP; the worker has no bucket file and no game file. It is alone, so that it must take part
# however late it comes.
bucket_files_are_sent() {
  config=$work/holdem.yaml
  begin tcp "$train" --config="$config" --out="$work/tcp" --listen='tcp://127.0.0.1:*' \
    --threads=1 --bucket_cache="$work/cache"
  hear tcp "listening on"
  local endpoint
  endpoint=$(grep -oP 'listening on \K[^,]+' "$work/tcp.err")
  # What a worker that was killed has left of a file goes.
  mkdir "$work/empty"
  echo half >"$work/empty/receiving.$(uname -n | cut -c-32)-1-0.partial"
  begin remote "$worker" --coordinator="$endpoint" --threads=2 --bucket_cache="$work/empty"
  expect_end 0 remote
  grep -q " [1-9][0-9]* rounds followed" "$work/remote.err" || fail "it took no part"
  expect_end 0 tcp
  expect_same tcp
  diff -r "$work/cache" "$work/empty" >"$out_file" || fail "other files than those that were sent"
  ! grep -q "flop buckets" "$work/remote.err" || fail "it built what it should have been sent"
}

any_number_of_workers
metrics_tell_what_workers_sent
workers_in_the_coordinators_process
audits
bucket_files_are_sent
sections_are_added_up
