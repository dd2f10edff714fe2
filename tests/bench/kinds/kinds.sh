#!/bin/bash
# tools/dev bench kinds [--buckets=N] [--iterations=N] [--deals=N] ...: see kinds.py.
exec python3 tests/bench/kinds/kinds.py "$@"
