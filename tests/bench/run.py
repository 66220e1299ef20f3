#!/usr/bin/env python3
# tool
# SPDX-License-Identifier: MIT
"""Runs each benchmark of this folder under Rove, lua5.4 and luajit -joff.

Engines take turns, so that a change in the machine's mood meets them all. The
figure is user CPU time in seconds, median over the rounds, and its ratio to
lua5.4's. All must print the same. ROVE names the program, ROUNDS their number.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROVE = os.path.abspath(os.environ.get("ROVE", "build/rove"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))


def cpu_of(command):
    """User and system seconds of one run, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent, out


def measure(name, folder):
    image = os.path.join(folder, name + ".rove")
    source = os.path.join(HERE, name)
    subprocess.run([ROVE, "asm", source + ".rasm", "-o", image], check=True)
    engines = {
        "lua5.4": ["lua5.4", source + ".lua"],
        "luajit -joff": ["luajit", "-joff", source + ".lua"],
        "rove": [ROVE, "run", image],
    }
    times = {engine: [] for engine in engines}
    outputs = {}
    for _ in range(ROUNDS):
        for engine, command in engines.items():
            spent, outputs[engine] = cpu_of(command)
            times[engine].append(spent)
    if len(set(outputs.values())) != 1:
        sys.exit(f"{name}: engines disagree: {outputs}")
    return {engine: statistics.median(t) for engine, t in times.items()}


def main():
    missing = [e for e in ("lua5.4", "luajit") if not shutil.which(e)]
    if missing:
        sys.exit("missing: %s (make deps installs them)" % ", ".join(missing))
    names = sorted(f[:-5] for f in os.listdir(HERE) if f.endswith(".rasm"))
    print(f"{'':8} {'lua5.4':>14} {'luajit -joff':>18} {'rove':>18}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            t = measure(name, folder)
            base = t["lua5.4"]
            print(f"{name:8} {base:9.3f} s 1.00"
                  + "".join(f" {t[e]:11.3f} s {t[e] / base:4.2f}"
                            for e in ("luajit -joff", "rove")), flush=True)


main()
