#!/usr/bin/env python3
"""Plays one long match over real sockets and watches its processes: does any of them grow, and how long
do answers take?

    tools/dev soak-acpc GAME STRATEGY [STRATEGY ...] [--minutes=60] [--folder=DIR]

One strategy file for all seats, or one for each. A short match says how many hands a second there are;
the long one has as many hands as fit the time. Memory (RssAnon: mapped strategies are not in it), open
files and threads of the dealer and of every player are looked at each second. Afterwards the log is
compared with that of the same match without sockets, and every line of it is replayed by the state
machine of the tests. The last line is one JSON object. Exit code 1: a process grew by more than
--grow_kb after the first tenth of the match, opened files or threads, or the logs differ. The log takes
some 100 bytes a hand, in --folder or the system's folder for temporary files."""
import argparse
import filecmp
import json
import os
import re
import subprocess
import sys
import tempfile
import time

RATE_HANDS = 5000
WARM_SHARE = 0.1  # of the match: caches fill, the allocator finds its size


class Failed(Exception):
    """What went wrong, in one line."""


def look(pid):
    """Own memory in kB, open files, threads; None of a process that has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            text = status.read()
        memory = re.search(r"^RssAnon:\s+(\d+)", text, re.M)
        if memory is None:  # it has ended and nobody has waited for it yet
            return None
        threads = re.search(r"^Threads:\s+(\d+)", text, re.M)
        return int(memory[1]), len(os.listdir(f"/proc/{pid}/fd")), int(threads[1])
    except OSError:
        return None


class Match:
    """The dealer and its players, as processes."""

    def __init__(self, options, hands, log, pace):
        self.hands, self.log = hands, log
        names = [f"P{i}" for i in range(len(options.strategies))]
        self.arguments = ["soak", options.game, str(hands), str(options.seed), *names]
        self.dealer = subprocess.Popen(
            [f"{options.programs}/tools/acpc_dealer", *self.arguments, f"--log={log}", *pace],
            stdout=subprocess.PIPE, stderr=open(log + ".warnings", "w", encoding="utf-8"), text=True)
        ports = self.dealer.stdout.readline().split()
        if len(ports) != len(names):
            raise Failed(self.warnings())
        self.players = [
            subprocess.Popen(
                [f"{options.programs}/tools/acpc_player", "localhost", port, f"--strategy={file}",
                 f"--seed={seed}", "--json", *options.cache],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for seed, (port, file) in enumerate(zip(ports, options.strategies), 1)]

    def warnings(self):
        with open(self.log + ".warnings", encoding="utf-8") as warnings:
            return " | ".join(warnings.read(1000).splitlines())

    def watch(self, tell, every):
        """What was seen, by process: [(memory, files, threads)]; and how long the match took."""
        processes = {"dealer": self.dealer}
        processes.update({f"player_{i}": p for i, p in enumerate(self.players)})
        seen = {name: [] for name in processes}
        # The log begins when all players have opened their strategies and come.
        while not os.path.exists(self.log) and self.dealer.poll() is None:
            for player in self.players:
                if player.poll() is not None:
                    raise Failed(player.communicate()[1].strip())
            time.sleep(0.01)
        start = time.monotonic()
        while self.dealer.poll() is None:
            found = {name: look(process.pid) for name, process in processes.items()}
            # The dealer has left: players leave, too, and what they free says nothing.
            if all(found.values()):
                for name, values in found.items():
                    seen[name].append(values)
            tell(found)
            try:
                self.dealer.wait(every)
            except subprocess.TimeoutExpired:
                pass
        return seen, time.monotonic() - start

    def end(self):
        """The players' results, and the score."""
        results = []
        for player in self.players:
            text, error = player.communicate(timeout=60)
            if player.returncode != 0:
                raise Failed(f"a player ended with {player.returncode}: {error.strip()}")
            results.append(json.loads(text))
        text, _ = self.dealer.communicate(timeout=60)
        if self.dealer.returncode != 0 or self.warnings():
            raise Failed(f"the dealer ended with {self.dealer.returncode}: {self.warnings()}")
        return results, text.strip().splitlines()[-1]

    def kill(self):
        for process in [self.dealer, *self.players]:
            process.kill()
            process.wait()


