#!/bin/bash
# tools/dev bench overhead [--batches=N] [--units=K] [--rounds=R] [--repeats=N]: see overhead.py.
exec python3 tests/bench/overhead/overhead.py "$@"
