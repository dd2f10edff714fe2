#!/usr/bin/env bash
# A public opponent's interface, at a server of our own: what is played there, kept and counted is the
# same on both sides, and an answer that makes no sense ends in one line.
source tests/tools/expect.sh

readonly online=tools/play_online hands=tools/hands

# against FAULT CODE FLAGS...: plays at a server with this fault. Its hands are in $work/server.
against() {
  local fault=$1 code=$2 found=0
  shift 2
  : >"$work/server"
  python3 tests/opponents/fake_slumbot.py "$fault" >"$work/server" 2>"$work/server.err" &
  local pid=$!
  while ! [ -s "$work/server" ]; do kill -0 $pid || fail "no server"; sleep 0.01; done
  "$online" --host="http://127.0.0.1:$(head -n 1 "$work/server")" --tries=3 "$@" >"$out_file" \
    2>"$err_file" || found=$?
  kill $pid
  wait $pid 2>/dev/null
  if [ -s "$work/server.err" ] && [ "$fault" != hang_up ] && [ "$fault" != long ]; then
    cp "$work/server.err" "$err_file"
    fail "the server found fault with a question"
  fi
  [ "$found" -eq "$code" ] || fail "expected exit code $code, found $found: $fault $*"
  [ "$code" -eq 0 ] || expect_one_line
}

what_is_played_is_what_the_server_says() {
  local player
  for player in uniform always_call always_fold; do
    rm -f "$work/kept.log"
    against "" 0 --strategy=$player --hands=150 --history="$work/kept.log" --json
    python3 - "$work/server" "$work/kept.log" "$out_file" $player 2>"$err_file" <<'PY' ||
import json, math, re, statistics, sys
told = [json.loads(line) for line in open(sys.argv[1]).readlines()[1:]]
kept = [l.strip().split(":") for l in open(sys.argv[2]) if l.startswith("STATE")]
assert len(told) == len(kept) == 150, (len(told), len(kept))
won, sizes = [], set()
for hand, row in zip(told, kept):
    pos = hand["client_pos"]
    # Bets on a street to totals over the hand, street by street.
    before, streets = 0, []
    for street in hand["action"].split("/"):
        streets.append(re.sub(r"b(\d+)", lambda b: "r%d" % (int(b[1]) + before), street).replace("k", "c"))
        bets = [int(b) for b in re.findall(r"b(\d+)", street)]
        before += bets[-1] if bets else 100 if not before else 0
    assert row[2] == "/".join(streets), (hand, row)
    cards = row[3].split("/")
    assert cards[0].split("|")[pos] == "".join(hand["hole_cards"]), (hand, row)
    assert cards[0].split("|")[1 - pos] == "".join(hand.get("bot_hole_cards", [])), (hand, row)
    assert "".join(cards[1:]) == "".join(hand["board"]), (hand, row)
    assert row[5].split("|")[pos] == "strategy" and row[5].split("|")[1 - pos] == "Slumbot", row
    assert float(row[4].split("|")[pos]) == hand["winnings"] == -float(row[4].split("|")[1 - pos]), row
    won.append(hand["winnings"])
    sizes.update(re.findall(r"r\d+", row[2]))
result = json.load(open(sys.argv[3]))
assert result["hands"] == 150 and result["chips"] == sum(won), result
assert abs(result["mbb_per_game"] - 10 * statistics.mean(won)) < 1e-6, result
# Student's 97.5% quantile with 149 degrees of freedom is 1.97601.
half = 10 * 1.97601 * statistics.stdev(won) / math.sqrt(150)
assert abs(result["mbb_half_width"] / half - 1) < 1e-4, (result, half)
if sys.argv[4] == "uniform":
    assert len(sizes) > 50 and "r20000" in sizes, sizes
    assert any("c///" in row[2] for row in kept), "no early all-in"
PY
      fail "hands of $player"
  done
  # The same hands in other formats, read back.
  rm -f "$work/kept.phhs"
  against "" 0 --strategy=uniform --hands=60 --history="$work/kept.phhs"
  grep -q '(95% interval)' "$out_file" || fail "an interval"
  expect_exit 0 "$hands" convert "$work/kept.phhs" "$work/kept.txt"
  expect_exit 0 "$hands" score "$work/kept.txt" --json
  grep -q '"hands": 60' "$out_file" || fail "the hands are read"
}

