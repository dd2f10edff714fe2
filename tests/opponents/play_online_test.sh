#!/usr/bin/env bash
# A public opponent's interface, at a server of our own: what is played there, kept and counted is the
# same on both sides, and an answer that makes no sense ends in one line.
source tests/tools/expect.sh

readonly online=tools/play_online hands=tools/hands

server=fake_slumbot.py certificate= scheme=http://127.0.0.1
declare -A ports pids
trap 'kill "${pids[@]}" 2>/dev/null' EXIT

# serve FAULT: a server of $server with this fault, in the state of its first moment; one that is there
# is told so, since to start one takes longer than most hands. The first line of $work/server is its port,
# its hands and what it finds fault with come after, and into $work/server.err.
serve() {
  local port=${ports[$server]:-}
  if [ -z "$port" ]; then
    : >"$work/server"
    python3 "tests/opponents/$server" "$1" $certificate >>"$work/server" 2>>"$work/server.err" &
    pids[$server]=$!
    while ! [ -s "$work/server" ]; do kill -0 ${pids[$server]} || fail "no server"; sleep 0.01; done
    ports[$server]=$(head -n 1 "$work/server")
    return
  fi
  echo "$port" >"$work/server"
  exec 9<>"/dev/tcp/127.0.0.1/$port"
  printf 'POST /control HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
    "${#1}" "$1" >&9
  cat <&9 >/dev/null
  exec 9>&-
}

