"""What inspect_checkpoint says of small games, computed again from the lines of `policy` alone.

Every deal is played through the betting by itself here: no tree, no table, no sampling.
Usage: look.py range|tree|diff|regrets ... (look_test.sh)."""
import collections
import csv
import itertools
import json
import sys

CLOSE = 2e-6  # reach is carried as float


def read_policy(path):
    """{betting: (player, street, [actions], {hand: [probabilities]})}, in the order of the file."""
    nodes = collections.OrderedDict()
    for row in csv.DictReader(open(path)):
        node = nodes.setdefault(row["betting"], (int(row["player"]), row["street"], [], {}))
        if row["action"] not in node[2]:
            node[2].append(row["action"])
        node[3].setdefault(row["hand"], []).append(float(row["probability"]))
    return nodes


def deals(deck, players, board_cards):
    """Every deal: hole cards by player, then the board."""
    for cards in itertools.permutations(deck, players + board_cards):
        yield cards[:players], cards[players:]


def hand_name(card, board, betting):
    return card[0] + ("|" + board[0][0] if "/" in betting else "")


def path_of(nodes, betting):
    """The decisions before one, as (betting, action)."""
    text, at, path = betting.replace("root", ""), "root", []
    while at != betting:
        prefix = "" if at == "root" else at
        for action in nodes[at][2]:
            after = prefix + action
            if after + "/" in nodes and text.startswith(after + "/"):
                after += "/"
            if text.startswith(after) and after in nodes:
                # Of "r" and "rr" after "root" the shorter comes first: one step at a time.
                path.append((at, action))
                at = after
                break
        else:
            raise AssertionError((betting, at))
    return path


def play(nodes, hole, board):
    """{betting: reach} of all decisions, for one deal."""
    reach = {}
    for betting in nodes:
        product = 1.0
        for before, action in path_of(nodes, betting):
            player, _, actions, hands = nodes[before]
            name = hand_name(hole[player], board, before)
            product *= hands[name][actions.index(action)]
        reach[betting] = product
    return reach


def check_tree(nodes, all_deals, told):
    assert told["is_exact"] and told["deals"] == len(all_deals), told["deals"]
    expected = {b: [0.0, [0.0] * len(nodes[b][2])] for b in nodes}
    for hole, board in all_deals:
        for betting, reach in play(nodes, hole, board).items():
            player, _, _, hands = nodes[betting]
            row = hands[hand_name(hole[player], board, betting)]
            expected[betting][0] += reach / len(all_deals)
            for a, probability in enumerate(row):
                expected[betting][1][a] += reach * probability / len(all_deals)
    assert [n["betting"] for n in told["nodes"]] == list(nodes), "not all decisions, in order"
    for node in told["nodes"]:
        reach, actions = expected[node["betting"]]
        assert abs(node["reach"] - reach) < CLOSE, (node, reach)
        assert [a["name"] for a in node["actions"]] == nodes[node["betting"]][2], node
        for a, action in enumerate(node["actions"]):
            if reach > 1e-3:
                assert abs(action["probability"] - actions[a] / reach) < 1e-3, (node, actions)


def check_diff(a, b, all_deals, told):
    assert told["is_exact"] and not told["same_state"], told
    streets, infosets = collections.defaultdict(lambda: [0.0, 0.0]), collections.Counter()
    for hole, board in all_deals:
        reach_a, reach_b = play(a, hole, board), play(b, hole, board)
        for betting in a:
            player, street, _, hands = a[betting]
            name = hand_name(hole[player], board, betting)
            weight = (reach_a[betting] + reach_b[betting]) / 2 / len(all_deals)
            apart = sum(abs(x - y) for x, y in zip(hands[name], b[betting][3][name])) / 2
            streets[street][0] += weight
            streets[street][1] += weight * apart
            infosets[betting, name] += weight * apart
    for street in told["streets"]:
        weight, apart = streets[street["name"]]
        assert abs(street["decisions_a_hand"] - weight) < 1e-5, (street, weight)
        assert abs(street["total_variation"] - apart / weight) < 1e-5, (street, apart / weight)
        assert apart / weight > 1e-3, "two trainings of one length do differ"
    largest = infosets.most_common(len(told["largest"]))
    for found, (_, value) in zip(told["largest"], largest):
        assert abs(found["reach"] * found["total_variation"] - value) < 1e-5, (found, value)
        # Two that are alike may stand in any order.
        assert abs(infosets[found["betting"], found["hand"]] - value) < 1e-5, (found, value)


