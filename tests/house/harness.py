# SPDX-License-Identifier: MIT
# The harness fails when it must: a test that cannot fail is no test.
# modes: release
import os
import subprocess
import tempfile

import tap

PASS = 'echo "ok 1 - a"; echo 1..1\n'
# Name, body of a test in sh, whether the run passes, a word in its output.
CASES = [
    ('a good test', PASS, True, 'Result: PASS'),
    ('a failed result', 'echo "not ok 1 - a"; echo 1..1\n', False, 'FAIL'),
    ('a bad exit code', PASS + 'exit 3\n', False, 'FAIL'),
    ('no plan', 'echo "ok 1 - a"\n', False, 'No plan'),
    ('too few results', 'echo 1..2; echo "ok 1 - a"\n', False, 'FAIL'),
    ('a crash', 'echo "ok 1"; kill -SEGV $$\n', False, 'FAIL'),
    ('nothing at all', ':\n', False, 'FAIL'),
    ('nothing but skips', 'echo "1..0 # SKIP not here"\n', False, 'no test'),
    ('a skip', 'echo "ok 1 - a # SKIP missing x"; echo "ok 2"; echo 1..2\n',
     True, 'skipped: '),
    ('no end', 'echo "ok 1 - a"; sleep 60; echo 1..1\n', False, 'FAIL'),
    ('tap.sh, good', '. tests/tap.sh; ok a true; is b 1 1; done_testing\n',
     True, 'Result: PASS'),
    ('tap.sh, bad', '. tests/tap.sh; ok a true; is b 1 2; done_testing\n',
     False, 'FAIL'),
    ('tap.sh, empty', '. tests/tap.sh; done_testing\n', False, 'FAIL'),
]


def run_with(env, *words):
    """Exit code and all output of a command."""
    r = subprocess.run(words, env={**os.environ, **env}, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return r.returncode, r.stdout


def test_cases():
    for name, body, passes, word in CASES:
        with tempfile.TemporaryDirectory() as d:
            path = d + '/case.sh'
            with open(path, 'w') as f:
                f.write(body)
            env = {'ROVE_BUILD': d, 'ROVE_TEST_TIMEOUT': '2'}
            code, out = run_with(env, 'tests/run', path)
            if not tap.ok((code == 0) == passes and word in out, name):
                tap.diag(f'exit {code}')
                tap.diag(out)


def test_select():
    me = 'tests/house/harness.py'
    code, out = run_with({'ROVE_MODE': 'release', 'ROVE_BUILD': 'b'},
                         'tests/select')
    files = out.split()
    tap.equal(code, 0, 'every script says what it is')
    tap.ok(me in files, 'this one is of mode release')
    tap.ok('tests/tap.py' not in files, 'a tool is no test')
    tap.ok('b/tests/unit/opinfo.t' in files, 'C tests are found')
    out = run_with({'ROVE_MODE': 'asan', 'ROVE_BUILD': 'b'}, 'tests/select')[1]
    tap.ok(me not in out.split(), 'this one is not of mode asan')
    out = run_with({'ROVE_MODE': 'cross-s390x', 'ROVE_BUILD': 'b'},
                   'tests/select')[1]
    tap.ok('b/tests/unit/opinfo.t' in out.split(), 'C tests are cross tests')


test_cases()
test_select()
tap.done()
