#!/usr/bin/env bash
# train_blueprint --plan: counted by hand, by what a run then is, and refused where it makes no sense.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 64000

counts_are_the_runs() {
  expect_exit 0 "$train" --plan --config="$work/leduc.yaml" --out="$work/planned" --threads=1 \
    --calibrate=0.2 --hosts=5 --json
  mv "$out_file" "$work/plan.json"
  [ ! -e "$work/planned" ] || fail "a plan made a folder"
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --threads=1
  expect_exit 0 "$inspect" summary "$work/leduc" --json
  python3 - "$work/plan.json" "$out_file" 2>"$err_file" <<'PY' || fail "counts"
import json, sys
plan, summary = (json.load(open(path)) for path in sys.argv[1:])
assert plan["run_fingerprint"] == summary["run_fingerprint"]
assert plan["infosets"] == summary["infosets"] == 288
assert sum(s["nodes"] for s in plan["streets"]) == summary["nodes"]
assert plan["disk"]["checkpoint_bytes"] == summary["table_bytes"]
# By hand: 3 cards before the flop, 9 pairs of cards after it. Before it there are the decisions of c,
# r, rr and no more raises, each with fold, call, raise as far as the rules allow.
first, flop = plan["streets"]
assert (first["nodes"], first["buckets"], first["infosets"], first["slots"]) == (6, 3, 18, 42), first
assert (flop["nodes"], flop["buckets"], flop["infosets"], flop["slots"]) == (30, 9, 270, 630), flop
assert [f["workers"] for f in plan["forecasts"]] == [0, 1, 2, 4, 5]
alone = plan["forecasts"][0]
assert plan["iterations"] == 64000 and plan["visits"] == 1000
assert abs(alone["seconds_to_iterations"] * alone["iterations_per_s"] - 64000) < 1e-3
assert abs(alone["seconds_to_visits"] * alone["touches_per_s"] - 1000 * 288) < 1e-3
# A round's time is that of its batches and its end.
calibration = plan["calibration"]
assert abs(alone["round_s"] - 100 * calibration["batch_seconds"] - calibration["round_end_seconds"]) < 1e-9
assert calibration["deals_per_batch"] == 32, calibration
# In a batch each deal is walked once for each player: Leduc has 36 decisions, and no walk sees more.
assert 32 * 2 < calibration["touches_per_batch"] <= 32 * 2 * 36, calibration
assert plan["memory"]["one_process"]["fits"] and "remedy" not in plan
PY
  # What a plan printed is what a run takes, within what a busy machine leaves of it.
  python3 - "$work/plan.json" "$work/leduc/metrics.jsonl" 2>"$err_file" <<'PY' || fail "memory"
import json, sys
plan = json.load(open(sys.argv[1]))["memory"]["one_process"]
resident = json.loads(open(sys.argv[2]).read().splitlines()[-1])["resident_bytes"]
assert 0.5 * resident < plan["bytes"] < 2 * resident, (plan, resident)
PY
}

# A definition that fits nowhere: still counted, with what would fit. A limit on memory makes it so.
what_does_not_fit() {
  holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 2
  sed -i 's/numRounds = 1/numRounds = 2/; s/^firstPlayer.*/firstPlayer = 2 1/; s/numBoardCards = 0/numBoardCards = 0 3/' \
    "$work/preflop.game"
  sed -i 's/^menu.*/menu: {preflop: {sizes: [[0.5pot, pot, allin]]}, flop: {sizes: [[0.5pot, pot, 2pot, allin]]}}/; s/^abstraction.*/abstraction: {preflop: lossless, flop: lossless}/' \
    "$work/preflop.yaml"
  expect_exit 0 "$train" --plan --config="$work/preflop.yaml" --calibrate=0 --threads=1
  grep -qE '^flop .* 1286792 ' "$out_file" || fail "the flop's lossless classes are 1,286,792"
  grep -q "^times" "$out_file" && fail "times without a calibration"
  (
    ulimit -v 1500000
    "$train" --plan --config="$work/preflop.yaml" --threads=1
  ) >"$out_file" 2>"$err_file" || fail "a plan of what does not fit"
  grep -q "it would fit\|leave bet sizes out" "$out_file" || fail "no remedy"
  grep -q "does not fit here" "$out_file" || fail "no word that it does not fit"
}

nonsense() {
  local flags text
  while read -r flags text; do
    expect_exit 2 "$train" --config="$work/leduc.yaml" --out="$work/planned" ${flags//,/ }
    expect_message "$text"
  done <<'REFUSALS'
--plan,--hosts=0 --hosts=0
--plan,--bandwidth=-1 --bandwidth=-1
--plan,--visits=0 --visits=0
--plan,--calibrate=nan --calibrate=nan
--hosts=3 --hosts: goes with --plan
--bandwidth=3 --bandwidth: goes with --plan or with round.batches: auto
--json --json: goes with --plan
REFUSALS
  expect_exit 3 "$train" --plan --config="$work/leduc.yaml" --calibrate=0.1 --costs="$work/none.json"
  expect_exit 3 "$train" --plan --config="$work/none.yaml"
  [ ! -e "$work/planned" ] || fail "something was made"
}

# `batches: auto` is a number before the run begins, and the run is that number's.
batches_are_chosen_once() {
  local auto=(--set=round.batches=auto --set=round.units=2 --threads=1 --rounds=3)
  # Periods that are multiples of many powers of two.
  sed 's/every: [0-9]*/every: 4194304/; s/^iterations:.*/iterations: 4294967296/' "$work/leduc.yaml" \
    >"$work/auto.yaml"
  expect_exit 2 "$train" --config="$work/auto.yaml" "${auto[@]}" --out="$work/auto" --calibrate=0
  expect_message "round.batches: auto needs times"
  [ ! -e "$work/auto/run.yaml" ] || fail "a run has begun that has no batches"
  expect_exit 0 "$train" --config="$work/auto.yaml" "${auto[@]}" --out="$work/auto" --calibrate=0.5
  local batches
  batches=$(sed -nE 's/^round: .*batches: ([0-9]+),.*/\1/p' "$work/auto/run.yaml")
  grep -q "round.batches: auto: $batches, units of " "$err_file" || fail "not told: $batches"
  # Gone on with, it stays what it was, whatever a calibration would say now.
  expect_exit 0 "$train" --config="$work/auto.yaml" "${auto[@]/rounds=3/rounds=5}" \
    --out="$work/auto" --resume --calibrate=0.1 --bandwidth=0.001
  grep -q "round.batches: auto" "$err_file" && fail "it was chosen again"
  expect_exit 0 "$train" --config="$work/auto.yaml" --set=round.batches="$batches" \
    --set=round.units=2 --threads=1 --rounds=5 --out="$work/by_hand"
  cmp "$(newest "$work/auto")/chunk-00000" "$(newest "$work/by_hand")/chunk-00000" ||
    fail "another run than that of the number"
}

counts_are_the_runs
what_does_not_fit
nonsense
batches_are_chosen_once
