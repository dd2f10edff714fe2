#!/bin/bash
# tools/dev bench queries DIR ... [--hand=H] [--board=B] [--repeats=N]: see queries.py.
exec python3 tests/bench/queries/queries.py "$@"
