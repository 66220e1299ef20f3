# SPDX-License-Identifier: MIT
# I6: this build and the release build make the same image bytes of the same
# text, and every image prints the same, uses the same fuel, ends with the same
# guest memory and has collected as often; also when it runs in pieces and with
# caches dropped at every safepoint, and where a limit ends it.
# modes: all cross
import os
import shlex
import subprocess
import sys
import tempfile

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import cases  # noqa: E402

ROVE = shlex.split(os.environ['ROVE'])
REF = shlex.split(os.environ.get('ROVE_REF') or os.environ['ROVE'])
# Collecting at each allocation takes too long for some cases.
LONG_OUT = os.environ.get('ROVE_MODE') == 'stress'
SAME = ('fuel', 'guest-bytes', 'collections', 'host-calls')


def wanted(case):
    """Where time is up depends on the host."""
    return case.refuse is None and '--timeout' not in case.flags and not (
        LONG_OUT and case.long)


def programs():
    """(name, text, flags) of the conformance set and of the examples."""
    for name, todo in cases.load().items():
        todo = [c for c in todo if wanted(c)]
        plain = [c for c in todo if c.exit is None]
        if plain:
            yield name, cases.batch(plain), []
        for case in todo:
            if case.exit is not None:
                yield case.place, cases.alone(case), case.flags
    for name in ('queens', 'nbody', 'pipeline', 'errors'):
        path = os.path.join(HERE, '../../examples/asm', name + '.rasm')
        with open(path, encoding='utf-8') as f:
            yield name + '.rasm', f.read(), []


def assemble(rove, source, image):
    subprocess.run(rove + ['asm', source, '-o', image], check=True)
    with open(image, 'rb') as f:
        return f.read()


def outcome(rove, flags, image):
    """Exit code, output and the figures that must not differ."""
    run = subprocess.run(rove + ['run', '--stats'] + flags + [image],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    lines = run.stderr.decode(errors='replace').splitlines()
    stats = [line for line in lines if line.split(' ')[0] in SAME]
    return run.returncode, run.stdout, stats


def differ(want, got):
    if want == got:
        return ''
    if want[1] != got[1]:
        return 'other output'
    return f'{want[0]} {want[2]} against {got[0]} {got[2]}'


def courses(flags):
    """Ways to run a program that must not differ."""
    drop = ['--drop-caches', '1']
    if '--fuel' in flags:  # which excludes --pieces
        return {'': flags, ' without caches': drop + flags}
    return {'': flags, ' in pieces': ['--pieces', '211'] + flags,
            ' without caches': ['--pieces', '1009'] + drop + flags}


def check(folder, name, text, flags):
    source = os.path.join(folder, 'x.rasm')
    image = os.path.join(folder, 'x.rove')
    with open(source, 'w', encoding='utf-8') as f:
        f.write(text)
    want = assemble(REF, source, image)
    mine = assemble(ROVE, source, image + '2')
    tap.ok(want == mine, f'{name}: the same bytes')
    reference = outcome(REF, flags, image)
    for what, how in courses(flags).items():
        trouble = differ(reference, outcome(ROVE, how, image))
        if not tap.ok(trouble == '', f'{name}{what}: the same course'):
            tap.diag(trouble)


with tempfile.TemporaryDirectory() as folder:
    for program in programs():
        check(folder, *program)
tap.done()