def play(options, hands, log, pace, tell=lambda found: None):
    match = Match(options, hands, log, pace)
    try:
        seen, seconds = match.watch(tell, options.every)
        results, score = match.end()
    except BaseException:
        match.kill()
        raise
    return match, seen, seconds, results, score


def growth(seen, grow_kb):
    """By process, what it had and what it grew by since the first tenth; and what is wrong."""
    told, wrong = {}, []
    for name, values in seen.items():
        settled = values[int(len(values) * WARM_SHARE):]
        if len(settled) < 2:
            raise Failed("the match was too short to look at: give it more --minutes")
        first, most = settled[0], [max(column) for column in zip(*settled)]
        grown = settled[-1][0] - first[0]
        told[name] = {"memory_kb": settled[-1][0], "most_kb": most[0], "grown_kb": grown,
                      "files": most[1], "threads": most[2]}
        if grown > grow_kb:
            wrong.append(f"{name} grew by {grown} kB")
        if settled[-1][1:] > first[1:]:
            wrong.append(f"{name} has more files or threads: {first[1:]}, then {settled[-1][1:]}")
    return told, wrong


def soak(options, folder):
    hands, pace = options.hands, []
    if options.hands_a_second:
        pace = [f"--hands_a_second={options.hands_a_second}"]
        hands = hands or int(options.hands_a_second * options.minutes * 60)
    if hands is None:
        _, _, seconds, _, _ = play(options, RATE_HANDS, f"{folder}/rate.log", [])
        hands = int(RATE_HANDS / seconds * options.minutes * 60)
        print(f"soak: {hands} hands, about {options.minutes:g} minutes", file=sys.stderr)
    told_at = time.monotonic()

    def tell(found):
        nonlocal told_at
        if time.monotonic() - told_at > 60:
            told_at = time.monotonic()
            print("soak: " + ", ".join(f"{n} {v[0]} kB" for n, v in found.items() if v), file=sys.stderr)

    log = f"{folder}/socket.log"
    match, seen, seconds, results, score = play(options, hands, log, pace, tell)
    told, wrong = growth(seen, options.grow_kb)
    local = f"{folder}/local.log"
    seeds = ",".join(str(i + 1) for i in range(len(options.strategies)))
    subprocess.run(
        [f"{options.programs}/tools/acpc_dealer", *match.arguments, f"--log={local}",
         *options.cache, f"--strategies={','.join(options.strategies)}", f"--seeds={seeds}"],
        check=True, stdout=subprocess.DEVNULL)
    if not filecmp.cmp(log, local, shallow=False):
        wrong.append("the match without sockets has another log")
    replay = subprocess.run([f"{options.programs}/tests/acpc/replay_log", options.game, log, str(hands)],
                            capture_output=True, text=True, check=False)
    if replay.returncode != 0 or replay.stdout.strip() != score:
        wrong.append("the replay: " + (replay.stderr.strip() or replay.stdout.strip()))
    print(json.dumps({"hands": hands, "seconds": round(seconds, 1), "score": score,
                      "processes": told, "players": results, "wrong": wrong}))
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("game")
    parser.add_argument("strategies", nargs="+", metavar="strategy")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--hands", type=int, help="instead of --minutes")
    parser.add_argument("--hands_a_second", type=int, default=0,
                        help="at the most, so that the machine is left to others; 0: as many as go")
    parser.add_argument("--grow_kb", type=int, default=256)
    parser.add_argument("--every", type=float, default=1, help="seconds between two looks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the logs lie while they are needed")
    parser.add_argument("--bucket_cache", help="as the players' flag")
    parser.add_argument("--programs", default="bazel-bin", help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        with open(options.game, encoding="ascii") as game:
            players = re.search(r"(?i)^\s*numplayers\s*=?\s*(\d+)", game.read(), re.M)
    except OSError as error:
        parser.error(str(error))
    if len(options.strategies) == 1 and players is not None:
        options.strategies *= int(players[1])
    options.cache = [f"--bucket_cache={options.bucket_cache}"] if options.bucket_cache else []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        try:
            return soak(options, folder)
        except Failed as failed:
            print(f"soak: {failed}", file=sys.stderr)
            return 1


sys.exit(main())
