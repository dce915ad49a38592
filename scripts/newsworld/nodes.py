"""Nodes: `sokbo run --until-idle` processes that share one database, some of them killed on the way."""

import json
import os
import random
import signal
import subprocess
import time


class Sokbo:
    """The built program with a configuration and a database."""

    def __init__(self, program, folder, url):
        self.program, self.folder, self.url = program, folder, url
        self.started = 0

    def command(self, *args):
        return [str(self.program), "--config", str(self.folder / "config" / "sokbo.toml"), "--database-url", self.url, *args]

    def start(self):
        """A node; its last line and its log go to files of the folder."""
        self.started += 1
        name = self.folder / f"node-{self.started}"
        with open(f"{name}.out", "w") as out, open(f"{name}.log", "w") as log:
            node = subprocess.Popen(self.command("run", "--until-idle"), stdout=out, stderr=log)
        node.out = f"{name}.out"
        return node

    def rows(self, query):
        done = subprocess.run(self.command("sql", query, "--format", "jsonl"), capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{query}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def call(self, *args, stdin=None):
        subprocess.run(self.command(*args), input=stdin, text=True, check=True, stdout=subprocess.DEVNULL)


def crawl(sokbo, world, nodes, kills=0, limit=900):
    """Runs until every node has ended by itself. Kills `kills` of them by SIGKILL, each after some more requests, and
    starts another in its place. Answers with what became of it."""
    running = [sokbo.start() for _ in range(nodes)]
    ended, deadline = Ended(), time.monotonic() + limit
    goal = world.requests() + random.randint(20, 120)
    while running:
        time.sleep(0.05)
        for node in running:
            ended.peak_mb = max(ended.peak_mb, memory_of(node.pid).get("VmHWM", 0))
        if time.monotonic() > deadline:
            for node in running:
                node.kill()
                node.wait()
            ended.is_well = False
            ended.lines.append(f"not over after {limit:.0f} s")
            return ended.finish()
        if len(ended.kills) < kills and world.requests() >= goal:
            victim = running.pop(random.randrange(len(running)))
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            ended.kills.append(time.time())
            running.append(sokbo.start())
            goal = world.requests() + random.randint(20, 120)
        for node in [node for node in running if node.poll() is not None]:
            running.remove(node)
            ended.is_well = ended.is_well and node.returncode == 0
            ended.lines.append(f"exit {node.returncode}: {open(node.out).read().strip()}")
    if len(ended.kills) < kills:
        ended.lines.append(f"over after {len(ended.kills)} of {kills} kills")
    return ended.finish()


class Ended:
    """How nodes ended: whether all of them did so by themselves and well, in time; what they said last."""

    def __init__(self):
        self.is_well, self.lines, self.kills, self.peak_mb, self.started = True, [], [], 0, time.time()

    def finish(self):
        self.at = time.time()
        self.seconds = self.at - self.started
        return self


def memory_of(pid):
    """Of a process, by the kernel's names, in MB; empty when it has ended."""
    try:
        lines = open(f"/proc/{pid}/status").read().splitlines()
    except OSError:
        return {}
    sizes = (line.partition(":") for line in lines if line.endswith("kB"))
    return {key: int(value.split()[0]) / 1024 for key, _, value in sizes}


class Watch:
    """Memory and CPU time of one process, sampled."""

    def __init__(self, pid):
        self.pid, self.samples = pid, []

    def look(self):
        """Takes a sample of the resident memory, in MB."""
        memory = memory_of(self.pid)
        if "VmRSS" in memory:
            self.samples.append((time.monotonic(), memory["VmRSS"]))
            self.peak = memory["VmHWM"]

    def quarters(self):
        """The mean of each quarter of the time, in MB."""
        first, last = self.samples[0][0], self.samples[-1][0]
        parts = [[] for _ in range(4)]
        for at, mb in self.samples:
            parts[min(3, int((at - first) / max(1e-9, last - first) * 4))].append(mb)
        return [sum(part) / max(1, len(part)) for part in parts]


def cpu_of(node):
    """Waits for a node: its exit code and CPU seconds."""
    _, status, usage = os.wait4(node.pid, 0)
    node.returncode = os.waitstatus_to_exitcode(status)
    return node.returncode, usage.ru_utime + usage.ru_stime
