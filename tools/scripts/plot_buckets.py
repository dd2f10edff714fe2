#!/usr/bin/python3
"""Draws what strengths the hands of each bucket have, as a PNG.

  build_buckets report FILE --json | tools/scripts/plot_buckets.py OUT.png

One column a bucket, the weakest mean first; the darker, the more of the bucket's deals have that
expected strength. The line is the bucket's mean. Below: each bucket's share of all deals.
Needs matplotlib and numpy of the system's Python (tools/dev setup installs them).
"""
import json
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError as error:
    sys.exit(f"plot_buckets.py: {error}: run tools/dev setup")


def columns_of(report):
    """[bins, buckets] shares of each bucket's deals, means, and shares of all deals."""
    buckets = sorted(report["buckets"], key=lambda bucket: bucket["mean"])
    deals = np.array([bucket["deals"] for bucket in buckets], dtype=float)
    counts = np.array([bucket["deals_by_strength"] for bucket in buckets], dtype=float)
    shares = counts / np.maximum(deals, 1)[:, None]
    return shares.T, np.array([bucket["mean"] for bucket in buckets]), deals / deals.sum()


def draw(report, path):
    shares, means, sizes = columns_of(report)
    num = len(means)
    figure, (top, below) = plt.subplots(2, 1, figsize=(10, 7), sharex=True, height_ratios=(4, 1))
    # A wide bucket has low shares: scaled by column, so that its shape is seen as well.
    shown = shares / np.maximum(shares.max(axis=0), 1e-12)
    top.imshow(shown, origin="lower", aspect="auto", extent=(-0.5, num - 0.5, 0, 1),
               cmap="Blues", interpolation="nearest")
    top.plot(range(num), means, color="#c03f28", linewidth=1, label="mean")
    top.set_ylabel("expected strength")
    within = report["within_variance"]
    whole = within + report["between_variance"]
    top.set_title(f"{report['name']}: {100 * within / whole if whole else 0:.2f}% of the variance "
                  "of strength is within buckets")
    top.legend(loc="upper left")
    below.bar(range(num), 100 * sizes, width=1, color="#8fa3bf")
    below.set_ylabel("% of deals")
    below.set_xlabel("bucket, by mean strength")
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    try:
        report = json.load(sys.stdin)
        draw(report, sys.argv[1])
    except (json.JSONDecodeError, KeyError) as error:
        sys.exit(f"plot_buckets.py: stdin is no output of build_buckets report --json: {error}")
    except OSError as error:
        sys.exit(f"plot_buckets.py: {error}")


if __name__ == "__main__":
    main()
