#!/usr/bin/env python3
"""What pages and sources name is there: the pages that sources name by path, and the files and headings
that links of pages lead to. Prints what is not; called by tools/dev lint."""
import os
import re
import subprocess
import sys

PAGE = re.compile(r"(?<![\w./-])(docs/[\w./-]+\.(?:md|png|svg))((?:,\s*(?:#|//)?\s*\"([^\"\n]+)\")?)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
NO_TEXT = (".png", ".svg", ".ico")


def anchors(path):
    """Of the headings of a page, as GitHub writes them."""
    found = {}
    is_code = False
    for line in open(path, encoding="utf-8"):
        if line.startswith("```"):
            is_code = not is_code
        heading = re.match(r"#+ +(.*)", line)
        if is_code or not heading:
            continue
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1].strip()).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        found[slug] = text
    return found


def main():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], check=True,
                            capture_output=True, text=True).stdout
    bad = []
    for path in sorted(set(listed.splitlines())):
        if path.endswith(NO_TEXT) or not os.path.isfile(path) or os.path.islink(path):
            continue
        try:
            text = open(path, encoding="utf-8").read()
        except UnicodeDecodeError:
            continue
        is_page = path.endswith(".md")
        for found in PAGE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            page, heading = found[1], found[3]
            if not os.path.exists(page):
                bad.append(f"{path}:{line}: {page} is not there")
            elif heading and not is_page and heading not in anchors(page).values():
                bad.append(f"{path}:{line}: {page} has no heading \"{heading}\"")
        for found in LINK.finditer(text) if is_page else ():
            line = text.count("\n", 0, found.start()) + 1
            target, _, anchor = found[1].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            there = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if not os.path.exists(there):
                bad.append(f"{path}:{line}: the link to {target} leads nowhere")
            elif anchor and anchor not in anchors(there):
                bad.append(f"{path}:{line}: {there} has no heading for #{anchor}")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
