#!/usr/bin/env bash
# The recipes of docs/run_definition.md as they stand there: each is a definition of its own, and comes
# about as near to equilibrium as the page says.
source tests/tools/expect.sh

readonly page=docs/run_definition.md

cat >"$work/leduc.yaml" <<YAML
name: leduc
game: $PWD/configs/games/leduc_2p.game
abstraction: {preflop: lossless, flop: lossless}
round: {batches: 10, deals: 32}
seed: 1
iterations: 320000
YAML

recipes=0
while IFS= read -r row; do
  algorithm=$(cut -d'|' -f3 <<<"$row" | tr -d '`')
  told=$(cut -d'|' -f4 <<<"$row" | tr -d ' ')
  settings=(--set "algorithm=$algorithm")
  [[ $algorithm == *public* ]] && settings+=(--set round.deals=1 --set iterations=20000)
  recipes=$((recipes + 1))
  expect_exit 0 $train --config="$work/leduc.yaml" --out="$work/$recipes" --threads=1 "${settings[@]}"
  expect_exit 0 $evaluate nashconv "$work/$recipes" --json --threads=1
  python3 - "$out_file" "$told" 2>"$err_file" <<'PY' || fail "$algorithm: not near $told"
import json, sys
found, told = json.load(open(sys.argv[1]))["nash_conv"], float(sys.argv[2])
assert 0.75 * told < found < 1.25 * told, found
PY
done < <(sed -n '/^### Recipes/,/^### Public/p' "$page" | grep '^| .*`{')
[ "$recipes" -eq 10 ] || fail "found $recipes recipes"
[ "$(for r in "$work"/[1-9]*; do $inspect summary "$r" --json | grep fingerprint; done | sort -u |
  wc -l)" -eq "$recipes" ] || fail "two recipes are one"
