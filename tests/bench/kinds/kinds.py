"""Kinds of buckets against each other: trains a blueprint of heads-up no-limit hold'em with each
kind, at one size, then plays all pairs. Prints JSON.

The runs differ in nothing but their buckets: game, bets and algorithm are those of
tests/bench/configs/quickstart.yaml, deals the same. Matches are `evaluate head_to_head`: the same duplicate deals
for every pair, 95% intervals over the cards. What another seed of training would change is not in the
intervals: that takes runs with other --seed.
"""
import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time

GAME = "games/nolimit_2p_100bb.game"
STREETS = ("flop", "turn", "river")
# Buckets of flop, turn and river. Before the last street emd; on it there is nothing to come, so the
# clusters are those of strength against opponents' hands.
KINDS = {
    "ehs": ("ehs", "ehs", "ehs"),
    "ehs2": ("ehs2", "ehs2", "ehs"),
    "ochs": ("ochs", "ochs", "ochs"),
    "emd": ("emd", "emd", "ochs"),
    "small": ("emd", "ehs2", "ehs"),  # those of configs/buckets/small.yaml
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default="ehs,ehs2,ochs,emd,small", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--buckets", type=int, default=100, help="on each street after the first")
    parser.add_argument("--iterations", type=int, default=33554432)
    parser.add_argument("--seed", type=int, default=1, help="of training")
    parser.add_argument("--deals", type=int, default=400000, help="of a match")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--folder", help="keeps runs here, and goes on with those that are there")
    parser.add_argument("--bucket_cache", default="")
    parser.add_argument("--programs", default="bazel-bin/tools")
    return parser.parse_args()


def definition(args, kind):
    with open("tests/bench/configs/quickstart.yaml") as file:
        text = file.read()
    changes = {"name": f"{kind}_{args.buckets}", "game": os.path.abspath(f"configs/{GAME}"),
               "seed": args.seed, "iterations": args.iterations}
    for key, value in changes.items():
        text = re.sub(rf"^{key}: .*", f"{key}: {value}", text, flags=re.M)
    streets = [f"  {street}: {{kind: {street_kind}, buckets: {args.buckets}}}\n"
               for street, street_kind in zip(STREETS, KINDS[kind])]
    section = "abstraction:\n  preflop: lossless\n" + "".join(streets)
    return re.sub(r"^abstraction:.*\n(  .*\n)*", section, text, flags=re.M)


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def train(args, folder, kind):
    config = os.path.join(folder, f"{kind}.yaml")
    with open(config, "w") as file:
        file.write(definition(args, kind))
    start = time.monotonic()
    run([f"{args.programs}/train_blueprint", f"--config={config}",
         f"--out={os.path.join(folder, kind)}", "--resume", f"--threads={args.threads}",
         f"--bucket_cache={args.bucket_cache}"])
    print(f"trained {kind}: {time.monotonic() - start:.0f} s", file=sys.stderr)


def play(args, folder, a, b):
    match = json.loads(run([f"{args.programs}/evaluate", "head_to_head", os.path.join(folder, a),
                            os.path.join(folder, b), f"--deals={args.deals}", "--json",
                            f"--threads={args.threads}", f"--bucket_cache={args.bucket_cache}"]))
    wins, half_width = match["mbb_per_game"], match["mbb_half_width"]
    print(f"{a} wins {wins:+.1f} +- {half_width:.1f} mbb/g from {b}", file=sys.stderr)
    return {"a": a, "b": b, "mbb_per_game": wins, "mbb_half_width": half_width,
            "deals": match["deals"], "seconds": match["seconds"]}


def main():
    args = parse()
    kinds = args.kinds.split(",")
    if not set(kinds) <= KINDS.keys():
        sys.exit(f"kinds: --kinds={args.kinds}: there are {', '.join(KINDS)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or temporary
        os.makedirs(folder, exist_ok=True)
        for kind in kinds:
            train(args, folder, kind)
        matches = [play(args, folder, a, b) for a, b in itertools.combinations(kinds, 2)]
    print(json.dumps({"buckets": args.buckets, "iterations": args.iterations,
                      "training_seed": args.seed,
                      "kinds": {kind: dict(zip(STREETS, KINDS[kind])) for kind in kinds},
                      "matches": matches}, indent=2))


main()
