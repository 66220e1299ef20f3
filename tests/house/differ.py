# SPDX-License-Identifier: MIT
# tests/diff/run.py fails when Rove does anything else than lua5.4; stand-ins
# play Rove here. modes: release
import os
import shutil
import subprocess
import sys
import tempfile

import tap

GOOD = 'print("out")\nio.stderr:write("err\\n")\n'
ERROR = 'print("out")\nerror("message", 0)\n'
WANTED = '-- exit: 1\n'
SAME = 'lua5.4 "$1"'
# Name, the program, what plays Rove, whether the run passes, a word in its
# output.
CASES = [
    ('the same', GOOD, SAME, True, 'ok 1 - '),
    ('more output', GOOD, SAME + '; echo x', False, "got  b'x'"),
    ('no output', GOOD, SAME + ' >/dev/null', False, "want b'out'"),
    ('more error output', GOOD, SAME + '; echo x >&2', False, 'error, line 2'),
    ('another exit code', GOOD, SAME + '; exit 3', False, 'got exit 3, want 0'),
    ('a crash', GOOD, SAME + '; kill -SEGV $$', False, 'got exit -11, want 0'),
    ('no such program', GOOD, None, False, 'No such file'),
    ('an error of both', WANTED + ERROR, SAME, True, 'ok 1 - '),
    ('an error with another name', WANTED + ERROR,
     SAME + ' 2>"$1.err"; rc=$?; sed "s,^lua5.4:,a/rove:," "$1.err" >&2; '
     'exit $rc',
     True, 'ok 1 - '),
    ('an error missed', WANTED + ERROR, SAME + '; exit 0', False,
     'got exit 0, want 1'),
    ('an error nobody announced', ERROR, SAME, False, 'lua5.4 ends with 1'),
    ('nothing printed', 'local x = 1\n', SAME, False, 'lua5.4 prints nothing'),
    ('no program', None, SAME, False, '1..0'),
]


def run_in(folder, program, action):
    """Exit code and output of the runner for one program."""
    rove, path = folder + '/rove', folder + '/program.lua'
    if action is not None:
        with open(rove, 'w') as f:
            f.write(f'#!/bin/sh\n{action}\n')
        os.chmod(rove, 0o755)
    if program is not None:
        with open(path, 'w') as f:
            f.write(program)
    r = subprocess.run(
        [sys.executable, 'tests/diff/run.py',
         path if program is not None else 'no-such-category'],
        env={**os.environ, 'ROVE': rove}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    return r.returncode, r.stdout


if not shutil.which('lua5.4'):
    tap.skip_all('missing lua5.4')
for name, program, action, passes, word in CASES:
    with tempfile.TemporaryDirectory() as folder:
        code, out = run_in(folder, program, action)
    if not tap.ok((code == 0) == passes and word in out, name):
        tap.diag(f'exit {code}')
        tap.diag(out)
tap.done()
