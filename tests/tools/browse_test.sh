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
import http.client, json, random, socket, sys, time
port, flop = int(sys.argv[1]), json.load(open(sys.argv[2]))

def get(path, method="GET", host=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, {"Host": host} if host else {})
    response = connection.getresponse()
    return response.status, response.read().decode()

status, page = get("/")
assert status == 200 and page.rstrip().endswith("</html>"), page
assert "http://" not in page and "https://" not in page, "the page asks elsewhere"
status, text = get("/api/run")
run = json.loads(text)
assert run["players"] == 2 and len(run["deck"]) == 6 and run["round"] == 20, run
status, text = get("/api/decision?betting=crc/r&board=Qs")
assert status == 200 and json.loads(text) == flop, text
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
for i in range(60):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        noise = bytes(random.randrange(256) for _ in range(random.randrange(300)))
        link.sendall((b"GET /api/decision?" if i % 2 else b"") + noise + b"\r\n\r\n" * (i % 3))
assert get("/api/decision?betting=crc/r&board=Qs")[0] == 200
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

hands_agree_with_buckets
one_hand_and_what_makes_no_sense
the_server_says_the_same
