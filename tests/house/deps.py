# SPDX-License-Identifier: MIT
# .ci/deps installs only what is missing, as it should, or says what to
# install. apt-get, dpkg-query and id are stand-ins here. modes: release
import os
import shutil
import subprocess
import tempfile

import tap

TOOLS = 'sh env grep cat true'.split()
STUBS = {
    'dpkg-query': '''for p; do :; done
case " $INSTALLED " in *" $p "*) echo "install ok installed";; *) exit 1;; esac
''',
    'apt-get': 'echo "$DEBIAN_FRONTEND $*" >>"$LOG"\n[ -z "$APT_FAILS" ]\n',
    'id': 'echo "$UID_IS"\n',
    'sudo': '[ "$SUDO" = yes ] && { shift; exec "$@"; }\nexit 1\n',
    'present': ':\n',
}


def deps(packages, installed='', without=(), **env):
    """Exit code, output and apt-get's command lines of one run."""
    with tempfile.TemporaryDirectory() as d:
        for name, body in STUBS.items():
            if name not in without:
                with open(f'{d}/{name}', 'w') as f:
                    f.write('#!/bin/sh\n' + body)
                os.chmod(f'{d}/{name}', 0o755)
        for name in TOOLS:
            os.symlink(shutil.which(name), f'{d}/{name}')
        log = d + '/log'
        r = subprocess.run(['.ci/deps'] + packages.split(), text=True,
                           capture_output=True,
                           env={'PATH': d, 'LOG': log, 'INSTALLED': installed,
                                'UID_IS': '0', **env})
        lines = open(log).read().splitlines() if os.path.exists(log) else []
        return r.returncode, r.stdout, lines


code, out, apt = deps('one two', installed='one two')
tap.equal((code, out, apt), (0, '', []), 'nothing missing, nothing done')

code, out, apt = deps('one two three', installed='two')
tap.equal(code, 0, 'the missing are installed')
tap.ok('missing: one three\n' in out, 'and named first')
tap.equal(len(apt), 2, 'in two steps')
tap.ok(len(apt) == 2 and apt[0].endswith(' update'), 'an update')
tap.ok(len(apt) == 2 and apt[1].endswith(
    ' install --no-install-recommends one three'), 'and the rest alone')
tap.ok(all('-o DPkg::Lock::Timeout=300 ' in a for a in apt), 'with patience')
tap.ok(all(a.startswith('noninteractive ') for a in apt), 'without questions')

code, out, apt = deps('one', UID_IS='7', SUDO='yes')
tap.equal((code, len(apt)), (0, 2), 'through sudo')

for name, more in [('DEPS=no', {'DEPS': 'no'}), ('no root', {'UID_IS': '7'}),
                   ('no apt', {'without': ('apt-get', 'dpkg-query')})]:
    code, out, apt = deps('one present', **more)
    tap.equal((code, apt), (1, []), name + ': fails')
    tap.ok('install with: apt-get install one\n' in out, name + ': a list')
    tap.equal(deps('present', **more), (0, '', []),
              name + ': a tool from elsewhere will do')

code, out, apt = deps('one present', APT_FAILS='yes')
tap.ok(code == 1 and 'could not install: one\n' in out, 'apt fails')
tap.equal(deps('present', APT_FAILS='yes')[0], 0, 'apt fails for nothing')
tap.done()
