# SPDX-License-Identifier: MIT
# `rove dis --plain` and the reader in Python, which was written from isa-spec/
# alone, list every image of the tests and the examples alike.
# modes: release asan cross
import glob
import os
import re
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402
import reader  # noqa: E402
import refuse  # noqa: E402
import run  # noqa: E402

TABLE = reader.read_table('isa-spec/opcodes.isa')


def compare(image):
    """'' when both listings are equal."""
    with open(image, 'rb') as f:
        mine = reader.listing(f.read(), TABLE).encode()
    code, out, err = tap.rove('dis', '--plain', image)
    if code or out != mine:
        for a, b in zip(out.splitlines(), mine.splitlines()):
            if a != b:
                return f'{a!r} is {b!r} to the reader'
        return f'exit {code} {err.decode()}, {len(out)} and {len(mine)} bytes'
    return ''


def check_text(work, name, text):
    """Listing and round trip of an image made of this text."""
    image, messages = work.assemble(name, text)
    if image is None:
        return messages
    return compare(image) or work.round_trip(image, name)


def check(work, title, texts):
    bad = [trouble for i, text in enumerate(texts)
           if (trouble := check_text(work, f't{i}', text))]
    if not tap.ok(texts and not bad, f'{title}: {len(texts)} images'):
        tap.diag('\n'.join(bad[:10]))


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


with tempfile.TemporaryDirectory() as folder:
    work = run.Work(folder)
    for name, todo in cases.load().items():
        plain = [c for c in todo if c.refuse is None and c.exit is None]
        check(work, name, ([cases.batch(plain)] if plain else []) +
              [cases.alone(c) for c in todo if c.exit is not None] +
              [c.text() for c in todo if c.refuse])
    # Those made from the table are much alike: all of them in one mode only.
    made = list(refuse.right()) + list(refuse.cases())
    step = 1 if tap.MODE == 'release' else 40
    check(work, 'made from the table', [c.text() for c in made[::step]])
    for folder in ('examples', 'tests/fuzz', 'tests/bench'):
        check(work, folder, [read(f) for f in sorted(
            glob.glob(folder + '/**/*.rasm', recursive=True))])
imported = re.findall(r'^(?:import|from) (\w+)', read(reader.__file__), re.M)
tap.equal([m for m in imported if m not in sys.stdlib_module_names], [],
          'the reader needs nothing but the standard library')
tap.done()
