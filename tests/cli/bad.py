# SPDX-License-Identifier: MIT
# Bad input to programs and tools: a message, the exit code, nothing leaked
# (asan builds look for leaks). modes: all
import os
import shutil
import signal
import subprocess
import tempfile
import time

import tap

tmp = tempfile.mkdtemp()
ROVE = [os.path.abspath(w) if os.path.exists(w) else w for w in tap.ROVE]


def write(name, data):
    with open(os.path.join(tmp, name), 'wb') as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def bad(name, want_code, texts, *args, want_out=b'', **more):
    """Exit code, all of stderr's beginning, the other texts in it, stdout."""
    more.setdefault('stdout', subprocess.PIPE)
    r = subprocess.run([*ROVE, *args], stderr=subprocess.PIPE, cwd=tmp,
                       stdin=subprocess.DEVNULL, **more)
    err = r.stderr.decode(errors='replace')
    good = (r.returncode == want_code and err.startswith('rove: ') and
            all(t in err for t in texts) and
            (want_out is None or (r.stdout or b'') == want_out))
    if not tap.ok(good, name):
        tap.diag(f'exit code {r.returncode}, {r.stdout}\n{err}')
    return err


# -- Files ---------------------------------------------------------------------
write('hello.lua', 'print "hello"')
subprocess.run([*ROVE, 'compile', 'hello.lua'], cwd=tmp, check=True)
with open(tmp + '/hello.rove', 'rb') as f:
    IMAGE = f.read()
write('cut.rove', IMAGE[:-20])
write('future.rove', IMAGE[:5] + b'\x63' + IMAGE[6:])
write('flip.rove', IMAGE[:-60] + bytes([IMAGE[-60] ^ 1]) + IMAGE[-59:])
write('text.rove', 'this is no program')
write('text.lua', 'this is no program')
write('zeros.lua', b'\0' * 100)
write('noise.lua', bytes(range(1, 256)) * 10)
write('deep.lua', 'x = ' + '(' * 10000 + '1')
write('open.lua', 'x = [[' + 'y' * 100000)
write('empty.rove', '')

for run in ['run'], []:
    where = 'run ' if run else ''
    bad(where + 'a truncated image', 65, ['cut.rove: '], *run, 'cut.rove')
    bad(where + 'an image of a future version', 65,
        ['future.rove: ', 'version 99'], *run, 'future.rove')
    bad(where + 'a damaged image', 65, ['flip.rove: ', 'damaged'], *run,
        'flip.rove')
    bad(where + 'a text called image', 65, ['text.rove: not an image'], 'run',
        'text.rove')
    bad(where + 'a text that is no program', 1,
        ["text.lua:1: syntax error near 'is'"], *run, 'text.lua')
    bad(where + 'zeros', 1, ['zeros.lua:1: '], *run, 'zeros.lua')
    bad(where + 'noise', 1, ['noise.lua:1: '], *run, 'noise.lua')
    bad(where + 'deep nesting', 1, ['C stack overflow'], *run, 'deep.lua')
    bad(where + 'a string without end', 1,
        ['open.lua:1: unfinished long string'], *run, 'open.lua')
    bad(where + 'no file', 66 if run else 1,
        ['none.lua: No such file or directory'], *run, 'none.lua')
    bad(where + 'a directory', 66 if run else 1, [': Is a directory'], *run, '/')
    bad(where + 'a file as directory', 66 if run else 1,
        ['hello.lua/x: Not a directory'], *run, 'hello.lua/x')
for tool in 'dis', 'link -o x', 'verify', 'info', 'seal':
    bad(tool + ' of a future version', 65, ['future.rove: ', 'version 99'],
        *tool.split(), 'future.rove', want_out=None)
if os.geteuid() != 0:
    write('secret.lua', '')
    os.chmod(tmp + '/secret.lua', 0)
    bad('an unreadable file', 66, ['secret.lua: Permission denied'], 'run',
        'secret.lua')
    bad('an unreadable script', 1, ['cannot open secret.lua: Permission denied'],
        'secret.lua')
else:
    # root may read all files but this one
    bad('an unreadable file', 66, ['/proc/self/mem: '], 'run', '/proc/self/mem')
    bad('an unreadable script', 1, ['cannot read /proc/self/mem: '],
        '/proc/self/mem')

# -- Errors and limits ---------------------------------------------------------
write('error.lua', 'local function f() error("deep") end\nlocal ok = f()\n')
write('index.lua', 'local t = {}\nprint(t.a.b)\n')
write('object.lua', 'error({})')
write('double.lua', 'local s = "x"\nwhile true do s = s .. s end\n')
write('table.lua', 'local t = {}\nfor i = 1, math.huge do t[i] = {} end\n')
write('load.lua', 'local s = "x = 1 "\n'
      'while true do assert(load(s)) s = s .. s end\n')
