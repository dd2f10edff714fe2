#!/usr/bin/env python3
"""follow_log.py PORT LOG NAME GAME: plays NAME's actions of a log at an ACPC dealer's table.

When it is on turn it does what NAME did in the hand of that number after the same betting. Shares no
code with the programs; exits 1 where the log has nothing to follow.
"""
import re
import socket
import sys


def actions_of(betting):
    return re.findall(r"f|c|r\d*", betting.replace("/", ""))


def main():
    port, log, name = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    hands = {}
    for line in open(log):
        fields = line.strip().split(":")
        if fields[0] == "STATE":
            hands[int(fields[1])] = (actions_of(fields[2]), fields[5].split("|").index(name))
    table = socket.create_connection(("localhost", port))
    table.sendall(b"VERSION:2.0.0\r\n")
    for raw in table.makefile("r", newline="\r\n"):
        line = raw.strip()
        _, position, hand, betting, _ = line.split(":", 4)
        done = actions_of(betting)
        actions, own = hands[int(hand)]
        if int(position) != own or actions[: len(done)] != done:
            sys.exit(f"{line}: the log has another hand: {hands[int(hand)]}")
        if len(done) == len(actions):
            continue
        if TURN[sys.argv[4]](betting, own):
            table.sendall(f"{line}:{actions[len(done)]}\r\n".encode())


def two_players(first_street):
    """Turns alternate; the first street's first player is `first_street`, later ones' 0."""

    def turn(betting, own):
        streets = betting.split("/")
        first = first_street if len(streets) == 1 else 0
        return (first + len(actions_of(streets[-1]))) % 2 == own

    return turn


TURN = {"leduc": two_players(0), "preflop": two_players(1)}

if __name__ == "__main__":
    main()
