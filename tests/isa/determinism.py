# SPDX-License-Identifier: MIT
# I6: this build and the release build make the same image bytes of the same
# text, and every image prints the same, uses the same fuel, ends with the same
# guest memory and has collected as often; also when it runs in pieces and with
# caches dropped at every safepoint.
# modes: all cross
import glob
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


def sources(folder):
    """Texts of the conformance set, by file, and of the examples."""
    for name, todo in cases.load().items():
        todo = [c for c in todo if c.refuse is None and c.exit is None and
                not (LONG_OUT and c.long)]
        if todo:
            path = os.path.join(folder, name)
            with open(path, 'w', encoding='utf-8') as f:
                f.write(cases.batch(todo))
            yield path
    bench = os.path.join(HERE, '../../examples/asm/*.rasm')
    for path in sorted(glob.glob(bench)):
        if os.path.basename(path) in ('queens.rasm', 'nbody.rasm',
                                      'pipeline.rasm', 'errors.rasm'):
            yield path


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


with tempfile.TemporaryDirectory() as folder:
    for source in sources(folder):
        name = os.path.basename(source)
        image = os.path.join(folder, name + '.rove')
        want = assemble(REF, source, image)
        mine = assemble(ROVE, source, image + '2')
        tap.ok(want == mine, f'{name}: the same bytes')
        reference = outcome(REF, [], image)
        runs = {'': [], ' in pieces': ['--pieces', '211'],
                ' without caches': ['--pieces', '1009', '--drop-caches', '1']}
        for what, flags in runs.items():
            trouble = differ(reference, outcome(ROVE, flags, image))
            if not tap.ok(trouble == '', f'{name}{what}: the same course'):
                tap.diag(trouble)
tap.done()
