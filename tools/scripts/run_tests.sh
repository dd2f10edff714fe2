#!/usr/bin/env bash
# Style and all tests; the last line counts test cases: "N passed, N failed". Called by tools/dev.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

options=()
targets=()
for argument in "$@"; do
  case "$argument" in
    -*) options+=("$argument") ;;
    *) targets+=("$argument") ;;
  esac
done

extra_passed=0
extra_failed=0
if [ ${#targets[@]} -eq 0 ]; then
  targets=(//...)
  if tools/dev lint; then extra_passed=1; else extra_failed=1; fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
progress=(--noshow_progress)
# Lines, not a picture that is rewritten: they go through a pipe.
[ -t 2 ] && progress=(--show_progress --show_progress_rate_limit=10 --curses=no)
bazel test "${progress[@]}" "${options[@]}" "${targets[@]}" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

python3 - "$log" "$status" "$extra_passed" "$extra_failed" <<'PY'
"""Counts the cases of the targets that Bazel names in its summary."""
import re
import sys
import xml.etree.ElementTree as xml

log, status, passed, failed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
for line in open(log, errors="replace"):
    found = re.match(r"//(\S*):(\S+)\s+(?:\(cached\) )?(PASSED|FAILED|TIMEOUT|NO STATUS|FLAKY)", line)
    if not found:
        continue
    package, name, verdict = found.groups()
    cases = bad = 0
    try:
        for suite in xml.parse(f"bazel-testlogs/{package}/{name}/test.xml").getroot():
            cases += int(suite.get("tests", 0))
            bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    except (OSError, xml.ParseError):
        pass
    if verdict == "PASSED":
        passed += max(cases, 1)
    else:
        failed += max(bad, 1)
        passed += max(cases - bad, 0)
if status != 0 and failed == 0:
    failed = 1  # the build broke before any test ran
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
PY
