#!/usr/bin/env python3
"""A dealer that says what it is told to: listens on a free port, prints it, and sends a player the
lines of a file, in which \\0 stands for a NUL and \\M for a megabyte. It reads what the player says
after each and prints it; then it hangs up."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
player, _ = listener.accept()
player.settimeout(5)
data = open(sys.argv[1], "rb").read().replace(b"\\0", b"\0").replace(b"\\M", b"x" * 1000000)
try:
    player.recv(1000)
    player.sendall(data)
    player.shutdown(socket.SHUT_WR)
    while more := player.recv(1000):
        print(more.decode(), end="", flush=True)
except OSError:
    pass
