#!/usr/bin/env python3
"""For tools/dev lint: prose in Markdown files is at most 102 columns wide. Tables, headings, code and
what cannot be broken (a long link) are free. --fix wraps paragraphs that are wider, or that break
far too early.

wrap_prose.py [--fix] FILE...
"""

import re
import sys

COLUMNS_MAX = 102
COLUMNS = 100  # of what is wrapped anew
COLUMNS_MIN = 80  # a line that ends before this, though the next word had room, is too narrow
CODE_KEPT_WHOLE = 90  # code up to this long is not broken where it has spaces

ITEM = re.compile(r" *([-*+]|\d+[.)]) +(?=\S)")
MARKER = re.compile(r"([-+*>|=]+|#+|\d+[.)])$")  # would not be prose at the start of a line


def words_of(text):
    def glued(code):
        return code[0].replace(" ", "\0") if len(code[0]) <= CODE_KEPT_WHOLE else code[0]

    return [word.replace("\0", " ") for word in re.sub(r"`[^`]+`", glued, text).split()]


def paragraphs(lines):
    """Where each paragraph or list item begins and ends."""
    start, fenced, in_list = None, False, False
    for number, line in enumerate(lines + [""]):
        fence = line.lstrip().startswith("```")
        code = fenced or fence or (start is None and line.startswith("    ") and not in_list)
        prose = line.strip() and not code and not re.match(r" *(\||#|!\[|<|>)", line)
        item = prose and ITEM.match(line)
        if start is not None and (not prose or item):
            yield start, number
            start = None
        if prose and start is None:
            start = number
        fenced ^= fence
        if line.strip():
            in_list = bool(item) or (in_list and line.startswith(" "))


def wrap(paragraph):
    item = ITEM.match(paragraph[0])
    begin = item[0] if item else re.match(" *", paragraph[0])[0]
    wrapped = [begin]
    for word in words_of(" ".join([paragraph[0][len(begin):]] + [line.strip() for line in paragraph[1:]])):
        line = wrapped[-1]
        if not line.strip() or line == begin:
            wrapped[-1] += word
        elif len(line) + 1 + len(word) <= COLUMNS:
            wrapped[-1] += " " + word
        elif MARKER.match(word):
            wrapped[-1], last = line.rsplit(" ", 1)
            wrapped.append(" " * len(begin) + last + " " + word)
        else:
            wrapped.append(" " * len(begin) + word)
    return wrapped


def too_wide(line):
    return len(line) > COLUMNS_MAX and len(words_of(ITEM.sub("", line))) > 1


def too_narrow(paragraph):
    return any(
        len(line) + 1 + len(words_of(after)[0]) < COLUMNS_MIN
        for line, after in zip(paragraph, paragraph[1:])
    )


def main(arguments):
    fix = arguments[:1] == ["--fix"]
    bad = False
    for path in arguments[fix:]:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for start, end in reversed(list(paragraphs(lines))):
            wide = [number for number in range(start, end) if too_wide(lines[number])]
            if fix and (wide or too_narrow(lines[start:end])):
                lines[start:end] = wrap(lines[start:end])
            elif wide:
                bad = True
                at = wide[0]
                print(f"{path}:{at + 1}: {len(lines[at])} columns of prose, at most {COLUMNS_MAX}")
        if fix:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