write('loop.lua', 'while true do end\n')
write('caught.lua', 'while true do pcall(function() while true do end end) end')
write('stack.lua', 'local function f() return 1 + f() end\nf()\n')
write('handler.lua', 'print(xpcall(error, function() while true do end end))')
TRACE = ['\nstack traceback:\n\t', '\n\t[C]: in ?\n']
for run in ['run'], []:
    bad('an error', 1, ['error.lua:1: deep\n', *TRACE], *run, 'error.lua')
    bad('an error of an instruction', 1,
        ['index.lua:2: attempt to index a nil value', *TRACE], *run, 'index.lua')
    bad('an error object', 1, ['(error object is a table value)\n', *TRACE],
        *run, 'object.lua')
    bad('a stack overflow', 122, ['stack.lua:1: stack overflow', 'skipping'],
        *run, 'stack.lua')
for name in 'double', 'table', 'load':
    bad(f'--mem: {name}', 121,
        ['not enough memory (limit 8388608 bytes, --mem)'], 'run', '--mem', '8M',
        name + '.lua')
for name in 'loop', 'caught', 'handler':
    bad(f'--fuel: {name}', 120, ['out of fuel (limit 100000 units, --fuel)'],
        'run', '--fuel', '100000', name + '.lua')
    bad(f'--timeout: {name}', 124, ['time is over (limit 0.2 s, --timeout)'],
        'run', '--timeout', '0.2', name + '.lua')
bad('--stack', 122, ['stack overflow', 'limit 500 registers'], 'run', '--stack',
    '500', 'stack.lua')
write('tiny.lua', 'print(1)')
bad('too little memory for the library', 121, ['not enough memory'], 'run',
    '--mem', '50K', 'tiny.lua')


def interrupted(name, *args):
    p = subprocess.Popen([*ROVE, *args], cwd=tmp, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    p.stderr.readline()
    time.sleep(0.1)
    p.send_signal(signal.SIGINT)
    _, err = p.communicate(timeout=60)
    if not tap.ok(p.returncode == 130 and b'interrupted' in err, name):
        tap.diag(f'{p.returncode} {err}')


write('busy.lua', 'warn("@on") warn("now")\nwhile true do end\n')
interrupted('Ctrl-C', 'busy.lua')
interrupted('Ctrl-C in `rove run`', 'run', 'busy.lua')
interrupted('Ctrl-C with options', '-e', 'x = 1', 'busy.lua')

# -- Output --------------------------------------------------------------------
write('much.lua', 'for i = 1, 100000 do print("line", i) end\n')
write('endless.lua', 'while true do print("y") end\n')
write('fails.lua', 'print("lost")\nerror("mine")\n')


def closed(n):
    return lambda: os.close(n)


for run in ['run'], []:
    with open('/dev/full', 'wb') as full:
        bad('a full device', 1, ['standard output: No space left on device'],
            *run, 'hello.lua', stdout=full)
        bad('a full device, much output', 1, ['No space left on device'],
            *run, 'endless.lua', stdout=full)
        bad('beside an error of its own', 1, ['mine'], *run, 'fails.lua',
            stdout=full)
    bad('closed standard output', 1, ['standard output: Bad file descriptor'],
        *run, 'hello.lua', preexec_fn=closed(1))
    bad('closed standard output, much of it', 1, ['Bad file descriptor'],
        *run, 'much.lua', preexec_fn=closed(1))
    r, w = os.pipe()
    os.close(r)
    bad('a pipe nobody reads', 1, ['standard output: Broken pipe'], *run,
        'hello.lua', stdout=w)
    bad('a loop that prints into it', 1, ['Broken pipe', *TRACE], *run,
        'endless.lua', stdout=w)
    os.close(w)
r = subprocess.run([*ROVE, 'hello.lua'], cwd=tmp, capture_output=True,
                   preexec_fn=closed(0))
tap.equal((r.returncode, r.stdout), (0, b'hello\n'), 'closed standard input')
r = subprocess.run([*ROVE, 'error.lua'], cwd=tmp, stdout=subprocess.PIPE,
                   preexec_fn=closed(2))
tap.equal(r.returncode, 1, 'closed standard error')
r = subprocess.run([*ROVE, '-'], cwd=tmp, capture_output=True,
                   preexec_fn=closed(0))
tap.equal((r.returncode, r.stderr),
          (1, b'rove: cannot read stdin: Bad file descriptor\n'),
          'a program from closed standard input')

shutil.rmtree(tmp)
tap.done()
