#!/usr/bin/env bash
# A game against a strategy at the terminal: what it plays is what a dealer plays over sockets, what
# it counts is what the log has, and a session that was left goes on as if it had not been.
source tests/tools/expect.sh

readonly play=tools/play dealer=tools/acpc_dealer player=tools/acpc_player
readonly replay=tests/acpc/replay_log

# typed LINES SEED WORDS...: so many lines, drawn from the words.
typed() {
  python3 - "$@" <<'PY'
import random, sys
draw = random.Random(int(sys.argv[2]))
print("\n".join(draw.choice(sys.argv[3:]) for _ in range(int(sys.argv[1]))))
PY
}

# strategy NAME CONFIG
strategy() {
  expect_exit 0 "$train" --config="$2" --out="$work/run_$1" --threads=1
  expect_exit 0 "$inspect" export "$work/run_$1" "$work/$1.strategy" --deals=0
}

# play_typed CODE LINES_FILE FLAGS...
play_typed() {
  local code=$1 lines=$2 found=0
  shift 2
  "$play" "$@" <"$lines" >"$out_file" 2>"$err_file" || found=$?
  [ "$found" -eq "$code" ] || fail "expected exit code $code, found $found: $*"
}

# The same deals and the same actions at a dealer's table: the strategy does the same, to the letter.
same_at_a_dealers_table() {
  local name=$1 game=$2 hands=$3 ports
  "$dealer" match "$game" "$hands" 7 you strategy --log="$work/dealer.log" \
    >"$work/dealer.out" 2>"$work/dealer.err" &
  local dealer_pid=$!
  wait_for " " "$work/dealer.out" $dealer_pid
  read -ra ports <"$work/dealer.out"
  python3 tests/tools/follow_log.py "${ports[0]}" "$work/$name.log" you "$name" 2>"$err_file" &
  local person=$!
  "$player" localhost "${ports[1]}" --strategy="$work/$name.strategy" --seed=7 >"$out_file" \
    2>"$err_file" || fail "the player"
  wait $person || fail "the follower"
  wait $dealer_pid || { cp "$work/dealer.err" "$err_file"; fail "the dealer"; }
  [ ! -s "$work/dealer.err" ] || { cp "$work/dealer.err" "$err_file"; fail "the dealer warned"; }
  diff <(grep -v '^#' "$work/$name.log") <(grep -v '^#' "$work/dealer.log") >"$err_file" ||
    fail "the dealer's log of $name is another"
  rm "$work/dealer.log"
}

games_are_those_of_a_dealer() {
  leduc_config "$work/leduc.yaml" 200 12800
  strategy leduc "$work/leduc.yaml"
  typed 2000 1 c c r r f k >"$work/leduc.typed"
  play_typed 0 "$work/leduc.typed" --strategy="$work/leduc.strategy" --seed=7 --hands=150 \
    --history="$work/leduc.log"
  grep -q '! there is nothing to fold to; c check' "$out_file" || fail "an illegal fold is told"
  grep -q '! no raise is legal now' "$out_file" || fail "an illegal raise is told"
  expect_exit 0 "$replay" configs/games/leduc_2p.game "$work/leduc.log" 150
  same_at_a_dealers_table leduc configs/games/leduc_2p.game 150

  holdem_config "$work/preflop.yaml" '[pot, allin]' 100 32 4
  strategy preflop "$work/preflop.yaml"
  typed 2000 2 c f 'r 1/3' 'r 3pot' 'r min' 'R 60%' 'r 333' 'b allin' 'r x' '' '# no action' \
    >"$work/preflop.typed"
  play_typed 0 "$work/preflop.typed" --strategy="$work/preflop.strategy" --seed=7 --hands=150 \
    --history="$work/preflop.log"
  grep -q 'r333' "$work/preflop.log" || fail "a bet off the menu"
  expect_exit 0 "$replay" "$work/preflop.game" "$work/preflop.log" 150
  same_at_a_dealers_table preflop "$work/preflop.game" 150
}

