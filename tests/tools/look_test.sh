#!/usr/bin/env bash
# What inspect_checkpoint shows beside summaries: ranges, trees, regrets, differences.
source tests/tools/expect.sh

look() { python3 tests/tools/look.py "$@" 2>"$err_file" || fail "look.py $*"; }

leduc_config "$work/leduc.yaml" 100 9600
leduc_config "$work/other.yaml" 100 9600 2
holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 2
cp configs/games/kuhn_3p.game "$work"
cat >"$work/kuhn_3p.yaml" <<'YAML'
name: kuhn_3p
game: kuhn_3p.game
abstraction: {preflop: lossless}
algorithm: {quantum: 0.001, regret_floor: -5}
round: {batches: 100, deals: 24}
iterations: 4800
YAML
cp tests/device/flop.game "$work"
cat >"$work/flop.yaml" <<'YAML'
name: flop
game: flop.game
abstraction: {preflop: lossless, flop: {kind: ehs, buckets: 20}}
algorithm: {quantum: 0.1}
round: {batches: 8, deals: 1024}
iterations: 16384
YAML
export XDG_CACHE_HOME=$work/cache
for run in leduc other preflop kuhn_3p flop; do
  expect_exit 0 "$train" --config="$work/$run.yaml" --out="$work/$run" --threads=1
  expect_exit 0 "$inspect" policy "$work/$run"
  mv "$out_file" "$work/$run.csv"
done

# to_json FILE ARGUMENTS...: what the subcommand prints with --json.
to_json() {
  local file=$1
  shift
  expect_exit 0 "$inspect" "$@" --json
  mv "$out_file" "$file"
}

trees_agree_with_every_deal_played() {
  local run
  for run in leduc kuhn_3p; do
    to_json "$work/tree.json" tree "$work/$run" --min_reach=0
    look tree $run "$work/$run.csv" "$work/tree.json"
  done
  expect_exit 0 "$inspect" tree "$work/leduc" --depth=0 --betting=crc/
  [ "$(grep -c %: "$out_file")" -eq 0 ] && [ "$(wc -l <"$out_file")" -eq 2 ] || fail "--depth=0"
  expect_exit 0 "$inspect" tree "$work/flop" --deals=500
  grep -q "over 500 deals" "$out_file" || fail "says not over how many deals"
}

differences_agree_with_every_deal_played() {
  to_json "$work/diff.json" diff "$work/leduc" "$work/other" --top=30
  look diff leduc "$work/leduc.csv" "$work/other.csv" "$work/diff.json"
  to_json "$work/diff.json" diff "$work/leduc" "$work/leduc"
  python3 - "$work/diff.json" 2>"$err_file" <<'PY' || fail "a run differs from itself"
import json, sys
told = json.load(open(sys.argv[1]))
assert told["same_state"] and not told["largest"], told
assert all(s["total_variation"] == 0 and s["decisions_a_hand"] > 0 for s in told["streets"]), told
PY
  expect_exit 0 "$inspect" diff "$work/leduc" "$work/other"
  grep -q "where they differ most" "$out_file" || fail "names nothing"
  expect_exit 5 "$inspect" diff "$work/leduc" "$work/kuhn_3p"
  expect_message "of another game" "$work/kuhn_3p"
  expect_one_line
  expect_exit 2 "$inspect" diff "$work/leduc"
}

ranges_agree_with_the_lines_of_policy() {
  local flags
  for flags in "--betting=cr" "--betting=cr --seat=1" "--betting=crc/r --board=Qs" \
    "--betting=crc/r --board=Kh --seat=0"; do
    to_json "$work/range.json" range "$work/leduc" $flags
    look range leduc "$work/leduc.csv" "$work/range.json"
  done
  for flags in "--betting=cr" "--betting=crf --seat=1" "--betting=crf --seat=0"; do
    to_json "$work/range.json" range "$work/kuhn_3p" $flags
    look range kuhn_3p "$work/kuhn_3p.csv" "$work/range.json"
  done
  expect_exit 2 "$inspect" range "$work/leduc" --seat=2
  expect_message "--seat=2" "0 to 1"
  expect_exit 2 "$inspect" range "$work/leduc" --format=xml
}

regrets_are_counted() {
  local run
  for run in leduc:0.001 kuhn_3p:0.001 flop:0.1; do
    to_json "$work/regrets.json" regrets "$work/${run%:*}"
    look regrets "${run#*:}" "$work/${run%:*}.csv" "$work/regrets.json"
  done
  expect_exit 0 "$inspect" regrets "$work/flop"
  grep -q "never visited" "$out_file" || fail "no table"
}

