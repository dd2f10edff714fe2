#!/usr/bin/env bash
# What inspect_checkpoint prints.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 64000
holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 2
for run in leduc preflop; do
  expect_exit 0 "$train" --config="$work/$run.yaml" --out="$work/$run" --threads=1
done

summary_is_json() {
  expect_exit 0 "$inspect" summary "$work/leduc" --json
  python3 - "$out_file" 2>"$err_file" <<'PY' || fail "summary --json"
import json, sys
summary = json.load(open(sys.argv[1]))
assert summary["round"] == 20, summary
assert summary["iterations"] == 64000, summary
# By rank: 6 nodes of 3 hands each, and 5 lines to the second street * 6 nodes * 9 hands.
assert summary["infosets"] == summary["infosets_reached"] == 6 * 3 + 5 * 6 * 9, summary
assert len(summary["state_hash"]) == 16 and int(summary["state_hash"], 16), summary
assert len(summary["run_fingerprint"]) == 32 and int(summary["run_fingerprint"], 16), summary
# A street's 6 nodes have 2 + 3 + 2 + 2 + 3 + 2 = 14 actions (check-bet, then fold-call-raise, then
# fold-call), each with a regret and a sum of 4 bytes.
assert summary["table_bytes"] == 14 * (3 + 5 * 9) * 8, summary
PY
}

definition_is_the_run() {
  expect_exit 0 "$inspect" definition "$work/leduc"
  diff "$work/leduc/run.yaml" "$out_file" >"$err_file" || fail "definition is not run.yaml"
}

policy_is_csv() {
  expect_exit 0 "$inspect" policy "$work/leduc" --format=csv
  cp "$out_file" "$work/all.csv"
  python3 - "$work/all.csv" 2>"$err_file" <<'PY' || fail "policy"
import collections, csv, sys
text = open(sys.argv[1]).read()
assert '"' not in text and " " not in text
assert all(line.count(",") == 7 for line in text.splitlines())
rows = list(csv.DictReader(text.splitlines()))
assert len(rows) == 14 * (3 + 5 * 9), len(rows)  # actions of a street's 6 nodes * hands
columns = "player,street,betting,hand,action,probability,regret,strategy_sum".split(",")
infosets = collections.OrderedDict()
for row in rows:
    assert list(row) == columns, row
    infosets.setdefault((row["betting"], row["hand"]), []).append(row)
assert len(infosets) == 288, len(infosets)
for (betting, hand), actions in infosets.items():
    assert abs(sum(float(a["probability"]) for a in actions) - 1) < 1e-7, actions
    total = sum(int(a["strategy_sum"]) for a in actions)
    for action in actions:
        assert abs(float(action["probability"]) * total - int(action["strategy_sum"])) < 1, action
        int(action["regret"])
    street, on_street = betting.count("/"), betting.removeprefix("root").split("/")[-1]
    assert {a["street"] for a in actions} == {["preflop", "flop"][street]}, actions
    assert {a["player"] for a in actions} == {str(len(on_street) % 2)}, actions
    assert (len(hand) == 1) if street == 0 else (hand[1] == "|" and len(hand) == 3), hand
    raises = on_street.count("r")
    expected = (["f"] if raises else []) + ["c"] + (["r"] if raises < 2 else [])
    assert [a["action"] for a in actions] == expected, actions
assert {b for b, _ in infosets if "/" not in b} == {"root", "c", "r", "cr", "rr", "crr"}
PY
}

policy_takes_parts() {
  expect_exit 0 "$inspect" policy "$work/leduc" --street=flop
  (head -n 1 "$work/all.csv"; grep ,flop, "$work/all.csv") | cmp -s - "$out_file" || fail "--street"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=crc/cr
  (head -n 1 "$work/all.csv"; grep ,crc/cr, "$work/all.csv") | cmp -s - "$out_file" ||
    fail "--betting"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=
  [ "$(wc -l <"$out_file")" -eq 7 ] || fail "--betting= is the first decision: 3 hands * 2 actions"
  # A field that is not empty, which readers of tables would take for one that is missing.
  [ "$(grep -c '^0,preflop,root,' "$out_file")" -eq 6 ] || fail "the first decision is root"
  cp "$out_file" "$work/first.csv"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=root
  cmp -s "$work/first.csv" "$out_file" || fail "--betting=root"
  expect_exit 2 "$inspect" policy "$work/leduc" --betting=cx
  expect_message "--betting" "cx" "c, r"
  expect_exit 2 "$inspect" policy "$work/leduc" --street=river
  expect_message "--street=river" "preflop to flop"
  expect_exit 2 "$inspect" policy "$work/leduc" --format=xml
  expect_exit 1 bash -c "$inspect policy $work/leduc >/dev/full"
  expect_message "stdout"
  expect_exit 0 "$inspect" policy "$work/preflop" --betting=r300
  grep -q '^0,preflop,r300,AKs,r900,' "$out_file" || fail "raises are named by totals"
  [ "$(wc -l <"$out_file")" -eq $((1 + 169 * 4)) ] || fail "169 classes * f, c, r900, r20000"
}

