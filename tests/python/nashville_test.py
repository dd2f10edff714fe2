"""tools/python/nashville.py against the lines of `inspect_checkpoint policy`, and NumPy's own reader."""
import collections
import csv
import glob
import json
import random
import sys

import numpy

import nashville

work = sys.argv[1]
POLICIES = {}


def check_policy(run):
    strategy = nashville.Strategy(f"{work}/{run}.npz")
    strategy.verify()
    rows = collections.OrderedDict()
    for line in csv.DictReader(open(f"{work}/{run}.csv")):
        rows.setdefault(line["betting"], collections.OrderedDict()).setdefault(
            line["hand"], []).append(line)
    POLICIES[run] = rows
    assert len(strategy) == len(rows), run
    values = 0
    for betting, hands in rows.items():
        told = strategy.policy(betting)
        assert list(told) == list(hands), (run, betting, list(told)[:3])
        first = next(iter(hands.values()))
        assert strategy.player(betting) == int(first[0]["player"]), betting
        for hand, lines in hands.items():
            assert list(told[hand]) == [line["action"] for line in lines], (betting, hand)
            for line in lines:
                values += 1
                if line["strategy_sum"] == "":
                    continue  # `policy` prints the current strategy there
                off = abs(told[hand][line["action"]] - float(line["probability"]))
                assert off < 1e-6, (run, betting, hand, line, told[hand])
        hand = random.choice(list(hands))
        assert strategy.policy(betting, hand) == told[hand]
        assert numpy.allclose(strategy.probabilities(betting).sum(axis=1), 1, atol=1e-5)
    # The mapped arrays are those that NumPy reads by itself.
    with numpy.load(f"{work}/{run}.npz") as arrays:
        assert len(arrays["probabilities"]) == values, run
        assert (arrays["probabilities"] == strategy._probabilities).all()
        assert arrays["probabilities"].dtype == numpy.float32
    return strategy


random.seed(1)
strategies = {run: check_policy(run) for run in ("leduc", "preflop", "kuhn_3p", "flop", "first")}

# Indices of hole cards with a board, as many as there are: Waugh 2013, table 1; of shorter decks
# docs/formats/buckets.md.
for parts, ranks, size in (((3,), 13, 1286792), ((4,), 13, 13960050), ((5,), 13, 123156254),
                           ((3, 1), 13, 55190538), ((3, 1, 1), 13, 2428287420), ((3,), 9, 186696),
                           ((3, 1), 9, 5266044), ((3, 1, 1), 6, 6245280), ((5,), 6, 324552),
                           ((3, 1), 5, 104750), ((4,), 5, 27290), ((3, 1, 1), 5, 1398100)):
    assert nashville.HandIndex(*parts, ranks=ranks).size == size, (parts, ranks)

# Lossless streets by cards: rows and probabilities are those of `policy --board --json`.
for path in sorted(glob.glob(f"{work}/*_*_cc*.json")):
    run, board, betting = path.rsplit("/", 1)[1][:-len(".json")].split("_")
    strategy = strategies.get(run) or strategies.setdefault(run, nashville.Strategy(f"{work}/{run}.npz"))
    betting = {"cc": "cc/", "cccc": "cc/cc/"}[betting]
    told = json.load(open(path))
    assert len(told["hands"]) > 10, path
    for hand in told["hands"]:
        policy = strategy.policy(betting, hand["hand"], board)
        row = strategy.probabilities(betting)[hand["bucket"]]
        assert list(policy) == [action["name"] for action in told["actions"]], path
        assert list(policy.values()) == [float(p) for p in row], (path, hand, policy)
        assert all(abs(p - q) < 1e-6 for p, q in zip(policy.values(), hand["probabilities"])), (path, hand)
for a in ("Kh", "Ks", "Ah", "Qh"):
    assert strategies["leduc"].policy("cc/", a, "Qs") == strategies["leduc"].policy("cc/", a[0] + "|Q")

# Cards with a board: buckets and probabilities are those of `policy --board --json`.
flop = nashville.Strategy(f"{work}/flop.npz", buckets=f"{work}/cache/nashville")
for board in ("Th9h2c", "KsKdKh", "7c7d2s"):
    told = json.load(open(f"{work}/flop_{board}.json"))
    assert len(told["hands"]) == 1176
    for hand in told["hands"]:
        assert flop.buckets(1).bucket(hand["hand"], board) == hand["bucket"], (board, hand)
        assert flop.buckets(1).bucket(hand["hand"], board[4:] + board[:4]) == hand["bucket"]
    for hand in told["hands"][::50]:
        policy = flop.policy("cc/", hand["hand"], board)
        assert list(policy) == [action["name"] for action in told["actions"]]
        for a, p in enumerate(policy.values()):
            assert abs(p - hand["probabilities"][a]) < 1e-6, (board, hand, policy)
assert flop.policy("", "KdAh", "") == flop.policy("", "AKo") != flop.policy("", "AKs")
assert flop.policy("", "KhAh", "") == flop.policy("", "AKs")
assert flop.policy("", "7c7d", "Th9h2c") == flop.policy("", "77")

# Reach is the product of a player's own actions, by the lines.
kuhn, lines = strategies["kuhn_3p"], POLICIES["kuhn_3p"]
for seat in (0, 1, 2):
    reach = kuhn.reach("crf", seat)
    for number, hand in enumerate(kuhn.hands(0)):
        expected = 1.0
        for betting, player, action in (("root", 0, "c"), ("c", 1, "r"), ("cr", 2, "f")):
            if player == seat:
                row = next(l for l in lines[betting][hand] if l["action"] == action)
                expected *= float(row["probability"])
        assert abs(reach[number] - expected) < 1e-6, (seat, hand)

