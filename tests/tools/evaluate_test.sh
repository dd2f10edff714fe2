#!/usr/bin/env bash
# What evaluate prints.
source tests/tools/expect.sh

nash_conv_is_json() {
  # A run of the test's own: the shipped one may be tuned.
  leduc_config "$work/leduc.yaml" 2500 160000
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --threads=1
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --json
  mv "$out_file" "$work/trained.json"
  expect_exit 0 "$evaluate" nashconv --policy=uniform --config="$work/leduc.yaml" --json
  mv "$out_file" "$work/uniform.json"
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --from=flop --boards=20 --json
  expect_exit 2 "$evaluate" nashconv "$work/leduc" --from=river
  expect_exit 2 "$evaluate" nashconv "$work/leduc" --boards=20
  expect_exit 2 "$evaluate" nashconv "$work/leduc" --from=flop --boards=1
  expect_exit 2 "$evaluate" nashconv "$work/leduc" --precision=half
  expect_exit 0 "$evaluate" nashconv "$work/leduc" --policy=current --json
  python3 - "$work/trained.json" "$work/uniform.json" "$out_file" 2>"$err_file" <<'PY' ||
import json, sys
trained, uniform, current = (json.load(open(path)) for path in sys.argv[1:])
for result in trained, uniform, current:
    assert abs(sum(result["values"])) < 1e-9 and len(result["values"]) == 2, result
    gains = [b - v for b, v in zip(result["best_responses"], result["values"])]
    assert abs(result["nash_conv"] - sum(gains)) < 1e-9, result
    assert abs(result["exploitability"] - result["nash_conv"] / 2) < 1e-9, result
assert abs(uniform["nash_conv"] - 4.747222) < 1e-6, uniform  # known, as is the game's value:
assert 0 < trained["nash_conv"] < 0.2, trained
assert abs(trained["values"][0] + 0.08561) < 0.1, trained
assert current["nash_conv"] > trained["nash_conv"], current  # only the average converges
assert trained["iterations"] == 160000, trained
assert trained["run_fingerprint"] == uniform["run_fingerprint"], uniform
PY
    fail "nashconv --json"
  # Threads change nothing.
  local threads
  for threads in 1 3; do
    expect_exit 0 "$evaluate" nashconv "$work/leduc" --json --threads=$threads
    cmp "$out_file" "$work/trained.json" || fail "nashconv --threads=$threads gives other bytes"
  done
}

# A path may hold any byte; JSON may not.
a_killed_walk_goes_on() {
  local cache=$work/walks tries nashconv=("$evaluate" nashconv --policy=uniform)
  # Of 32 cards to the turn: some seconds.
  cat >"$work/long.game" <<'GAME'
GAMEDEF
limit
numPlayers = 2
numRounds = 3
blind = 10 5
raiseSize = 10 10 20
firstPlayer = 2 1 1
maxRaises = 2 2 2
numSuits = 4
numRanks = 8
numHoleCards = 2
numBoardCards = 0 3 1
END GAMEDEF
GAME
  cat >"$work/long.yaml" <<'YAML'
name: long
game: long.game
abstraction: {preflop: lossless, flop: lossless, turn: lossless}
round: {batches: 1, deals: 1}
iterations: 1
YAML
  nashconv+=(--config="$work/long.yaml" --json --threads=1)
  expect_exit 0 "${nashconv[@]}" --bucket_cache="$work/other"
  mv "$out_file" "$work/undisturbed.json"
  ! ls "$work/other/"walks-* 2>/dev/null || fail "a walk that is over is kept"
  "${nashconv[@]}" --bucket_cache="$cache" >"$out_file" 2>"$err_file" &
  # A file that is being written has a longer name, and may stay behind.
  local walk
  walk=walks-$(printf '?%.0s' {1..32})
  for ((tries = 0; tries < 1000; ++tries)); do
    compgen -G "$cache/$walk" >/dev/null && break
    kill -0 $! 2>/dev/null || fail "nothing was kept"
    sleep 0.01
  done
  kill -KILL $!
  wait $! 2>/dev/null
  # What was kept is in doubles. Another walk has a place of its own.
  cp "$cache"/$walk "$work/kept"
  expect_exit 0 "${nashconv[@]}" --bucket_cache="$cache" --precision=single
  ! grep -q "goes on where" "$err_file" || fail "floats go on with a walk of doubles"
  grep -qF '"precision": "single"' "$out_file" || fail "--precision=single is not told"
  ! cmp -s "$out_file" "$work/undisturbed.json" || fail "--precision=single gives the bytes of doubles"
  cmp "$work/kept" "$cache"/$walk || fail "floats wrote over a walk of doubles"
  # What a full disk keeps from being told is not lost.
  local code=0
  "${nashconv[@]}" --bucket_cache="$cache" >/dev/full 2>"$err_file" || code=$?
  [[ $code == 1 ]] || fail "exit code $code where stdout cannot be written to"
  expect_exit 0 "${nashconv[@]}" --bucket_cache="$cache"
  expect_message "goes on where"
  cmp "$out_file" "$work/undisturbed.json" || fail "a walk that was killed gives other bytes"
  ! compgen -G "$cache/$walk" || fail "a walk that is over is kept"
  # Drawn boards: at a signal those that were walked make a bound.
  "${nashconv[@]}" --from=flop --boards=2000000 >"$out_file" 2>"$err_file" &
  until grep -q "about" "$err_file"; do
    kill -0 $! 2>/dev/null || fail "drawn boards end at once"
    sleep 0.01
  done
  kill -INT $!
  code=0
  wait $! || code=$?
  [[ $code == 10 ]] || fail "exit code $code of drawn boards that were stopped"
  expect_message "of 2000000 boards"
  python3 - "$out_file" <<'CHECK' || fail "the bound of boards walked until then"
import json, sys
told = json.load(open(sys.argv[1]))
assert told["is_complete"] is False and 2 <= told["boards"] < 2000000, told
assert told["half_width_95"] > 0, told
CHECK
}

