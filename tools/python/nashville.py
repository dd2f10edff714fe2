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
import itertools
import json
import math
import os
import struct
import sys
import zipfile

import numpy

FOLD, CALL = -1, 0  # labels of actions; above: a raise to so many chips
VERSIONS = (1, 2)  # version 1 does not name its bucket files
BUCKET_VERSIONS = (2, 3)
RANKS, SUITS = "23456789TJQKA", "cdhs"


class Error(ValueError):
    """A question or a file that makes no sense; its text is one line for people."""


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


def parse_cards(text):
    """[(rank, suit)] of "AhKd": ranks from 0, the two, suits in the order of SUITS."""
    if len(text) % 2 or any(c not in RANKS for c in text[::2]) or any(c not in SUITS for c in text[1::2]):
        raise Error(f"cards {text!r}: expected a rank ({RANKS}) and a suit ({SUITS}) each, as in AhKd")
    cards = [(RANKS.index(text[i]), SUITS.index(text[i + 1])) for i in range(0, len(text), 2)]
    if len(set(cards)) < len(cards):
        raise Error(f"cards {text!r}: one is there twice")
    return cards


class HandIndex:
    """The index of two hole cards and a board of the full deck whose order does not matter: hands
    that differ by names of suits only share one (K. Waugh, "A fast and optimal hand isomorphism
    algorithm", 2013). The same numbers as solver/cards/hand_index.h gives.

    A suit that holds b cards of the board and h hole cards has the code b + 24 h, and a place among
    all suits of that code: the colex rank of the board's ranks, then that of the hole cards' among
    the ranks that are left. Suits are sorted by code and place, downwards; their codes are a
    configuration, whose indices are consecutive, and their places a number in mixed radix, in which
    suits of one code form a multiset."""

    def __init__(self, board_cards):
        self.board_cards = board_cards
        self.size = 0
        self._first = {}  # by codes, downwards: the configuration's first index
        self._add(board_cards, 2, ())

    def _add(self, board, hole, codes):
        if len(codes) == 4:
            if board == 0 and hole == 0:
                self._first[codes] = self.size
                self.size += math.prod(
                    math.comb(self._places(code) + n - 1, n)
                    for code, n in ((code, len(list(all))) for code, all in itertools.groupby(codes)))
            return
        for h in range(hole, -1, -1):
            for b in range(board, -1, -1):
                if b + 24 * h <= (codes[-1] if codes else 71):
                    self._add(board - b, hole - h, codes + (b + 24 * h,))

    @staticmethod
    def _places(code):
        return math.comb(13, code % 24) * math.comb(13 - code % 24, code // 24)

    @staticmethod
    def _colex(ranks):
        return sum(math.comb(rank, k) for k, rank in enumerate(sorted(ranks), 1))

    def __call__(self, hole, board):
        suits = []
        for suit in range(4):
            held = [rank for rank, s in board if s == suit]
            free = [rank for rank in range(13) if rank not in held]
            own = [free.index(rank) for rank, s in hole if s == suit]
            place = self._colex(held) + math.comb(13, len(held)) * self._colex(own)
            suits.append((len(held) + 24 * len(own), place))
        suits.sort(reverse=True)
        index, stride = self._first[tuple(code for code, _ in suits)], 1
        for code, equal in itertools.groupby(suits, lambda suit: suit[0]):
            equal = [place for _, place in equal]
            n = len(equal)
            index += stride * sum(math.comb(place + n - i - 1, n - i) for i, place in enumerate(equal))
            stride *= math.comb(self._places(code) + n - 1, n)
        return index


class Buckets:
    """A bucket file (docs/formats/buckets.md): into which bucket of a street a hand falls. Mapped;
    checksums are what `build_buckets` and inspect_checkpoint compare, not this."""

    def __init__(self, path):
        self.path = str(path)
        with open(self.path, "rb") as file:
            header = file.read(80)
            file_bytes = file.seek(0, os.SEEK_END)
        if len(header) < 80 or header[:8] != b"NASHBKT\n":
            raise Error(f"{self.path}: is no bucket file")
        version, header_bytes = struct.unpack_from("<II", header, 8)
        if version not in BUCKET_VERSIONS:
            raise Error(f"{self.path}: has version {version}, this module reads "
                        f"{' and '.join(map(str, BUCKET_VERSIONS))}")
        self.street, width = header[17], header[22]
        self.buckets, = struct.unpack_from("<I", header, 28)
        entries, = struct.unpack_from("<Q", header, 48)
        self.board_cards = sum(header[24:24 + self.street + 1])
        blocks = -(-entries * width // 4096) if version > 2 else 0
        if header_bytes != 80 or header[19] != 2 or width not in (1, 2) or (
                self.board_cards not in (0, 3, 4, 5)) or (
                file_bytes != 80 + entries * width + 8 * blocks):
            raise Error(f"{self.path}: is damaged: its header does not fit it")
        self._index = HandIndex(self.board_cards) if self.board_cards else None
        if entries != (self._index.size if self._index else 169):
            raise Error(f"{self.path}: is damaged: it has {entries} entries")
        self._of = numpy.memmap(self.path, f"<u{width}", "r", offset=80, shape=(entries,))

    def bucket(self, hole, board=""):
        """Of hole cards ("AhKd") with the board so far ("Th9h2c", in any order)."""
        hole, board = parse_cards(hole), parse_cards(board)
        if len(hole) != 2 or len(board) != self.board_cards or set(hole) & set(board):
            raise Error(f"expected two hole cards and {self.board_cards} other ones on the board")
        index = self._index(hole, board) if self._index else _grid_place(hole)
        bucket = int(self._of[index])
        if bucket >= self.buckets:
            raise Error(f"{self.path}: is damaged: it holds bucket {bucket}")
        return bucket


def _grid_place(hole):
    """Of hole cards in the 13 x 13 grid, aces first, suited above the diagonal, row after row."""
    low, high = sorted(12 - rank for rank, _ in hole)
    return low * 13 + high if hole[0][1] == hole[1][1] else high * 13 + low


class Strategy:
    """The average strategy of a run. Positions of players count from 0, hands by name where the
    street is lossless ("AKs", "K", "K|Q") and elsewhere by the number of their bucket, or by cards
    and board: then the street's bucket file is looked for in the folder `buckets`."""

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
        kind = "" if street in self._hands else "; this street is bucketed: or name cards and a board"
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
        wanted = 2 * self.meta["streets"][street]["board_cards"]
        if len(board) < wanted:
            raise Error(f"board {board!r}: on the {self.meta['streets'][street]['name']} there are "
                        f"{wanted // 2} cards")
        if not self.meta["streets"][street]["lossless"]:
            return self.buckets(street).bucket(hand, board[:wanted])
        hole = parse_cards(hand)
        if street > 0 or len(hole) != 2 or len(self.hands(0)) != 169:
            raise Error(f"hand {hand!r}: this street has names: {self.hands(street)[0]}")
        names = sorted((RANKS[rank] for rank, _ in hole), key=RANKS.index, reverse=True)
        suited = "" if hole[0][0] == hole[1][0] else "s" if hole[0][1] == hole[1][1] else "o"
        return self.hand_number(0, "".join(names) + suited)

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
