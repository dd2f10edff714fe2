"""How long a query of `inspect_checkpoint` takes, from the start of its process to its end, on runs that
are there; with several, in turns. Prints JSON: medians of seconds, of processor time and of page faults, and
what a page fault takes here, which on virtual machines may be most of a query.

`start` is `inspect_checkpoint --help`: what a process takes that asks nothing.
"""
import argparse
import json
import mmap
import resource
import statistics
import subprocess
import time

PROGRAM = "bazel-bin/tools/inspect_checkpoint"


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="DIR", help="a heads-up game of four streets")
    parser.add_argument("--hand", default="AhKd")
    parser.add_argument("--board", default="Th9h2c4d5s")
    parser.add_argument("--repeats", type=int, default=11)
    return parser.parse_args()


def queries(options):
    flop, river = options.board[:6], options.board
    return {
        "summary": ["summary"],
        "preflop": ["policy", "--betting=", f"--hand={options.hand}"],
        "flop": ["policy", "--betting=cc/", f"--board={flop}", f"--hand={options.hand}"],
        "river": ["policy", "--betting=cc/cc/cc/", f"--board={river}", f"--hand={options.hand}"],
        "range": ["range", "--betting=cc/cc/cc/", f"--board={river}"],
    }


def timed(arguments):
    """What a query takes, by what it is called in the result."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([PROGRAM] + arguments, check=True, stdout=subprocess.DEVNULL)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    return {"seconds": ended - started,
            "processor_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "page_faults": after.ru_minflt - before.ru_minflt}


def microseconds_a_fault():
    """Of pages that are written for the first time."""
    pages = 2048
    memory = mmap.mmap(-1, pages * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_NOHUGEPAGE)
    started = time.monotonic()
    for page in range(pages):
        memory[page * mmap.PAGESIZE] = 1
    return 1e6 * (time.monotonic() - started) / pages


def main():
    options = parse()
    times = {}
    for _ in range(options.repeats):
        times.setdefault(("", "start"), []).append(timed(["--help"]))
        for name, (command, *arguments) in queries(options).items():
            for run in options.runs:
                times.setdefault((run, name), []).append(timed([command, run] + arguments))
    faults = [microseconds_a_fault() for _ in range(options.repeats)]
    result = {"microseconds_a_fault": round(statistics.median(faults), 2), "start": None,
              "runs": {run: {} for run in options.runs}}
    for (run, name), found in times.items():
        medians = {key: round(statistics.median(one[key] for one in found), 4) for key in found[0]}
        if run:
            result["runs"][run][name] = medians
        else:
            result["start"] = medians
    print(json.dumps(result, indent=2))


main()