three_players_sit_in_every_seat() {
  sed -e "s|games/|$PWD/configs/games/|" -e 's/^iterations: .*/iterations: 64000/' \
    configs/kuhn_3p.yaml >"$work/kuhn_3p.yaml"
  strategy kuhn_3p "$work/kuhn_3p.yaml"
  typed 500 3 c r >"$work/kuhn.typed"
  play_typed 0 "$work/kuhn.typed" --strategy="$work/kuhn_3p.strategy" --hands=30 --seed=1 \
    --duplicate --block=5 --history="$work/kuhn.log" --reveal
  expect_exit 0 "$replay" configs/games/kuhn_3p.game "$work/kuhn.log" 30
  # Ten deals, each in three seats: 30 pairs of cards and seat, no two alike within a block.
  python3 - "$work/kuhn.log" 2>"$err_file" <<'PY' || fail "a deal is played in every seat"
import collections, sys
rows = [l.strip().split(":") for l in open(sys.argv[1]) if l.startswith("STATE")]
for start in (0, 15):
    seats = collections.Counter()
    for row in rows[start:start + 15]:
        seats[row[3], row[5].split("|").index("you")] += 1
    cards = collections.Counter(c for c, _ in seats.elements())
    assert all(n % 3 == 0 for n in cards.values()), cards
    for c, n in cards.items():
        assert {seats[c, s] for s in range(3)} == {n // 3}, seats
PY
}

# What was won, and how sure it is, from the log alone.
results_are_those_of_the_log() {
  local flags
  for flags in "" "--duplicate --block=8"; do
    play_typed 0 "$work/leduc.typed" --strategy="$work/leduc.strategy" --seed=9 --hands=80 $flags \
      --history="$work/scored.log" --json
    python3 - "$out_file" "$work/scored.log" "$flags" 2>"$err_file" <<'PY' || fail "the result"
import json, math, statistics, sys
told = json.load(open(sys.argv[1]))
chips, deals = [], {}
for line in open(sys.argv[2]):
    fields = line.strip().split(":")
    if fields[0] != "STATE": continue
    own = float(fields[4].split("|")[fields[5].split("|").index("you")])
    chips.append(own)
    # With blocks of 8, hands 0 to 7 and 8 to 15 are the same deals in another order.
    deals.setdefault((int(fields[1]) // 16, fields[3].split("/")[0]), []).append(own)
assert told["hands"] == 80 and told["chips"] == sum(chips), told
samples = chips
if sys.argv[3]:
    # Deals of a block with the same hole cards cannot be told apart; their means can be added.
    assert told["samples"] == 40 and told["is_duplicate"], told
    assert abs(told["chips_a_hand"] - sum(chips) / 80) < 1e-9, told
    sys.exit(0)
assert abs(told["chips_a_hand"] - statistics.mean(samples)) < 1e-9, told
# Student's 97.5% quantile with 79 degrees of freedom is 1.9905; the big blind is a chip.
half = 1.9905 * statistics.stdev(samples) / math.sqrt(len(samples))
assert abs(told["chips_half_width"] / half - 1) < 1e-4, (told, half)
assert abs(told["mbb_per_game"] - 1000 * told["chips_a_hand"]) < 1e-6, told
PY
  done
  play_typed 0 "$work/leduc.typed" --strategy="$work/leduc.strategy" --seed=9 --hands=30
  grep -A1 'so far 29 hands' "$out_file" | grep -q 'no interval before 30 hands' || fail "29 hands"
  tail -n 1 "$out_file" | grep -q '(95% interval, 30 hands)' || fail "30 hands"
}

# Left again and again, in the middle of hands: the same hands, to the letter.
sessions_go_on() {
  grep -v '^$' "$work/preflop.typed" >"$work/whole.typed"
  local flags=(--strategy="$work/preflop.strategy" --seed=5 --hands=60 --duplicate --block=4)
  play_typed 0 "$work/whole.typed" "${flags[@]}" --history="$work/whole.log"
  split -l 7 "$work/whole.typed" "$work/part."
  local part
  for part in "$work"/part.*; do
    echo q >>"$part"
    play_typed 0 "$part" "${flags[@]}" --history="$work/parts.log" --state="$work/parts.session"
    [ "$(grep -c STATE "$work/parts.log")" -lt 60 ] || break
  done
  grep -q '^at ' "$work/parts.session" || fail "no hand was left in its middle"
  cmp "$work/whole.log" "$work/parts.log" || fail "a session that was left is another"
  # It is over: nothing is played, and the seed need not be said again.
  play_typed 0 /dev/null --strategy="$work/preflop.strategy" --hands=60 --duplicate --block=4 \
    --state="$work/parts.session" --history="$work/again.log"
  cmp "$work/whole.log" "$work/again.log" || fail "the hands of a session that is over"
}

damage_is_refused() {
  local session=$work/parts.session flags=(--strategy="$work/preflop.strategy" --duplicate --block=4)
  local bytes offset
  bytes=$(wc -c <"$session")
  for ((offset = 0; offset < bytes - 1; offset += bytes / 12)); do
    cp "$session" "$work/flipped.session"
    flip_byte "$work/flipped.session" "$offset"
    play_typed 4 /dev/null "${flags[@]}" --state="$work/flipped.session"
    expect_one_line
    expect_message "flipped.session:"
  done
  # A line that is missing, and a last one that was cut by a crash: that hand is played again.
  sed 3d "$session" >"$work/missing.session"
  play_typed 4 /dev/null "${flags[@]}" --state="$work/missing.session"
  expect_message "missing.session:3: the line is damaged, or one before it is missing"
  head -c -5 "$session" >"$work/cut.session"
  play_typed 0 "$work/preflop.typed" "${flags[@]}" --hands=60 --state="$work/cut.session"
  grep -q '^so far 59 hands' "$out_file" || fail "the hands before the cut"
  [ "$(grep -c '^hand ' "$work/cut.session")" -eq 60 ] || fail "goes on after a cut"
  echo hello >"$work/hello.session"
  play_typed 4 /dev/null "${flags[@]}" --state="$work/hello.session"
  expect_message "hello.session:1: is not the file of a session"
  play_typed 5 /dev/null --strategy="$work/preflop.strategy" --state="$session"
  expect_message "with other flags"
  play_typed 5 /dev/null --strategy="$work/leduc.strategy" --duplicate --block=4 --state="$session"
  expect_message "against another strategy"
  play_typed 2 /dev/null --strategy="$work/leduc.strategy" --seat=2
  expect_message "has 2 seats, from 0"
  play_typed 2 /dev/null --strategy="$work/leduc.strategy" --seat=1 --duplicate
  play_typed 2 /dev/null --strategy="$work/leduc.strategy" --translation=x
  play_typed 2 /dev/null
  play_typed 3 /dev/null --strategy="$work/none"
  # A new session that is refused leaves no file.
  local wrong
  for wrong in --seat=2 --stack=7 --stakes=x --translation=x --history=hands.odd \
    --strategy="$work/none"; do
    ! "$play" --strategy="$work/leduc.strategy" --state="$work/new.session" "$wrong" </dev/null \
      >"$out_file" 2>"$err_file" || fail "$wrong is taken"
    expect_one_line
    [ ! -e "$work/new.session" ] || fail "$wrong leaves a session"
  done
  head -c 5000 /dev/zero | tr '\0' c >"$work/long.typed"
  play_typed 2 "$work/long.typed" --strategy="$work/leduc.strategy"
  expect_message "a line of more than 4096 bytes"
}

a_terminal_is_prompted_and_a_pipe_is_not() {
  printf '%s\n' range 'range 0' 'range 7' c last '?' q >"$work/asks.typed"
  play_typed 0 "$work/asks.typed" --strategy="$work/leduc.strategy" --seed=7 --seat=1
  ! grep -q -e '^> ' -e $'\033' "$out_file" || fail "noise in a pipe"
  grep -q '! "7" is no seat; seats are 0 to 1' "$out_file" || fail "a seat that is none"
  local command="$play --strategy=$work/leduc.strategy --seed=7"
  expect_exit 0 script -qec "TERM=xterm $command" /dev/null <<<q
  grep -q '^> ' "$out_file" || fail "no prompt on a terminal"
  grep -q $'\033' "$out_file" || fail "no colour on a terminal"
  expect_exit 0 script -qec "TERM=xterm NO_COLOR=1 $command" /dev/null <<<q
  ! grep -q $'\033' "$out_file" || fail "colour in spite of NO_COLOR"
}

a_signal_saves() {
  mkfifo "$work/pipe"
  "$play" --strategy="$work/leduc.strategy" --seed=7 --seat=0 --state="$work/signal.session" \
    <"$work/pipe" >"$out_file" 2>"$err_file" &
  local pid=$! found=0
  exec 7>"$work/pipe"
  wait_for "pot 2" "$out_file" $pid
  # The session is its own meanwhile.
  local second=0
  "$play" --strategy="$work/leduc.strategy" --seed=7 --seat=0 --state="$work/signal.session" \
    </dev/null >"$work/second.out" 2>"$work/second.err" || second=$?
  [ "$second" -eq 8 ] || fail "a session that is played twice: exit code $second"
  [ "$(cat "$work/second.err")" = "play: $work/signal.session: another process plays this session; \
leave it there (q), or give another --state" ] || { cp "$work/second.err" "$err_file"; fail "one line"; }
  echo c >&7
  wait_for "you check" "$out_file" $pid
  kill -TERM $pid
  wait $pid || found=$?
  exec 7>&-
  [ "$found" -eq 10 ] || fail "expected exit code 10, found $found"
  expect_message "signal.session has what was played"
  grep -Eq '^(at 0 c|hand 0 c)' "$work/signal.session" || fail "what was played is saved"
  # Whoever held it is gone: the session goes on.
  play_typed 0 /dev/null --strategy="$work/leduc.strategy" --seat=0 --state="$work/signal.session"
}

# In other chips the same game: everything is twice as much. Other depths are refused, or scaled.
other_stakes_are_scaled() {
  local flags=(--strategy="$work/preflop.strategy" --seed=5 --hands=80)
  typed 600 4 c c f 'r pot' 'r min' allin 'r allin' >"$work/stakes.typed"
  play_typed 0 "$work/stakes.typed" "${flags[@]}" --history="$work/once.log"
  head -n 100 "$work/stakes.typed" >"$work/first.typed"
  tail -n +101 "$work/stakes.typed" >"$work/rest.typed"
  play_typed 0 "$work/first.typed" "${flags[@]}" --blinds=200,100 --state="$work/twice.session"
  grep -q '^nashville play 2 .* stakes 200,100:40000,40000 ' "$work/twice.session" || fail "the header"
  # It goes on with its own stakes, which need not be said again.
  play_typed 0 "$work/rest.typed" "${flags[@]}" --state="$work/twice.session" \
    --history="$work/twice.log"
  python3 - "$work/once.log" "$work/twice.log" 2>"$err_file" <<'PY' || fail "twice the stakes"
import re, sys
once, twice = ([l.strip().split(":") for l in open(p) if l.startswith("STATE")] for p in sys.argv[1:])
assert len(once) == len(twice) == 80, (len(once), len(twice))
for a, b in zip(once, twice):
    assert b[2] == re.sub(r"r(\d+)", lambda r: "r%d" % (2 * int(r[1])), a[2]), (a, b)
    assert b[3] == a[3] and b[5] == a[5], (a, b)
    assert [float(c) for c in b[4].split("|")] == [2 * float(c) for c in a[4].split("|")], (a, b)
assert sum("r20000" in row[2] for row in once) > 3, "no all-in"
PY
  play_typed 5 /dev/null "${flags[@]}" --state="$work/twice.session" --blinds=400,200
  expect_message "with other flags" "--blinds"
  play_typed 5 /dev/null "${flags[@]}" --stack=5000
  expect_message "stacks 20000 20000, at the table there are 100 50 and 5000 5000" "stakes: scale"
  play_typed 0 "$work/stakes.typed" "${flags[@]}" --stack=5000,9000 --stakes=scale \
    --history="$work/short.log"
  grep -q '^stacks are not those' "$out_file" || fail "scaling is told"
  sed 's/^stack.*/stack = 5000 9000/' "$work/preflop.game" >"$work/short.game"
  expect_exit 0 "$replay" "$work/short.game" "$work/short.log" 80
  grep -q 'r5000' "$work/short.log" || fail "no all-in of the shorter stack"
  local code text given
  while IFS=$'\t' read -r code text given; do
    play_typed "$code" /dev/null "${flags[@]}" $given
    expect_one_line
    expect_message "$text"
  done <<'CASES'
5	may be a multiple	--blinds=50,100
5	may be a multiple	--blinds=200,50
2	--blinds=200: expected chips by position, as in 100,100	--blinds=200
2	--blinds=200,x: expected	--blinds=200,x
2	--stack=-5: expected	--stack=-5
2	--stack=1,2,3: expected	--stack=1,2,3
2	a stack of 20000 times 200000/100 are no whole chips, or more than	--blinds=200000,100000
2	--blinds=99999999999,1: expected	--blinds=99999999999,1
5	no more than a blind	--stack=100 --stakes=scale
2	--stakes=x; allowed: refuse, scale	--stakes=x
CASES
}

games_are_those_of_a_dealer
three_players_sit_in_every_seat
results_are_those_of_the_log
sessions_go_on
damage_is_refused
a_terminal_is_prompted_and_a_pipe_is_not
a_signal_saves
other_stakes_are_scaled
