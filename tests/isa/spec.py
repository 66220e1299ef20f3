# SPDX-License-Identifier: MIT
# The programs in the pages of isa-spec assemble, verify, and come back.
# modes: release asan
import glob
import os
import re
import tempfile

import tap

count = 0
with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, 'x.rasm')
    image = os.path.join(folder, 'x.rove')
    again = os.path.join(folder, 'y.rove')
    for page in sorted(glob.glob('isa-spec/*.md')):
        with open(page, encoding='utf-8') as f:
            text = f.read()
        for match in re.finditer(r'```rasm\n(.*?)```', text, re.S):
            line = text.count('\n', 0, match.start()) + 1
            with open(source, 'w', encoding='utf-8') as f:
                f.write(match.group(1))
            code, _, err = tap.rove('asm', '--verify', '-o', image, source)
            if not tap.ok(code == 0, f'{page}:{line} is safe to run'):
                tap.diag(err.decode())
                continue
            _, out, _ = tap.rove('dis', image)
            with open(source, 'wb') as f:
                f.write(out)
            tap.rove('asm', '-o', again, source)
            with open(image, 'rb') as a, open(again, 'rb') as b:
                tap.ok(a.read() == b.read(), f'{page}:{line} comes back')
            count += 1
tap.ok(count > 3, 'there are such programs')
tap.done()
