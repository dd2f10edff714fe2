#!/usr/bin/env python3
"""Kills workers and coordinators at random, and compares the result with an undisturbed run.

For each run definition: a coordinator and three workers of different thread counts, of which one
after another is killed (SIGKILL) at a random moment and started again after a random pause, so that
several may be dead at a time. Then the coordinator is told to stop (SIGTERM), and one process alone
trains the same number of rounds. Both must end with the same bytes.

The seed determines victims, order and pauses; moments are real time, so two soaks with one seed are
alike and not identical.
"""
import argparse
import filecmp
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from free_port import free_port

KILL_GAP_SECONDS = (0.1, 4.0)
RESTART_PAUSE_SECONDS = (0.0, 1.5)
CHECKPOINT_EVERY_SECONDS = 2
PROGRESS_WITHIN_SECONDS = 60
TICK_SECONDS = 0.005
WORKER_THREADS = {"worker-1": 1, "worker-2": 2, "worker-3": 3}
DEFINITIONS = {name: f"tests/tools/soak_{name}.yaml" for name in ("leduc", "nolimit", "lag", "limits", "public")}


class SoakFailed(Exception):
    """A run that did not go as it must."""


def summary_of(programs, folder):
    """What inspect_checkpoint says of the newest checkpoint."""
    text = subprocess.run(
        [f"{programs}/inspect_checkpoint", "summary", folder, "--json"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(text)


class Cluster:
    """The processes of one run, and what they say."""

    def __init__(self, programs, definition, folder, bucket_cache, relays):
        self.run_folder = os.path.join(folder, "run")
        self.folder = folder
        socket = f"tcp://127.0.0.1:{free_port()}" if relays else f"ipc://{folder}/socket"
        # One below the other, so that two of three have rounds from a worker.
        fanout = ["--relay_fanout=1"] if relays else []
        cache = [f"--bucket_cache={bucket_cache}"] if bucket_cache else []
        self.commands = {
            "coordinator": [
                f"{programs}/train_blueprint", f"--config={definition}", f"--out={self.run_folder}",
                "--resume", f"--listen={socket}", "--threads=1",
                f"--checkpoint_every={CHECKPOINT_EVERY_SECONDS}", *fanout, *cache]}
        for name, threads in WORKER_THREADS.items():
            serving = [f"--relay_listen=tcp://127.0.0.1:{free_port()}"] if relays else []
            self.commands[name] = [
                f"{programs}/worker", f"--coordinator={socket}", f"--threads={threads}", *serving,
                *cache]
        self.processes = {}

    def log_of(self, name):
        return os.path.join(self.folder, name + ".log")

    def start(self, name):
        with open(self.log_of(name), "a", encoding="utf-8") as log:
            self.processes[name] = subprocess.Popen(
                self.commands[name], stdout=subprocess.DEVNULL, stderr=log)

    def kill(self, name):
        self.processes[name].kill()
        self.processes.pop(name).wait()

    def check(self):
        """Nobody ends by itself."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.fail(name, f"ended with {process.returncode}")

    def fail(self, name, what):
        with open(self.log_of(name), encoding="utf-8") as log:
            tail = "".join(log.readlines()[-10:])
        raise SoakFailed(f"{name} {what}; it said last:\n{tail}")

    def log_position(self):
        """Grows with every round that is stored: the newest file of the round log, and its size."""
        rounds = os.path.join(self.run_folder, "rounds")
        try:
            newest = max(os.listdir(rounds))
            return newest, os.path.getsize(os.path.join(rounds, newest))
        except (OSError, ValueError):
            return "", 0

    def is_listening(self, said_before):
        with open(self.log_of("coordinator"), "rb") as log:
            log.seek(said_before)
            return b"listening on" in log.read()

    def stop(self):
        """The coordinator saves and sends the workers home. One that was cut off just then did not hear
        of it and waits for the next coordinator, as it should: it is told by a signal."""
        coordinator = self.processes["coordinator"]
        coordinator.send_signal(signal.SIGTERM)
        try:
            coordinator.wait(PROGRESS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.fail("coordinator", "does not stop")
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for name, process in self.processes.items():
            try:
                code = process.wait(PROGRESS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                self.fail(name, "does not stop")
            if code != 0:
                self.fail(name, f"stopped with {code}")

    def end_all(self):
        for process in self.processes.values():
            process.kill()
            process.wait()


class Watch:
    """How long after a death the next round was stored."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.seconds = {"coordinator": [], "worker": []}
        self.waiting = None

    def begin(self, name, said_before=None):
        """From the start of a coordinator, or the death of a worker."""
        kind = "coordinator" if name == "coordinator" else "worker"
        self.waiting = (kind, time.monotonic(), self.cluster.log_position(), said_before)

    def forget(self):
        self.waiting = None

    def look(self):
        if self.waiting is None:
            return
        kind, start, position, said_before = self.waiting
        now = self.cluster.log_position()
        if said_before is not None:
            # A coordinator cuts the log's torn tail, and may begin a file, before it listens.
            if self.cluster.is_listening(said_before):
                self.waiting = (kind, start, now, None)
        elif now > position and now[1] > 256:
            self.seconds[kind].append(time.monotonic() - start)
            self.waiting = None
        elif time.monotonic() - start > PROGRESS_WITHIN_SECONDS:
            self.cluster.fail("coordinator", "makes no progress")

    def result(self, kind):
        seconds = self.seconds[kind]
        if not seconds:
            return {"count": 0}
        return {"count": len(seconds), "median": round(statistics.median(seconds), 2),
                "max": round(max(seconds), 2)}


def disturb(cluster, kills, rng, say):
    """Kills and restarts; returns how often whom, and the watch."""
    victims = ["coordinator", *WORKER_THREADS]
    killed = dict.fromkeys(victims, 0)
    watch = Watch(cluster)
    restarts = {}
    begin = time.monotonic()
    next_kill = begin + 2
    while sum(killed.values()) < kills or restarts:
        time.sleep(TICK_SECONDS)
        now = time.monotonic()
        cluster.check()
        watch.look()
        for name in [name for name, when in restarts.items() if when <= now]:
            del restarts[name]
            said_before = os.path.getsize(cluster.log_of(name))
            cluster.start(name)
            if name == "coordinator":
                watch.begin(name, said_before)
        if now < next_kill or sum(killed.values()) == kills:
            continue
        order = rng.sample(victims, len(victims))
        pause = rng.uniform(*RESTART_PAUSE_SECONDS)
        next_kill = now + rng.uniform(*KILL_GAP_SECONDS)
        name = next((name for name in order if name in cluster.processes), None)
        if name is None:
            continue
        cluster.kill(name)
        killed[name] += 1
        restarts[name] = now + pause
        # One death at a time can be timed: a second one meanwhile spoils the first's figure.
        if name == "coordinator" or "coordinator" in restarts or len(restarts) > 1:
            watch.forget()
        else:
            watch.begin(name)
        say(f"{now - begin:7.2f} s: kill {sum(killed.values())} of {kills}: {name}, "
            f"for {pause:.2f} s")
    return killed, watch


def settle(cluster):
    """Waits until rounds are stored again."""
    position = cluster.log_position()
    end = time.monotonic() + PROGRESS_WITHIN_SECONDS
    while cluster.log_position() <= position:
        cluster.check()
        if time.monotonic() > end:
            cluster.fail("coordinator", "makes no progress after the last kill")
        time.sleep(TICK_SECONDS)


def soak(programs, name, options, kills, say):
    """One run definition. Returns its part of the report."""
    folder = tempfile.mkdtemp(prefix="soak.", dir="/tmp")
    cluster = Cluster(programs, DEFINITIONS[name], folder, options.bucket_cache, options.relays)
    begin = time.monotonic()
    try:
        for process in cluster.commands:
            cluster.start(process)
        settle(cluster)
        killed, watch = disturb(cluster, kills, random.Random(f"{options.seed} {name}"), say)
        settle(cluster)
        cluster.stop()
        seconds = time.monotonic() - begin
        disturbed = summary_of(programs, cluster.run_folder)
        say(f"{name}: round {disturbed['round']} after {seconds:.0f} s; now one process alone")
        alone = os.path.join(folder, "alone")
        cache = [f"--bucket_cache={options.bucket_cache}"] if options.bucket_cache else []
        subprocess.run(
            [f"{programs}/train_blueprint", f"--config={DEFINITIONS[name]}", f"--out={alone}",
             f"--rounds={disturbed['round']}", *cache],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        undisturbed = summary_of(programs, alone)
        files = sorted(os.listdir(disturbed["checkpoint"]))
        is_same = (files == sorted(os.listdir(undisturbed["checkpoint"])) and
                   filecmp.cmpfiles(disturbed["checkpoint"], undisturbed["checkpoint"], files,
                                    shallow=False)[0] == files)
        with open(os.path.join(cluster.run_folder, "generation"), encoding="utf-8") as file:
            generation = int(file.read())
        return {
            "run": name, "kills": kills, "coordinator_kills": killed["coordinator"],
            "worker_kills": kills - killed["coordinator"], "generation": generation,
            "rounds": disturbed["round"], "seconds": round(seconds, 1),
            "state_hash": disturbed["state_hash"],
            "undisturbed_state_hash": undisturbed["state_hash"], "same_bytes": is_same,
            "seconds_from_coordinator_start_to_next_round": watch.result("coordinator"),
            "seconds_from_worker_death_to_next_round": watch.result("worker"),
        }
    except subprocess.CalledProcessError as error:
        raise SoakFailed(f"ended with {error.returncode}: {' '.join(error.cmd)}") from error
    finally:
        cluster.end_all()
        if options.keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(
        prog="tools/dev soak", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="in all; default 100")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", default="leduc,nolimit",
                        help=f"of {', '.join(DEFINITIONS)}; default leduc,nolimit")
    parser.add_argument("--relays", action="store_true",
                        help="workers pass merged rounds on to each other, over TCP")
    parser.add_argument("--json", action="store_true", help="print the report as JSON only")
    parser.add_argument("--keep", action="store_true", help="keep folders and what programs said")
    parser.add_argument("--programs", default="bazel-bin/tools", help="folder of the programs")
    parser.add_argument("--bucket_cache", help="as of the programs")
    options = parser.parse_args()
    names = options.runs.split(",")
    if options.kills < 0 or any(name not in DEFINITIONS for name in names):
        parser.error(f"--kills: 0 or more; --runs: of {', '.join(DEFINITIONS)}")

    def say(line):
        if not options.json:
            print(line, flush=True)

    report = {"seed": options.seed, "kills": options.kills, "runs": []}
    try:
        for i, name in enumerate(names):
            kills = options.kills * (i + 1) // len(names) - options.kills * i // len(names)
            say(f"{name}: {kills} kills, seed {options.seed}")
            report["runs"].append(soak(options.programs, name, options, kills, say))
    except SoakFailed as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    report["passed"] = all(
        run["same_bytes"] and run["state_hash"] == run["undisturbed_state_hash"]
        for run in report["runs"])
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
