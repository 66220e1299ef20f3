# SPDX-License-Identifier: MIT
# tool: test results in TAP, for tests in Python (`import tap`).
import os
import shlex
import subprocess
import sys

run = 0
failed = 0

MODE = os.environ.get('ROVE_MODE', 'release')
BUILD = os.environ.get('ROVE_BUILD', 'build/' + MODE)
GEN = os.environ.get('ROVE_GEN', 'build/gen')
ISAGEN = os.environ.get('ROVE_ISAGEN', 'build/host/isagen')
# The program as a list of words: under qemu it is more than one.
ROVE = shlex.split(os.environ.get('ROVE', BUILD + '/rove'))


def diag(text):
    for line in str(text).splitlines():
        print('#', line, flush=True)


def ok(good, name):
    """One result; gives `good` back."""
    global run, failed
    run += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {run} - {name}", flush=True)
    return bool(good)


def equal(got, want, name):
    if ok(got == want, name):
        return True
    diag(f'got  {got!r}')
    diag(f'want {want!r}')
    return False


def skip(name, why):
    """Begin `why` with "missing" when something that ought to be installed is
    not: CI fails then."""
    global run
    run += 1
    print(f'ok {run} - {name} # SKIP {why}', flush=True)


def skip_all(why):
    print(f'1..0 # SKIP {why}', flush=True)
    sys.exit(0)


def done():
    """Writes the plan and ends the test."""
    print(f'1..{run}', flush=True)
    sys.exit(1 if failed or not run else 0)


def command(*words, stdin=b''):
    """Runs a program; its exit code, output and error output (bytes)."""
    r = subprocess.run(words, input=stdin, capture_output=True)
    return r.returncode, r.stdout, r.stderr


def rove(*words, stdin=b''):
    return command(*ROVE, *words, stdin=stdin)