# Streets without sums: the current strategy, and no sum.
policy_of_the_current_strategy() {
  sed 's/quantum: 0.001/&, average: {streets: first, snapshot_every: 3200}/' "$work/leduc.yaml" \
    >"$work/first.yaml"
  expect_exit 0 "$train" --config="$work/first.yaml" --out="$work/first" --threads=1
  expect_exit 0 "$inspect" policy "$work/first"
  python3 - "$out_file" 2>"$err_file" <<'PY' || fail "policy of a run that keeps few sums"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert len(rows) == 14 * (3 + 5 * 9), len(rows)
assert all((row["strategy_sum"] == "") == (row["street"] == "flop") for row in rows)
regrets = {}
for row in rows:
    key = row["betting"], row["hand"]
    regrets[key] = regrets.get(key, 0) + max(0, int(row["regret"]))
for row in rows:
    total = regrets[row["betting"], row["hand"]]
    if row["street"] == "flop" and total > 0:
        assert abs(float(row["probability"]) - max(0, int(row["regret"])) / total) < 1e-7, row
PY
}

grid_is_drawn() {
  expect_exit 0 "$inspect" grid "$work/preflop"
  grep -qE '^  AA .*A2s' "$out_file" || fail "the first line is not that of the aces"
  [ "$(grep -cE '^  ([AKQJT2-9]{2}[so ][rcfRCF] ){13}$' "$out_file")" -eq 13 ] || fail "13 * 13"
  grep -q 'over all hands:  f .*%  c .*%  r300 .*%  r20000 .*%' "$out_file" || fail "no sums"
  ! grep -q $'\033' "$out_file" || fail "colours in a file"
  expect_exit 0 "$inspect" grid "$work/preflop" --color=always --betting=c
  [ "$(grep -o $'\033\\[48;2;' "$out_file" | wc -l)" -eq $((169 + 3)) ] ||
    fail "expected 169 cells and 3 words of the legend in colour"
  grep -q 'position 0 after "c"' "$out_file" || fail "says not whose decision it is"
  grep -q 'single hands are noisy' "$out_file" || fail "says not how noisy it is"
  expect_exit 2 "$inspect" grid "$work/preflop" --color=blue
  expect_exit 2 "$inspect" grid "$work/preflop" --betting=x
  expect_exit 2 "$inspect" grid "$work/leduc"
  expect_message "169 preflop classes"
}

# on_terminal COMMAND: its output there, in $out_file.
on_terminal() { expect_exit 0 script -qec "$1" /dev/null; }

no_colour_where_none_is_wanted() {
  local grid="$inspect grid $work/preflop"
  on_terminal "TERM=xterm $grid"
  grep -q $'\033' "$out_file" || fail "no colours on a terminal"
  on_terminal "TERM=xterm NO_COLOR= $grid"
  grep -q $'\033' "$out_file" || fail "an empty NO_COLOR does not count"
  on_terminal "TERM=xterm NO_COLOR=1 $grid"
  ! grep -q $'\033' "$out_file" || fail "colours in spite of NO_COLOR"
  on_terminal "TERM=dumb $grid"
  ! grep -q $'\033' "$out_file" || fail "colours on a terminal that has none"
  on_terminal "NO_COLOR=1 $grid --color=always"
  grep -q $'\033' "$out_file" || fail "--color=always"
}

