#!/usr/bin/env python3
"""on_terminal.py METRICS PROGRAM...: runs it on a terminal of its own, as a person would.

Waits for its progress line, stops the terminal's output (Ctrl-S), and sees that METRICS grows by
more lines than a terminal has room for; goes on (Ctrl-Q), sees progress lines again, and closes the
terminal, as a broken connection does. Exits with what the program exits with.
"""
import os
import pty
import select
import sys
import time

PATIENCE_SECONDS = 30


def read_until(terminal, text):
    seen = b""
    end = time.time() + PATIENCE_SECONDS
    while text not in seen:
        left = end - time.time()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            sys.exit(f"waited in vain for {text}: {seen[-500:]}")
        seen += os.read(terminal, 65536)
    return len(seen)


def bytes_of(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def main():
    metrics, program = sys.argv[1], sys.argv[2:]
    process, terminal = pty.fork()
    if process == 0:
        os.execv(program[0], program)
    read_until(terminal, b"infosets reached")
    os.write(terminal, b"\x13")
    time.sleep(0.1)  # what was on its way
    before = bytes_of(metrics)
    end = time.time() + PATIENCE_SECONDS
    # A line of metrics is longer than a line of progress: a terminal would have been full.
    while bytes_of(metrics) < before + 200_000:
        if time.time() > end:
            sys.exit(f"stands still while its terminal does: {before} bytes, {bytes_of(metrics)}")
        time.sleep(0.01)
    os.write(terminal, b"\x11")
    bytes_left = 1_000_000  # more than waited
    while bytes_left > 0:
        bytes_left -= read_until(terminal, b"infosets reached")
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
