#!/usr/bin/env bash
# The C interface, as a program in another language uses it.
source tests/tools/expect.sh

readonly ask=docs/examples/ask_strategy.py library=solver/play/libnashville_play.so

leduc_config "$work/leduc.yaml" 200 12800
expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/run" --threads=1
expect_exit 0 "$inspect" export "$work/run" "$work/leduc.strategy"

# Every row of the policy, asked for by its cards.
expect_exit 0 "$inspect" policy "$work/run"
cp "$out_file" "$work/policy.csv"
cat >"$work/compare.py" <<'PY'
import csv, sys
sys.path.insert(0, "docs/examples")
from ask_strategy import Strategy

strategy = Strategy(sys.argv[1], sys.argv[2])
assert strategy.definition().startswith("name: leduc\n")
rows = 0
for row in csv.DictReader(open(sys.argv[3])):
    betting = "" if row["betting"] == "root" else row["betting"]
    own, _, board = row["hand"].partition("|")
    # Of equal ranks the suits differ.
    hole, board = own[0] + "s", board and board[0] + "h"
    _, probabilities = strategy.ask(hole, betting, board, int(row["player"]))
    # A limit raise is a total here and a letter there.
    action = row["action"]
    if action == "r":
        action = next(name for name in probabilities if name.startswith("r"))
    assert abs(probabilities[action] - float(row["probability"])) < 1 / 65535, (row, probabilities)
    assert abs(sum(probabilities.values()) - 1) < 1e-9, probabilities
    rows += 1
assert rows > 600, rows
chosen = [strategy.ask("Ks", hand=hand)[0] for hand in range(100)]
assert chosen == [strategy.ask("Ks", hand=hand)[0] for hand in range(100)]
strategy.close()
PY
expect_exit 0 python3 "$work/compare.py" "$library" "$work/leduc.strategy" "$work/policy.csv"

expect_exit 0 "$ask" "$library" "$work/leduc.strategy" Ks
grep -q '<' "$out_file" || fail "one action is chosen"
while read -r text arguments; do
  expect_exit 1 "$ask" "$library" $arguments
  expect_one_line
  expect_message "${text//_/ }"
done <<REFUSALS
cannot_be_read $work/none Ks
character_1 $work/leduc.strategy Ks x
expected_1_and_0_cards $work/leduc.strategy KsQs
not_the_turn $work/leduc.strategy Ks c --position=0
stack_of_position_1 $work/leduc.strategy Ks --stacks=9,0
no_more_than_a_blind $work/leduc.strategy Ks --stacks=9,1
REFUSALS
expect_exit 0 "$ask" "$library" "$work/leduc.strategy" Ks --stacks=9,9

# With its bucket files packed into it the file is all that is needed, and answers are the same.
flop_config "$work/flop.yaml" 16384
mkdir "$work/beside" "$work/alone" "$work/empty"
expect_exit 0 "$train" --config="$work/flop.yaml" --out="$work/flop" --bucket_cache="$work/buckets"
for buckets in beside packed; do
  folder=$work/alone
  [ $buckets = packed ] || folder=$work/beside
  expect_exit 0 "$inspect" export "$work/flop" "$folder/flop.strategy" --buckets=$buckets --deals=0 \
    --bucket_cache="$work/buckets" --json
done
python3 - "$out_file" "$work" 2>"$err_file" <<'PY' || fail "what export tells of a packed file"
import glob, json, os, sys
told, work = json.load(open(sys.argv[1])), sys.argv[2]
bucket_file, = glob.glob(f"{work}/beside/*.buckets")
packed = f"{work}/alone/flop.strategy"
assert os.listdir(f"{work}/alone") == ["flop.strategy"] and told["bucket_files"] == [], told
assert told["format_version"] == 2 and told["bytes"] == os.path.getsize(packed), told
assert told["packed_bytes"] == os.path.getsize(bucket_file), told
assert open(packed, "rb").read().endswith(open(bucket_file, "rb").read())
PY
export XDG_CACHE_HOME=$work/empty
for hand in 'AsKd "" --position=1' 'AsKd cc/ Th9h2c --position=0' \
  '7h2c r20c/r40 7d7c2h --position=1'; do
  eval "arguments=($hand)"
  expect_exit 0 "$ask" "$library" "$work/beside/flop.strategy" "${arguments[@]}"
  cp "$out_file" "$work/expected"
  expect_exit 0 "$ask" "$library" "$work/alone/flop.strategy" "${arguments[@]}"
  cmp "$out_file" "$work/expected" || fail "packed buckets answer otherwise: $hand"
done
expect_exit 0 "$evaluate" head_to_head "$work/alone/flop.strategy" "$work/beside/flop.strategy" \
  --deals=200
grep -q "A wins  *+0.000000 " "$out_file" || fail "nothing is won from oneself"
flip_byte "$work/alone/flop.strategy" "$(($(wc -c <"$work/alone/flop.strategy") / 2))"
expect_exit 1 "$ask" "$library" "$work/alone/flop.strategy" AsKd "" --position=1
expect_one_line
expect_message "flop.strategy, flop-ehs-20-" "damaged" "packed into the strategy file"
expect_exit 4 "$evaluate" head_to_head "$work/alone/flop.strategy" "$work/beside/flop.strategy"
expect_message "packed into the strategy file"
