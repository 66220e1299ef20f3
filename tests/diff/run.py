# SPDX-License-Identifier: MIT
# Lua programs whose output, error output and exit code must be those of
# lua5.4, the machine's own also in cross modes. Given categories or files, runs
# these alone; ROVE=lua5.4 checks the programs themselves.
# modes: all cross
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tap  # noqa: E402

ORACLE = ['lua5.4']
FOLDER = 'tests/diff'
LEAST_IN_CATEGORY = 20
LEAST_IN_ALL = 400
SECONDS = 120
# Where no variable of the caller's changes what a program sees.
ENV = {k: v for k, v in os.environ.items() if not k.startswith('LUA_')}


def outcome(words, path):
    """Exit code, output and error output, or why there is none."""
    try:
        r = subprocess.run([*words, path], stdin=subprocess.DEVNULL, env=ENV,
                           capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f'stopped after {SECONDS} seconds', b'', b''
    except OSError as e:
        return str(e), b'', b''
    err = re.sub(rb'^(\S*/)?(rove|lua5\.4): ', b'PROGRAM: ', r.stderr)
    return r.returncode, r.stdout, err


def wanted_exit(path):
    """A program that ends in an error says so: `exit: 1` in its head."""
    with open(path, encoding='latin-1') as f:
        for line, _ in zip(f, range(4)):
            found = re.search(r'exit: (\d+)', line)
            if found:
                return int(found[1])
    return 0


def trouble(path):
    """What the oracle did, what Rove did, and what is wrong with the program
    itself, if anything."""
    want = outcome(ORACLE, path)
    got = outcome(tap.ROVE, path)
    fault = ''
    if want[0] != wanted_exit(path):
        fault = f'{ORACLE[0]} ends with {want[0]}: {want[2]!r}'
    elif not want[1]:
        fault = f'{ORACLE[0]} prints nothing'
    return want, got, fault


def show_difference(what, got, want):
    """The first line that differs."""
    a, b = got.split(b'\n'), want.split(b'\n')
    n = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y),
             min(len(a), len(b)))
    tap.diag(f'{what}, line {n + 1}')
    tap.diag(f'got  {a[n] if n < len(a) else "nothing more"!r}')
    tap.diag(f'want {b[n] if n < len(b) else "nothing more"!r}')


def report(path, want, got, fault):
    name = os.path.relpath(path, FOLDER)[:-len('.lua')]
    if tap.ok(not fault and got == want, name):
        return
    if fault:
        tap.diag(fault)
    if got[0] != want[0]:
        tap.diag(f'got exit {got[0]}, want {want[0]}')
    for what, a, b in (('output', got[1], want[1]), ('error', got[2], want[2])):
        if a != b:
            show_difference(what, a, b)


def chosen(names):
    """The programs that the command line asks for, sorted."""
    found = []
    for name in names or ['*']:
        if name.endswith('.lua'):
            found.append(name)
        else:
            category = os.path.basename(name.rstrip('/'))
            found += sorted(glob.glob(f'{FOLDER}/{category}/[0-9]*.lua'))
    return found


def count(paths):
    """A set that shrank would pass unseen."""
    sizes = {}
    for path in paths:
        category = os.path.basename(os.path.dirname(path))
        sizes[category] = sizes.get(category, 0) + 1
    sizes.pop('found', 0)  # by randomized.py: as many as there happen to be
    for category, n in sorted(sizes.items()):
        tap.ok(n >= LEAST_IN_CATEGORY, f'{category}: {n} programs')
    tap.ok(len(paths) >= LEAST_IN_ALL, f'{len(paths)} programs in all')


def main(names):
    if not shutil.which(ORACLE[0]):
        tap.skip_all('missing ' + ORACLE[0])
    paths = chosen(names)
    jobs = int(os.environ.get('JOBS', os.cpu_count() or 2))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, result in zip(paths, pool.map(trouble, paths)):
            report(path, *result)
    if not names:
        count(paths)
    tap.done()


main(sys.argv[1:])
