# SPDX-License-Identifier: MIT
# Programs of Debian, unchanged, and small ones of ours in real/ that use them:
# from source and as one image each they do what they do under lua5.4. The
# images survive the disassembler and are the same bytes on every machine.
# Given names, runs these alone; ROVE_REAL_SIZE=small|full picks the size.
# modes: release asan stress cross
import glob
import os
import re
import resource
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tap  # noqa: E402

ORACLE = ['lua5.4']
MODULES = '/usr/share/lua'
WORK = os.path.abspath(tap.BUILD + '/tests/real')
SIZE = os.environ.get('ROVE_REAL_SIZE') or (
    'full' if tap.MODE == 'release' else 'small')
SECONDS = 600

# program: packages, modules (a file or a folder), arguments small and full.
PROGRAMS = {
    'dkjson': (['lua-dkjson'], ['dkjson'], ['1500'], ['2000000']),
    'argparse': (['lua-argparse'], ['argparse'], ['1'], ['2000']),
    'luaunit': (['lua-unit'], ['luaunit'], ['2', 'junit'], ['1000', 'junit']),
    'penlight': (['lua-penlight'], ['pl'], ['1', 'main.lua'],
                 ['20', 'main.lua']),
    'inspect': (['lua-inspect'], ['inspect'], ['4'], ['2000']),
    'luacheck': (['lua-check'], ['luacheck'],
                 ['lib/luacheck/version.lua', 'lib/luacheck/globbing.lua'],
                 ['lib/luacheck/**/*.lua']),
    'luarocks': (['luarocks'], ['luarocks'], ['2'], ['200']),
    'various': (['lua-ansicolors', 'lua-binaryheap', 'lua-cliargs',
                 'lua-inifile', 'lua-luassert', 'lua-mediator',
                 'lua-messagepack', 'lua-moses', 'lua-say'],
                ['ansicolors', 'binaryheap', 'cliargs', 'inifile', 'luassert',
                 'mediator', 'MessagePack', 'moses', 'say'], ['2'], ['300']),
}


def absolute(words):
    """Programs are run from another folder."""
    return [os.path.abspath(w) if '/' in w and os.path.exists(w) else w
            for w in words]


ROVE = absolute(tap.ROVE)
REFERENCE = os.path.abspath(os.environ.get('ROVE_REF', 'build/rove'))


def environment(path):
    """Nothing of the caller's changes what a program sees."""
    env = {k: v for k, v in os.environ.items() if not k.startswith('LUA')}
    env.update(TZ='UTC', LC_ALL='C', HOME='/nonexistent', LUA_PATH=path,
               LUA_CPATH='')
    return env


FROM_SOURCE = environment('lib/?.lua;lib/?/init.lua')
FROM_IMAGE = environment('nowhere/?.lua')


