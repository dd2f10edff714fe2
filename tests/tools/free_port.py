"""A TCP port of 127.0.0.1 that nobody has: the module gives it, the program prints it.

It is none of those that the system gives to whoever does not ask for one, so that nobody else has it
before it is taken.
"""
import random
import socket


def free_port():
    while True:
        port = random.randrange(10000, 30000)
        with socket.socket() as s:
            try:
                s.bind(('127.0.0.1', port))
            except OSError:
                continue
            return port


if __name__ == '__main__':
    print(free_port())
