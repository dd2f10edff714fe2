"""What a cluster costs: a coordinator with two workers of one thread against one process with two
threads, on the game of --config, in turns. Prints JSON.

Both train rounds of the same number of deals, one process with one unit a round, or with the
cluster's own definition (--same_rounds). Rates are of the rounds after the first, so that starting
up does not count; the first round is where the table is taken and the workers join. The
coordinator merges on two threads, while the workers wait for it; "coordinator_cores" is what it
keeps busy, all in all. Nothing is audited: the last of these few rounds would be, and run twice.

--apart adds the ceiling of this machine: two processes of one thread, each with a table and a seed
of its own, that exchange nothing. They have to share its caches and its memory, as workers on one
machine do and workers on two do not.
"""
import argparse
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", default="tests/bench/configs/nolimit_2p_medium.yaml")
    parser.add_argument("--deals", type=int, default=8192, help="deals of a batch")
    parser.add_argument("--batches", type=int, default=512, help="batches of a unit")
    parser.add_argument("--units", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--lag", action="store_true",
                        help="the cluster's rounds do not wait for each other; all are one stretch")
    parser.add_argument("--apart", action="store_true",
                        help="two processes of one thread that exchange nothing as well")
    parser.add_argument("--same_rounds", action="store_true",
                        help="one process trains the cluster's rounds of several units")
    return parser.parse_args()


def definition(text, units, batches, deals, discount_every, lag=""):
    shape = f"units: {units}, batches: {batches}, deals: {deals}{lag}"
    text = re.sub(r"round: .*", f"round: {{{shape}}}", text)
    return re.sub(r"discount: .*", f"discount: {{every: {discount_every}}}", text)


def metrics(folder):
    with open(os.path.join(folder, "metrics.jsonl")) as file:
        return [json.loads(line) for line in file]


def rate(folder, per_round):
    """Iterations a second from the end of the first round to the end of the last, as reported."""
    lines = metrics(folder)
    first = next(line for line in lines if line["iterations"] >= per_round)
    last = next(line for line in lines if line["iterations"] >= lines[-1]["iterations"])
    iterations = last["iterations"] - first["iterations"]
    touches = last["touches"] - first["touches"]
    seconds = last["seconds"] - first["seconds"]
    result = {"seconds": seconds, "iterations_per_s": iterations / seconds,
              "touches_per_s": touches / seconds,
              "touches_per_iteration": touches / iterations}
    if "coordinator" in last:
        sent = [line["coordinator"]["part_bytes_taken"] for line in (first, last)]
        result["delta_bytes_per_iteration"] = (sent[1] - sent[0]) / iterations
        times = {name: value - first["worker_time"][name]
                 for name, value in last["worker_time"].items()}
        everything = max(times.pop("all_seconds"), 1e-9)
        result["worker_time_shares"] = {name.removesuffix("_seconds"): value / everything
                                        for name, value in times.items()}
    return result


def peak_memory(pid):
    """Bytes that a process had in memory at the most."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return 1024 * int(re.search(r"VmHWM:\s*(\d+)", file.read()).group(1))
    except (OSError, AttributeError):
        return 0  # it has just ended


def processor_seconds(pid):
    """Processor time that a process has had; None once it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cores_at_the_end(samples, seconds):
    """Cores that a process kept busy in its last `seconds`; samples: (when, processor seconds)."""
    end, at_end = samples[-1]
    start, at_start = next(sample for sample in samples if sample[0] >= end - seconds)
    return (at_end - at_start) / max(end - start, 1e-9)


def train(config, out, rounds, extra):
    return ["bazel-bin/tools/train_blueprint", f"--config={config}", f"--out={out}",
            f"--rounds={rounds}", "--checkpoint_every=100000", "--report_every=0.25"] + extra


PIECES = 16  # rounds of one process that a cluster's round is cut into, so that reports are fine


def one_process(work, text, options, per_round):
    # Of one unit, short rounds: what is between rounds happens as often.
    units, pieces = (options.units, 1) if options.same_rounds else (1, PIECES)
    path = os.path.join(work, "one.yaml")
    batches = options.units * options.batches // (units * pieces)
    with open(path, "w") as file:
        file.write(definition(text, units, batches, options.deals, per_round))
    out = os.path.join(work, "one")
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run(train(path, out, options.rounds * pieces, ["--threads=2"]), check=True,
                   stdout=subprocess.DEVNULL)
    result = rate(out, per_round)
    shutil.rmtree(out)
    return result


