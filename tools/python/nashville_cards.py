#!/usr/bin/env python3
"""Hands of cards as the solver numbers them: which row of a street a hand falls on. Part of
nashville.py, which needs NumPy and nothing else; docs/python.md is an introduction."""
import itertools
import math
import os
import struct

import numpy

BUCKET_VERSIONS = (2, 3)
RANKS, SUITS = "23456789TJQKA", "cdhs"


class Error(ValueError):
    """A question or a file that makes no sense; its text is one line for people."""


def parse_cards(text):
    """[(rank, suit)] of "AhKd": ranks from 0, the two, suits in the order of SUITS."""
    if len(text) % 2 or any(c not in RANKS for c in text[::2]) or any(c not in SUITS for c in text[1::2]):
        raise Error(f"cards {text!r}: expected a rank ({RANKS}) and a suit ({SUITS}) each, as in AhKd")
    cards = [(RANKS.index(text[i]), SUITS.index(text[i + 1])) for i in range(0, len(text), 2)]
    if len(set(cards)) < len(cards):
        raise Error(f"cards {text!r}: one is there twice")
    return cards


class HandIndex:
    """The index of two hole cards and a board: hands that differ by names of suits only share one (K.
    Waugh, "A fast and optimal hand isomorphism algorithm", 2013). The same numbers as
    solver/cards/hand_index.h gives.

    HandIndex(4) is of a board of four whose order does not matter, HandIndex(3, 1) of a flop and a turn
    that are told apart. ranks, suits: of a shorter deck, which has the highest ranks.

    A suit that holds b cards of the board's first part, t and r of its second and third, and h hole
    cards has the code b + 6 t + 12 r + 24 h, and a place among all suits of that code, in mixed radix:
    the colex rank of the first part's ranks, then that of each later one's among the ranks that are
    left. Suits are sorted by code and place, downwards; their codes are a configuration, whose indices
    are consecutive, and their places a number in mixed radix, in which suits of one code form a
    multiset."""

    _UNITS = (1, 6, 12)  # of codes, by part of the board; the hole cards' is 24

    def __init__(self, *parts, ranks=13, suits=4):
        self.parts, self.ranks, self.suits = parts, ranks, suits
        self.board_cards = sum(parts)
        self.size = 0
        self._first = {}  # by codes, downwards: the configuration's first index
        self._add((*parts, *[0] * (3 - len(parts)), 2), ())

    @staticmethod
    def _counts(code):
        """Cards of a suit by part: three of the board, then the hole."""
        return code % 6, code // 6 % 2, code // 12 % 2, code // 24

    def _add(self, left, codes):
        if len(codes) == 4:
            if not any(left):
                size = math.prod(
                    math.comb(self._places(code) + n - 1, n)
                    for code, n in ((code, len(list(all))) for code, all in itertools.groupby(codes)))
                if size:
                    self._first[codes] = self.size
                    self.size += size
            return
        # Suits that the deck has not hold nothing.
        most = 0 if len(codes) >= self.suits else codes[-1] if codes else 71
        for code in range(most, -1, -1):
            rest = tuple(l - n for l, n in zip(left, self._counts(code)))
            if min(rest) >= 0:
                self._add(rest, codes + (code,))

    def _places(self, code):
        places, free = 1, self.ranks
        for n in self._counts(code):
            places *= math.comb(free, n)
            free -= n
            if free < 0:
                return 0
        return places

    @staticmethod
    def _colex(ranks):
        return sum(math.comb(rank, k) for k, rank in enumerate(sorted(ranks), 1))

    def __call__(self, hole, board):
        """hole, board: of parse_cards(), the board in the order in which it was dealt."""
        groups, at = [], 0
        for n in self.parts:
            groups.append(board[at:at + n])
            at += n
        suits = []
        for suit in range(4):
            free = list(range(13 - self.ranks, 13))
            code, place, radix = 0, 0, 1
            for unit, cards in zip((*self._UNITS[:len(groups)], 24), (*groups, hole)):
                held = sorted(free.index(rank) for rank, s in cards if s == suit)
                code += unit * len(held)
                place += radix * self._colex(held)
                radix *= math.comb(len(free), len(held))
                free = [rank for i, rank in enumerate(free) if i not in held]
            suits.append((code, place))
        suits.sort(reverse=True)
        index, stride = self._first[tuple(code for code, _ in suits)], 1
        for code, equal in itertools.groupby(suits, lambda suit: suit[0]):
            equal = [place for _, place in equal]
            n = len(equal)
            index += stride * sum(math.comb(place + n - i - 1, n - i) for i, place in enumerate(equal))
            stride *= math.comb(self._places(code) + n - 1, n)
        return index


class NamedHands:
    """Hands by their names on a lossless street of any game ("K|Q", "KhQh|Qs"): hole cards, then the
    board's cards by street, or all of them where the order is forgotten. Cards of a name without suits
    are told apart by ranks only; else any renaming of suits is the same hand."""

    def __init__(self, names, suits=4):
        self._has_suits = any(c in SUITS for c in names[0])
        self._suits = range(4 - suits, 4)
        self._numbers = {self._key(self._groups(name)): i for i, name in enumerate(names)}

    def _groups(self, name):
        if self._has_suits:
            return [parse_cards(part) for part in name.split("|")]
        return [[(RANKS.index(c), 0) for c in part] for part in name.split("|")]

    @staticmethod
    def _key(groups):
        return tuple(tuple(sorted(group)) for group in groups)

    def __call__(self, groups):
        """groups: of parse_cards(), one after the other as in a name. None: no such hand."""
        if not self._has_suits:
            return self._numbers.get(self._key([[(rank, 0) for rank, _ in g] for g in groups]))
        for renamed in itertools.permutations(self._suits):
            names = dict(zip(self._suits, renamed))
            key = self._key([[(rank, names[suit]) for rank, suit in group] for group in groups])
            if key in self._numbers:
                return self._numbers[key]
        return None


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
        index = self._index(hole, board) if self._index else grid_place(hole)
        bucket = int(self._of[index])
        if bucket >= self.buckets:
            raise Error(f"{self.path}: is damaged: it holds bucket {bucket}")
        return bucket


def grid_place(hole):
    """Of hole cards in the 13 x 13 grid, aces first, suited above the diagonal, row after row."""
    low, high = sorted(12 - rank for rank, _ in hole)
    return low * 13 + high if hole[0][1] == hole[1][1] else high * 13 + low
