# SPDX-License-Identifier: MIT
# Random Lua programs, the same under lua5.4 and under Rove, and under Rove in
# pieces without caches. `randomized.py SEED` tells of one seed alone. What
# differs is made small and left in tests/diff/found/.
# modes: release asan stress
#
# ROVE_RANDOM_SECONDS  how long (60; 15 in slow modes)
# ROVE_RANDOM_SEED     the first seed (1, so that `make check` tells the same each
#                      time); `any`: another one each time
# (The name `random.py` would hide Python's module from this folder's tests.)
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tap  # noqa: E402
from chance.program import Programs  # noqa: E402
from chance.tree import Node, Shrinker, text  # noqa: E402

ORACLE = ['lua5.4']
FAST = tap.MODE == 'release'
SECONDS = int(os.environ.get('ROVE_RANDOM_SECONDS') or (60 if FAST else 15))
# `make check` runs no other programs on a faster machine: the same on all.
FREE_RUN = any(k.startswith('ROVE_RANDOM_') for k in os.environ)
MOST = sys.maxsize if FREE_RUN else 1000
CHUNKS, SIZE = (30, 30) if FAST else (6, 10)
TIME_OUT = 120  # a busy machine may stand still for half a minute
LONG = 2  # in pieces, what took so many seconds would take too many
SHRINK_SECONDS = 60
MOST_FAILURES = 10
FOUND = 'tests/diff/found'
ENV = {k: v for k, v in os.environ.items() if not k.startswith('LUA_')}
# What may differ: the sign of NaN; and the line where a constant divides by
# zero, which 5.4.4 does not remember.
FREE = re.compile(rb'-(nan)|:\d+(?=: attempt to (?:perform .n%+0|divide by ze))')
PLAIN = ['run', '-A']
IN_PIECES = ['run', '-A', '--pieces', '7', '--drop-caches', '3']


def outcome(words, path):
    """Exit code and output, both streams; a program that does not end gives
    no more than the time it took."""
    try:
        r = subprocess.run([*words, path], stdin=subprocess.DEVNULL, env=ENV,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=TIME_OUT)
    except subprocess.TimeoutExpired:
        return 'stopped', b''
    return r.returncode, FREE.sub(lambda m: m[1] or b'', r.stdout)


def oracle(path):
    return outcome(ORACLE, path)


def plain(path):
    return outcome(tap.ROVE + PLAIN, path)


def in_pieces(path):
    return outcome(tap.ROVE + IN_PIECES, path)


def courses(seed):
    """(name, reference, what must be the same)."""
    yield 'other than lua5.4', oracle, plain
    if FAST and seed % 4 == 0:
        yield 'other in pieces', plain, in_pieces


def grown(seed):
    # Seeds of one row, unrelated programs.
    maker = Programs(random.Random(f'rove {seed}'), SIZE)
    return maker.program(CHUNKS)


def sections(output):
    return dict(re.findall(rb'^== (\d+)\n(.*?)(?=^== |\Z)', output,
                           re.M | re.S))


def first_difference(want, got):
    """The number of the first chunk that printed something else."""
    a, b = sections(want[1]), sections(got[1])
    for n in range(CHUNKS):
        key = str(n).encode()
        if a.get(key) != b.get(key):
            return n
    return None


def try_seed(seed, folder):
    """(course, number of the chunk, what both printed) of what differs."""
    tree = grown(seed)
    path = os.path.join(folder, f'{seed}.lua')
    write(path, text(tree))
    begin = time.monotonic()
    for name, first, second in courses(seed):
        if time.monotonic() - begin > LONG:
            break
        want = first(path)
        if want[0] != 0:
            return tree, (name, first, second), None, want, want
        got = second(path)
        if got != want:
            n = first_difference(want, got)
            return tree, (name, first, second), n, want, got
    os.unlink(path)
    return None


def write(path, source):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(source)


class Differs:
    """Whether a program still shows a difference."""

    def __init__(self, course, folder):
        self.name, self.first, self.second = course
        self.path = os.path.join(folder, 'small.lua')

    def __call__(self, source):
        write(self.path, source)
        if oracle(self.path)[0] != 0:
            return False
        want = self.first(self.path)
        return want[0] != 'stopped' and want != self.second(self.path)


def alone(tree, n):
    """The chunk and what stands before all."""
    return Node('b', tree.parts[0], tree.parts[1 + n])


def shrink(tree, n, course, folder):
    """The text of a smaller program that differs."""
    differs = Differs(course, folder)
    if n is not None and differs(text(alone(tree, n))):
        tree = alone(tree, n)
    return Shrinker(tree, differs, SHRINK_SECONDS).run()


def keep(seed, course, source, folder):
    os.makedirs(FOUND, exist_ok=True)
    path = os.path.join(FOUND, f'{seed}.lua')
    write(path, f'-- Random program {seed}: {course[0]}.\n{source}')
    tap.diag(f'made small: {path}')
    want, got = course[1](path), course[2](path)
    show(want, got)


def show(want, got):
    if want[0] != got[0]:
        tap.diag(f'got exit {got[0]}, want {want[0]}')
    a, b = want[1].split(b'\n'), got[1].split(b'\n')
    for x, y in zip(a + [b'nothing more'], b + [b'nothing more']):
        if x != y:
            tap.diag(f'got  {y.decode("latin-1")}')
            tap.diag(f'want {x.decode("latin-1")}')
            return


def tell(seed, found, folder):
    tree, course, n, want, got = found
    if want[0] != 0:
        tap.ok(False, f'seed {seed}: {ORACLE[0]} takes the program')
        tap.diag(want[1].decode('latin-1')[:500])
        return
    tap.ok(False, f'seed {seed}, chunk {n}: {course[0]}')
    show(want, got)
    keep(seed, course, shrink(tree, n, course, folder), folder)


def hunt(first, folder):
    """MOST seeds from `first` on, or until the time is up; how many, and what
    of them failed."""
    end = time.monotonic() + SECONDS
    jobs = int(os.environ.get('JOBS', os.cpu_count() or 2))
    seed, done, failed, waiting = first, 0, [], {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        while waiting or time.monotonic() < end:
            while len(waiting) < jobs and time.monotonic() < end and \
                    len(failed) < MOST_FAILURES and seed < first + MOST:
                waiting[pool.submit(try_seed, seed, folder)] = seed
                seed += 1
            if not waiting:
                break
            ready, _ = concurrent.futures.wait(
                waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in ready:
                n, found = waiting.pop(future), future.result()
                done += 1
                if found:
                    failed.append((n, found))
    return done, sorted(failed, key=lambda f: f[0])


def main(arguments):
    if not shutil.which(ORACLE[0]):
        tap.skip_all('missing ' + ORACLE[0])
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            seed = int(arguments[0])
            found = try_seed(seed, folder)
            done, failed = 1, [(seed, found)] if found else []
        else:
            seed = os.environ.get('ROVE_RANDOM_SEED', '1')
            seed = (random.SystemRandom().randrange(10 ** 6) * 1000
                    if seed == 'any' else int(seed))
            tap.diag(f'first seed {seed}')
            done, failed = hunt(seed, folder)
        tap.ok(done > 0, f'{done} programs from seed {seed} on, '
               f'{done * CHUNKS} chunks')
        for n, found in failed:
            tell(n, found, folder)
    tap.done()


main(sys.argv[1:])
