#!/usr/bin/env python3
"""A bad network between TCP programs: delays, breaks connections, sometimes in the middle.

  chaos_proxy.py TARGET_PORT SEED

Listens on a free port of loopback, which it prints, and forwards to TARGET_PORT there. What it does
to a connection is drawn from SEED when it begins: each chunk waits; after a time the connection is
closed, or cut after a part of a chunk, or goes silent in one direction or both for a while and is
closed then. Prints a line for each.
"""
import asyncio
import random
import sys

DELAY_SECONDS_MAX = 0.02
LIFE_SECONDS = (0.5, 3.0)
SILENCE_SECONDS = 2.0
CHUNK_BYTES = 65536
ENDS = ["close", "truncate", "silence to the worker", "silence to the coordinator", "silence"]


class Connection:
    """One client's, with its own fate."""

    def __init__(self, rng):
        self.rng = rng
        self.end = rng.choice(ENDS)
        self.life = rng.uniform(*LIFE_SECONDS)
        self.is_ending = False

    async def forward(self, reader, writer, silence):
        while data := await reader.read(CHUNK_BYTES):
            await asyncio.sleep(self.rng.uniform(0, DELAY_SECONDS_MAX))
            if self.is_ending and self.end == "truncate":
                writer.write(data[:self.rng.randrange(len(data))])
                await writer.drain()
                return
            if self.is_ending and self.end in ("silence", silence):
                continue
            writer.write(data)
            await writer.drain()

    async def ends(self):
        await asyncio.sleep(self.life)
        self.is_ending = True
        if self.end != "close":
            await asyncio.sleep(SILENCE_SECONDS)

    async def run(self, client, server):
        tasks = [
            asyncio.ensure_future(self.forward(client[0], server[1], "silence to the coordinator")),
            asyncio.ensure_future(self.forward(server[0], client[1], "silence to the worker")),
            asyncio.ensure_future(self.ends())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        print(self.end if self.is_ending else "closed by a peer", flush=True)


async def main():
    target, rng = int(sys.argv[1]), random.Random(sys.argv[2])

    async def serve(reader, writer):
        connection = Connection(random.Random(rng.random()))
        try:
            server = await asyncio.open_connection("127.0.0.1", target)
            await connection.run((reader, writer), server)
            server[1].close()
        except OSError:
            print("no coordinator", flush=True)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