# The numbers of the grid are those of policy.
percentages_on_request() {
  expect_exit 0 "$inspect" policy "$work/preflop" --betting=root
  cp "$out_file" "$work/root.csv"
  expect_exit 0 "$inspect" grid "$work/preflop" --percent
  python3 - "$work/root.csv" "$out_file" 2>"$err_file" <<'PY' || fail "percentages"
import csv, re, sys
probability = {(r["action"], r["hand"]): float(r["probability"]) for r in csv.DictReader(open(sys.argv[1]))}
ranks, action, told = "AKQJT98765432", None, {}
for line in open(sys.argv[2]):
    if head := re.match(r"  (\w+): [\d.]+% over all hands; percent$", line):
        action = head[1]
    elif row := re.match(r"  ([AKQJT2-9])((?: +\d+){13})$", line):
        for column, percent in enumerate(map(int, row[2].split())):
            a, b = sorted((ranks.index(row[1]), column))
            suited = "" if a == b else "s" if ranks.index(row[1]) < column else "o"
            told[action, ranks[a] + ranks[b] + suited] = percent
assert told.keys() == probability.keys(), told.keys() ^ probability.keys()
for key, percent in told.items():
    assert abs(percent - 100 * probability[key]) <= 0.5 + 1e-6, (key, percent, probability[key])
PY
  expect_exit 0 "$inspect" grid "$work/preflop" --json
  python3 - "$work/root.csv" "$out_file" 2>"$err_file" <<'PY' || fail "grid --json"
import csv, json, sys
grid = json.load(open(sys.argv[2]))
told = {(action, hand): p for hand, all in grid["hands"].items() for action, p in zip(grid["actions"], all)}
probability = {(r["action"], r["hand"]): float(r["probability"]) for r in csv.DictReader(open(sys.argv[1]))}
assert grid["betting"] == "root" and told.keys() == probability.keys()
assert all(abs(p - probability[key]) < 1e-8 for key, p in told.items())
PY
}

# What the file wins against what it was made of is what head_to_head says of the two.
export_is_a_strategy_of_its_own() {
  leduc_config "$work/leduc.yaml" 100 9600
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/run" --threads=1
  local bits file
  for bits in 8 16; do
    file=$work/leduc_$bits.strategy
    expect_exit 0 "$inspect" export "$work/run" "$file" --bits=$bits --json
    cp "$out_file" "$work/export.json"
    expect_exit 0 "$evaluate" head_to_head "$file" "$work/run" --json
    python3 - "$work/export.json" "$out_file" "$file" 2>"$err_file" <<'PY' || fail "export --bits=$bits"
import json, os, sys
export, match = (json.load(open(path)) for path in sys.argv[1:3])
assert export["bytes"] == os.path.getsize(sys.argv[3]), export
assert export["infosets"] == 288 and export["loss"]["is_exact"], export
assert abs(export["loss"]["chips"] - match["chips"]) < 1e-12 and match["is_exact"], (export, match)
assert abs(match["mbb_per_game"]) < (5 if export["bits"] == 8 else 0.02), match
part = 1 / (2 ** export["bits"] - 1)
assert 0 < export["mean_change"] < part and part / 4 < export["largest_change"] < part, export
assert match["a"]["iterations"] == match["b"]["iterations"] == 9600, match
PY
  done
  expect_exit 0 "$evaluate" head_to_head "$work/leduc_8.strategy" "$work/leduc_8.strategy"
  grep -q "A wins  *+0.000000 chips" "$out_file" || fail "nothing is won from oneself"
  cp "$file" "$work/before"
  expect_exit 0 "$inspect" export "$work/run" "$file"
  cmp "$file" "$work/before" || fail "the same strategy gives the same bytes"
  expect_exit 2 "$evaluate" head_to_head "$file" "$work/run" --policy=current
  expect_message "holds the average strategy"
  expect_exit 2 "$inspect" export "$work/run" "$file" --bits=12
  expect_exit 2 "$inspect" export "$work/run" "$file" --deals=1
  expect_exit 2 "$inspect" export "$work/run" "$file" --buckets=other
  expect_exit 2 "$inspect" export "$work/run"
  expect_exit 3 "$inspect" export "$work/run" "$work/none/file"
  expect_message "none"
  flip_byte "$file" 900
  expect_exit 4 "$evaluate" head_to_head "$file" "$work/run"
  expect_message "$file" "its checksum is wrong" "export it again"
}

summary_is_json
export_is_a_strategy_of_its_own
definition_is_the_run
policy_is_csv
policy_takes_parts
policy_of_the_current_strategy
grid_is_drawn
no_colour_where_none_is_wanted
percentages_on_request
