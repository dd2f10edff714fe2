#!/usr/bin/env python3
"""Players at an ACPC dealer's table, one for each port, that do anything: folds, calls, raises of
any size and all-ins. What is not legal the dealer takes for a call."""
import random
import socket
import sys
import threading


def play(port):
    draw = random.Random(int(port))
    table = socket.create_connection(("localhost", int(port)))
    table.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    table.sendall(b"VERSION:2.0.0\r\n")
    # Whose turn it is the lines do not say: every state is answered, and the dealer passes over
    # answers to older ones. It hangs up with some of them unread, which resets the connection.
    try:
        for line in table.makefile("r", newline="\r\n"):
            raises = f"r{draw.randrange(200, 2000)}", f"r{draw.randrange(200, 10001)}"
            action = draw.choice(["c", "c", "c", "f", *raises])
            table.sendall((line.strip() + ":" + action + "\r\n").encode())
    except OSError:
        pass


threads = [threading.Thread(target=play, args=[port]) for port in sys.argv[1:]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
