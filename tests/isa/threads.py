# SPDX-License-Identifier: MIT
# I5: the conformance set in a thousand machines and four threads at once, under
# ThreadSanitizer in mode tsan.
# modes: tsan
import os
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402


def images(folder):
    """The behaviour cases of each file as one image."""
    for name, todo in cases.load().items():
        todo = [c for c in todo if c.refuse is None and c.exit is None]
        if not todo:
            continue
        source = os.path.join(folder, name)
        image = source.replace('.rasm', '.rove')
        with open(source, 'w', encoding='utf-8') as f:
            f.write(cases.batch(todo))
        code, out, err = tap.rove('asm', source, '-o', image)
        if code == 0:
            yield image
        else:
            tap.diag((out + err).decode())


with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(os.environ['ROVE_BUILD'], 'tests/unit/threads.t')
    found = list(images(folder))
    tap.ok(len(found) > 0, f'{len(found)} images')
    run = subprocess.run([program] + found, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
    text = run.stdout.decode(errors='replace')
    for line in text.splitlines():
        tap.diag(line)
    tap.ok(run.returncode == 0 and 'WARNING: ThreadSanitizer' not in text,
           'a thousand machines at once')
tap.done()
