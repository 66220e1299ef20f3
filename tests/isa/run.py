# SPDX-License-Identifier: MIT
# The conformance set: every case prints what it must, ends as it must, or is
# refused as it must; and every image survives the way to text and back.
# modes: all cross
import os
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402
import refuse  # noqa: E402


class Work:
    """A folder for one run."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def assemble(self, name, text):
        """Path of the image, or None and the messages."""
        source, image = self.path(name + '.rasm'), self.path(name + '.rove')
        with open(source, 'w', encoding='utf-8') as f:
            f.write(text)
        code, out, err = tap.rove('asm', source, '-o', image)
        if code:
            return None, (out + err).decode(errors='replace')
        return image, ''

    def round_trip(self, image, name):
        """The image assembled from its own disassembly has the same bytes."""
        code, text, err = tap.rove('dis', image)
        if code:
            return f'dis: exit {code}: {err.decode()}'
        again, messages = self.assemble(name + '-again', text.decode())
        if again is None:
            return messages
        with open(image, 'rb') as a, open(again, 'rb') as b:
            return '' if a.read() == b.read() else 'other bytes'


def check(case, got):
    if tap.ok(got == case.wants(), f'{case.place} {case.title}'):
        return
    tap.diag(f'got  {got}')
    tap.diag(f'want {case.wants()}')


def run_each(work, name, todo):
    """When a batch cannot be run as one: each case in an image of its own."""
    for i, case in enumerate(todo):
        image, messages = work.assemble(f'{name}-{i}', cases.batch([case]))
        if image is None:
            tap.ok(False, f'{case.place} {case.title}')
            tap.diag(messages)
            continue
        code, out, err = tap.rove('run', image)
        got = cases.split(out.decode(errors='replace'), 1)[0]
        if code:
            got = (got or []) + [f'exit {code}', err.decode(errors='replace')]
        check(case, got)


def run_batch(work, name, todo):
    if not todo:
        return
    image, messages = work.assemble(name, cases.batch(todo))
    if image is None:
        tap.diag(messages)
        run_each(work, name, todo)
        return
    trouble = work.round_trip(image, name)
    if not tap.ok(trouble == '', f'{name}: to text and back'):
        tap.diag(trouble)
    code, out, err = tap.rove('run', image)
    got = cases.split(out.decode(errors='replace'), len(todo))
    if code or None in got:
        tap.diag(f'{name}: exit {code}: {err.decode(errors="replace")}')
        run_each(work, name, todo)
        return
    for case, lines in zip(todo, got):
        check(case, lines)


def run_alone(work, name, case):
    image, messages = work.assemble(name, cases.alone(case))
    if image is None:
        tap.ok(False, f'{case.place} {case.title}')
        tap.diag(messages)
        return
    code, out, err = tap.rove('run', *case.flags, image)
    got = out.decode(errors='replace').splitlines()
    good = code == case.exit and got == case.out
    if case.error is not None:
        good = good and case.error in err.decode(errors='replace')
    if not tap.ok(good, f'{case.place} {case.title}'):
        tap.diag(f'exit {code}, output {got}, {err.decode()}')


def verdicts(work, todo):
    """(case, message) for each case; the message is None when its image was
    accepted."""
    sources = []
    for i, case in enumerate(todo):
        sources.append(work.path(f'verify-{i}.rasm'))
        with open(sources[-1], 'w', encoding='utf-8') as f:
            f.write(case.text())
    refused = refuse.verify(tap.rove, sources)
    return [(case, refused.get(s)) for case, s in zip(todo, sources)]


def run_refusals(work, todo):
    for case, verdict in verdicts(work, todo):
        good = (verdict or '').endswith(f'({case.refuse})')
        if case.refuse is None:
            good = verdict is None
        if not tap.ok(good, f'{case.place} {case.title}'):
            tap.diag(verdict or 'accepted')


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = Work(folder)
        for name, todo in cases.load().items():
            if tap.MODE == 'stress':
                todo = [c for c in todo if not c.long]
            plain = [c for c in todo if c.refuse is None and c.exit is None]
            run_batch(work, name, plain)
            for i, case in enumerate(c for c in todo if c.exit is not None):
                run_alone(work, f'{name}-alone-{i}', case)
            run_refusals(work, [c for c in todo if c.refuse])
        run_refusals(work, list(refuse.right()) + list(refuse.cases()))
    tap.done()


if __name__ == '__main__':
    main()