def run(words, folder, env):
    """Exit code, output, error output; and the seconds of CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        r = subprocess.run(words, cwd=folder, env=env, capture_output=True,
                           stdin=subprocess.DEVNULL, timeout=SECONDS)
    except (subprocess.TimeoutExpired, OSError) as e:
        return (str(e), b'', b''), 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    err = re.sub(rb'^(\S*/)?(rove|lua5\.4): ', b'PROGRAM: ', r.stderr)
    return (r.returncode, r.stdout, err), (after.ru_utime - before.ru_utime +
                                           after.ru_stime - before.ru_stime)


def find_module(name):
    """Its file, its folder or both, of the newest version that has any."""
    for version in '5.4', '5.3', '5.2', '5.1':
        paths = [p for p in (f'{MODULES}/{version}/{name}{ending}'
                             for ending in ('.lua', '')) if os.path.exists(p)]
        if paths:
            return paths
    return []


def prepare(name, modules):
    """A folder with main.lua and the modules in lib/; says what is missing."""
    folder = f'{WORK}/{name}'
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder + '/lib')
    shutil.copy(f'{HERE}/real/{name}.lua', folder + '/main.lua')
    for module in modules:
        paths = find_module(module)
        if not paths:
            return folder, module
        for path in paths:
            target = f'{folder}/lib/{os.path.basename(path)}'
            copy = shutil.copytree if os.path.isdir(path) else shutil.copy
            copy(path, target)
    return folder, None


def show_difference(what, got, want):
    """The first line that differs."""
    a, b = got.split(b'\n'), want.split(b'\n')
    n = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y),
             min(len(a), len(b)))
    tap.diag(f'{what}, line {n + 1}')
    tap.diag(f'got  {a[n] if n < len(a) else "nothing more"!r}'[:400])
    tap.diag(f'want {b[n] if n < len(b) else "nothing more"!r}'[:400])


def same(got, want, name):
    if tap.ok(got == want, name):
        return
    if got[0] != want[0]:
        tap.diag(f'got exit {got[0]}, want {want[0]}')
    for what, a, b in ('output', got[1], want[1]), ('error', got[2], want[2]):
        if a != b:
            show_difference(what, a, b)


def read(path):
    try:
        with open(path, 'rb') as f:
            return f.read()
    except OSError:
        return None


def succeeds(words, folder, name):
    r, _ = run(words, folder, FROM_IMAGE)
    if tap.ok(r[0] == 0, name):
        return True
    tap.diag(f'exit {r[0]}: {r[2][:400]!r}')
    return False


def image(name, folder, args, want):
    """One image of the program and its modules; the seconds it ran."""
    if not succeeds([*ROVE, 'compile', '-o', 'main.rove', 'main.lua', 'lib'],
                    folder, f'{name}: compiles into one image'):
        return 0
    got, seconds = run([*ROVE, 'run', '-A', 'main.rove', *args], folder,
                       FROM_IMAGE)
    same(got, want, f'{name}: as an image')
    succeeds([*ROVE, 'verify', 'main.rove'], folder, f'{name}: verify')
    if succeeds([*ROVE, 'dis', 'main.rove', '-o', 'main.rasm'], folder,
                f'{name}: dis') and \
            succeeds([*ROVE, 'asm', 'main.rasm', '-o', 'again.rove'], folder,
                     f'{name}: asm'):
        tap.ok(read(folder + '/again.rove') == read(folder + '/main.rove'),
               f'{name}: asm(dis(image)) is the image')
    reference(name, folder)
    return seconds


def reference(name, folder):
    """The release program's image of the same files."""
    if tap.MODE == 'release':
        return
    if not os.path.exists(REFERENCE) and not tap.MODE.startswith('cross'):
        return
    if succeeds([REFERENCE, 'compile', '-o', 'ref.rove', 'main.lua', 'lib'],
                folder, f'{name}: compiled by the release program'):
        tap.ok(read(folder + '/ref.rove') == read(folder + '/main.rove'),
               f'{name}: the same image')


def arguments(words, folder):
    """What stands for files becomes their names."""
    out = []
    for word in words:
        if '*' in word:
            out += sorted(os.path.relpath(p, folder) for p in
                          glob.glob(f'{folder}/{word}', recursive=True))
        else:
            out.append(word)
    return out


def check(name):
    packages, modules, small, full = PROGRAMS[name]
    folder, missing = prepare(name, modules)
    if missing:
        tap.skip(name, f'missing module {missing} of {" ".join(packages)}')
        return
    args = arguments(full if SIZE == 'full' else small, folder)
    want, oracle = run([*ORACLE, 'main.lua', *args], folder, FROM_SOURCE)
    if not tap.ok(want[0] == 0 and want[1].count(b'\n') > 50,
                  f'{name}: lua5.4'):
        tap.diag(f'exit {want[0]}, {want[1][-200:]!r}, {want[2][:800]!r}')
        return
    got, source = run([*ROVE, 'run', '-A', 'main.lua', *args], folder,
                      FROM_SOURCE)
    same(got, want, f'{name}: from source')
    seconds = image(name, folder, args, want)
    tap.diag(f'{name}: CPU time lua5.4 {oracle:.2f} s, source {source:.2f} s '
             f'({source / max(oracle, 0.001):.2f}), image {seconds:.2f} s '
             f'({seconds / max(oracle, 0.001):.2f})')


def main(names):
    if not shutil.which(ORACLE[0]):
        tap.skip_all('missing ' + ORACLE[0])
    for name in names or PROGRAMS:
        check(name)
    tap.done()


main(sys.argv[1:])
