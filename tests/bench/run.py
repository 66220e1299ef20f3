#!/usr/bin/env python3
# tool
# SPDX-License-Identifier: MIT
"""Runs the benchmarks of this folder under Rove, lua5.4 and luajit -joff.

asm/NAME.rasm stands beside asm/NAME.lua, the same program in Lua; lua/*.lua run
as they are. Engines take turns, so that a change in the machine's mood meets
them all. Figures are CPU time in seconds and peak memory in MiB, medians over
the rounds, and ratios to lua5.4's; less is better. All must print the same;
luajit may fail on programs that need 64-bit integers.

ROVE names the program, ROUNDS the number of rounds, arguments the benchmarks.
"""
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROVE = os.path.abspath(os.environ.get('ROVE', 'build/rove'))
ROUNDS = int(os.environ.get('ROUNDS', '5'))
BASE = 'lua5.4'
TIME = '/usr/bin/time'


def run(command):
    """CPU seconds, peak MiB and output of one run; None when it failed.

    The kernel keeps the peak of whoever called exec, this program's 15 MiB if
    it did so itself; time(1) is small.
    """
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile() as mem:
        command = [TIME, '-q', '-f', '%M', '-o', mem.name] + command
        pid = os.posix_spawn(
            TIME, command, os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                          (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
        _, status, used = os.wait4(pid, 0)
        out.seek(0)
        if status != 0:
            return None
        return used.ru_utime + used.ru_stime, int(mem.read()) / 1024, out.read()


def measure(name, engines):
    """Median CPU time and memory by engine."""
    runs = {engine: [] for engine in engines}
    for _ in range(ROUNDS):
        for engine, command in engines.items():
            runs[engine].append(run(command))
    want = runs[BASE][0]
    result = {}
    for engine, list_ in runs.items():
        if None in list_:
            if not engine.startswith('luajit'):
                sys.exit(f'{name}: {engine} failed')
            continue
        if list_[0][2] != want[2]:
            sys.exit(f'{name}: {engine} prints something else')
        result[engine] = [statistics.median(r[i] for r in list_)
                          for i in (0, 1)]
    return result


def benchmarks(folder):
    """Name and commands of each."""
    luajit = ['luajit', '-joff']
    for file in sorted(os.listdir(os.path.join(HERE, 'asm'))):
        name, ext = os.path.splitext(file)
        if ext != '.rasm':
            continue
        path = os.path.join(HERE, 'asm', name)
        image = os.path.join(folder, name + '.rove')
        subprocess.run([ROVE, 'asm', path + '.rasm', '-o', image], check=True)
        yield 'asm/' + name, {BASE: [BASE, path + '.lua'],
                              'luajit -joff': luajit + [path + '.lua'],
                              'rove': [ROVE, 'run', image]}
    for file in sorted(os.listdir(os.path.join(HERE, 'lua'))):
        path = os.path.join(HERE, 'lua', file)
        yield 'lua/' + file[:-4], {BASE: [BASE, path],
                                   'luajit -joff': luajit + [path],
                                   'rove': [ROVE, path]}


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else 0


def row(name, result):
    cells = [f'{name:14}']
    for engine in (BASE, 'luajit -joff', 'rove'):
        if engine not in result:
            cells.append(f'{"-":>24}')
            continue
        cpu, mem = result[engine]
        cells.append(f'{cpu:8.2f} s {cpu / result[BASE][0]:5.2f} {mem:6.0f} M')
    print(' '.join(cells), flush=True)


def compile_speed(folder):
    """MB/s of `rove compile -p` and `luac5.4 -p` on 5 MB of these programs."""
    text = b''
    for file in sorted(os.listdir(os.path.join(HERE, 'lua'))):
        with open(os.path.join(HERE, 'lua', file), 'rb') as f:
            text += b'do local function chunk(...)\n' + f.read() + b'end end\n'
    path = os.path.join(folder, 'big.lua')
    with open(path, 'wb') as f:
        f.write(text * (5_000_000 // len(text) + 1))
    size = os.path.getsize(path) / 1e6
    speed = {}
    for name, command in (('luac5.4 -p', ['luac5.4', '-p', path]),
                          ('rove compile -p', [ROVE, 'compile', '-p', path])):
        speed[name] = size / statistics.median(run(command)[0]
                                               for _ in range(ROUNDS))
    print('compiling: ' + ', '.join(f'{n} {s:.0f} MB/s'
                                    for n, s in speed.items()))


def main():
    missing = [e for e in (BASE, 'luajit', TIME) if not shutil.which(e)]
    if missing:
        sys.exit('missing: %s (make deps installs them)' % ', '.join(missing))
    ratios = []
    print(f'{"":14} {BASE:>24} {"luajit -joff":>24} {"rove":>24}')
    print(f'{"":14}' + 3 * f' {"CPU time ratio  memory":>24}')
    with tempfile.TemporaryDirectory() as folder:
        for name, engines in benchmarks(folder):
            if sys.argv[1:] and not any(a in name for a in sys.argv[1:]):
                continue
            result = measure(name, engines)
            row(name, result)
            ratios.append(result)
        if not sys.argv[1:]:
            compile_speed(folder)
    for engine in ('luajit -joff', 'rove'):
        both = [r for r in ratios if engine in r]
        cpu = geometric_mean(r[engine][0] / r[BASE][0] for r in both)
        big = [r for r in both if r[BASE][1] > 10]
        mem = geometric_mean(r[engine][1] / r[BASE][1] for r in big)
        print(f'{engine}: CPU {cpu:.2f} of {BASE} over {len(both)} programs, '
              f'memory {mem:.2f} over {len(big)} that use more than 10 MiB')


main()
