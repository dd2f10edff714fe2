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

The file is mapped: opening it costs nothing, whatever its size, and a query reads the rows that it
asks for. docs/python.md is an introduction, docs/formats/strategy_npz.md has the arrays.
"""
import argparse
import json
import struct
import sys
import zipfile

import numpy

FOLD, CALL = -1, 0  # labels of actions; above: a raise to so many chips
VERSION = 1


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


class Strategy:
    """The average strategy of a run. Positions of players count from 0, hands by name where the
    street is lossless ("AKs", "K", "K|Q") and by the number of their bucket elsewhere."""

    def __init__(self, path):
        self.path = str(path)
        try:
            arrays = _map_arrays(self.path)
        except (zipfile.BadZipFile, struct.error, ValueError, EOFError) as error:
            if isinstance(error, Error):
                raise
            raise Error(f"{self.path}: is no strategy of this kind ({error}); write it by "
                        "inspect_checkpoint export DIR FILE --format=npz") from None
        try:
            self.meta = json.loads(arrays["meta"].tobytes().decode())
            if self.meta["version"] != VERSION:
                raise Error(f"{self.path}: has version {self.meta['version']}, this module reads "
                            f"{VERSION}: use the one of the release that wrote it")
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
        kind = "" if street in self._hands else (
            "; this street is bucketed: inspect_checkpoint policy --board --hand says the bucket")
        raise Error(f"hand {hand!r}: expected one as {names[0]}, {names[-1]}{kind}")

    def policy(self, betting="", hand=None):
        """{action: probability} of a hand; without a hand {hand: {action: probability}}."""
        node = self.node(betting)
        street = int(self._street[node])
        actions = self.actions(betting)
        rows = self._rows(node)
        if hand is not None:
            row = rows[self.hand_number(street, hand)]
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
    parser.add_argument("--hand", help="one hand: a name (AKs), or a bucket's number")
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    flags = parser.parse_args(arguments)
    try:
        strategy = Strategy(flags.file)
        if flags.hand is not None:
            told = {flags.hand: strategy.policy(flags.betting, flags.hand)}
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