# against FAULT CODE FLAGS...: plays at a server with this fault. Its hands are in $work/server.
against() {
  local fault=$1 code=$2 found=0
  shift 2
  : >"$work/server.err"
  serve "$fault"
  "$online" --host="$scheme:${ports[$server]}" --tries=3 "$@" >"$out_file" 2>"$err_file" || found=$?
  # What breaks a connection, or belongs to one certificate, is not used again.
  if [ -n "$certificate" ] || [ "$fault" = hang_up ] || [ "$fault" = long ]; then
    kill "${pids[$server]}"
    wait "${pids[$server]}" 2>/dev/null
    unset "ports[$server]" "pids[$server]"
  elif [ -s "$work/server.err" ]; then
    cp "$work/server.err" "$err_file"
    fail "the server found fault with a question"
  fi
  [ "$found" -eq "$code" ] || fail "expected exit code $code, found $found: $fault $*"
  [ "$code" -eq 0 ] || [ "$(grep -vc '^warning: ' "$err_file")" -eq 1 ] || fail "expected one line"
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
# What Slumbot wins in the same seat is told of each hand, and has 7 or 8 chips less.
less = 10 * statistics.mean(7 + hand["client_pos"] for hand in told)
assert abs(result["adjusted"]["mbb_per_game"] - less) < 1e-6, result
assert 0 < result["adjusted"]["mbb_half_width"] < 2 and result["lost_hands"] == 0, result
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
  grep -q "^with less luck .*less Slumbot's own result" "$out_file" || fail "Slumbot's baseline"
  against no_baseline 0 --strategy=uniform --hands=40
  ! grep -q 'with less luck' "$out_file" || fail "a baseline of some hands only"
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
  expect_message "HTTP status 503: busy, in 3 tries" "0 of 5 hands"
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
5	refused	Slumbot refuses: Illegal ?[2J action
1	hang_up	whether it was heard is not known
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
4	={"baseline_winnings": "all"}	baseline_winnings is no number
CASES
}

# A session that has expired is begun anew: between two hands nothing is lost, in a hand that hand is.
sessions_that_expire_are_begun_anew() {
  echo s3cret >"$work/password"
  local account
  for account in "" "--user=me --password_file=$work/password"; do
    against between 0 --strategy=always_call --hands=12 --json $account
    grep -q '"hands": 12' "$out_file" || fail "all hands are played"
    grep -q '"lost_hands": 0' "$out_file" || fail "no hand is lost"
    [ "$(wc -l <"$work/server")" -eq 13 ] || fail "no hand is played twice"
    rm -f "$work/kept.log"
    against expired 0 --strategy=always_call --hands=20 --json --history="$work/kept.log" $account
    expect_message "warning: hand" "refuses: Session ?[2J expired; the hand is lost"
    grep -q '"hands": 18' "$out_file" || fail "two of 20 hands are lost"
    grep -q '"lost_hands": 2' "$out_file" || fail "lost hands are told"
    [ "$(grep -c ^STATE "$work/kept.log")" -eq 18 ] || fail "a lost hand is not kept"
    [ "$(wc -l <"$work/server")" -eq 19 ] || fail "hands at the server"
  done
  # Where every hand is lost, it is not the session.
  against gone 5 --strategy=always_call --hands=20
}

# certificate_of NAME KIND: a key and a certificate of its own for a host, in one file.
certificate_of() {
  expect_exit 0 openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj "/CN=$1" -addext "subjectAltName=$2" -keyout "$work/$1.key" -out "$work/$1.crt"
  cat "$work/$1.key" "$work/$1.crt" >"$work/$1.pem"
}

# https: a server is believed whose certificate is trusted and names it.
https_checks_who_answers() {
  certificate_of localhost DNS:localhost
  certificate_of elsewhere DNS:elsewhere.example
  kill "${pids[$server]}"
  unset "ports[$server]" "pids[$server]"
  local certificate=$work/localhost.pem scheme=https://localhost
  against "" 0 --strategy=uniform --hands=10 --certificates="$work/localhost.crt"
  [ "$(wc -l <"$work/server")" -eq 11 ] || fail "ten hands over https"
  against "" 5 --strategy=uniform --hands=10
  expect_message "its certificate is not trusted" "--certificates"
  against "" 5 --strategy=uniform --hands=10 --certificates="$work/elsewhere.crt"
  expect_message "its certificate is not trusted"
  certificate=$work/elsewhere.pem
  against "" 5 --strategy=uniform --hands=10 --certificates="$work/elsewhere.crt"
  expect_message "names another host"
  against "" 3 --strategy=uniform --certificates="$work/none.crt"
}

# The server holds hands: one whose connection breaks goes on as it stands there, and is lost only
# where it ended unheard. What a run has left open the next one plays on.
hands_go_on_when_connections_break() {
  rm -f "$work/kept.log"
  against breaks 0 "${flags[@]}" --strategy=uniform --hands=60 --history="$work/kept.log" --json
  grep -q '^warning: hand .* the server holds the hand no more' "$err_file" || fail "no hand is lost"
  python3 - "$work/server" "$work/kept.log" "$out_file" 2>"$err_file" <<'PY' || fail "broken hands"
import json, sys
told = [json.loads(line) for line in open(sys.argv[1]).readlines()[1:]]
heard = [hand["game_state"] for hand in told if "lost" not in hand]
kept = [l.strip().split(":") for l in open(sys.argv[2]) if l.startswith("STATE")]
result = json.load(open(sys.argv[3]))
assert len(told) == 60 and result["hands"] == len(heard) == len(kept), (result, len(told), len(heard))
assert result["lost_hands"] == 60 - len(heard) > 0 and result["found_hands"] == 0, result
assert result["chips"] == sum(hand["winnings"] for hand in heard), result
for hand, row in zip(heard, kept):
    mine = [player["name"] for player in hand["players"]].index("me")
    assert float(row[4].split("|")[mine]) == hand["winnings"], (hand, row)
    assert row[3].split("/")[0].split("|")[mine] == hand["players"][mine]["hole_cards"], (hand, row)
PY
  against no_list 4 "${flags[@]}" --strategy=uniform --hands=60
  expect_message "hands in progress are no list"
  against breaks_often 1 "${flags[@]}" --strategy=always_call --hands=60
  expect_message "whether it was heard is not known"
  expect_exit 0 "$online" --host="$scheme:${ports[$server]}" "${flags[@]}" --strategy=always_call \
    --hands=3 --resume --json
  grep -q '"found_hands": 1' "$out_file" || fail "a hand was left open"
  grep -q '"hands": 3' "$out_file" || fail "it is one of the three"
  [ ! -s "$work/server.err" ] || fail "the server found fault with a question"
  against "" 0 "${flags[@]}" --strategy=always_call --hands=3 --resume --json
  grep -q '"found_hands": 0' "$out_file" || fail "no hand was left open"
}

gto_wizard_is_played() {
  local server=fake_gto_wizard.py flags=(--opponent=gto_wizard --key_file="$work/key") fault code text
  echo k3y >"$work/key"
  local player
  for player in uniform always_call always_fold; do
    rm -f "$work/kept.log"
    against "" 0 "${flags[@]}" --strategy=$player --hands=150 --history="$work/kept.log" --json
    python3 - "$work/server" "$work/kept.log" "$out_file" $player 2>"$err_file" <<'PY' ||
import json, re, statistics, sys
told = [json.loads(line)["game_state"] for line in open(sys.argv[1]).readlines()[1:]]
kept = [l.strip().split(":") for l in open(sys.argv[2]) if l.startswith("STATE")]
assert len(told) == len(kept) == 150, (len(told), len(kept))
for hand, row in zip(told, kept):
    before, streets = 0, []
    for street in "".join(hand["action_history"]).split("_"):
        streets.append(re.sub(r"b(\d+)", lambda b: "r%d" % (int(b[1]) + before), street).replace("k", "c"))
        bets = [int(b) for b in re.findall(r"b(\d+)", street)]
        before += bets[-1] if bets else 100 if not before else 0
    assert row[2] == "/".join(streets), (hand, row)
    holes, _, board = row[3].partition("/")
    mine = [p["name"] for p in hand["players"]].index("me")
    assert holes.split("|") == [p["hole_cards"] for p in hand["players"]], (hand, row)
    assert hand["players"][mine]["position"] == ["BB", "SB"][mine], hand
    assert board.replace("/", "") == hand["board_cards"], (hand, row)
    assert row[5].split("|")[mine] == "strategy" and row[5].split("|")[1 - mine] == "GTO Wizard", row
    assert float(row[4].split("|")[mine]) == hand["winnings"], (hand, row)
result = json.load(open(sys.argv[3]))
assert result["hands"] == 150 and result["chips"] == sum(h["winnings"] for h in told), result
luckless = 10 * statistics.mean(h["aivat_score"] for h in told)
assert abs(result["adjusted"]["mbb_per_game"] - luckless) < 1e-6, (result, luckless)
assert "AIVAT" in result["adjusted"]["how"], result
if sys.argv[4] == "uniform":
    assert any("c///" in row[2] for row in kept), "no early all-in"
    assert any(h["has_gto_wizard_folded"] for h in told), "nobody folds"
PY
      fail "hands of $player"
  done
  for fault in 502 503 504 capped; do
    against $fault 0 "${flags[@]}" --strategy=always_call --hands=5
    [ "$(wc -l <"$work/server")" -eq 6 ] || fail "no hand is played twice"
  done
  hands_go_on_when_connections_break
  # Whether the end of a street is told at once is not said by the interface: both are taken.
  against trailing 0 "${flags[@]}" --strategy=always_call --hands=20
  against nameless 4 "${flags[@]}" --strategy=always_call --hands=20
  expect_message "neither names nor cards tell"
  while IFS=$'\t' read -r code fault text; do
    rm -f "$work/kept.log"
    against "$fault" "$code" "${flags[@]}" --strategy=always_call --hands=50 --history="$work/kept.log"
    expect_message "$text" "of 50 hands were over"
    ! grep -q $'\033' "$err_file" || fail "an escape sequence reaches the terminal"
    expect_exit 0 "$hands" count "$work/kept.log" --game=configs/games/nolimit_2p.game
  done <<'CASES'
7	expired	HTTP status 401: {"detail": "Invalid API key"}
8	always_capped	HTTP status 409
5	conflict	HTTP status 409: {"detail": "the hand is over"}
5	deep	it plays another game
5	refused	HTTP status 422: {"detail": "not ?[2J now"}
4	winnings	by the rules
4	seats	positions are not SB and BB
4	-hand_id	hand_id is missing
4	-game	game is missing
4	-game_state	game_state is missing
4	-game_id	game_id is missing
4	-game_format	game_format is missing
4	-blinds	blinds is missing
4	-street	street is missing
4	-common_pot	common_pot is missing
4	-total_pot	total_pot is missing
4	-board_cards	board_cards is missing
4	-is_hand_over	is_hand_over is missing
4	-players	players is missing
4	-legal_actions	legal_actions is missing
4	-raise_range	raise_range is missing
4	-action_history	action_history is missing
4	-has_gto_wizard_folded	has_gto_wizard_folded is missing
4	-winnings	winnings is missing
4	-aivat_score	aivat_score is missing
4	={"hand_id": 7}	another hand_id in the middle of a hand
4	={"hand_id": "7"}	hand_id is missing or of another kind
5	={"game_name": "6-max"}	it plays another game
5	={"starting_stack": 10000}	it plays another game
5	={"blinds": [100, 100]}	it plays another game
4	={"blinds": [100]}	blinds are not two numbers
5	={"stack_reset_per_hand": false}	it plays another game
4	={"street": "showdown"}	street is not that of action_history
4	={"board_cards": "2c"}	a board of 1 cards
4	={"board_cards": "2c2c2c"}	is there twice
4	={"board_cards": 5}	board_cards is missing or of another kind
4	={"players": []}	expected two players
4	={"players": [{}, {}]}	players: name is missing
4	={"legal_actions": []}	legal_actions and raise_range leave it out
4	={"legal_actions": ["allin"]}	legal_actions holds other things
4	={"raise_range": {"min": 5}}	raise_range has no min and max
4	={"action_history": [7]}	action_history holds what is no text
4	={"action_history": ["b99"]}	action_history: action "b99"
4	={"action_history": ["_"]}	a street begins too early
4	={"has_gto_wizard_folded": 1}	has_gto_wizard_folded is missing or of another kind
4	={"winnings": "all"}	winnings is missing or of another kind
CASES
  # A key that is wrong, or is not given; and what belongs to the other opponent.
  echo other >"$work/wrong_key"
  against "" 7 --opponent=gto_wizard --key_file="$work/wrong_key" --strategy=always_call
  ! grep -q other "$err_file" || fail "the key is printed"
  GTOW_API_KEY=k3y against "" 0 --opponent=gto_wizard --strategy=always_fold --hands=3
  expect_exit 2 "$online" --opponent=gto_wizard --strategy=always_call
  expect_message "GTOW_API_KEY"
  expect_exit 2 "$online" --opponent=gto_wizard --user=me --strategy=always_call
  expect_exit 2 "$online" --key_file="$work/key" --strategy=always_call
  expect_exit 2 "$online" --resume --strategy=always_call
  expect_exit 2 "$online" --opponent=deep_blue --strategy=always_call
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
sessions_that_expire_are_begun_anew
https_checks_who_answers
gto_wizard_is_played
accounts_and_flags
