"""Kinds of buckets against each other: trains a blueprint with each kind, all of one size, then
plays all pairs and asks for bounds. Prints JSON.

The runs differ in nothing but their buckets: game, bets, numbers of buckets and algorithm are those
of --config, deals or boards the same. With two players, matches are `evaluate head_to_head`, and
bounds `evaluate nashconv --from=river` (--bound_from); with more, matches are `evaluate match`, one
against copies of the other, and there are no bounds. All pairs play the same deals; intervals are
95%, over the cards. What another seed of training would change is not in them: that takes runs with
other --seed. Building buckets is timed apart, unless they are in --bucket_cache already.
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

STREETS = ("flop", "turn", "river")
# Buckets of these. Before the last street emd; on it there is nothing to come, so the clusters are
# those of strength against opponents' hands.
KINDS = {
    "ehs": ("ehs", "ehs", "ehs"),
    "ehs2": ("ehs2", "ehs2", "ehs"),
    "ochs": ("ochs", "ochs", "ochs"),
    "emd": ("emd", "emd", "ochs"),
    "emd_ehs": ("emd", "emd", "ehs"),
    "small": ("emd", "ehs2", "ehs"),  # those of configs/buckets/small.yaml
}
STREET = re.compile(r"^  (flop|turn|river): \{kind: (\w+), buckets: (\d+)\}$", re.M)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="tests/bench/configs/quickstart.yaml",
                        help="run definition of a hold'em game, buckets on flop, turn and river")
    parser.add_argument("--kinds", default="ehs,ehs2,ochs,emd,small", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--buckets", type=int, help="on each street; else the config's")
    parser.add_argument("--iterations", type=int, help="of a run; else the config's")
    parser.add_argument("--discount_until", type=int, help="iterations; else the config's")
    parser.add_argument("--seed", type=int, default=1, help="of training")
    parser.add_argument("--deals", type=int, default=400000, help="of a match")
    parser.add_argument("--boards", type=int, default=0, help="of a bound; 0: none")
    parser.add_argument("--bound_from", default="river", choices=STREETS,
                        help="the street that a perfect opponent plays from")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--folder", help="keeps runs here, and goes on with those that are there")
    parser.add_argument("--bucket_cache", default="")
    parser.add_argument("--programs", default="bazel-bin/tools")
    return parser.parse_args()


def game_of(config):
    with open(config) as file:
        game = re.search(r"^game: (.*)$", file.read(), re.M)[1]
    return os.path.abspath(os.path.join(os.path.dirname(config), game))


def players_of(config):
    with open(game_of(config)) as file:
        return int(re.search(r"^numplayers *= *(\d+)", file.read(), re.M | re.I)[1])


def definition(args, kind):
    with open(args.config) as file:
        text = file.read()
    changes = {"name": f"{os.path.basename(args.config).removesuffix('.yaml')}_{kind}",
               "game": game_of(args.config), "seed": args.seed, "iterations": args.iterations}
    for key, value in changes.items():
        if value is not None:
            text = re.sub(rf"^{key}: .*", f"{key}: {value}", text, flags=re.M)
    if args.discount_until is not None:
        text = re.sub(r"until: \d+", f"until: {args.discount_until}", text)
    kinds = iter(KINDS[kind])

    def line(street):
        buckets = args.buckets or street[3]
        return f"  {street[1]}: {{kind: {next(kinds)}, buckets: {buckets}}}"

    text, streets = STREET.subn(line, text)
    if streets != 3:
        sys.exit(f"kinds: --config={args.config}: no buckets on each of flop, turn and river")
    return text


def timed(command):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout, time.monotonic() - start


class Bench:
    def __init__(self, args, kinds, folder):
        self.args = args
        self.kinds = kinds
        self.folder = folder
        self.players = players_of(args.config)

    def run(self, program, *arguments, buckets="bucket_cache"):
        return timed([f"{self.args.programs}/{program}", *arguments,
                      f"--threads={self.args.threads}", f"--{buckets}={self.args.bucket_cache}"])

    def path(self, kind):
        return os.path.join(self.folder, kind)

    def train(self, kind):
        config = self.path(kind) + ".yaml"
        text = definition(self.args, kind)
        with open(config, "w") as file:
            file.write(text)
        streets = STREET.findall(text)
        _, built = self.run("build_buckets", f"--game={game_of(self.args.config)}",
                            "--streets=" + ",".join(map(":".join, streets)), buckets="out")
        _, trained = self.run("train_blueprint", f"--config={config}", f"--out={self.path(kind)}",
                              "--resume")
        print(f"{kind}: buckets {built:.0f} s, training {trained:.0f} s", file=sys.stderr)
        return {"buckets_s": built, "training_s": trained}

    def bound(self, kind):
        text, _ = self.run("evaluate", "nashconv", self.path(kind),
                           f"--from={self.args.bound_from}", f"--boards={self.args.boards}",
                           "--json")
        bound = json.loads(text)
        print(f"{kind}: from the {self.args.bound_from} {bound['exploitability_at_least']:.4g} +- "
              f"{bound['half_width_95']:.2g} chips", file=sys.stderr)
        return {"exploitability_at_least": bound["exploitability_at_least"],
                "half_width_95": bound["half_width_95"]}

    # With two players exact over actions; else each against copies of the other.
    def play(self):
        deals = f"--deals={self.args.deals}"
        if self.players == 2:
            for a, b in itertools.combinations(self.kinds, 2):
                match = json.loads(self.run("evaluate", "head_to_head", self.path(a), self.path(b),
                                            deals, "--json")[0])
                yield a, b, match
            return
        paths = [self.path(kind) for kind in self.kinds]
        for pair in json.loads(self.run("evaluate", "match", *paths, deals, "--json")[0])["pairs"]:
            yield self.kinds[pair["measured"]], self.kinds[pair["other"]], pair

    def all(self):
        results = {kind: {"streets": KINDS[kind], **self.train(kind)} for kind in self.kinds}
        if self.args.boards > 0 and self.players == 2:
            for kind in self.kinds:
                results[kind].update(self.bound(kind))
        matches = []
        for a, b, match in self.play():
            wins, half_width = match["mbb_per_game"], match["mbb_half_width"]
            print(f"{a} wins {wins:+.1f} +- {half_width:.1f} mbb/g from {b}", file=sys.stderr)
            matches.append({"a": a, "b": b, "mbb_per_game": wins, "mbb_half_width": half_width,
                            "deals": match["deals"]})
        return results, matches


def main():
    args = parse()
    kinds = args.kinds.split(",")
    if not set(kinds) <= KINDS.keys():
        sys.exit(f"kinds: --kinds={args.kinds}: there are {', '.join(KINDS)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or temporary
        os.makedirs(folder, exist_ok=True)
        results, matches = Bench(args, kinds, folder).all()
    asked = {key: getattr(args, key) for key in ("config", "buckets", "iterations", "discount_until",
                                                 "seed", "bound_from", "boards")}
    print(json.dumps({**asked, "kinds": results, "matches": matches}, indent=2))


main()
