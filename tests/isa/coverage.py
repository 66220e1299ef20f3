# SPDX-License-Identifier: MIT
# Every instruction has a handler, a place in the manual, a way to text and
# back, three cases that show what it does, and for each rule that its line of
# the table lists a case that breaks it.
# modes: release
import os
import re
import sys

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402
import refuse  # noqa: E402

CASES = 3


def mentioned(case):
    """Instructions that stand in the text of a case."""
    return set(re.findall(r'^\s*([a-z]\w*)', case.text(), re.M))


def report(name, lacking):
    if not tap.ok(not lacking, name):
        tap.diag('lacking: ' + ', '.join(sorted(lacking)))


def handlers():
    with open('vm/interp.c', encoding='utf-8') as f:
        return set(re.findall(r'^\s*OP\((\w+)\)', f.read(), re.M))


def manual():
    with open(os.path.join(tap.GEN, 'isa-manual.md'), encoding='utf-8') as f:
        return set(re.findall(r'^### (\w+)$', f.read(), re.M))


ops = refuse.table()
names = {op.name for op in ops}
shown = [c for todo in cases.load().values() for c in todo
         if c.refuse is None]
count = {name: 0 for name in names}
empty, unknown, absent = set(), set(), set()
for case in shown:
    inside = mentioned(case)
    for name in set(case.covers):
        if name not in names:
            unknown.add(f'{case.place}: {name}')
        elif name not in inside:
            absent.add(f'{case.place}: {name}')
        else:
            count[name] += 1
    if not case.covers:
        empty.add(case.place)
    if not case.out and case.error is None:
        empty.add(f'{case.place}: shows nothing')

# run.py takes the image of each file's cases to text and back, but not those
# of programs of their own.
trips = {name for case in shown if case.exit is None
         for name in mentioned(case)}
broken = {(case.covers[0], case.refuse) for case in refuse.cases()}
listed = {(op.name, rule) for op in ops for rule in op.rules}

tap.ok(len(ops) > 100, f'{len(ops)} instructions in the table')
report('each has a handler', names - handlers())
report('each is in the manual', names - manual())
report('each is in an image that goes to text and back', names - trips)
report(f'each has {CASES} cases of behaviour',
       {f'{n} ({c})' for n, c in count.items() if c < CASES})
report('each case names what it covers and shows something', empty)
report('what a case covers is an instruction', unknown)
report('what a case covers stands in it', absent)
report('each rule of each instruction has a case that breaks it',
       {f'{n} against {r}' for n, r in listed - broken})
tap.diag(f'{len(shown)} cases of behaviour, {len(listed)} rules of '
         f'instructions, {len(list(refuse.cases()))} broken images made')
tap.done()
