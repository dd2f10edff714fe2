#!/bin/bash
# tools/dev bench kinds [--config=FILE] [--kinds=A,B] [--deals=N] [--boards=N] ...: see kinds.py.
exec python3 tests/bench/kinds/kinds.py "$@"
