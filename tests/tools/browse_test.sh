#!/usr/bin/env bash
# Decisions hand by hand, on the command line and over HTTP.
source tests/tools/expect.sh

leduc_config "$work/leduc.yaml" 100 64000
expect_exit 0 "$train" --config="$work/leduc.yaml" --out="$work/leduc" --threads=1

# What `policy` says of buckets, multiplied along the path here, is what it says of hands.
hands_agree_with_buckets() {
  expect_exit 0 "$inspect" policy "$work/leduc"
  mv "$out_file" "$work/buckets.csv"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=cr --json
  mv "$out_file" "$work/preflop.json"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=crc/r --board=Qs --json
  mv "$out_file" "$work/flop.json"
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=crc/r --board=Qs
  python3 - "$work" "$out_file" 2>"$err_file" <<'PY' || fail "hands"
import csv, json, sys
work, table = sys.argv[1:]
rows = {}
for row in csv.DictReader(open(work + "/buckets.csv")):
    rows[row["betting"], row["hand"], row["action"]] = row

def name(card, board):
    return card[0] + ("|" + board[0] if board else "")

def probability(betting, card, board, action):
    seen = board if "/" in betting else ""
    return float(rows[betting, name(card, seen), action]["probability"])

for file, path, board in (("preflop.json", [("root", 0, "c"), ("c", 1, "r")], ""),
                          ("flop.json", [("root", 0, "c"), ("c", 1, "r"), ("cr", 0, "c"),
                                         ("crc/", 0, "r")], "Qs")):
    got = json.load(open(f"{work}/{file}"))
    assert got["board"] == board and got["strategy"] == "average", got
    assert [(s["betting"], s["player"], s["action"]) for s in got["path"]] == path, got["path"]
    deck = ["Qh", "Qs", "Kh", "Ks", "Ah", "As"]
    assert sorted(h["hand"] for h in got["hands"]) == sorted(c for c in deck if c != board), got
    weights = mean = 0
    for hand in got["hands"]:
        for player in (0, 1):
            reach = 1
            for betting, actor, action in path:
                if actor == player:
                    reach *= probability(betting, hand["hand"], board, action)
            assert abs(hand["reach"][player] - reach) < 1e-8, (hand, reach)
        for a, action in enumerate(got["actions"]):
            row = rows[got["betting"], name(hand["hand"], board), action["name"]]
            assert abs(hand["probabilities"][a] - float(row["probability"])) < 1e-8, (hand, row)
            assert hand["regrets"][a] == float(row["regret"]), (hand, row)
        weights += hand["reach"][got["player"]]
        mean += hand["reach"][got["player"]] * hand["probabilities"][0]
    assert abs(got["mean"][0] - mean / weights) < 1e-8, got["mean"]
# Antes of 1, a raise of 2 and a call, a raise of 4.
assert got["pot"] == 10 and [s["bet"] for s in got["seats"]] == [7, 3], got
lines = list(csv.DictReader(open(table)))
assert len(lines) == 5 * 3 and float(lines[0]["reach"]) > 0, lines
PY
}