def check_range(nodes, told, deck):
    board = [told["board"]] if told["board"] else []
    assert sum(h["reach"] for h in told["hands"]) - told["hands_held"] < 1e-6, told
    live = [card for card in deck if card not in board]
    assert sorted(h["hand"] for h in told["hands"]) == sorted(live), told
    for hand in told["hands"]:
        expected = 1.0
        for before, action in path_of(nodes, told["betting"]):
            player, _, actions, hands = nodes[before]
            if player == told["seat"]:
                name = hand_name(hand["hand"], board, before)
                expected *= hands[name][actions.index(action)]
        assert abs(hand["reach"] - expected) < 1e-8, (hand, expected)
        assert abs(hand["share"] - hand["reach"] / told["hands_held"]) < 1e-6, hand
    reaches = [h["reach"] for h in told["hands"]]
    assert reaches == sorted(reaches, reverse=True) and max(reaches) > 0, reaches


def check_regrets(path, told, chips):
    """chips: of a stored unit."""
    streets = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in csv.DictReader(open(path)):
        streets[row["street"]][row["betting"], row["hand"]].append(
            (float(row["regret"]), float(row["strategy_sum"] or 0)))
    for street in told["streets"]:
        rows = streets[street["name"]].values()
        visited = [[r for r, _ in row] for row in rows if any(r or s for r, s in row)]
        flat = [r for row in visited for r in row]
        assert street["infosets"] == len(rows), street
        assert street["never_visited"] == len(rows) - len(visited), street
        assert street["regrets"] == len(flat) and street["zero"] == flat.count(0), street
        if "floor_chips" in told:
            assert street["at_floor"] == sum(r * chips <= told["floor_chips"] for r in flat), street
        best = [max(0, *row) * chips for row in visited]
        if best:
            mean = sum(best) / len(best)
            assert abs(street["mean_positive_chips"] - mean) < 1e-9 * (1 + mean), (street, mean)
            assert abs(street["largest_chips"] - max(best)) < 1e-9 * (1 + max(best)), street
        counted = {"positive": 0, "negative": 0}
        for part in street["histogram"]:
            low, high = part["chips_from"] * (1 - 1e-9), part["chips_from"] * 10 * (1 - 1e-9)
            for side, sign in (("positive", 1), ("negative", -1)):
                expected = sum(low <= sign * r * chips < high for r in flat)
                if part["chips_from"] > 1e-6:
                    assert part[side] == expected, (street["name"], part, expected)
                counted[side] += part[side]
        assert counted["positive"] == sum(r > 0 for r in flat), street
        assert counted["negative"] == sum(r < 0 for r in flat), street


GAMES = {
    "leduc": (["Qh", "Qs", "Kh", "Ks", "Ah", "As"], 2, 1),
    "kuhn_3p": (["Js", "Qs", "Ks", "As"], 3, 0),
}


def main():
    what, game, *paths = sys.argv[1:]
    deck, players, board_cards = GAMES.get(game, ([], 0, 0))
    all_deals = list(deals(deck, players, board_cards))
    told = json.load(open(paths[-1]))
    if what == "tree":
        check_tree(read_policy(paths[0]), all_deals, told)
    elif what == "diff":
        check_diff(read_policy(paths[0]), read_policy(paths[1]), all_deals, told)
    elif what == "range":
        check_range(read_policy(paths[0]), told, deck)
    elif what == "regrets":
        check_regrets(paths[0], told, float(game))


main()
