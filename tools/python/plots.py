#!/usr/bin/env python3
"""Draws the two pictures of docs/python.md: plots.py LEDUC_RUN QUICK.npz FOLDER. Needs matplotlib."""
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot
import numpy

import nashville


def convergence(metrics_path, picture):
    metrics = nashville.read_metrics(metrics_path)
    measured = numpy.isfinite(metrics["evaluation.chips"])
    iterations = metrics["evaluation.iterations"][measured]
    chips = metrics["evaluation.chips"][measured]
    figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
    axes.loglog(iterations, chips, marker="o", markersize=4)
    # The law of Monte-Carlo CFR, through the first point.
    axes.loglog(iterations, chips[0] * (iterations / iterations[0]) ** -0.5, "--", color="grey",
                label="1/sqrt(iterations)")
    axes.set_xlabel("iterations")
    axes.set_ylabel("NashConv, chips")
    axes.legend()
    axes.grid(alpha=0.3, which="both")
    figure.savefig(picture, dpi=100)


def opening(strategy_path, picture):
    strategy = nashville.Strategy(strategy_path)
    actions = strategy.actions()
    raises = [i for i, action in enumerate(actions) if action.startswith("r")]
    shares = strategy.probabilities()[:, raises].sum(axis=1)
    total = numpy.average(shares, weights=strategy.combinations())
    figure, axes = pyplot.subplots(figsize=(5, 4.4), layout="constrained")
    image = axes.imshow(nashville.grid(strategy, shares), cmap="viridis", vmin=0, vmax=1)
    ranks = "AKQJT98765432"
    axes.set_xticks(range(13), ranks)
    axes.set_yticks(range(13), ranks)
    axes.set_title(f"raises first in: {100 * total:.1f}% of all hands")
    figure.colorbar(image, label="probability of a raise")
    figure.savefig(picture, dpi=100)


def main():
    run, strategy, folder = sys.argv[1:]
    convergence(f"{run}/metrics.jsonl", f"{folder}/python_convergence.png")
    opening(strategy, f"{folder}/python_range.png")


main()