one_hand_and_what_makes_no_sense() {
  expect_exit 0 "$inspect" policy "$work/leduc" --betting=crc/r --board=Qs --hand=Ah
  [ "$(wc -l <"$out_file")" -eq 4 ] || fail "expected one hand's three actions"
  local code flags text
  while read -r code flags text; do
    expect_exit "$code" "$inspect" policy "$work/leduc" ${flags//,/ }
    expect_one_line
    expect_message "$text"
  done <<'REFUSALS'
2 --betting=crc/r,--board=Q --board
2 --betting=crc/r,--board= there are 1 cards, found 0
2 --betting=crc/r,--board=2c 2c is not in this deck
2 --betting=crc/r,--board=QsQs Qs is there twice
2 --betting=crx,--board= expected one of
2 --betting=crc/r,--board=Qs,--hand=Qs has no such hand
2 --betting=crc/r,--board=Qs,--hand=AhKh expected 1 cards
2 --betting=crc/r,--board=Qs,--street=flop --street
REFUSALS
}

# What the page is told is what `policy` prints, and nonsense is refused.
the_server_says_the_same() {
  local port
  "$inspect" serve "$work/leduc" --port=0 >"$work/serve.out" 2>"$work/serve.err" &
  local server=$!
  wait_for "serving" "$work/serve.err" $server
  port=$(grep -oP '127.0.0.1:\K\d+' "$work/serve.err")
  python3 - "$port" "$work/flop.json" 2>"$err_file" <<'PY' || fail "serve"
import http.client, json, random, re, socket, sys, time
port, flop = int(sys.argv[1]), json.load(open(sys.argv[2]))
equities = [hand.pop("equity") for hand in flop["hands"]]

def get(path, method="GET", host=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, {"Host": host} if host else {})
    response = connection.getresponse()
    return response.status, response.read().decode()

status, page = get("/")
assert status == 200 and page.rstrip().endswith("</html>"), page
assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", page), "the page asks elsewhere"
status, text = get("/api/run")
run = json.loads(text)
assert run["players"] == 2 and len(run["deck"]) == 6 and run["round"] == 20, run
status, text = get("/api/decision?betting=crc/r&board=Qs")
assert status == 200 and json.loads(text) == flop, text
answer = json.loads(get("/api/equity?betting=crc/r&board=Qs")[1])
assert answer["seats"] == [0, 1] and len(answer["equity"][0]) == 5, answer
for seat in (0, 1):
    for told, asked in zip(equities, answer["equity"][seat]):
        assert abs(told[seat] - asked) < 1e-8, (equities, answer)
status, text = get("/api/decision?betting=crc%2Fr&board=QsKh")  # cards of no street
assert status == 200 and json.loads(text) == flop, text
for path in ("/api/decision?betting=crx", "/api/decision?betting=crc/r&board=Q",
             "/api/decision?betting=crc/r", "/api/decision?betting=" + "c" * 2000,
             "/api/decision?board=%00%ff&betting=crc/r"):
    status, text = get(path)
    assert status == 400 and json.loads(text)["error"], (path, status, text)
assert get("/etc/passwd")[0] == 404 and get("/../run.yaml")[0] in (400, 404)
for method in ("POST", "PUT", "DELETE", "OPTIONS"):
    assert get("/", method)[0] == 405, method
for host in ("elsewhere.example", "127.elsewhere.example", "127.0.0.1.elsewhere.example", "[::2]"):
    assert get("/api/run", host=host)[0] == 403, host
for host in ("localhost", f"localhost:{port}", "127.0.0.2", "[::1]:80"):
    assert get("/api/run", host=host)[0] == 200, host
# Connections that say nothing keep nobody waiting.
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
begin = time.monotonic()
assert get("/api/run")[0] == 200 and time.monotonic() - begin < 4
for link in silent:
    link.close()
assert get("/api/run", "POST", body="x" * 100)[0] in (405, 413)
# Whatever comes: it lives on.
random.seed(1)
for i in range(300):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        noise = bytes(random.randrange(256) for _ in range(random.randrange(300)))
        link.sendall((b"GET /api/decision?" if i % 2 else b"") + noise + b"\r\n\r\n" * (i % 3))
assert get("/api/decision?betting=crc/r&board=Qs")[0] == 200
# And whatever comes in a well-formed request: an answer with a reason, or a decision.
pieces = ["c", "r", "f", "/", "Qs", "Kh", "root", "%00", "%ff", "&", "=", "board", "betting", "of", "2",
          "?", "../", "%2e", "r99999999999999999999", "[", "{", "+", ";", "é".encode().hex()]
seen = set()
for i in range(300):
    path = "/api/" + random.choice(["decision", "equity", "next", "curves", "run", "x"]) + "?betting="
    path += "".join(random.choice(pieces) for _ in range(random.randrange(6)))
    path += "&board=" + "".join(random.choice(pieces) for _ in range(random.randrange(3)))
    status, text = get(path)
    seen.add(status)
    assert status in (200, 400, 404), (path, status, text)
    assert status == 200 or json.loads(text)["error"], (path, text)
assert seen == {200, 400, 404}, seen
assert get("/api/run?" + "x" * 100000)[0] in (400, 414)
PY
  expect_exit 8 "$inspect" serve "$work/leduc" --port="$port"
  expect_message "--port=$port" "the port is in use"
  kill -TERM $server
  local found=0
  wait $server || found=$?
  [ $found -eq 0 ] || fail "expected the server to end with 0, found $found"
  expect_exit 2 "$inspect" serve "$work/leduc" --port=70000
  expect_exit 3 "$inspect" serve "$work/none"
}

# short_run NAME PLAYERS: five ranks to the turn, in buckets.
short_run() {
  cat >"$work/$1.game" <<GAME
GAMEDEF
limit
numPlayers = $2
numRounds = 3
blind = $([ "$2" = 2 ] && echo 10 5 || echo 5 10 0)
raiseSize = 10 10 20
firstPlayer = $([ "$2" = 2 ] && echo 2 1 1 || echo 3 1 1)
maxRaises = 1 1 1
numSuits = 4
numRanks = 5
numHoleCards = 2
numBoardCards = 0 3 1
END GAMEDEF
GAME
  cat >"$work/$1.yaml" <<YAML
name: $1
game: $1.game
abstraction: {preflop: lossless, flop: {kind: ehs, buckets: 12}, turn: {kind: ehs, buckets: 12}}
algorithm: {quantum: 0.01}
round: {batches: 20, deals: 500}
iterations: 20000
YAML
  expect_exit 0 "$train" --config="$work/$1.yaml" --out="$work/$1" --threads=1 \
    --bucket_cache="$work/buckets"
}

# started NAME FOLDER...: sets `server` and `port`.
started() {
  local name=$1
  shift
  "$inspect" serve "$@" --port=0 --bucket_cache="$work/buckets" >"$work/$name.out" 2>"$work/$name.err" &
  server=$!
  wait_for "serving" "$work/$name.err" $server
  port=$(grep -oP '127.0.0.1:\K\d+' "$work/$name.err")
}

# Equities by an evaluator of its own, hand against hand; what other cards bring is what a decision
# there says; two runs; games for one card, for three players.
games_of_all_kinds() {
  local server port
  short_run short 2
  short_run three 3
  cp configs/games/kuhn_2p.game "$work"
  cat >"$work/kuhn.yaml" <<'YAML'
name: kuhn
game: kuhn_2p.game
abstraction: {preflop: lossless}
algorithm: {quantum: 0.001}
round: {batches: 100, deals: 32}
iterations: 32000
YAML
  expect_exit 0 "$train" --config="$work/kuhn.yaml" --out="$work/kuhn" --threads=1
  local name
  for name in short three kuhn; do
    started $name "$work/$name"
    echo "$port $server" >"$work/$name.port"
  done
  started two "$work/short" "$work/short"
  echo "$port $server" >"$work/two.port"
  python3 - "$work" 2>"$err_file" <<'PY' || fail "games of all kinds"
import collections, itertools, json, random, sys, urllib.error, urllib.parse, urllib.request
work = sys.argv[1]
ports = {name: int(open(f"{work}/{name}.port").read().split()[0])
         for name in ("short", "three", "kuhn", "two")}

def get(name, path, **query):
    url = f"http://127.0.0.1:{ports[name]}/api/{path}?" + urllib.parse.urlencode(query)
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        assert error.code == 400, (path, query, error.code)
        return json.load(error)["error"]

RANKS = "23456789TJQKA"
def straight(ranks):
    held = set(ranks) | ({-1} if 12 in ranks else set())
    return max((top for top in range(3, 13) if all(top - k in held for k in range(5))), default=None)
def strength(cards):
    ranks = [RANKS.index(c[0]) for c in cards]
    flush = [[RANKS.index(c[0]) for c in cards if c[1] == s] for s in "cdhs"]
    flush = next((sorted(f, reverse=True) for f in flush if len(f) >= 5), None)
    if flush and straight(flush) is not None: return 8, straight(flush)
    count = sorted(collections.Counter(ranks).items(), key=lambda rn: (-rn[1], -rn[0]))
    kinds = [n for _, n in count]
    rest = lambda *out: sorted((r for r in ranks if r not in out), reverse=True)
    if kinds[0] == 4: return 7, count[0][0], rest(count[0][0])[0]
    if kinds[0] == 3 and len(kinds) > 1 and kinds[1] >= 2: return 6, count[0][0], count[1][0]
    if flush: return 5, *flush[:5]
    if straight(ranks) is not None: return 4, straight(ranks)
    if kinds[0] == 3: return 3, count[0][0], *rest(count[0][0])[:2]
    if kinds[:2] == [2, 2]: return 2, count[0][0], count[1][0], rest(count[0][0], count[1][0])[0]
    if kinds[0] == 2: return 1, count[0][0], *rest(count[0][0])[:3]
    return 0, *rest()[:5]

def check_equity(name, betting, board, deck, left, rank, samples):
    decision = get(name, "decision", betting=betting, board=board)
    found = get(name, "equity", betting=betting, board=board)
    assert len(found["seats"]) == 2, (name, betting, found)
    dealt = [board[i:i + 2] for i in range(0, len(board), 2)]
    holes = [[h["hand"][i:i + 2] for i in range(0, len(h["hand"]), 2)] for h in decision["hands"]]
    for seat, other in ((0, 1), (1, 0)):
        for i in random.sample(range(len(holes)), min(samples, len(holes))):
            mine, won, met = holes[i], 0, 0
            live = [c for c in deck if c not in dealt and c not in mine]
            for runout in itertools.combinations(live, left):
                strong = rank(mine + dealt + list(runout))
                for hole, hand in zip(holes, decision["hands"]):
                    if set(hole) & set(mine + list(runout)): continue
                    reach, theirs = hand["reach"][found["seats"][other]], rank(hole + dealt + list(runout))
                    won += reach * (1 if strong > theirs else 0.5 if strong == theirs else 0)
                    met += reach
            equity = found["equity"][seat][i]
            assert (equity is None) == (met == 0), (betting, mine, equity, met)
            assert met == 0 or abs(equity - won / met) < 1e-6, (betting, mine, equity, won / met)
    return decision

random.seed(7)
deck = [r + s for r in "TJQKA" for s in "cdhs"]
check_equity("short", "rc/cr", "QhKhTc", deck, 1, strength, 3)
check_equity("short", "rc/crc/c", "QhKhTcAs", deck, 0, strength, 12)
check_equity("three", "rcf/c", "ThTsAc", deck, 1, strength, 2)
check_equity("kuhn", "root", "", ["Qs", "Ks", "As"], 0, lambda cards: RANKS.index(cards[0][0]), 3)
assert get("three", "equity", betting="rcc/", board="QhKhTc") == {"seats": [], "equity": []}

# Every turn card, against the decision there.
here = get("short", "decision", betting="rc/crc/c", board="QhKhTcAs")
cards = {c["card"]: c["mean"] for c in get("short", "next", betting="rc/crc/c", board="QhKhTcAs")["cards"]}
assert sorted(cards) == sorted(set(deck) - {"Qh", "Kh", "Tc"}), cards
assert cards == {c["card"]: c["mean"] for c in
                 get("short", "next", betting="rc/crc/c", board="QhKhTc")["cards"]}
for card in ("As", "Qs", "Td"):
    mean = get("short", "decision", betting="rc/crc/c", board="QhKhTc" + card)["mean"]
    assert all(abs(a - b) < 1e-8 for a, b in zip(mean, cards[card])), (card, mean, cards[card])
assert "brings 3 cards" in get("short", "next", betting="rc/cr", board="QhKhTc")
assert "there are 4 cards" in get("short", "next", betting="rc/crc/c", board="QhKh")
assert "2h is not in" in get("short", "next", betting="rc/crc/c", board="QhKh2h")

# Seats: what was bet, what is behind, who folded. Sums are the strategy.
seats = get("three", "decision", betting="rcf/c", board="ThTsAc")["seats"]
# The last blind is 10, the raise to 20; the second player folded 10; stacks have no limit.
assert [(s["bet"], s["folded"]) for s in seats] == [(20, False), (10, True), (20, False)], seats
for hand in here["hands"]:
    total = sum(hand["sums"])
    for p, mass in zip(hand["probabilities"], hand["sums"]):
        assert abs(p - (mass / total if total else 1 / len(hand["sums"]))) < 1e-8, hand

# Two runs: the second is asked for by number.
assert get("two", "run")["runs"] == 2 and get("short", "run")["runs"] == 1
assert get("two", "decision", betting="rc/cr", board="QhKhTc", of=2) == \
    get("short", "decision", betting="rc/cr", board="QhKhTc")
assert "of: 1" in get("short", "run", of=2) and "of: 1" in get("two", "run", of="x")
curves = get("short", "curves")
lines = [json.loads(line) for line in open(work + "/short/metrics.jsonl")]
assert curves["lines"] == len(lines) == len(curves["run_seconds"])
assert {c["name"]: c["values"] for c in curves["curves"]}["rounds"][-1] == lines[-1]["rounds"]
PY
  # What is damaged is said so, and what is not is still shown.
  truncate -s 100 "$(newest "$work/kuhn")"/chunk-00000
  python3 - "$(cut -d' ' -f1 "$work/kuhn.port")" 2>"$err_file" <<'PY' || fail "damage"
import json, sys, urllib.error, urllib.request
site = f"http://127.0.0.1:{sys.argv[1]}/api/"
try:
    urllib.request.urlopen(site + "run", timeout=10)
    raise AssertionError("a damaged run was loaded anew")
except urllib.error.HTTPError as error:
    assert error.code == 500 and "damaged" in json.load(error)["error"], error.code
PY
  for name in short three kuhn two; do
    kill -TERM "$(cut -d' ' -f2 "$work/$name.port")"
  done
  wait
  expect_exit 4 "$inspect" serve "$work/kuhn" --port=0
  expect_exit 2 "$inspect" serve "$work/short" "$work/three" --port=0 --bucket_cache="$work/buckets"
  expect_message "of a game with other cards"
}

hands_agree_with_buckets
one_hand_and_what_makes_no_sense
the_server_says_the_same
games_of_all_kinds
