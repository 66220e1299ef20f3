# SPDX-License-Identifier: MIT
# Each rule of the verifier refuses something that no other rule refuses: with
# it switched off, an image of the conformance set passes that must not.
# modes: debug asan stress
import os
import re
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases  # noqa: E402
import refuse  # noqa: E402
import run  # noqa: E402

# Not to be broken by a file of a sensible size: indices between tables are
# checked by the reader too, and code is too long from 64 MiB on. Both are in
# tests/unit/verify.c.
ELSEWHERE = {'tables', 'code-size'}


def rules():
    with open(os.path.join(tap.GEN, 'opcodes.h'), encoding='utf-8') as f:
        return re.findall(r'X\([A-Z_]+, "([a-z-]+)"\)',
                          f.read().split('#define RV_RULES(X)')[1]
                          .split('enum')[0])


todo = [c for all_of in cases.load().values() for c in all_of if c.refuse]
todo += refuse.cases()
names = rules()
tap.ok(len(names) > 30, f'{len(names)} rules')
tap.equal({c.refuse for c in todo} - set(names), set(),
          'only rules that exist')
with tempfile.TemporaryDirectory() as folder:
    work = run.Work(folder)
    for rule in names:
        if rule in ELSEWHERE:
            continue
        mine = [c for c in todo if c.refuse == rule]
        os.environ['ROVE_VERIFY_WITHOUT'] = rule
        found = run.verdicts(work, mine)
        passed = sum(verdict is None for _, verdict in found)
        if not tap.ok(passed > 0, f'without {rule}, {passed} of {len(mine)} '
                      'pass'):
            for case, verdict in found:
                tap.diag(f'{case.title}: {verdict}')
tap.done()