paths_need_not_be_utf8() {
  local run=$work/$'not\xffutf8'
  leduc_config "$work/leduc.yaml" 10 320
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$run" --threads=1
  expect_exit 0 "$inspect" summary "$run" --json
  expect_exit 0 "$evaluate" head_to_head "$run" "$run" --json
  python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$out_file" ||
    fail "head_to_head --json of a folder that is not UTF-8"
}

# Stopped before its first round, a run leaves a checkpoint of none, which all programs take.
empty_checkpoints_are_evaluated() {
  leduc_config "$work/leduc.yaml" 10 320
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/empty" --time_budget=1e-9
  expect_exit 0 "$inspect" verify "$work/empty"
  expect_exit 0 "$evaluate" nashconv "$work/empty" --json
  grep -qF '"nash_conv": 4.7472' "$out_file" || fail "what was not trained plays uniformly"
  expect_exit 0 "$evaluate" litmus "$work/empty" --json
  grep -qF '"failed": 0' "$out_file" || fail "what training has not reached cannot fail"
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/empty" --resume
}

# With sums for the first street only, the average of the other is that of snapshots.
snapshots_are_averaged() {
  leduc_config "$work/first.yaml" 100 96000
  sed -i 's/quantum/average: {streets: first, snapshot_every: 9600}, quantum/' "$work/first.yaml"
  local run=$work/first
  expect_exit 0 "$train" --config="$work/first.yaml" --out="$run" --threads=1 --rounds=2
  expect_exit 3 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "after 6400 iterations no snapshot is there yet" "--policy=current"
  expect_exit 0 "$train" --config="$work/first.yaml" --out="$run" --threads=1 --resume
  expect_exit 0 "$evaluate" nashconv "$run" --json
  mv "$out_file" "$work/average.json"
  expect_exit 0 "$evaluate" nashconv "$run" --policy=current --json
  python3 - "$work/average.json" "$out_file" 2>"$err_file" <<'PY' || fail "average over snapshots"
import json, sys
average, current = (json.load(open(path)) for path in sys.argv[1:])
assert average["iterations"] == current["iterations"] == 96000, average
assert average["nash_conv"] < current["nash_conv"] / 2, (average, current)
PY
  flip_byte "$run/snapshots/round-0000000006/chunk-00000" 1000
  expect_exit 4 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "snapshots/round-0000000006/chunk-00000" "--policy=current"
  rm -r "$run/snapshots/round-0000000003"
  expect_exit 3 "$evaluate" nashconv "$run"
  expect_one_line
  expect_message "snapshots/round-0000000003: this snapshot is missing"
}

