#!/usr/bin/env bash
# A run from start to end: what it leaves behind, and that no flag changes a byte of it.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 64000

files_are_there() {
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/one" --threads=1 \
    --report_every=0 --checkpoint_every=0
  local file
  for file in run.yaml metrics.jsonl lock; do
    [ -f "$work/one/$file" ] || fail "$file is not in the run's folder"
  done
  [ "$(basename "$(newest "$work/one")")" = round-0000000020 ] || fail "expected 20 rounds"
  ! grep -q "try next" "$out_file" || fail "a log has no use for hints"
  expect_exit 0 "$inspect" verify "$work/one"
}

metrics_are_json() {
  python3 - "$work/one/metrics.jsonl" 2>"$err_file" <<'PY' || fail "metrics.jsonl"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) == 20, len(lines)  # --report_every=0: one a round
names = {"unix_time", "seconds", "run_seconds", "rounds", "iterations", "touches", "iterations_per_s", "touches_per_s",
         "waiting_share", "lookup_waiting_share", "device_deals_share", "infosets_reached_share", "resident_bytes", "threads"}
for line in lines:
    assert names <= set(line), line
    assert line["threads"] == 1, line
    assert 0 <= line["waiting_share"] <= 1, line
    # One thread prepares its batches itself, so that it waits for each.
    assert 0 < line["lookup_waiting_share"] <= 1, line
    assert line["device_deals_share"] == 0, line
    assert line["resident_bytes"] > 0, line
assert [line["rounds"] for line in lines] == list(range(1, 21)), lines
assert [line["iterations"] for line in lines] == [3200 * r for r in range(1, 21)], lines
assert lines[-1]["infosets_reached_share"] == 1, lines[-1]
PY
}

# Whole rounds are run: 64,001 iterations take 21 rounds, and the line says 100%.
the_progress_ends_at_its_target() {
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/whole" --threads=1 \
    --iterations=64001
  [ "$(basename "$(newest "$work/whole")")" = round-0000000021 ] || fail "expected 21 rounds"
  expect_message "100.0%  "
}

flags_change_no_byte() {
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/two" --threads=2 \
    --report_every=100 --checkpoint_every=0.02
  diff -r "$(newest "$work/one")" "$(newest "$work/two")" >"$out_file" ||
    fail "one thread and two gave other bytes"
  diff "$work/one/run.yaml" "$work/two/run.yaml" >"$out_file" || fail "run.yaml differs"
  # The comparison can fail: another seed is another run.
  leduc_config "$work/other.yaml" 100 64000 2
  expect_exit 0 "$train" --config="$work/other.yaml" --out="$work/other" --threads=1
  ! cmp -s "$(newest "$work/one")/chunk-00000" "$(newest "$work/other")/chunk-00000" ||
    fail "two seeds gave the same bytes"
}

run_yaml_is_a_config() {
  expect_exit 0 "$train" --config="$work/one/run.yaml" --out="$work/again" --threads=1
  diff -r "$(newest "$work/one")" "$(newest "$work/again")" >"$out_file" ||
    fail "run.yaml is another run"
}

# Runs a program on a terminal of its own: there it says what to try next.
on_terminal() {
  python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@" </dev/null
}

# The commands of "What to try next" work when they are pasted.
paths_are_quoted() {
  local odd="$work/it's a folder; \$x"
  mkdir "$odd"
  cp "$work/leduc.yaml" "$work/leduc_2p.game" "$odd"
  expect_exit 0 on_terminal "$train" --config="$odd/leduc.yaml" --out="$odd/run" --threads=1
  tr -d '\r' <"$out_file" | sed -n 's,^  \(tools/\)\(dev run \)\?,\1,p' >"$work/pasted"
  [ "$(wc -l <"$work/pasted")" -eq 3 ] || fail "expected three commands"
  expect_exit 0 bash -eu "$work/pasted"
  [ "$(basename "$(newest "$odd/run")")" = round-0000000040 ] || fail "it was not trained on"
}

time_budgets_end_a_run() {
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/budget" --threads=1 \
    --time_budget=0.000000001
  [ "$(basename "$(newest "$work/budget")")" = round-0000000000 ] || fail "expected no round"
}

# On a terminal; what it says is run as it is printed, by a shell.
hints_work_when_pasted() {
  local command place=$work/"a place"
  script -qec "$PWD/$train --config='$work/leduc.yaml' --out='$place' --threads=1 --rounds=2 \
    --bucket_cache='$work/cache'" /dev/null >"$out_file" 2>&1 || fail "it does not run on a terminal"
  ! grep -qE '^[IW][0-9]{8} ' "$out_file" || fail "a person needs no times"
  command=$(grep -A 1 "Twice as long" "$out_file" | tail -n 1 | tr -d '\r')
  [[ $command == *--bucket_cache=$work/cache* ]] || fail "a flag is missing in: $command"
  expect_exit 0 bash -c "$command"
  [ "$(basename "$(newest "$place")")" = round-0000000004 ] || fail "twice 2 rounds are 4"
  cp "$out_file" "$err_file"
  script -qec "$PWD/$train --config='$work/leduc.yaml' --out='$place' --threads=1 --resume --rounds=4" \
    /dev/null >"$out_file" 2>&1
  command=$(grep "inspect_checkpoint summary" "$out_file" | tr -d '\r')
  expect_exit 0 bash -c "$command"
  grep -q "round" "$out_file" || fail "no summary"
}

files_are_there
hints_work_when_pasted
metrics_are_json
the_progress_ends_at_its_target
flags_change_no_byte
run_yaml_is_a_config
paths_are_quoted
time_budgets_end_a_run
