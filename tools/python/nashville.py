#!/usr/bin/env python3
"""Strategies and metrics of Nashville's runs, with NumPy and nothing else.

    import nashville
    strategy = nashville.Strategy("leduc.npz")     # inspect_checkpoint export DIR FILE --format=npz
    strategy.policy("cr", "K")                     # {"f": 0.0, "c": 0.31, "r": 0.69}
    strategy.probabilities("cr")                   # [hands, actions], without a copy
    metrics = nashville.read_metrics("runs/leduc/metrics.jsonl")
    metrics["iterations"], metrics["touches_per_s"]

or from a shell:

    nashville.py leduc.npz --betting=cr --hand=K
    nashville.py quick.npz --betting=cc/ --board=Th9h2c --hand=AhKd

The file is mapped: opening it costs nothing, whatever its size, and a query reads the rows that it
asks for. docs/python.md is an introduction, docs/formats/strategy_npz.md has the arrays.
"""
import argparse
import json
import os
import struct
import sys
import zipfile

import numpy

from nashville_cards import RANKS, Buckets, Error, HandIndex, NamedHands, parse_cards

FOLD, CALL = -1, 0  # labels of actions; above: a raise to so many chips
VERSIONS = (1, 2, 3)  # 1 does not name its bucket files, 1 and 2 not what numbers hands have


def _map_arrays(path):
    """{name: array} of a .npz whose members are stored, each mapped."""
    arrays = {}
    with zipfile.ZipFile(path) as archive, open(path, "rb") as file:
        for info in archive.infolist():
            if info.compress_type != zipfile.ZIP_STORED or not info.filename.endswith(".npy"):
                raise Error(f"{path}: {info.filename} is not a stored array")
            # The local header's own fields say how long it is: the directory's may differ.
            file.seek(info.header_offset)
            header = file.read(30)
            name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
            file.seek(info.header_offset + 30 + name_bytes + extra_bytes)
            version = numpy.lib.format.read_magic(file)
            if version != (1, 0):
                raise Error(f"{path}: {info.filename} has version {version} of .npy")
            shape, _, dtype = numpy.lib.format.read_array_header_1_0(file)
            if dtype.hasobject:
                raise Error(f"{path}: {info.filename} holds objects")
            if numpy.prod(shape) == 0:
                arrays[info.filename[:-4]] = numpy.zeros(shape, dtype)
            else:
                arrays[info.filename[:-4]] = numpy.memmap(
                    path, dtype, "r", offset=file.tell(), shape=shape)
    return arrays


