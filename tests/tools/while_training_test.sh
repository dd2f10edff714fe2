#!/usr/bin/env bash
# A run that is measured while it trains: it ends where its bound is low enough, what it says of its
# measurements is true, and its bytes are those of a run that is not measured.
source tests/tools/expect.sh

# measurements FILE: a line for each, "round kind chips half_width".
measurements() {
  python3 - "$1" <<'PY'
import json, sys
for line in open(sys.argv[1]):
    e = json.loads(line).get("evaluation")
    if e:
        assert e["seconds"] > 0 and e["iterations"] == 3200 * e["round"], e
        print(e["round"], e["kind"], e["chips"], e["half_width_95"])
PY
}

# Flags for rounds of 3200 iterations: far more measurements than anybody would want.
often=(--threads=1 --checkpoint_every=0.1 --report_every=0.1 --evaluate_every=0.1 --evaluate_share=1)

# a_run_ends_at_its_bound NAME FLAGS...: it would train for days.
a_run_ends_at_its_bound() {
  local run=$work/$1
  shift
  leduc_config "$work/leduc.yaml" 100 64000000000
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$run" "${often[@]}" \
    --until_exploitability=0.05 "$@"
  expect_message "evaluate nashconv says" "--until_exploitability=0.05 is reached"
  local lines
  lines=$(measurements "$run/metrics.jsonl")
  python3 - "$lines" 2>"$err_file" <<'PY' || fail "measurements of $run: $lines"
import sys
lines = [line.split() for line in sys.argv[1].splitlines()]
rounds = [int(line[0]) for line in lines]
assert rounds == sorted(set(rounds)) and rounds, lines
assert all(line[1] == "nashconv" and float(line[3]) == 0 for line in lines), lines
values = [float(line[2]) for line in lines]
assert values[-1] <= 0.05 and all(value > 0.05 for value in values[:-1]), lines
PY
  [ ! -e "$run/measured" ] || fail "links to a checkpoint were left behind"
  # Trained again without: to the measured round, then to the last.
  local round value last
  read -r round _ value _ <<<"$(tail -1 <<<"$lines")"
  last=$(ls "$run/checkpoints" | tail -1)
  local again=("$train" --config="$work/leduc.yaml" --out="$run-again" --threads=1 --resume)
  expect_exit 0 "${again[@]}" --rounds="$round"
  grep -q evaluation "$run-again/metrics.jsonl" && fail "nobody asked for a measurement"
  expect_exit 0 "$evaluate" nashconv "$run-again" --json
  python3 - "$out_file" "$value" 2>"$err_file" <<'PY' || fail "round $round is said to have $value"
import json, sys
assert abs(json.load(open(sys.argv[1]))["exploitability"] - float(sys.argv[2])) < 1e-12
PY
  expect_exit 0 "${again[@]}" --rounds="$((10#${last#round-}))"
  diff -r "$run/checkpoints/$last" "$run-again/checkpoints/$last" ||
    fail "measuring changes the run"
}

# A measurement that fails is told of, and the run goes on.
failures_harm_nothing() {
  leduc_config "$work/leduc.yaml" 100 64000000000
  "$train" --config="$work/leduc.yaml" --out="$work/failing" "${often[@]}" \
    --evaluate="nashconv --boards=1" >"$out_file" 2>"$err_file" &
  local pid=$! code=0
  wait_for "correct --evaluate" "$err_file" "$pid"
  kill -INT "$pid"
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] || fail "stopped: expected exit code 0, found $code"
  expect_message "warning: round" "ended with code 2"
  expect_exit 0 "$inspect" verify "$work/failing"
  # Nothing but this program in its folder, where it runs at all (libraries lie beside it).
  mkdir "$work/lonely"
  cp -L "$train" "$work/lonely/train_blueprint"
  if "$work/lonely/train_blueprint" --version >/dev/null 2>&1; then
    expect_exit 3 "$work/lonely/train_blueprint" --config="$work/leduc.yaml" --out="$work/x" \
      --evaluate_every=1
    expect_one_line
    expect_message "lonely/evaluate" "needs the program evaluate"
  fi
  local flags text
  while read -r code flags text; do
    expect_exit "$code" "$train" --config="$work/leduc.yaml" --out="$work/x" ${flags//,/ }
    expect_one_line
    expect_message "$text"
  done <<'REFUSALS'
2 --evaluate=lbr give --evaluate_every
2 --until_exploitability=1 give --evaluate_every
2 --evaluate_every=-1 must be a number of seconds
2 --evaluate_every=1,--evaluate_share=0 above 0, to 1
2 --evaluate_every=1,--until_exploitability=0 give chips above 0
2 --evaluate_every=1,--evaluate=match begin with nashconv, lbr or exploit
REFUSALS
}

a_run_ends_at_its_bound single
a_run_ends_at_its_bound cluster --local_workers=1
failures_harm_nothing
