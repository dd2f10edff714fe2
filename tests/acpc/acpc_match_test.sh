#!/usr/bin/env bash
# Strategies at a table: matches over sockets are those without, and what a log says is true.
source tests/tools/expect.sh

readonly dealer=tools/acpc_dealer player=tools/acpc_player replay=tests/acpc/replay_log
readonly converter=tools/hands

# strategy NAME CONFIG: trains it and exports $work/NAME.strategy.
strategy() {
  expect_exit 0 "$train" --config="$2" --out="$work/run_$1" --threads=1
  expect_exit 0 "$inspect" export "$work/run_$1" "$work/$1.strategy" --deals=0
}

# play GAME HANDS FLAGS... -- STRATEGY...: over sockets, and the same in one process. Leaves
# $work/socket.log and the players' results in $work/player_N.json.
play() {
  local game=$1 hands=$2 names=() files=() seeds=() flags=() i
  shift 2
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  for ((i = 1; i <= $#; ++i)); do names+=("P$i") seeds+=("$i") files+=("$work/${!i}.strategy"); done
  rm -f "$work"/*.log
  : >"$work/dealer.out"
  "$dealer" match "$game" "$hands" 7 "${names[@]}" --log="$work/socket.log" "${flags[@]}" \
    >"$work/dealer.out" 2>"$work/dealer.err" &
  local dealer_pid=$! ports pids=()
  wait_for " " "$work/dealer.out" $dealer_pid
  read -ra ports <"$work/dealer.out"
  for ((i = 0; i < ${#files[@]}; ++i)); do
    "$player" localhost "${ports[i]}" --strategy="${files[i]}" --seed="${seeds[i]}" --json \
      --hands="$work/hands_$i.log" --history="$work/history_$i.log" >"$work/player_$i.json" 2>"$work/player_$i.err" &
    pids+=($!)
  done
  local pid
  for pid in $dealer_pid "${pids[@]}"; do
    wait "$pid" || { cat "$work"/*.err >"$err_file"; fail "a process of the match failed"; }
  done
  [ ! -s "$work/dealer.err" ] || { cp "$work/dealer.err" "$err_file"; fail "the dealer warned"; }
  local joined=$(IFS=,; echo "${files[*]}") joined_seeds=$(IFS=,; echo "${seeds[*]}")
  expect_exit 0 "$dealer" match "$game" "$hands" 7 "${names[@]}" --log="$work/local.log" \
    "${flags[@]}" --strategies="$joined" --seeds="$joined_seeds"
  cmp "$work/socket.log" "$work/local.log" || fail "sockets change the match"
  expect_exit 0 "$replay" "$game" "$work/socket.log" "$hands"
  diff "$out_file" <(tail -n 1 "$work/dealer.out") || fail "the score"
  [ "$(grep -c MATCHSTATE "$work/hands_0.log")" -eq "$hands" ] || fail "hands are kept"
  # A player knows what was done and won, and not all cards.
  diff <(grep ^STATE "$work/socket.log" | cut -d: -f2,3,5) \
    <(grep ^STATE "$work/history_0.log" | cut -d: -f2,3,5) || fail "the player's hands"
}

games_are_played() {
  leduc_config "$work/leduc.yaml" 200 12800
  strategy leduc "$work/leduc.yaml"
  leduc_config "$work/short.yaml" 10 320
  strategy short "$work/short.yaml"
  play configs/games/leduc_2p.game 400 -- leduc short
  python3 - "$work/player_0.json" 2>"$err_file" <<'PY' || fail "what the player tells"
import json, sys
told = json.load(open(sys.argv[1]))
assert told["hands"] == 400 and told["answers"] > 400, told
assert 0 < told["median_ms"] <= told["percentile_99_ms"] <= told["longest_ms"], told
assert told["median_ms"] < 5, told
PY
  play configs/games/leduc_2p.game 50 --fixed_seats -- leduc leduc
  [ "$(grep -c ':P1|P2$' "$work/socket.log")" -eq 51 ] || fail "seats are fixed"
  sed -e "s|games/|$PWD/configs/games/|" -e 's/^iterations: .*/iterations: 64000/' \
    configs/kuhn_3p.yaml >"$work/kuhn_3p.yaml"
  strategy kuhn_3p "$work/kuhn_3p.yaml"
  play configs/games/kuhn_3p.game 200 -- kuhn_3p kuhn_3p kuhn_3p
}

# As many as the protocol seats: Kuhn's game of ten, each a card of twelve.
ten_players_sit_down() {
  local ones='1 1 1 1 1 1 1 1 1 1'
  sed -e 's/^numPlayers.*/numPlayers = 10/' -e 's/^numRanks.*/numRanks = 12/' \
    -e "s/^blind.*/blind = $ones/" configs/games/kuhn_3p.game >"$work/kuhn_10p.game"
  sed -e 's|^game: .*|game: kuhn_10p.game|' -e 's/^iterations: .*/iterations: 320/' \
    -e 's/^round: .*/round: {batches: 1, deals: 32}/' configs/kuhn_3p.yaml >"$work/kuhn_10p.yaml"
  strategy kuhn_10p "$work/kuhn_10p.yaml"
  play "$work/kuhn_10p.game" 60 -- $(printf 'kuhn_10p %.0s' {1..10})
}

# Two menus that lack each other's bets: both translate.
bets_off_the_menu_are_played() {
  holdem_config "$work/pot.yaml" '[pot, allin]' 100 32 4
  strategy pot "$work/pot.yaml"
  holdem_config "$work/small.yaml" '[min, 0.7pot, 3pot]' 100 32 4
  strategy small "$work/small.yaml"
  play "$work/preflop.game" 300 -- pot small
  grep -q 'r200[fcr]' "$work/socket.log" || fail "a bet that the other lacks"
}

# Two players at random, and the dealer's hands in other formats: converted to a log they are the
# same bytes as its own, and the tests' own state machine finds no fault with it.
hands_are_files() {
  local game=configs/games/nolimit_2p_100bb.game ending
  rm -f "$work"/*.log
  : >"$work/dealer.out"
  "$dealer" match "$game" 300 7 A B --log="$work/socket.log" --history="$work/all.phhs" \
    >"$work/dealer.out" 2>/dev/null &
  local pid=$!
  wait_for " " "$work/dealer.out" $pid
  python3 tests/acpc/random_players.py $(head -n 1 "$work/dealer.out") || fail "the players"
  wait $pid || fail "the dealer"
  expect_exit 0 "$converter" convert "$work/all.phhs" "$work/all.txt"
  expect_exit 0 "$converter" convert "$work/all.txt" "$work/all.log"
  cmp <(grep -v '^#' "$work/socket.log") "$work/all.log" || fail "hands that were converted"
  expect_exit 0 "$replay" "$game" "$work/all.log" 300
  # The sum, by every format; and the interval by hand.
  for ending in phhs txt log; do
    expect_exit 0 "$converter" score "$work/all.$ending" --game="$game" --json
    python3 - "$out_file" "$work/socket.log" 2>"$err_file" <<'PY' || fail "the score of $ending"
import json, math, statistics, sys
told = json.load(open(sys.argv[1]))["players"]["A"]
won = [float(c) for l in open(sys.argv[2]) if l.startswith("STATE")
       for c, n in zip(*(f.split("|") for f in l.strip().split(":")[4:])) if n == "A"]
assert told["hands"] == len(won) == 300 and abs(told["chips"] - sum(won)) < 1e-6, told
assert abs(told["mbb_per_game"] - 10 * statistics.mean(won)) < 1e-6, told
# Student's quantile with 299 degrees of freedom is 1.96793; the big blind is 100.
half = 10 * 1.96793 * statistics.stdev(won) / math.sqrt(300)
assert abs(told["mbb_half_width"] / half - 1) < 1e-4, (told, half)
PY
  done
  expect_exit 0 "$converter" count "$work/all.phhs" "$work/all.txt" --json
  grep -q '"hands": 600' "$out_file" || fail "two files are counted"
  expect_exit 0 "$converter" replay "$work/all.txt" --hand=299
  [ "$(grep -c '^hand 299$' "$out_file")" -eq 1 ] || fail "one hand is replayed"
  expect_exit 2 "$converter" replay "$work/all.txt" --hand=300
  expect_one_line
  expect_exit 2 "$converter" count "$work/all.log"
  expect_message "name it by --game"
  expect_exit 2 "$converter" convert "$work/all.phhs" "$work/all.doc"
  expect_exit 5 "$converter" convert "$work/all.phhs" "$work/all.phh"
  expect_message "write a .phhs"
  expect_exit 3 "$converter" count "$work/none.phhs"
  # In the middle of a hand's actions: between two lines what is left may be a hand that is whole.
  local actions
  actions=$(grep -b '^actions = ' "$work/all.phhs" | sed -n '80s/:.*//p')
  head -c $((actions + 13)) "$work/all.phhs" >"$work/cut.phhs"
  expect_exit 2 "$converter" count "$work/cut.phhs"
  expect_one_line
  expect_message "cut.phhs:"
  expect_exit 2 "$converter"
  expect_exit 2 "$converter" mix "$work/all.phhs"
  expect_exit 9 "$dealer" x configs/games/leduc_2p.game 3 7 A B --history="$work/all.log" \
    --log="$work/x.log" --strategies="$work/leduc.strategy,$work/leduc.strategy"
  expect_exit 5 "$dealer" x configs/games/leduc_2p.game 3 7 A B --history="$work/x.txt" \
    --log="$work/x.log" --strategies="$work/leduc.strategy,$work/leduc.strategy"
  expect_message "PokerStars text has words for hold'em"
}

# `match` has its hands, too: with the deals of the dealer's, legal for the tests' own state machine,
# and their sum is what it says of the chips.
matches_keep_their_hands() {
  rm -f "$work/kept.log"
  expect_exit 0 "$evaluate" match "$work/run_leduc" "$work/run_short" --deals=300 --seed=7 --json \
    --threads=2 --history="$work/kept.log"
  cp "$out_file" "$work/match.json"
  expect_exit 0 "$replay" configs/games/leduc_2p.game "$work/kept.log" 600
  python3 - "$work/match.json" "$work/kept.log" 2>"$err_file" <<'PY' || fail "the match's hands"
import json, sys
pair = json.load(open(sys.argv[1]))["pairs"][0]
won, cards = 0, []
for line in open(sys.argv[2]):
    row = line.strip().split(":")
    if row[0] != "STATE": continue
    won += float(row[4].split("|")[row[5].split("|").index("A")])
    cards.append((row[3].split("/")[0], row[5]))
assert abs(pair["chips_without_aivat"] - won / 600) < 1e-9, (pair, won)
# Each deal twice, with A in each seat.
assert all(a[0] == b[0] and a[1] != b[1] for a, b in zip(cards[::2], cards[1::2]))
PY
  expect_exit 0 "$evaluate" match "$work/run_kuhn_3p" always_call --deals=50 --json \
    --history="$work/kuhn_match.log"
  grep -q ':A|B1|B2$' "$work/kuhn_match.log" || fail "copies have names"
  expect_exit 2 "$evaluate" head_to_head "$work/run_leduc" "$work/run_short" --history="$work/x.log"
  expect_message "--history: head_to_head plays no hands"
}

# The soak, a short one: it passes, and it fails where memory grows more than it may.
a_match_is_watched() {
  # Sanitizers keep what was freed for a while.
  ! grep -q -e __asan_init -e __tsan_init tools/acpc_dealer || return 0
  local soak=(python3 tests/acpc/soak.py configs/games/leduc_2p.game "$work/leduc.strategy"
    --hands=5000 --every=0.1 --programs=. --folder="$work")
  expect_exit 0 "${soak[@]}"
  python3 - "$out_file" 2>"$err_file" <<'PY' || fail "what the soak tells"
import json, sys
told = json.load(open(sys.argv[1]))
assert set(told["processes"]) == {"dealer", "player_0", "player_1"} and told["wrong"] == [], told
assert all(p["hands"] == told["hands"] == 5000 for p in told["players"]), told
assert all(p["median_ms"] < 1 for p in told["players"]), told
PY
  expect_exit 1 "${soak[@]}" --grow_kb=-100000
  grep -q 'player_1 grew by' "$out_file" || fail "growth is told"
}

# hear LINES CODE TEXT...: the player at a dealer that sends these lines.
hear() {
  local lines=$1 code=$2 found=0
  shift 2
  printf '%b' "$lines" >"$work/lines"
  : >"$work/bad.out"
  python3 tests/acpc/bad_dealer.py "$work/lines" >"$work/bad.out" 2>"$work/bad.err" &
  local pid=$!
  wait_for "" "$work/bad.out" $pid
  while [ ! -s "$work/bad.out" ]; do sleep 0.01; done
  rm -f "$work/kept.log"
  expect_exit "$code" "$player" localhost "$(head -n 1 "$work/bad.out")" \
    --strategy="$work/leduc.strategy" --hands="$work/kept.log"
  wait $pid
  [ "$code" -eq 0 ] || expect_one_line
  expect_message "$@"
}

what_a_dealer_says_is_checked() {
  local over='MATCHSTATE:0:0::Ks|\r\nMATCHSTATE:0:0:rf:Ks|\r\n'
  hear "$over" 0
  [ "$(wc -l <"$work/kept.log")" -eq 1 ] || fail "the hand is kept"
  # Comments, LF alone, and a state that is repeated: answered once.
  hear '# hello\r\n; too\n\nMATCHSTATE:0:0::Ks|\nMATCHSTATE:0:0::Ks|\nMATCHSTATE:0:0:rf:Ks|\n' 0
  [ "$(grep -c '^MATCHSTATE:0:0::Ks|:[cr]' "$work/bad.out")" -eq 1 ] || fail "answered once"
  hear '' 1 "hung up before the first hand"
  hear 'MATCHSTATE:0:0::Ks|\r\n' 1 "hung up in a hand, after 0 that were over"
  hear "${over}MATCHSTATE:0:1::Ks|\r\n" 1 "after 1 that were over"
  [ "$(wc -l <"$work/kept.log")" -eq 1 ] || fail "the hand is kept when the dealer hangs up"
  hear "${over}MATCHSTATE:0:1::Ks" 1 "hung up in the middle of a line"
  hear 'MATCHSTATE:0:0::Ks|\r\nMATCHSTATE:0:0:r:Qs|\r\n' 4 "contradicts itself" "other hole cards"
  hear 'MATCHSTATE:0:0::Ks|\r\nMATCHSTATE:1:0:r:|Ks\r\n' 4 "another seat"
  hear 'MATCHSTATE:0:0:cr:Ks|\r\nMATCHSTATE:0:0:c:Ks|\r\n' 4 "other actions"
  hear 'MATCHSTATE:0:0:cc/:Ks|/Qs\r\nMATCHSTATE:0:0:cc/c:Ks|/Qh\r\n' 4 "another board"
  hear 'MATCHSTATE:0:0::Ks|\r\nMATCHSTATE:0:1::Ks|\r\n' 4 "begins hand 1 before hand 0 is over"
  hear 'MATCHSTATE:0:0:cc/:Ks|/Ks\r\n' 4 "is there twice"
  hear 'MATCHSTATE:0:0:rrrr:Ks|\r\n' 4 "a raise where none is legal" "--game"
  hear 'MATCHSTATE:0:0::AhKd|\r\n' 4 "expected 1"
  hear 'MATCHSTATE:0:0::K\\0s|\r\n' 4 "a NUL"
  hear '\\M\r\n' 4 "a line of more than 32768 bytes"
  hear 'HELLO\r\n' 4 'line "HELLO": expected MATCHSTATE:'
  expect_exit 8 "$player" localhost 1 --strategy="$work/leduc.strategy"
  expect_one_line
  expect_exit 2 "$player" localhost --strategy="$work/leduc.strategy"
  expect_exit 2 "$player" localhost 1
  expect_exit 3 "$player" localhost 1 --strategy="$work/none"
  expect_exit 5 "$player" localhost 1 --strategy="$work/leduc.strategy" \
    --game=configs/games/kuhn_2p.game
  expect_message "another game"
  sed 's/^blind.*/blind = 2 2/; s/^raiseSize.*/raiseSize = 4 8/' configs/games/leduc_2p.game \
    >"$work/double.game"
  expect_exit 5 "$player" localhost 1 --strategy="$work/leduc.strategy" --game="$work/double.game"
  expect_message "blinds 1 1" "there are 2 2" "stakes: scale"
  expect_exit 8 "$player" localhost 1 --strategy="$work/leduc.strategy" \
    --game="$work/double.game" --stakes=scale
}

# Players that send these lines: the first as they come, the others when they are on turn. STATE
# stands for what they were told.
what_a_player_says_is_checked() {
  local code text answers
  while IFS=$'\t' read -r code text answers; do
    rm -f "$work/bad.log"
    : >"$work/dealer.out"
    "$dealer" bad configs/games/kuhn_2p.game 3 7 A B --log="$work/bad.log" --t_response=0.5 --start_timeout=20 \
      >"$work/dealer.out" 2>"$err_file" &
    local pid=$! found=0
    wait_for " " "$work/dealer.out" $pid
    python3 - "$(head -n 1 "$work/dealer.out")" "$answers" <<'PY'
import socket, sys
a, b = (socket.create_connection(("localhost", int(port))) for port in sys.argv[1].split())
b.sendall(b"VERSION:2.0.0\r\n")
a.sendall(sys.argv[2].split()[0].encode() + b"\r\n")
# A is on turn first: position 0 of hand 0.
line = b""
try:
    while not line.endswith(b"\n"):
        more = a.recv(1)
        if not more: break
        line += more
    for answer in sys.argv[2].split()[1:]:
        a.sendall(answer.replace("STATE", line.decode().strip()).encode() + b"\r\n")
    a.settimeout(2)
    while a.recv(1000): pass
except OSError:
    pass
PY
    wait $pid || found=$?
    : >"$out_file"
    [ "$found" -eq "$code" ] || fail "expected $code, found $found: $answers"
    expect_message "$text"
    [ "$code" -eq 4 ] || grep -q '^# name/game/hands/seed bad' "$work/bad.log" || fail "a log"
  done <<'CASES'
4	expected VERSION:2.0.0	HELLO
1	said nothing in time	VERSION:2.0.0
1	taken for a call	VERSION:2.0.0 STATE:x
1	taken for a call	VERSION:2.0.0 STATE:f
1	passed over	VERSION:2.0.0 MATCHSTATE:0:9::Ks|:c
CASES
  expect_exit 2 "$dealer" x configs/games/kuhn_2p.game 3 7 A
  expect_exit 2 "$dealer" x configs/games/kuhn_2p.game 3 7 A B C
  expect_exit 2 "$dealer" x configs/games/kuhn_2p.game 0 7 A B
  expect_exit 2 "$dealer" x configs/games/kuhn_2p.game 3 7 A 'B|C'
  expect_exit 2 "$dealer" x configs/games/kuhn_2p.game 3 7 A B --ports=1,2,3
  expect_exit 5 "$dealer" x configs/games/kuhn_2p.game 3 7 A B \
    --strategies="$work/leduc.strategy,$work/leduc.strategy"
  : >"$work/there.log"
  expect_exit 9 "$dealer" x configs/games/leduc_2p.game 3 7 A B --log="$work/there.log" \
    --strategies="$work/leduc.strategy,$work/leduc.strategy"
}

games_are_played
ten_players_sit_down
bets_off_the_menu_are_played
hands_are_files
matches_keep_their_hands
a_match_is_watched
what_a_dealer_says_is_checked
what_a_player_says_is_checked