# Three hole cards of a full deck are far too many: refused before anything is built.
large_games_are_refused() {
  sed "s/numHoleCards.*/numHoleCards = 3/" configs/games/limit_2p.game >"$work/limit_2p.game"
  cat >"$work/limit.yaml" <<'YAML'
name: limit
game: limit_2p.game
abstraction: {preflop: lossless, flop: lossless, turn: lossless, river: lossless}
round: {batches: 1, deals: 32}
iterations: 32
YAML
  expect_exit 6 "$evaluate" nashconv --policy=uniform --config="$work/limit.yaml"
  expect_one_line
}

# Two runs of Leduc against each other, and once more by a recursion over cards and bets, from nothing
# but the probabilities that inspect_checkpoint prints.
head_to_head_is_exact_for_small_games() {
  leduc_config "$work/leduc.yaml" 50 16000 2
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/short" --threads=1 --rounds=1
  expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/longer" --threads=1
  local run
  for run in short longer; do
    expect_exit 0 "$inspect" policy "$work/$run"
    mv "$out_file" "$work/$run.csv"
  done
  expect_exit 0 "$evaluate" head_to_head "$work/longer" "$work/short" --deals=all --json
  expect_message "memory: strategies"
  mv "$out_file" "$work/match.json"
  expect_exit 0 "$evaluate" head_to_head "$work/short" "$work/longer" --json --threads=2
  python3 - "$work" "$out_file" >"$err_file" 2>&1 <<'PY' || fail "head_to_head of Leduc"
import csv, itertools, json, sys

work = sys.argv[1]

def load(name):
    rows = csv.DictReader(open(f"{work}/{name}.csv"))
    return {(r["betting"].removeprefix("root"), r["hand"], r["action"]): float(r["probability"]) for r in rows}

def value(policies, own, board, betting="", player=0, acted=0, raises=0, spent=(1, 1)):
    """What position 0 wins, by policies of positions, own ranks and the board's."""
    street = betting.count("/")
    hand = own[player] if street == 0 else f"{own[player]}|{board}"
    to_call = spent[1 - player] > spent[player]
    total = 0
    for action in ("f" if to_call else "") + "c" + ("r" if raises < 2 else ""):
        p = policies[player][betting, hand, action]
        now = list(spent)
        if action == "f":
            total += p * (-spent[0] if player == 0 else spent[1])
            continue
        now[player] = max(spent) + (0 if action == "c" else (2, 4)[street])
        rest = (own, board, betting + action)
        if action == "r":
            total += p * value(policies, *rest, 1 - player, 1, raises + 1, tuple(now))
        elif acted == 0:
            total += p * value(policies, *rest, 1 - player, 1, raises, tuple(now))
        elif street == 0:
            total += p * value(policies, own, board, betting + "c/", 0, 0, 0, tuple(now))
        else:
            strength = [(rank == board, "QKA".index(rank)) for rank in own]
            total += p * now[0] * ((strength[0] > strength[1]) - (strength[0] < strength[1]))
    return total

longer, short = load("longer"), load("short")
deals = list(itertools.permutations("QQKKAA", 3))
assert len(deals) == 120
first = sum(value((longer, short), d[:2], d[2]) for d in deals) / 120
second = -sum(value((short, longer), d[:2], d[2]) for d in deals) / 120
match, back = json.load(open(f"{work}/match.json")), json.load(open(sys.argv[2]))
print(first, second, match, back)
assert match["is_exact"] and match["is_complete"] and match["deals"] == 120
assert abs(match["chips_by_position"][0] - first) < 1e-7  # nine digits are printed
assert abs(match["chips_by_position"][1] - second) < 1e-7
assert abs(match["chips"] - (first + second) / 2) < 1e-7
assert match["chips"] > 0.05, "ten times the training wins"
assert match["chips_half_width"] == 0
assert abs(match["mbb_per_game"] - 1000 * match["chips"]) < 1e-6  # the ante is 1
assert abs(match["chips"] + back["chips"]) < 1e-12
assert match["a"]["iterations"] == 16000 and match["b"]["iterations"] == 1600
PY
  expect_exit 0 "$evaluate" head_to_head "$work/longer" "$work/longer"
  grep -q "A wins *+0.000000 chips a hand (exact)" "$out_file" || fail "a strategy beats itself"
}

