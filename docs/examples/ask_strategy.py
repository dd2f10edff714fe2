#!/usr/bin/env python3
"""Asks a strategy file what to do: an example of solver/play/nashville_play.h over ctypes.

    ask_strategy.py LIBRARY FILE HOLE [BETTING [BOARD]] [--position=N] [--hand=N] [--stacks=N,N]

LIBRARY is bazel-bin/solver/play/libnashville_play.so (tools/dev build
//solver/play:libnashville_play.so); FILE is what `inspect_checkpoint export` wrote. For example what
to do on the button with ace and king after a raise to 300:

    ask_strategy.py libnashville_play.so quick.strategy AsKd r300 --position=0
"""
import argparse
import ctypes
import sys

ACTIONS_MAX = 16
ERROR_BYTES = 1000


class Question(ctypes.Structure):
    _fields_ = [
        ("hole", ctypes.c_char_p),
        ("board", ctypes.c_char_p),
        ("betting", ctypes.c_char_p),
        ("stacks", ctypes.POINTER(ctypes.c_int32)),
        ("scale_stacks", ctypes.c_int32),
        ("position", ctypes.c_int32),
        ("hand", ctypes.c_uint64),
    ]


class Answer(ctypes.Structure):
    _fields_ = [
        ("num_actions", ctypes.c_int32),
        ("chosen", ctypes.c_int32),
        ("actions", ctypes.c_int32 * ACTIONS_MAX),
        ("probabilities", ctypes.c_double * ACTIONS_MAX),
        ("is_off_tree", ctypes.c_int32),
    ]


class Strategy:
    def __init__(self, library, path, bucket_folder=None, seed=1):
        self._library = ctypes.CDLL(library)
        self._library.nashville_open.restype = ctypes.c_void_p
        self._library.nashville_open.argtypes = [
            ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t]
        self._library.nashville_ask.argtypes = [
            ctypes.c_void_p, ctypes.POINTER(Question), ctypes.POINTER(Answer), ctypes.c_char_p,
            ctypes.c_size_t]
        self._library.nashville_definition.restype = ctypes.c_char_p
        self._library.nashville_definition.argtypes = [ctypes.c_void_p]
        self._library.nashville_close.argtypes = [ctypes.c_void_p]
        error = ctypes.create_string_buffer(ERROR_BYTES)
        folder = None if bucket_folder is None else bucket_folder.encode()
        self._strategy = self._library.nashville_open(path.encode(), folder, seed, error, ERROR_BYTES)
        if not self._strategy:
            raise ValueError(error.value.decode())

    def definition(self):
        return self._library.nashville_definition(self._strategy).decode()

    def ask(self, hole, betting="", board="", position=0, hand=0, stacks=None):
        """The action to take and the probability of each: {"f": 0.1, "c": 0.7, "r300": 0.2}."""
        question = Question(hole=hole.encode(), board=board.encode(), betting=betting.encode(),
                            position=position, hand=hand)
        if stacks is not None:
            question.stacks = (ctypes.c_int32 * len(stacks))(*stacks)
            question.scale_stacks = 1
        answer = Answer()
        error = ctypes.create_string_buffer(ERROR_BYTES)
        if self._library.nashville_ask(self._strategy, question, answer, error, ERROR_BYTES) != 0:
            raise ValueError(error.value.decode())
        names = [{-1: "f", 0: "c"}.get(action, f"r{action}")
                 for action in answer.actions[:answer.num_actions]]
        return names[answer.chosen], dict(zip(names, answer.probabilities))

    def close(self):
        self._library.nashville_close(self._strategy)
        self._strategy = None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library")
    parser.add_argument("file")
    parser.add_argument("hole")
    parser.add_argument("betting", nargs="?", default="")
    parser.add_argument("board", nargs="?", default="")
    parser.add_argument("--position", type=int, default=0)
    parser.add_argument("--hand", type=int, default=0)
    parser.add_argument("--stacks", help="by position, as in 5000,5000: bets keep their share")
    parser.add_argument("--bucket_folder")
    arguments = parser.parse_args()
    try:
        strategy = Strategy(arguments.library, arguments.file, arguments.bucket_folder)
        stacks = None if arguments.stacks is None else [int(s) for s in arguments.stacks.split(",")]
        action, probabilities = strategy.ask(arguments.hole, arguments.betting, arguments.board,
                                             arguments.position, arguments.hand, stacks)
    except ValueError as error:
        sys.exit(f"ask_strategy.py: {error}")
    for name, probability in probabilities.items():
        print(f"{name:>8} {probability:8.4f}{'  <' if name == action else ''}")
    strategy.close()


if __name__ == "__main__":
    main()
