# SPDX-License-Identifier: MIT
# I4: mutations of the conformance set, ROVE_MUTATIONS of them (100,000), by
# tests/unit/mutants.c. ROVE_MUTATION is the number of the first one: another
# number, other mutants.
# modes: release asan
import os
import re
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus  # noqa: E402

count = int(os.environ.get('ROVE_MUTATIONS', 100000))
first = int(os.environ.get('ROVE_MUTATION', 0))
program = os.path.join(os.environ['ROVE_BUILD'], 'tests/unit/mutants.t')
with tempfile.TemporaryDirectory() as folder:
    found = list(corpus.images(folder))
    sizes = sorted(os.path.getsize(f) for f in found)
    tap.ok(len(found) > 20 and sizes[-1] > 4096,
           f'{len(found)} images of {sizes[0]} to {sizes[-1]} bytes')
    run = subprocess.run([program, str(count), str(first)] + found,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = run.stdout.decode(errors='replace')
    for line in text.splitlines():
        tap.diag(line.removeprefix('# ').replace(folder + '/', ''))
    tap.ok(run.returncode == 0, f'{count} mutations, from number {first} on')
    told = re.search(r'(\d+) reached the verifier, (\d+) were accepted, '
                     r'(\d+) ran', text)
    tap.ok(told and all(int(n) > 0 for n in told.groups()),
           'some reached the verifier, some ran')
tap.done()