# The first street of hold'em: too many deals to play all.
head_to_head_draws_deals() {
  local run play=("$evaluate" head_to_head "$work/a" "$work/b" --json)
  for run in a b; do
    holdem_config "$work/preflop.yaml" "[pot, allin]" 10 320 $([ $run = a ] && echo 20 || echo 1)
    expect_exit 0 "$train" --config="$work/preflop.yaml" --out="$work/$run" --threads=1
  done
  expect_exit 0 "${play[@]}" --deals=3000 --threads=1
  mv "$out_file" "$work/one.json"
  expect_exit 0 "${play[@]}" --deals=3000 --threads=3
  mv "$out_file" "$work/three.json"
  expect_exit 0 "${play[@]}" --deals=3000 --seed=2
  python3 - "$work/one.json" "$work/three.json" "$out_file" 2>"$err_file" <<'PY' ||
import json, sys
one, three, other = (json.load(open(path)) for path in sys.argv[1:])
for result in one, three, other:
    del result["seconds"]
assert one == three, (one, three)  # to the last digit
assert not one["is_exact"] and one["is_complete"] and one["deals"] == 3000, one
assert one["mbb_half_width"] == 10 * one["chips_half_width"] > 0, one  # the big blind is 100
# Two samples of one mean: 5 standard errors of their difference are never seen.
error = (one["chips_half_width"] ** 2 + other["chips_half_width"] ** 2) ** 0.5 / 1.96
assert 0 < abs(one["chips"] - other["chips"]) < 5 * error, (one, other)
PY
    fail "head_to_head --deals"
  # Stopped: what was played is told, and is the beginning of the same match.
  "${play[@]}" --deals=2000000000 >"$out_file" 2>"$err_file" &
  local pid=$! code=0
  wait_for " deals, " "$err_file" "$pid"
  kill -INT "$pid"
  wait "$pid" || code=$?
  [ "$code" -eq 10 ] || fail "stopped: expected exit code 10, found $code"
  expect_message "stopped after" "of 2000000000 deals"
  python3 - "$out_file" 2>"$err_file" <<'PY' || fail "a stopped match"
import json, sys
result = json.load(open(sys.argv[1]))
assert 0 < result["deals"] < 2000000000 and not result["is_complete"], result
PY
}