# The worked example of docs/formats/strategy_npz.md.
with numpy.load(f"{work}/kuhn.npz") as example:
    for name, expected in (("node_player", [0, 1, 0, 1]), ("node_street", [0] * 4),
                           ("node_first_edge", [0, 2, 4, 6, 8]),
                           ("node_first_value", [0, 6, 12, 18, 24]),
                           ("edge_label", [0, 2, 0, 2, -1, 0, -1, 0]),
                           ("edge_child", [1, 3, -2, 2, -1, -2, -1, -2]),
                           ("hands_preflop", [b"Q", b"K", b"A"])):
        assert example[name].tolist() == expected, (name, example[name])
    assert len(example["probabilities"]) == 24

# 6 * 13 pairs, 4 * 78 suited, 12 * 78 offsuit.
holdem = strategies["preflop"]
assert holdem.combinations().sum() == 1326
cells = nashville.grid(holdem, numpy.arange(169))
assert sorted(cells.flatten()) == list(range(169))
names = holdem.hands(0)
assert names[int(cells[0, 0])] == "AA" and names[int(cells[0, 1])] == "AKs"
assert names[int(cells[1, 0])] == "AKo" and names[int(cells[12, 12])] == "22"

# Of three snapshots' mean, as the strategy file has it: no line of `policy` shows it, but rows of
# hands nobody has learnt are not all that is there.
later = [b for b in POLICIES["first"] if "/" in b]
assert any(strategies["first"].probabilities(b).std() > 0.05 for b in later)


def refused(call, *texts):
    try:
        call()
    except nashville.Error as error:
        assert all(text in str(error) for text in texts) and "\n" not in str(error), error
    else:
        raise AssertionError(texts)


leduc = strategies["leduc"]
refused(lambda: leduc.policy("cx"), "'x'", "after 'c'", "c, r")
refused(lambda: leduc.policy("crf"), "ends the hand")
refused(lambda: leduc.policy("crcr"), "expected /")
refused(lambda: leduc.policy("cr", "7"), "'7'", "Q")
refused(lambda: leduc.reach("cc/"), "first street")
refused(lambda: leduc.reach("", 2), "0 to 1")
refused(lambda: strategies["flop"].policy("cc/", "AhKd"), "or name cards and a board")
refused(lambda: strategies["flop"].policy("cc/", 20), "20")
refused(lambda: flop.policy("cc/", "AhKd", "Th9h"), "3 cards")
refused(lambda: flop.policy("cc/", "AhTh", "Th9h2c"), "other ones")
refused(lambda: flop.policy("cc/", "AhAh", "Th9h2c"), "twice")
refused(lambda: flop.policy("cc/", "AhKx", "Th9h2c"), "'AhKx'")
refused(lambda: leduc.policy("cc/", "2h", "Qs"), "the deck has 3 ranks")
refused(lambda: leduc.policy("cc/", "Ah", ""), "1 cards")
refused(lambda: leduc.policy("cc/", "AhKh", "Qs"), "expected 1 hole card")
refused(lambda: strategies["recall"].policy("cc/", "9hAh", "KhQsTd"), "the deck has 5 ranks")
refused(lambda: strategies["named"].policy("cc/", "AcKh", "Qs"), "the last 2 of the suits")
refused(lambda: nashville.Strategy(f"{work}/flop.npz", work).policy("cc/", "AhKd", "Th9h2c"), "is not there")
buckets = open(flop.buckets(1).path, "rb").read()
for changed, text in ((buckets[:-1], "damaged"), (buckets[:50], "no bucket file"), (b"x" + buckets, "no bucket"),
                      (buckets[:8] + b"\x09" + buckets[9:], "version 9"),
                      (buckets[:17] + b"\0" + buckets[18:], "damaged")):
    open(f"{work}/cut.buckets", "wb").write(changed)
    refused(lambda: nashville.Buckets(f"{work}/cut.buckets"), text)
assert leduc.node("crc") == leduc.node("crc/")

# A file that is cut or changed is told of.
whole = open(f"{work}/leduc.npz", "rb").read()
for size in (0, 100, len(whole) // 2, len(whole) - 1):
    open(f"{work}/cut.npz", "wb").write(whole[:size])
    refused(lambda: nashville.Strategy(f"{work}/cut.npz"), "cut.npz")
changed = bytearray(whole)
changed[whole.index(b"probabilities.npy") + 1000] ^= 1
open(f"{work}/cut.npz", "wb").write(changed)
refused(lambda: nashville.Strategy(f"{work}/cut.npz").verify(), "probabilities.npy is damaged")

# Metrics: the last line is what the file's last line says; a line that is being written is left out.
metrics = nashville.read_metrics(f"{work}/leduc/metrics.jsonl")
text = open(f"{work}/leduc/metrics.jsonl").read()
last = json.loads(text.splitlines()[-1])
assert metrics["iterations"][-1] == last["iterations"] == 9600
assert metrics["regrets_at_floor_share.1"][-1] == last["regrets_at_floor_share"][1]
assert len(metrics["seconds"]) == len(text.splitlines())
open(f"{work}/cut.jsonl", "w").write(text + '{"seconds": 1')
assert len(nashville.read_metrics(f"{work}/cut.jsonl")["seconds"]) == len(text.splitlines())
open(f"{work}/cut.jsonl", "w").write('{"seconds": 1}\n\xff\n{"seconds": 2, "rounds": 1}\n')
refused(lambda: nashville.read_metrics(f"{work}/cut.jsonl"), "cut.jsonl:2")
open(f"{work}/cut.jsonl", "w").write('{"seconds": 1}\n{"seconds": 2, "rounds": 1}\n')
assert numpy.isnan(nashville.read_metrics(f"{work}/cut.jsonl")["rounds"][0])