# The counts are the field's: 6 hands of a pair, 4 suited, 12 offsuit.
range_notation() {
  local range expected
  while read -r range expected; do
    expect_exit 0 "$inspect" policy "$work/preflop" --range="$range" --json
    python3 - "$out_file" "$expected" 2>"$err_file" <<'PY' || fail "--range=$range"
import json, sys
hands = json.load(open(sys.argv[1]))["hands"]
assert abs(sum(h["weight"] for h in hands) - float(sys.argv[2])) < 1e-9, len(hands)
PY
  done <<'RANGES'
22+ 78
QQ-99 24
99-QQ 24
AA 6
AKs 4
AKo 12
KA 16
A5s+ 36
A9s-A5s 20
KTo+ 36
AhKd 1
KdAh 1
any 1326
any,AA:0 1320
22+:0.5,AA 42
AKs:0.25,AhKh:1 1.75
22+,A5s+,KTo+,AhKd 151
RANGES
  local bad
  for bad in "" "AKx" "22+-33" "QQ-AKs" "AKs:2" "AKs:" "AsAs" "Ah" "A" "AKs,,QQ" $'\xff\n'; do
    expect_exit 2 "$inspect" policy "$work/preflop" --range="$bad"
    expect_message "--range" "as 22+"
    expect_one_line
  done
  expect_exit 2 "$inspect" policy "$work/leduc" --range=2
  expect_message "not in this deck"
  expect_exit 2 "$inspect" policy "$work/preflop" --range=AA --hand=AhAd
  expect_exit 2 "$inspect" policy "$work/preflop" --same_bucket
}

# A range that `range` prints is one that --range takes: weighted so, the mean is that of reach.
ranges_go_round() {
  local flags="--betting=rc/c --board=Th9h2c"
  expect_exit 0 "$inspect" range "$work/flop" $flags --format=range
  local range
  range=$(cat "$out_file")
  to_json "$work/by_reach.json" policy "$work/flop" $flags
  to_json "$work/by_range.json" policy "$work/flop" $flags --range="$range"
  to_json "$work/bucket.json" policy "$work/flop" $flags --hand=AhKd --same_bucket
  python3 - "$work" "$work/flop.csv" 2>"$err_file" <<'PY' || fail "ranges of a bucketed street"
import csv, json, sys
work = sys.argv[1]
reach, ranged, bucket = (json.load(open(f"{work}/{n}.json"))
                         for n in ("by_reach", "by_range", "bucket"))
assert len(reach["hands"]) == 49 * 48 // 2, len(reach["hands"])
assert all(abs(a - b) < 1e-5 for a, b in zip(reach["mean"], ranged["mean"])), (reach["mean"], ranged["mean"])
# A bucket's hands are those that share its number, and all are played as its lines say.
number = next(h["bucket"] for h in reach["hands"] if h["hand"] == "AhKd")
mates = [h["hand"] for h in reach["hands"] if h["bucket"] == number]
assert [h["hand"] for h in bucket["hands"]] == mates and len(mates) > 5, (number, mates)
lines = [r for r in csv.DictReader(open(sys.argv[2]))
         if r["betting"] == reach["betting"] and r["hand"] == str(number)]
for hand in bucket["hands"]:
    for line, probability in zip(lines, hand["probabilities"]):
        assert abs(float(line["probability"]) - probability) < 1e-8, (line, hand)
PY
}

# A JSON object for each infoset says what the lines of the CSV say.
whole_policies_as_json() {
  expect_exit 0 "$inspect" policy "$work/leduc" --format=jsonl
  python3 - "$out_file" "$work/leduc.csv" 2>"$err_file" <<'PY' || fail "--format=jsonl"
import csv, json, sys
flat = []
for line in open(sys.argv[1]):
    row = json.loads(line)
    flat += [(row["betting"], row["hand"], a["name"], a["probability"], a["regret"],
              a["strategy_sum"]) for a in row["actions"]]
lines = [(r["betting"], r["hand"], r["action"], float(r["probability"]), float(r["regret"]),
          float(r["strategy_sum"])) for r in csv.DictReader(open(sys.argv[2]))]
assert len(flat) == len(lines) == 14 * (3 + 5 * 9), len(flat)
for a, b in zip(flat, lines):
    assert a[:3] == b[:3] and abs(a[3] - b[3]) < 1e-8 and a[4:] == b[4:], (a, b)
PY
}

trees_agree_with_every_deal_played
differences_agree_with_every_deal_played
ranges_agree_with_the_lines_of_policy
regrets_are_counted
range_notation
ranges_go_round
whole_policies_as_json
