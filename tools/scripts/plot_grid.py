#!/usr/bin/env python3
"""Draws one decision before the flop as an SVG: 13 x 13 classes of hole cards, split by action.

  tools/scripts/plot_grid.py POLICY.csv [BETTING] > grid.svg

POLICY.csv has the columns betting, hand, action and probability, among others. BETTING chooses the
decision, in ACPC notation ("c", "r250"); without it, the first one ("root"). Standard library only.
"""
import csv
import sys

RANKS = "AKQJT98765432"
CELL = 44
MARGIN = 12
LEGEND = 40
RAISES = ["#f3b3a0", "#e5735a", "#d4553b", "#c03f28", "#a93520"]  # from the smallest to the largest
COLOURS = {"f": "#8fa3bf", "c": "#7dbb7d"}


def hand_at(row, column):
    """Suited hands right of the diagonal, offsuit hands below."""
    if row == column:
        return RANKS[row] * 2
    high, low = min(row, column), max(row, column)
    return RANKS[high] + RANKS[low] + ("s" if column > row else "o")


def combinations(hand):
    return 6 if len(hand) == 2 else 4 if hand[2] == "s" else 12


def read_decision(path, betting):
    """{hand: {action: probability}} of one decision, and its actions in order."""
    hands, actions = {}, []
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["betting"] != betting:
                continue
            if row["action"] not in actions:
                actions.append(row["action"])
            hands.setdefault(row["hand"], {})[row["action"]] = float(row["probability"])
    wanted = [hand_at(r, c) for r in range(13) for c in range(13)]
    missing = [hand for hand in wanted if hand not in hands]
    if missing:
        sys.exit(f"{path}: betting '{betting}' has no row for {missing[0]}: name a decision before "
                 "the flop, of a run with lossless preflop hands")
    return hands, actions


def colours_of(actions):
    raises = [action for action in actions if action not in COLOURS]
    shades = {action: RAISES[min(i, len(RAISES) - 1)] for i, action in enumerate(raises)}
    return {**COLOURS, **shades}


def name_of(action, actions):
    """Fold is offered only when something is owed."""
    passive = "call" if "f" in actions else "check"
    return {"f": "fold", "c": passive}.get(action, "raise to " + action[1:])


def draw(hands, actions):
    size = 13 * CELL + 2 * MARGIN
    # Raises first, from the largest: strong hands look alike at a glance.
    order = [a for a in reversed(actions) if a not in COLOURS] + [a for a in "cf" if a in actions]
    rects = {action: [] for action in actions}
    texts = []
    for row in range(13):
        for column in range(13):
            hand = hand_at(row, column)
            left, top = MARGIN + column * CELL, MARGIN + row * CELL
            at = left
            for action in order:
                width = hands[hand].get(action, 0) * CELL
                if width >= 0.2:
                    rects[action].append(f"M{at:.1f} {top}h{width:.1f}v{CELL}h-{width:.1f}z")
                at += width
            texts.append(f'<text x="{left + CELL // 2}" y="{top + 27}">{hand}</text>')
    total = sum(combinations(hand) for hand in hands)
    share = {action: sum(combinations(hand) * mix.get(action, 0) for hand, mix in hands.items())
             / total for action in actions}
    colours = colours_of(actions)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + LEGEND}" '
           'font-family="sans-serif" font-size="13">',
           f'<rect width="{size}" height="{size + LEGEND}" fill="#fff"/>']
    for action in order:
        out.append(f'<path fill="{colours[action]}" d="{"".join(rects[action])}"/>')
    lines = "".join(f"M{MARGIN} {MARGIN + i * CELL}h{13 * CELL}M{MARGIN + i * CELL} {MARGIN}"
                    f"v{13 * CELL}" for i in range(14))
    out.append(f'<path stroke="#fff" d="{lines}"/>')
    out.append('<g text-anchor="middle" fill="#111">' + "".join(texts) + "</g>")
    for i, action in enumerate(order):
        x = MARGIN + i * (13 * CELL // len(order))
        out.append(f'<rect x="{x}" y="{size + 6}" width="16" height="16" '
                   f'fill="{colours[action]}"/>')
        out.append(f'<text x="{x + 22}" y="{size + 19}" fill="#111">{name_of(action, actions)}: '
                   f'{100 * share[action]:.1f}%</text>')
    return "\n".join(out) + "\n</svg>\n"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    betting = sys.argv[2] if len(sys.argv) == 3 else "root"
    sys.stdout.write(draw(*read_decision(sys.argv[1], betting)))


if __name__ == "__main__":
    main()