def apart(work, text, options, per_round):
    """Rates of two processes of one thread at once, added up. Each does half of the iterations."""
    half = per_round // 2
    batches = options.units * options.batches // (2 * PIECES)
    outs, processes = [], []
    for seed in (1, 2):
        path = os.path.join(work, f"apart{seed}.yaml")
        with open(path, "w") as file:
            file.write(re.sub(r"^seed: .*", f"seed: {seed}",
                              definition(text, 1, batches, options.deals, half), flags=re.M))
        outs.append(os.path.join(work, f"apart{seed}"))
        processes.append(subprocess.Popen(
            train(path, outs[-1], options.rounds * PIECES, ["--threads=1"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    if any([process.wait() for process in processes]):
        sys.exit("overhead: one of the two processes apart failed; without --apart there are none")
    rates = [rate(out, half) for out in outs]
    for out in outs:
        shutil.rmtree(out)
    return {"iterations_per_s": sum(each["iterations_per_s"] for each in rates),
            "touches_per_s": sum(each["touches_per_s"] for each in rates)}


def cluster(work, text, options, per_round):
    path = os.path.join(work, "many.yaml")
    with open(path, "w") as file:
        lag = f", lag: 1, meet_every: {options.rounds}" if options.lag else ""
        file.write(definition(text, options.units, options.batches, options.deals, per_round, lag))
    out = os.path.join(work, "many")
    shutil.rmtree(out, ignore_errors=True)
    socket = f"ipc://{work}/socket"
    coordinator = subprocess.Popen(
        train(path, out, options.rounds,
              [f"--listen={socket}", "--threads=2", "--audit_fraction=0"]),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = [
        subprocess.Popen(["bazel-bin/tools/worker", f"--coordinator={socket}", "--threads=1"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    log_bytes = {}
    peak = 0
    samples = []
    while coordinator.poll() is None:
        peak = max(peak, peak_memory(coordinator.pid))
        busy = processor_seconds(coordinator.pid)
        if busy is not None:
            samples.append((time.monotonic(), busy))
        for name in glob.glob(os.path.join(out, "rounds", "segment-*")):
            log_bytes[name] = os.path.getsize(name)
        time.sleep(0.2)
    for worker in workers:
        worker.wait(timeout=30)
    result = rate(out, per_round)
    result["coordinator_peak_bytes"] = peak
    result["coordinator_cores"] = cores_at_the_end(samples, result["seconds"])
    result["merged_bytes_per_iteration"] = sum(log_bytes.values()) / (options.rounds * per_round)
    shutil.rmtree(out)
    return result


def ratios_of(runs, ones):
    return [run["iterations_per_s"] / one["iterations_per_s"] for run, one in zip(runs, ones)]


def main():
    options = parse()
    per_round = options.units * options.batches * options.deals
    base = os.path.dirname(options.config)
    with open(options.config) as file:
        text = re.sub(r"^game: ([^|\s]\S*)",
                      lambda game: "game: " + os.path.abspath(os.path.join(base, game[1])),
                      file.read(), flags=re.M)
    ones, manys, aparts = [], [], []
    with tempfile.TemporaryDirectory() as work:
        for pair in range(1, options.repeats + 1):
            ones.append(one_process(work, text, options, per_round))
            manys.append(cluster(work, text, options, per_round))
            print(f"pair {pair} of {options.repeats}: {manys[-1]['iterations_per_s']:,.0f} "
                  f"iterations/s beside {ones[-1]['iterations_per_s']:,.0f}", file=sys.stderr)
            if options.apart:
                aparts.append(apart(work, text, options, per_round))
                print(f"pair {pair} of {options.repeats}: two processes apart "
                      f"{aparts[-1]['iterations_per_s']:,.0f}", file=sys.stderr)
    result = {"units": options.units, "batches": options.batches, "deals": options.deals,
              "one_process": ones, "cluster": manys}
    ratios = ratios_of(manys, ones)
    result.update(ratios=ratios, ratio=statistics.median(ratios))
    if aparts:
        ceilings = ratios_of(aparts, ones)
        result.update(apart=aparts, ceilings=ceilings, ceiling=statistics.median(ceilings))
    print(json.dumps(result, indent=2))


main()
