#!/usr/bin/env python3
"""Counts of docs/measurements/house.md, of the tree that git tracks here or of one revision:

  tools/scripts/house.py [REVISION]

Comment lines and code lines are counted by the first characters of a line; a line with both is code.
Fields are members that end in _ at a class's own level; an arrow is one room that includes another.
"""
import collections
import os
import re
import signal
import subprocess
import sys


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def sources(revision):
    """Path and lines of every C++ file of ours."""
    names = git("ls-tree", "-r", "--name-only", revision) if revision else git("ls-files")
    for path in names.split("\n"):
        if not path.endswith((".h", ".cc", ".cu")) or path.startswith("tools/bazel/"):
            continue
        text = git("show", f"{revision}:{path}") if revision else open(path, encoding="utf-8").read()
        yield path, text.split("\n")


def density(files):
    comments = code = 0
    for _, lines in files:
        for line in lines:
            line = line.strip()
            comments += line.startswith("//")
            code += bool(line) and not line.startswith("//")
    return f"{100 * comments / (comments + code):.1f}%"


def fields(files):
    """(fields, class) of all classes and structs: members by indentation, clang-format's."""
    for path, lines in files:
        if not path.endswith((".h", ".cc")):
            continue
        owner, depth, count = None, 0, 0
        for line in lines:
            indent = len(line) - len(line.lstrip())
            opened = re.match(r"\s*(?:class|struct) (?:alignas\(\w+\) )?(\w+)[^;]*\{$", line)
            if opened and owner is None:
                owner, depth, count = opened.group(1), indent, 0
            elif owner and indent == depth and line.strip() == "};":
                yield count, f"{owner} ({path})"
                owner = None
            elif owner and indent == depth + 2:
                count += bool(re.search(r"\w_(?:\[[^]]*\])*(?:\{.*\}| = .*)?;(?:\s*//.*)?$", line)
                              and "(" not in re.sub(r"\{.*|<.*>| = .*", "", line)
                              and not line.strip().startswith(("return", "using", "friend")))


def functions(files):
    """(lines, place) of functions: from a line that opens one at its level to its closing brace."""
    for path, lines in files:
        if not path.endswith(".cc"):
            continue
        start = None
        for number, line in enumerate(lines):
            if start is None and re.match(r"[A-Za-z].*\{$", line) and "namespace" not in line \
                    and not re.match(r"(?:class|struct|enum|union)\b", line) and "=" not in line:
                start = number
                while start and lines[start - 1].strip() and lines[start - 1][0] not in "}#/ ":
                    start -= 1
            elif start is not None and line == "}":
                yield number - start + 1, f"{path}:{start + 1}"
                start = None


def arrows(files):
    """Rooms (a header with its source) of tools/, and which room includes which."""
    def room(path):
        return os.path.splitext(path)[0]
    rooms = {room(path) for path, _ in files}
    found = collections.Counter()
    for path, lines in files:
        for line in lines:
            included = re.match(r'#include "(tools/[^"]+)"', line)
            if included and room(included.group(1)) != room(path):
                found[room(path), room(included.group(1))] += 1
    folders = {(os.path.dirname(a), os.path.dirname(b)) for a, b in found}
    return len(rooms), len(found), sum(a != b and a != "tools" for a, b in folders)


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader such as `head` may leave
    revision = sys.argv[1] if len(sys.argv) > 1 else None
    files = list(sources(revision))
    ours = [f for f in files if not f[0].startswith("tests/")]
    print(f"C++ files: {len(ours)}, {sum(len(lines) - 1 for _, lines in ours)} lines; "
          f"longest {max((len(lines) - 1, path) for path, lines in ours)}")
    print("comments:", density(ours), "headers", density([f for f in ours if f[0].endswith(".h")]),
          "sources", density([f for f in ours if f[0].endswith(".cc")]))
    for what, counts in (("fields", fields(ours)), ("lines of functions", functions(ours))):
        print(f"{what}:", ", ".join(f"{n} {name}" for n, name in sorted(counts, reverse=True)[:6]))
    print("tools/: %d rooms, %d arrows; between folders %d" %
          arrows([f for f in ours if f[0].startswith("tools/")]))


if __name__ == "__main__":
    main()