class Strategy:
    """The average strategy of a run. Positions of players count from 0, hands by name where the
    street is lossless ("AKs", "K", "K|Q") and elsewhere by the number of their bucket, or on any
    street by cards and board; where it is bucketed, its file is looked for in the folder `buckets`."""

    def __init__(self, path, buckets=None):
        self.path = str(path)
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self._bucket_folder = str(buckets or os.path.join(cache, "nashville"))
        self._bucket_files = {}  # by street, opened when one is asked for
        try:
            arrays = _map_arrays(self.path)
        except (zipfile.BadZipFile, struct.error, ValueError, EOFError) as error:
            if isinstance(error, Error):
                raise
            raise Error(f"{self.path}: is no strategy of this kind ({error}); write it by "
                        "inspect_checkpoint export DIR FILE --format=npz") from None
        try:
            self.meta = json.loads(arrays["meta"].tobytes().decode())
            if self.meta["version"] not in VERSIONS:
                raise Error(f"{self.path}: has version {self.meta['version']}, this module reads "
                            f"{' and '.join(map(str, VERSIONS))}: use the one of the release that "
                            "wrote it")
            self._player = arrays["node_player"]
            self._street = arrays["node_street"]
            self._first_edge = arrays["node_first_edge"]
            self._first_value = arrays["node_first_value"]
            self._label = arrays["edge_label"]
            self._child = arrays["edge_child"]
            self._probabilities = arrays["probabilities"]
            if self._first_value[-1] != len(self._probabilities):
                raise Error(f"{self.path}: its index does not fit its probabilities")
        except (KeyError, ValueError) as error:
            if isinstance(error, Error):
                raise
            raise Error(f"{self.path}: is no strategy of this kind: {error}") from None
        self._hands = {street: arrays["hands_" + row["name"]]
                       for street, row in enumerate(self.meta["streets"])
                       if "hands_" + row["name"] in arrays}
        self._numbers = {}  # by street: {name: hand}, made when it is asked for
        self._indices = {}  # by street: what numbers hands of cards

    def verify(self):
        """Reads every byte and compares it with the checksums of the archive."""
        with zipfile.ZipFile(self.path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise Error(f"{self.path}: {damaged} is damaged: export it again")

    def __len__(self):
        return len(self._player)

    def _edges(self, node):
        return range(int(self._first_edge[node]), int(self._first_edge[node + 1]))

    def _name(self, label):
        if label == FOLD:
            return "f"
        if label == CALL:
            return "c"
        return "r" if self.meta["limit"] else f"r{label}"

    def _steps(self, betting):
        """The (node, edge) pairs on the way, then the node itself."""
        text = "" if betting == "root" else betting
        node, at, steps = 0, 0, []
        while at < len(text):
            actions = {self._name(self._label[edge]): edge for edge in self._edges(node)}
            end = at + 1
            while end < len(text) and text[end].isdigit():
                end += 1
            edge = actions.get(text[at:end])
            if edge is None:
                raise Error(f"betting {text!r}: found {text[at:end]!r} after {text[:at]!r}, "
                            f"expected one of {', '.join(actions)}")
            child = int(self._child[edge])
            if child < 0:
                raise Error(f"betting {text!r}: {text[:end]!r} ends the hand: no decision follows")
            steps.append((node, edge))
            at = end
            if self._street[child] != self._street[node]:
                if at < len(text) and text[at] != "/":
                    raise Error(f"betting {text!r}: found {text[at]!r} after {text[:at]!r}, "
                                "expected / (a new street)")
                at += 1
            node = child
        return steps, node

    def node(self, betting=""):
        """The number of a decision: betting before it in ACPC notation, "" or "root" for the first."""
        return self._steps(betting)[1]

    def actions(self, betting=""):
        """Names of what may be done: "f", "c", "r300"."""
        return [self._name(self._label[edge]) for edge in self._edges(self.node(betting))]

    def player(self, betting=""):
        """The position that acts."""
        return int(self._player[self.node(betting)])

    def street(self, betting=""):
        return int(self._street[self.node(betting)])

    def hands(self, street=0):
        """Names of hands of a street, in the order of rows; numbers where it is bucketed."""
        if street in self._hands:
            return [name.decode() for name in self._hands[street]]
        return [str(hand) for hand in range(self.meta["streets"][street]["hands"])]

    def _rows(self, node):
        first, last = int(self._first_value[node]), int(self._first_value[node + 1])
        return self._probabilities[first:last].reshape(-1, len(self._edges(node)))

    def probabilities(self, betting=""):
        """[hands, actions] of a decision, as the file holds them."""
        return self._rows(self.node(betting))

    def hand_number(self, street, hand):
        if isinstance(hand, (int, numpy.integer)):
            number = int(hand)
        elif street in self._hands:
            if street not in self._numbers:
                self._numbers[street] = {name: i for i, name in enumerate(self.hands(street))}
            number = self._numbers[street].get(hand, -1)
        else:
            number = int(hand) if hand.isdecimal() else -1
        if 0 <= number < self.meta["streets"][street]["hands"]:
            return number
        names = self.hands(street)
        kind = "" if street in self._hands else "; or name cards and a board"
        raise Error(f"hand {hand!r}: expected one as {names[0]}, {names[-1]}{kind}")

    def buckets(self, street):
        """The Buckets of a street that has a file."""
        if street not in self._bucket_files:
            row = self.meta["streets"][street]
            name = row.get("bucket_file", "")
            if row["lossless"] or not name:
                why = "is lossless" if row["lossless"] else "is of a file that does not name its buckets"
                raise Error(f"{self.path}: the {row['name']} {why}")
            path = os.path.join(self._bucket_folder, os.path.basename(name))
            if not os.path.exists(path):
                raise Error(f"{path}: is not there: name the folder of the run's bucket files, or build "
                            "them (build_buckets)")
            self._bucket_files[street] = Buckets(path)
        return self._bucket_files[street]

    def _number_of_cards(self, street, hand, board):
        """Of hole cards with a board that may be longer than the street's."""
        row = self.meta["streets"][street]
        wanted = 2 * row["board_cards"]
        if len(board) < wanted:
            raise Error(f"board {board!r}: on the {row['name']} there are {wanted // 2} cards")
        if not row["lossless"]:
            return self.buckets(street).bucket(hand, board[:wanted])
        cards = parse_cards(hand + board[:wanted])
        held = self.meta["hole_cards"]
        if len(cards) != held + wanted // 2:
            raise Error(f"hand {hand!r}: expected {held} hole card{'s'[:held - 1]}")
        if self.meta["version"] < 3 and street > 0:
            raise Error(f"{self.path}: is of an older release and does not say how the {row['name']}'s "
                        "hands are numbered: export it again, or give a name")
        ranks, suits = self.meta.get("ranks", 13), self.meta.get("suits", 4)
        if any(rank < 13 - ranks or suit < 4 - suits for rank, suit in cards):
            raise Error(f"cards {hand + board[:wanted]!r}: the deck has {ranks} ranks, up to the ace, and "
                        f"the last {suits} of the suits c, d, h, s")
        if street == 0 and held == 2 and len(self.hands(0)[0]) == 2:
            return self.hand_number(0, _class_name(cards))
        parts = row["parts"]
        if self.meta["indexed"]:
            if street not in self._indices:
                self._indices[street] = HandIndex(*parts[1:], ranks=ranks, suits=suits)
            return self._indices[street](cards[:2], cards[2:])
        if street not in self._hands:
            raise Error(f"hand {hand!r}: the {row['name']} has too many hands to have names: give a number")
        if street not in self._indices:
            self._indices[street] = NamedHands(self.hands(street), suits)
        ends = [sum(parts[:n]) for n in range(len(parts) + 1)]
        number = self._indices[street]([cards[i:j] for i, j in zip(ends, ends[1:])])
        if number is None:
            raise Error(f"hand {hand!r}: no hand of this game with board {board[:wanted]!r}")
        return number

    def policy(self, betting="", hand=None, board=None):
        """{action: probability} of a hand; without a hand {hand: {action: probability}}. With a
        board ("" before the flop) a hand is hole cards: "AhKd"."""
        node = self.node(betting)
        street = int(self._street[node])
        actions = self.actions(betting)
        rows = self._rows(node)
        if hand is not None:
            row = rows[self.hand_number(street, hand) if board is None else
                       self._number_of_cards(street, hand, board)]
            return {action: float(p) for action, p in zip(actions, row)}
        return {name: {action: float(p) for action, p in zip(actions, row)}
                for name, row in zip(self.hands(street), rows)}

    def reach(self, betting="", seat=None):
        """[hands] of the first street: with what probability a player's own actions lead to a
        decision there. seat: a position; who acts unless given."""
        steps, node = self._steps(betting)
        if self._street[node] != 0:
            raise Error(f"betting {betting!r}: reach is by hand of the first street only; "
                        "inspect_checkpoint range knows boards")
        seat = int(self._player[node]) if seat is None else seat
        if not 0 <= seat < self.meta["players"]:
            raise Error(f"seat {seat}: positions are 0 to {self.meta['players'] - 1}")
        reach = numpy.ones(self.meta["streets"][0]["hands"])
        for at, edge in steps:
            if self._player[at] == seat:
                reach *= self._rows(at)[:, edge - int(self._first_edge[at])]
        return reach

    def combinations(self):
        """[hands] of the first street: how many hole cards each name stands for (hold'em, full
        deck): 6 for a pair, 4 suited, 12 offsuit."""
        names = self.hands(0)
        if len(names) != 169:
            raise Error("combinations are of the 169 classes of hold'em's first street")
        return numpy.array([6 if len(n) == 2 else 4 if n[2] == "s" else 12 for n in names])


def _class_name(hole):
    """"AKs" of two hole cards."""
    names = sorted((RANKS[rank] for rank, _ in hole), key=RANKS.index, reverse=True)
    return "".join(names) + ("" if hole[0][0] == hole[1][0] else "s" if hole[0][1] == hole[1][1] else "o")


def grid(strategy, values):
    """[13, 13] of values by hand of the first street: aces first, suited above the diagonal."""
    ranks = "AKQJT98765432"
    out = numpy.empty((13, 13))
    for name, value in zip(strategy.hands(0), values):
        high, low = ranks.index(name[0]), ranks.index(name[1])
        out[(high, low) if name.endswith("s") or high == low else (low, high)] = value
    return out


def _flatten(record, prefix=""):
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flatten(value, prefix + key + ".")
        elif isinstance(value, list):
            yield from _flatten({str(i): v for i, v in enumerate(value)}, prefix + key + ".")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield prefix + key, float(value)


def read_metrics(path):
    """{name: array} of a run's metrics.jsonl, one element a line, NaN where a line lacks the name.
    Parts of what is nested have dots: "coordinator.units_done", "regrets_at_floor_share.0". A last
    line that is not whole, of a run that is writing it, is left out."""
    records = []
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError
        except ValueError:
            if number == len(lines):
                continue
            raise Error(f"{path}:{number}: is no line of metrics") from None
        records.append(dict(_flatten(record)))
    names = {name: None for record in records for name in record}
    return {name: numpy.array([record.get(name, numpy.nan) for record in records])
            for name in names}


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Answers a query from a strategy that inspect_checkpoint export --format=npz wrote.",
        epilog="example: nashville.py leduc.npz --betting=cr --hand=K")
    parser.add_argument("file", help="the .npz file")
    parser.add_argument("--betting", default="", help="what came before, in ACPC notation: cr300c/r600")
    parser.add_argument("--hand", help="one hand: a name (AKs), a bucket's number, or with --board "
                        "hole cards (AhKd)")
    parser.add_argument("--board", help="the cards dealt so far: Th9h2c")
    parser.add_argument("--bucket_cache", help="the folder of the run's bucket files; that of the "
                        "user's cache unless given")
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    flags = parser.parse_args(arguments)
    try:
        if flags.board is not None and flags.hand is None:
            raise Error("--board goes with --hand")
        strategy = Strategy(flags.file, flags.bucket_cache)
        if flags.hand is not None:
            told = {flags.hand: strategy.policy(flags.betting, flags.hand, flags.board)}
        else:
            told = strategy.policy(flags.betting)
    except (Error, OSError) as error:
        print(f"nashville.py: {error}", file=sys.stderr)
        return 3 if isinstance(error, FileNotFoundError) else 2
    if flags.json:
        print(json.dumps(told))
        return 0
    for hand, actions in told.items():
        print(hand, *(f"{action} {p:.6f}" for action, p in actions.items()), sep="  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