a_busy_server_is_asked_again() {
  local status
  for status in 429 502 503 504; do
    against $status 0 --strategy=always_call --hands=5
    [ "$(wc -l <"$work/server")" -eq 6 ] || fail "no hand is played twice"
  done
  against always_503 8 --strategy=always_call --hands=5
  expect_message "HTTP status 503, in 3 tries" "0 of 5 hands"
  expect_exit 8 "$online" --host=http://127.0.0.1:1 --tries=1 --strategy=always_call
  expect_one_line
}

what_makes_no_sense_is_refused() {
  local code fault text
  while IFS=$'\t' read -r code fault text; do
    rm -f "$work/kept.log"
    against "$fault" "$code" --strategy=always_call --hands=50 --history="$work/kept.log"
    expect_message "$text" "of 50 hands were over"
    ! grep -q $'\033' "$err_file" || fail "an escape sequence reaches the terminal"
    # The hands before are kept, and whole.
    expect_exit 0 "$hands" count "$work/kept.log" --game=configs/games/nolimit_2p.game
  done <<'CASES'
7	401	HTTP status 401
4	500	HTTP status 500
5	expired	Slumbot refuses: Session ?[2J expired
1	hang_up	the hand is lost
4	malformed	no JSON object
4	list	no JSON object
4	long	the answer is longer than 1 MiB
4	winnings	by the rules
4	seat	makes no sense
4	twice	is there twice
4	holes	other hole cards in the middle of a hand
4	-action	no action
4	-board	board is no list
4	-client_pos	client_pos is neither 0 nor 1
4	-hole_cards	hole_cards is no list
4	={"action": 5}	no action
4	={"action": "b99"}	a bet that is not legal
4	={"action": "b99999999999"}	a bet that is not legal
4	={"action": "x"}	expected f, k, c, b or /
4	={"action": "/"}	a street begins too early
4	={"client_pos": 2}	client_pos is neither 0 nor 1
4	={"client_pos": "0"}	client_pos is neither 0 nor 1
4	={"hole_cards": ["Ah"]}	expected two hole cards
4	={"hole_cards": ["Ah", 7]}	holds what is no text
4	={"hole_cards": ["Ah", "Xx"]}	hole_cards: 
4	={"board": ["2c"]}	a board of 1 cards
4	={"token": 5}	the token is no text
4	={"winnings": "all"}	winnings is no number
CASES
}

accounts_and_flags() {
  echo s3cret >"$work/password"
  echo other >"$work/wrong"
  local flags=(--strategy=always_fold --hands=3 --user=me)
  against "" 0 "${flags[@]}" --password_file="$work/password"
  ! grep -rq s3cret "$out_file" "$err_file" || fail "the password is printed"
  SLUMBOT_PASSWORD=s3cret against "" 0 "${flags[@]}"
  against "" 7 "${flags[@]}" --password_file="$work/wrong"
  ! grep -rq other "$err_file" || fail "the password is printed"
  against "" 2 "${flags[@]}"
  against "" 3 "${flags[@]}" --password_file="$work/none"
  against "" 9 --strategy=always_call --history="$work/password.log" --history="$work/kept.log"
  expect_exit 2 "$online"
  expect_exit 2 "$online" --strategy=always_call --host=slumbot.com
  expect_message "expected http://HOST"
  expect_exit 2 "$online" --strategy=always_call --history="$work/x.phh"
  expect_exit 3 "$online" --strategy="$work/none"
  holdem_config "$work/preflop.yaml" '[pot, allin]' 10 32 1
  expect_exit 0 "$train" --config="$work/preflop.yaml" --out="$work/run" --threads=1
  expect_exit 0 "$inspect" export "$work/run" "$work/preflop.strategy" --deals=0
  expect_exit 5 "$online" --strategy="$work/preflop.strategy"
  expect_message "another game"
}

what_is_played_is_what_the_server_says
a_busy_server_is_asked_again
what_makes_no_sense_is_refused
accounts_and_flags