# refuse_match CODE FOLDER_A FOLDER_B FLAGS... -- TEXT...: in one line that holds the texts.
refuse_match() {
  local code=$1 arguments=()
  shift
  while [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  shift
  expect_exit "$code" "$evaluate" head_to_head "${arguments[@]}"
  expect_one_line
  expect_message "$@"
}

# After the two above.
head_to_head_refuses() {
  refuse_match 2 "$work/a" -- "expected two folders, got 1"
  refuse_match 2 "$work/a" "$work/b" --deals=1 -- "--deals=1" "or all"
  refuse_match 2 "$work/a" "$work/b" --deals=all -- "name a number"
  refuse_match 2 "$work/a" "$work/b" --policy=uniform -- "--policy=uniform" "average and current"
  refuse_match 2 "$work/a" "$work/b" --threads=-1 -- "--threads=-1"
  refuse_match 2 "$work/longer" "$work/short" --deals=1000 -- "120 deals, which are all played"
  refuse_match 3 "$work/a" "$work/none" -- "$work/none"
  refuse_match 5 "$work/a" "$work/short" -- "the rules of their games differ"
  holdem_config "$work/preflop.yaml" "[2pot, allin]" 10 32 1
  expect_exit 0 "$train" --config="$work/preflop.yaml" --out="$work/bets" --threads=1
  refuse_match 5 "$work/a" "$work/bets" -- "$work/bets cannot play each other: their bets differ" \
    "f c r300 r20000" "f c r500 r20000" "train both with one game and one action menu"
  cp configs/games/kuhn_3p.game "$work"
  sed 's|games/||; s|iterations: .*|iterations: 32000|' configs/kuhn_3p.yaml >"$work/three.yaml"
  expect_exit 0 "$train" --config="$work/three.yaml" --out="$work/three" --threads=1
  refuse_match 2 "$work/three" "$work/three" -- "a game of 3 players" "is for games of two"
}

# A local best response is exact on Leduc, and below the best response.
lbr_is_a_bound() {
  leduc_config "$work/leduc.yaml" 50 16000
  [ -d "$work/lbr" ] ||
    expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/lbr" --threads=1
  expect_exit 0 "$evaluate" nashconv "$work/lbr" --json
  mv "$out_file" "$work/best.json"
  local bets
  for bets in call pot 56; do
    expect_exit 0 "$evaluate" lbr "$work/lbr" --bets=$bets --json
    mv "$out_file" "$work/lbr-$bets.json"
  done
  expect_exit 0 "$evaluate" lbr "$work/lbr" --threads=2
  grep -q "it wins .* (exact)" "$out_file" || fail "lbr of Leduc is exact"
  python3 - "$work" 2>"$err_file" <<'PY' || fail "lbr --json"
import json, sys
load = lambda name: json.load(open(f"{sys.argv[1]}/{name}.json"))
best, call, pot, many = (load(n) for n in ("best", "lbr-call", "lbr-pot", "lbr-56"))
for lbr in call, pot, many:
    assert lbr["is_exact"] and lbr["deals"] == 120 and lbr["chips_half_width"] == 0, lbr
    for mine, most in zip(lbr["chips_by_position"], best["best_responses"]):
        assert mine <= most + 1e-9, (lbr, best)
    assert abs(lbr["chips"] - sum(lbr["chips_by_position"]) / 2) < 1e-9, lbr
assert pot["chips"] == many["chips"] > call["chips"], "limit poker has one bet"
PY
}

# A preflop game: drawn deals, the same for any number of threads, and all that is refused.
lbr_draws_deals_and_refuses() {
  holdem_config "$work/lbr.yaml" "[pot, allin]" 10 320 1
  expect_exit 0 "$train" --config="$work/lbr.yaml" --out="$work/lbr_holdem" --threads=1
  local play=("$evaluate" lbr "$work/lbr_holdem" --deals=200 --json)
  expect_exit 0 "${play[@]}" --threads=1
  mv "$out_file" "$work/one.json"
  expect_exit 0 "${play[@]}" --threads=2
  diff <(grep -v seconds "$work/one.json") <(grep -v seconds "$out_file") ||
    fail "lbr: threads change the result"
  grep -q '"is_exact": false' "$out_file" || fail "lbr of drawn deals is no exact one"
  local code flags text
  while read -r code flags text; do
    expect_exit "$code" "$evaluate" lbr "$work/lbr_holdem" $flags
    expect_one_line
    expect_message "$text"
  done <<'REFUSALS'
2 --bets=all allowed: call, pot, 56
2 --translation=none allowed: pseudo_harmonic, nearest
2 --from=flop the game has: preflop
2 --deals=1 a number from 2
2 --deals=0 a number from 2
2 --policy=uniform --policy=uniform
2 --boards=5 of no effect on lbr
REFUSALS
  expect_exit 2 "$evaluate" lbr
  expect_one_line
  expect_message "expected one folder"
  expect_exit 3 "$evaluate" lbr "$work/none"
  expect_one_line
  expect_exit 2 "$evaluate" lbr "$work/three"
  expect_one_line
  expect_message "a game of 3 players"
}

# What is learned is near a best response on Leduc and never above it; what is drawn has an interval.
exploit_is_a_bound() {
  expect_exit 0 "$evaluate" nashconv "$work/lbr" --json
  mv "$out_file" "$work/best.json"
  local learn=("$evaluate" exploit "$work/lbr" --iterations=300000 --json)
  expect_exit 0 "${learn[@]}" --threads=1
  mv "$out_file" "$work/exploit.json"
  expect_exit 0 "${learn[@]}" --threads=2
  diff <(grep -v seconds "$work/exploit.json") <(grep -v seconds "$out_file") ||
    fail "exploit: threads change the result"
  # The first street of hold'em: drawn deals, two threads in every pass.
  local play=("$evaluate" exploit "$work/lbr_holdem" --iterations=65536 --deals=2000 --json)
  expect_exit 0 "${play[@]}" --threads=1
  mv "$out_file" "$work/drawn.json"
  expect_exit 0 "${play[@]}" --threads=2
  diff <(grep -v seconds "$work/drawn.json") <(grep -v seconds "$out_file") ||
    fail "exploit of drawn deals: threads change the result"
  expect_exit 0 "$evaluate" exploit "$work/three" --iterations=100000
  grep -q "position 3 *gains .* chips a hand" "$out_file" || fail "exploit of three players"
  python3 - "$work" 2>"$err_file" <<'PY' || fail "exploit --json"
import json, sys
load = lambda name: json.load(open(f"{sys.argv[1]}/{name}.json"))
best, learned, drawn = (load(n) for n in ("best", "exploit", "drawn"))
assert learned["is_exact"] and learned["is_complete"] and learned["half_width_95"] == 0, learned
for seat, most, value in zip(learned["seats"], best["best_responses"], best["values"]):
    assert abs(seat["strategy_chips"] - value) < 1e-9, (seat, best)
    assert 0.98 * (most - value) <= seat["gain_chips"] <= most - value + 1e-9, (seat, best)
assert abs(learned["nash_conv_at_least"] - sum(s["gain_chips"] for s in learned["seats"])) < 1e-12
assert abs(learned["exploitability_at_least"] * 2 - learned["nash_conv_at_least"]) < 1e-12
assert not drawn["is_exact"] and drawn["half_width_95"] > 0, drawn
assert all(s["deals"] == 2000 and s["training_deals"] == 65536 for s in drawn["seats"]), drawn
assert abs(drawn["mbb_per_game"] - 10 * drawn["exploitability_at_least"]) < 1e-6, drawn  # blind 100
PY
  # Stopped while it learns, it measures what it has.
  "$evaluate" exploit "$work/lbr" --iterations=4000000000 --json >"$out_file" 2>"$err_file" &
  local pid=$! code=0
  wait_for "position 1 of 2: training" "$err_file" "$pid"
  kill -INT "$pid"
  wait "$pid" || code=$?
  [ "$code" -eq 10 ] || fail "stopped: expected exit code 10, found $code"
  expect_message "stopped with 1 of 2 positions measured"
  python3 - "$out_file" 2>"$err_file" <<'PY' || fail "a stopped exploiter"
import json, sys
result = json.load(open(sys.argv[1]))
assert not result["is_complete"] and len(result["seats"]) == 1, result
assert result["seats"][0]["gain_chips"] > 0, result
PY
  leduc_config "$work/later.yaml" 50 16000
  sed -i 's/quantum/average: {from: 16000}, quantum/' "$work/later.yaml"
  expect_exit 0 "$train" --config="$work/later.yaml" --out="$work/later" --threads=1 --rounds=1
  local flags text
  while read -r code flags text; do
    expect_exit "$code" "$evaluate" exploit ${flags//,/ }
    expect_message "$text"
  done <<REFUSALS
2 $work/lbr,--iterations=0 learns nothing
2 $work/lbr,--time_budget=0 learns nothing
2 $work/lbr,--time_budget=-1 learns nothing
2 $work/lbr,--deals=100 120 deals, which are all played
2 $work/lbr,--boards=3 of no effect on exploit
2 $work/lbr,--abstraction=configs/buckets/small.yaml another deck
3 $work/lbr,--abstraction=$work/none.yaml $work/none.yaml
2 $work/lbr,$work/lbr expected one folder
3 $work/none $work/none
3 $work/later there is no average yet
REFUSALS
}

# Leduc, where no luck is left, against head_to_head; three players; what is refused.
match_is_sampled_and_corrected() {
  expect_exit 0 "$evaluate" head_to_head "$work/longer" "$work/short" --json
  mv "$out_file" "$work/exact.json"
  local play=("$evaluate" match "$work/longer" "$work/short" always_fold --deals=300 --json)
  expect_exit 0 "${play[@]}" --threads=1
  mv "$out_file" "$work/match.json"
  expect_exit 0 "${play[@]}" --threads=2
  diff <(grep -v seconds "$work/match.json") <(grep -v seconds "$out_file") ||
    fail "match: threads change the result"
  python3 - "$work" 2>"$err_file" <<'PY' || fail "match --json"
import json, sys
load = lambda name: json.load(open(f"{sys.argv[1]}/{name}.json"))
exact, match = load("exact"), load("match")
pairs = {(p["measured"], p["other"]): p for p in match["pairs"]}
assert match["is_complete"] and sorted(pairs) == [(0, 1), (0, 2), (1, 2)], match
first = pairs[0, 1]
assert abs(first["chips"] - exact["chips"]) < 1e-9, (first, exact)
assert first["half_width_without_aivat"] > 0.1 and first["aivat_factor"] is None, first
assert abs(first["chips_without_aivat"] - exact["chips"]) < 2 * first["half_width_without_aivat"]
for a, b in zip(first["chips_by_position"], exact["chips_by_position"]):
    assert abs(a - b) < 1e-9, (first, exact)
assert pairs[0, 2]["chips"] > 0.3, "one who folds loses the most part of an ante"
PY
  expect_exit 0 "$evaluate" match "$work/three" uniform --deals=100
  grep -q "A against 2 x B" "$out_file" || fail "one against two"
  grep -q "B against 2 x A" "$out_file" || fail "and the other way round"
  expect_exit 0 "$evaluate" match "$work/a" tight_aggressive --deals=100
  grep -q "times narrower" "$out_file" || fail "the factor of AIVAT is printed"
  local code entrants text
  while read -r code entrants text; do
    expect_exit "$code" "$evaluate" match ${entrants//,/ }
    expect_one_line
    expect_message "$text"
  done <<REFUSALS
2 uniform expected 2 to 16
2 uniform,always_call all of them are built-in
2 $work/a,uniform,--deals=1 an interval takes at least 2
2 $work/a,uniform,--deals=0 an interval takes at least 2
2 $work/a,uniform,--deals=many expected a number
2 $work/a,uniform,--boards=3 of no effect on match
3 $work/a,$work/none $work/none
3 $work/a,tight_agressive built-in opponents: uniform, always_call, always_fold, always_raise, tight_aggressive
5 $work/a,$work/short cannot play each other
5 $work/three,$work/short cannot play each other
REFUSALS
}

# Leduc, whose hands are all followed; three players; what is refused.
litmus_judges_strategies() {
  expect_exit 0 "$evaluate" litmus "$work/longer" --json --threads=1
  mv "$out_file" "$work/litmus.json"
  expect_exit 0 "$evaluate" litmus "$work/longer" --json --threads=2
  diff <(grep -v seconds "$work/litmus.json") <(grep -v seconds "$out_file") ||
    fail "litmus: threads change the result"
  python3 - "$work/litmus.json" 2>"$err_file" <<'PY' || fail "litmus --json"
import json, sys
litmus = json.load(open(sys.argv[1]))
checks = {c["name"]: c for c in litmus["checks"]}
assert litmus["is_exact"] and litmus["is_complete"] and litmus["deals"] == 120, litmus
assert checks["nuts_folded"]["verdict"] == "pass" and checks["nuts_folded"]["decisions"] > 0, checks
assert checks["aces_folded"]["verdict"] == "skipped" and "two hole cards" in checks["aces_folded"]["reason"]
assert litmus["passed"] + litmus["failed"] + litmus["skipped"] == len(checks) and litmus["failed"] == 0
assert all(c["reason"] for c in checks.values()), checks
PY
  # Hardly trained, a strategy calls and folds at random. A game that ends before the flop.
  expect_exit 11 "$evaluate" litmus "$work/b" --deals=3000
  grep -q "^FAIL     aces_folded" "$out_file" || fail "aces are folded by a strategy of ten deals"
  grep -q "passed, [1-9][0-9]* failed" "$out_file" || fail "litmus counts what failed"
  expect_exit 0 "$evaluate" litmus "$work/three"
  grep -q "^skip     kuhn_low_bet  *for Kuhn poker" "$out_file" || fail "a check says why it is skipped"
  local code flags text
  while read -r code flags text; do
    expect_exit "$code" "$evaluate" litmus "$work/a" $flags
    expect_one_line
    expect_message "$text"
  done <<'REFUSALS'
2 --deals=1 a number from 2
2 --policy=uniform --policy=uniform
2 --boards=5 of no effect on litmus
2 --bets=pot of no effect on litmus
2 --iterations=5 of no effect on litmus
2 --history=x.log of no effect on litmus
REFUSALS
  expect_exit 2 "$evaluate" litmus
  expect_one_line
  expect_message "expected one folder"
  expect_exit 3 "$evaluate" litmus "$work/none"
  expect_one_line
}

nash_conv_is_json
a_killed_walk_goes_on
paths_need_not_be_utf8
empty_checkpoints_are_evaluated
snapshots_are_averaged
large_games_are_refused
head_to_head_is_exact_for_small_games
head_to_head_draws_deals
head_to_head_refuses
lbr_is_a_bound
lbr_draws_deals_and_refuses
match_is_sampled_and_corrected
litmus_judges_strategies
exploit_is_a_bound
