#!/usr/bin/env bash
# tools/python/nashville.py reads what inspect_checkpoint export --format=npz writes.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 9600
holdem_config "$work/preflop.yaml" "[pot, allin]" 100 32 2
cp configs/games/kuhn_3p.game "$work"
cat >"$work/kuhn_3p.yaml" <<'YAML'
name: kuhn_3p
game: kuhn_3p.game
abstraction: {preflop: lossless}
algorithm: {quantum: 0.001}
round: {batches: 100, deals: 24}
iterations: 4800
YAML
flop_config "$work/flop.yaml" 16384
# Streets whose average is that of snapshots: for a game of two players, so that `evaluate` reads it.
sed 's/quantum: 0.001/&, average: {streets: first, snapshot_every: 3200}/' "$work/leduc.yaml" \
  >"$work/first.yaml"
export XDG_CACHE_HOME=$work/cache
for run in leduc preflop kuhn_3p flop first; do
  expect_exit 0 "$train" --config="$work/$run.yaml" --out="$work/$run" --threads=1 --report_every=0.01
  expect_exit 0 "$inspect" policy "$work/$run"
  mv "$out_file" "$work/$run.csv"
  expect_exit 0 "$inspect" export "$work/$run" "$work/$run.npz" --format=npz --json
  python3 -c 'import json, os, sys; t = json.load(open(sys.argv[1])); assert t["bytes"] == os.path.getsize(sys.argv[2])' \
    "$out_file" "$work/$run.npz" 2>"$err_file" || fail "told another size"
done
for board in Th9h2c KsKdKh 7c7d2s; do
  expect_exit 0 "$inspect" policy "$work/flop" --betting=cc/ --board=$board --json
  mv "$out_file" "$work/flop_$board.json"
done
# Lossless streets after the first: a deck of 20 cards, with and without the order of its board, and a
# game whose hands have names with suits.
short_deck() {
  cat >"$work/$1.game" <<GAME
GAMEDEF
limit
numPlayers = 2
numRounds = 3
blind = 2 1
raiseSize = 2 2 4
firstPlayer = 2 1 1
maxRaises = 1 1 1
numSuits = $3
numRanks = $4
numHoleCards = 2
numBoardCards = $5
END GAMEDEF
GAME
  cat >"$work/$1.yaml" <<YAML
name: $1
game: $1.game
abstraction: {preflop: lossless, flop: lossless, turn: $2}
algorithm: {quantum: 0.01}
round: {batches: 4, deals: 1000}
iterations: 16000
YAML
}
short_deck recall lossless 4 5 "0 3 1"
short_deck forget "{kind: lossless, recall: imperfect}" 4 5 "0 3 1"
short_deck named lossless 2 5 "0 1 2"
for run in recall forget named; do
  expect_exit 0 "$train" --config="$work/$run.yaml" --out="$work/$run" --threads=1
  expect_exit 0 "$inspect" export "$work/$run" "$work/$run.npz" --format=npz
  boards=(KhQsTdAc AcKcTcQh AhAdAsKc)
  [ "$run" != named ] || boards=(KhQsTs ThJsQh AsAhQs)
  for board in "${boards[@]}"; do
    for line in cc/cc/ cc/; do
      expect_exit 0 "$inspect" policy "$work/$run" --betting=$line --board=$board --json
      mv "$out_file" "$work/${run}_${board}_$(echo $line | tr -d /).json"
    done
  done
done
expect_exit 0 "$train" --config=configs/kuhn.yaml --out="$work/kuhn" --threads=1 --rounds=1
expect_exit 0 "$inspect" export "$work/kuhn" "$work/kuhn.npz" --format=npz
cp "$work/leduc.npz" "$work/before"
expect_exit 0 "$inspect" export "$work/leduc" "$work/leduc.npz" --format=npz
cmp "$work/before" "$work/leduc.npz" || fail "the same strategy gives the same bytes"
unzip -tq "$work/leduc.npz" >"$out_file" 2>&1 || [ $? -eq 127 ] || fail "unzip finds it damaged"

PYTHONPATH=tools/python python3 tests/python/nashville_test.py "$work" 2>"$err_file" ||
  fail "nashville_test.py"

expect_exit 0 python3 tools/python/nashville.py "$work/leduc.npz" --betting=cr --hand=K
grep -qE '^K  f [01]\.[0-9]{6}  c [01]\.[0-9]{6}  r ' "$out_file" || fail "prints no policy"
expect_exit 2 python3 tools/python/nashville.py "$work/leduc.npz" --betting=cx
expect_message "expected one of c, r"
expect_exit 0 python3 tools/python/nashville.py "$work/flop.npz" --betting=cc/ --board=Th9h2c --hand=AhKd
expect_exit 2 python3 tools/python/nashville.py "$work/flop.npz" --betting=cc/ --board=Th9h2c
expect_message "--board goes with --hand"
expect_exit 3 python3 tools/python/nashville.py "$work/none.npz"
expect_one_line
expect_exit 2 python3 tools/python/nashville.py "$work/leduc.yaml"
expect_one_line
expect_exit 2 "$inspect" export "$work/leduc" "$work/x" --format=npy
expect_message "--format=npy" "npz"
expect_exit 3 "$inspect" export "$work/leduc" "$work/none/x.npz" --format=npz
expect_exit 3 "$inspect" export "$work/leduc" /proc/x.npz --format=npz
expect_one_line
[ ! -e "$work/leduc.npz.partial" ] || fail "left a part behind"
