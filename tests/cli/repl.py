#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# modes: release asan stress
"""The REPL, by key strokes on a pseudo-terminal and through pipes."""
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__) + '/..')
import tap  # noqa: E402

HOME = tempfile.mkdtemp()
HISTORY = HOME + '/.rove_history'
SLOW = 1 if tap.MODE == 'release' else 4
ENV = {k: v for k, v in os.environ.items()
       if not k.startswith(('ROVE_READLINE', 'ROVE_HISTORY', 'LUA_', 'INPUTRC'))}
ENV.update(HOME=HOME, TERM='xterm', LC_ALL='C.UTF-8')
ESCAPES = re.compile(rb'\r\x1b\[\d+[CG]|\x1b\[\?2004l\r|\x1b\[[?0-9;]*[a-zA-Z]|\x1b[=>]|\x07')
UP, DOWN, CTRL_C, CTRL_D = b'\x1b[A', b'\x1b[B', b'\x03', b'\x04'


class Session:
    """A REPL at a terminal. `text` is what it has written, without escapes."""

    def __init__(self, *args, **env):
        self.raw = b''
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(tap.ROVE[0], [*tap.ROVE, *args], {**ENV, **env})
        self.expect('> ')

    def text(self):
        return ESCAPES.sub(b'', self.raw).decode(errors='replace')

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # Linux: nobody is at the other end
            data = b''
        self.raw += data
        return bool(data)

    def expect(self, text, seconds=30):
        """Waits until `text` has been written behind what was expected last;
        gives what came up to its end."""
        end = time.monotonic() + seconds * SLOW
        while True:
            at = self.text().find(text, self.seen)
            if at >= 0:
                start, self.seen = self.seen, at + len(text)
                return self.text()[start:self.seen]
            if time.monotonic() > end or not self.read(end - time.monotonic()):
                tap.diag(f'expected {text!r} in {self.text()[self.seen:]!r}')
                raise Missing(text)

    def keys(self, keys):
        os.write(self.fd, keys if isinstance(keys, bytes) else keys.encode())

    def line(self, line, prompt='\r\n> '):
        """Types a line; what is written up to the next prompt, without it."""
        self.keys(line + '\r')
        first = line.split('\n')[0]
        self.expect(first)
        return self.expect(prompt)[:-len(prompt)].lstrip('\r\n')

    def drop(self):
        """Ctrl-C while nothing runs."""
        self.keys(CTRL_C)
        self.expect('^C')
        self.expect('> ')

    def end(self):
        """Its exit code, when it has been told to leave."""
        limit = time.monotonic() + 10 * SLOW
        while time.monotonic() < limit:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return 'did not end'

    def maps(self):
        with open(f'/proc/{self.pid}/maps') as f:
            return f.read()


class Missing(Exception):
    pass


def history():
    try:
        with open(HISTORY) as f:
            return f.read().splitlines()
    except FileNotFoundError:
        return []


def installed(library):
    code = f'import ctypes; ctypes.CDLL("{library}")'
    return subprocess.run([sys.executable, '-c', code],
                          stderr=subprocess.DEVNULL).returncode == 0


# -- What every kind of line editing has to do -------------------------------

def check_basics(how, **env):
    s = Session(**env)
    tap.equal(s.line('1+1'), '2', f'{how}: an expression prints itself')
    tap.equal(s.line('=1+1, nil'), '2\tnil', f'{how}: and so it does behind =')
    tap.equal(s.line('x = 5'), '', f'{how}: a statement prints nothing')
    s.keys('for i = 1, 2 do\r')
    s.expect('>> ')
    s.keys('print(i * 10)\r')
    s.expect('>> ')
    tap.equal(s.line('end'), '10\r\n20', f'{how}: a block goes on')
    got = s.line('error("oh")')
    tap.ok('oh' in got and 'stack traceback:' in got,
           f'{how}: an error has a traceback')
    tap.equal(s.line('x'), '5', f'{how}: and leaves everything as it was')
    got = s.line('x = = 1')
    tap.ok('unexpected symbol' in got and 'traceback' not in got,
           f'{how}: a syntax error has none')
    s.keys('while true do end\r')
    s.expect('end\r\n')
    time.sleep(0.3)
    s.keys(CTRL_C)
    s.expect('interrupted')
    s.expect('\r\n> ')
    tap.equal(s.line('x'), '5', f'{how}: Ctrl-C ends a loop, the session goes on')
    s.keys('while true do end\r')
    s.expect('end\r\n')
    time.sleep(0.3)
    s.keys(CTRL_C)
    s.expect('interrupted')
    s.expect('\r\n> ')
    tap.equal(s.line('x + 1'), '6', f'{how}: and it does so again')
    s.keys('y = 77' + CTRL_C.decode())
    s.expect('\r\n')
    s.expect('> ')
    tap.equal(s.line('y'), 'nil', f'{how}: Ctrl-C drops what was typed')
    s.keys('x = {\r')
    s.expect('>> ')
    s.keys(CTRL_C)
    s.expect('\r\n> ')
    tap.equal(s.line('x'), '5', f'{how}: and a block that was begun')
    tap.equal(s.line('#"é"'), '2', f'{how}: bytes of UTF-8 arrive')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, f'{how}: Ctrl-D leaves with 0')
    return s


# -- readline -----------------------------------------------------------------

def check_readline():
    s = Session()
    ok = tap.ok('libreadline' in s.maps(), 'readline is loaded at a terminal')
    if not ok:
        return
    with open(f'/proc/{s.pid}/exe', 'rb') as f:
        tap.ok(b'libreadline' in f.read(), 'by name,')
    r = subprocess.run(['ldd', f'/proc/{s.pid}/exe'], capture_output=True)
    tap.ok(b'readline' not in r.stdout, 'and the program is not linked with it')
    s.line('a = 1')
    s.keys('for i = 1, 2 do\r')
    s.expect('>> ')
    s.keys('  a = a + i\r')
    s.expect('>> ')
    s.line('end')
    tap.equal(s.line('a'), '4', 'before the arrow keys')
    s.keys(UP + UP + b'\r')
    s.expect('end\r\n')
    s.expect('> ')
    tap.equal(s.line('a'), '7', 'the arrow brings a whole block back')
    tap.equal(s.line('"a\\\\b"'), 'a\\b', 'backslashes')
    s.keys(b'\x1b[200~b = {\n  1,\n  2\n}\x1b[201~\r')
    s.expect('}\r\n')
    s.expect('> ')
    tap.equal(s.line('#b'), '2', 'a pasted block is one')
    s.keys(b'12' + b'\x01' + b'9' + b'\x05' + b'3\r')
    s.expect('\r\n')
    tap.equal(s.expect('\r\n> '), '9123\r\n> ', 'keys of Emacs move the cursor')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, 'the session ends')
    lines = history()
    tap.ok('for i = 1, 2 do\\n  a = a + i\\nend' in lines and
           '"a\\\\\\\\b"' in lines and 'a = 1' in lines,
           'the file has one entry for a block')
    tap.equal(os.stat(HISTORY).st_mode & 0o777, 0o600,
              'and nobody else may read it')
    s = Session()
    s.line('a = 100')
    s.keys(UP * 4 + b'\r')
    s.expect('}\r\n')
    s.expect('> ')
    tap.equal(s.line('#b'), '2', 'the next session has the history of this one')
    s.keys(CTRL_D)
    s.end()


def check_history_settings():
    before = history()
    s = Session(ROVE_HISTORY='')
    s.line('unwanted = 1')
    s.keys(CTRL_D)
    s.end()
    tap.equal(history(), before, 'an empty ROVE_HISTORY: no history')
    other = HOME + '/other'
    s = Session(ROVE_HISTORY=other)
    s.line('elsewhere = 1')
    s.line('elsewhere = 1')
    s.line('os.exit(3)', '')
    tap.equal(s.end(), 3, 'os.exit ends the session')
    with open(other) as f:
        tap.equal(f.read(), 'elsewhere = 1\nos.exit(3)\n',
                  'ROVE_HISTORY names the file; repetitions are not kept')
    tap.equal(history(), before, 'and no other is written')
    with open(other, 'w') as f:
        f.writelines(f'x = {i}\n' for i in range(2000))
    s = Session(ROVE_HISTORY=other)
    s.keys(UP)
    s.expect('x = 1999')
    s.keys(b'\r')
    s.expect('\r\n> ')
    s.keys(CTRL_D)
    s.end()
    with open(other) as f:
        lines = f.read().splitlines()
    tap.equal((len(lines), lines[0], lines[-1]), (1001, 'x = 1000', 'x = 1999'),
              'a file that grew long is cut')
    with open(HOME + '/.inputrc', 'w') as f:
        f.write('$if rove\n"\\C-t": "6*7"\n$endif\n')
    s = Session(ROVE_HISTORY='')
    s.keys(b'\x14\r')
    s.expect('6*7\r\n')
    tap.equal(s.expect('\r\n> '), '42\r\n> ', '~/.inputrc is read')
    s.keys(CTRL_D)
    s.end()
    os.unlink(HOME + '/.inputrc')


COMPLETIONS = [
    # typed, what the line becomes
    ('string.rev', 'string.reverse', 'a field'),
    ('coro', 'coroutine', 'a global'),
    ('xyz = collectg', 'xyz = collectgarbage', 'behind something else'),
    ('xyz = 1 .. tostr', 'xyz = 1 .. tostring', 'behind ..'),
    ('word:up', 'word:upper', 'a method of a string'),
    ('("x"):rev', '("x"):reverse', 'of a literal, too'),
    ('obj.inner.de', 'obj.inner.deepest', 'a path'),
    ('obj:inher', 'obj:inherited', 'a method behind __index'),
    ('obj.sec', 'obj.sec', 'but no __index function is asked'),
    ('obj:dat', 'obj:dat', 'what cannot be called is no method'),
    ('obj.dat', 'obj.data', 'but a field'),
    ('loop.nothing', 'loop.nothing', 'a circle of __index ends'),
    ('retu', 'return', 'a keyword'),
    ('nowhere.x', 'nowhere.x', 'nothing where nothing is'),
    ('print(obj.inner.de', 'print(obj.inner.deepest', 'inside a call'),
]


def check_completion(how, **env):
    s = Session(ROVE_HISTORY='', **env)
    s.line('word = "w"  asked = 0')
    s.line('base = {inherited = print}')
    s.line('obj = setmetatable({inner = {deepest = 1}, data = 1}, '
           '{__index = base})')
    s.line('setmetatable(base, {__index = function() asked = asked + 1 end})')
    s.line('loop = setmetatable({}, {}) getmetatable(loop).__index = loop')
    for typed, want, name in COMPLETIONS:
        s.keys(typed + '\t')
        time.sleep(0.02)
        s.keys('--|')
        s.expect('--|')
        shown = s.text()[:s.seen].split('> ')[-1]
        tap.equal(shown, want + '--|', f'{how}: completion of {name}')
        s.drop()
    tap.equal(s.line('asked'), '0', f'{how}: completion runs nothing')
    s.keys('string.re\t\t')
    tap.ok('reverse' in s.expect('reverse') and 'rep' in s.text()[-200:],
           f'{how}: what may follow is listed')
    s.drop()
    s.keys('if true then\r')
    s.expect('>> ')
    s.keys('\tz = 1\r')
    s.expect('>> ')
    s.line('end')
    tap.equal(s.line('z'), '1', f'{how}: Tab before anything is white space')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, f'{how}: completion leaves the session whole')


# -- For a person -------------------------------------------------------------

def check_tables():
    s = Session(ROVE_HISTORY='')
    for code, want, name in [
            ('{1, 2.5, "a\\n\\"", x = true, {}, {1}, [0] = print}',
             '{1, 2.5, "a\\n\\"", {}, {...}, x = true, [0] = function}',
             'a table shows what is in it'),
            ('{["end"] = 1, ["a b"] = 2, a_1 = 3, [1.5] = 4}',
             '{["end"] = 1, ["a b"] = 2, a_1 = 3, [1.5] = 4}',
             'keys that are no names'),
            ('"text", {}', 'text\t{}', 'a string stands as it is'),
            ('setmetatable({}, {__tostring = function() return "me" end})',
             'me', '__tostring has its say'),
    ]:
        tap.equal(s.line(code), want, name)
    s.line('self = {1} self.me = self')
    tap.equal(s.line('self'), '{1, me = {...}}', 'a table that holds itself')
    got = s.line('(function() local t = {} for i = 1, 500 do t[i] = i end '
                 'return t end)()')
    tap.ok('  1, 2, 3' in got and '100,\r\n  ...\r\n}' in got and
           '101' not in got and
           all(len(x) < 79 for x in got.split('\r\n')[1:]),
           'a long one is cut, in lines of reasonable width')
    got = s.line('setmetatable({a = 1}, {__index = error, __pairs = error, '
                 '__len = error})')
    tap.equal(got, '{a = 1}', 'no event runs')
    s.line('function print(...) io.write("mine ", type(...), "\\n") end')
    tap.equal(s.line('{}'), 'mine table', "one's own print is used")
    s.line('print = nil')
    tap.ok('error calling \'print\'' in s.line('1'), 'if there is one')
    tap.equal(s.line('{1,', '\r\n>> '), '', 'an expression goes on')
    s.keys('2}\r')
    s.expect('error calling')
    s.expect('> ')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, 'the session with tables ends')


def check_commands():
    s = Session(ROVE_HISTORY='')
    with open(HOME + '/file.lua', 'w') as f:
        f.write('#!/usr/bin/rove\nloaded = (loaded or 0) + 1\n'
                'function add(a, b) return a + b end\n')
    tap.equal(s.line(f'.load {HOME}/file.lua'), '', '.load runs a file')
    tap.equal(s.line('loaded'), '1', 'in this session')
    tap.ok('nofile' in s.line(f'.load {HOME}/nofile'), 'a file must be there')
    got = s.line('.dis add')
    tap.ok(re.search(r'^\s+add r\d+, r0, r1', got, re.M) and
           'ret1' in got,
           '.dis shows code')
    tap.ok('builtin' in s.line('.dis rawequal'), 'or that there is none')
    tap.ok('no function' in s.line('.dis 5'), 'or no function')
    got = s.line('.time add(1, 2)')
    tap.ok(got.startswith('3\r\n') and 'units of fuel' in got, '.time')
    got = s.line('.limits')
    tap.ok('memory' in got and 'fuel' in got and 'stack' in got, '.limits')
    got = s.line('.help')
    tap.ok('local variable' in got and all(
        c in got for c in ('.load', '.dis', '.time', '.limits', '.quit')),
        '.help names them all')
    tap.ok('no such command' in s.line('.nothing'), 'others are refused')
    tap.ok('needs an argument' in s.line('.load'), 'and so is half a command')
    s.keys('.quit\r')
    tap.equal(s.end(), 0, '.quit leaves')


def check_prompts():
    s = Session(ROVE_HISTORY='')
    s.keys('_PROMPT = "lua% " _PROMPT2 = 2\r')
    s.expect('lua% ')
    s.keys('x =\r')
    s.expect('\n2')
    s.keys('7\r')
    s.expect('\nlua% ')
    s.keys('n = 0 _PROMPT = setmetatable({}, {__tostring = function() '
           'n = n + 1 return "p" .. n .. "> " end})\r')
    s.expect('\np1> ')
    s.keys('x\r')
    tap.equal(s.expect('\np2> '), 'x\r\n7\r\np2> ',
              '_PROMPT and _PROMPT2, strings, numbers and objects')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, 'the session with prompts ends')


# -- Ctrl-C and limits --------------------------------------------------------

def check_interrupts():
    s = Session(ROVE_HISTORY='')
    s.line('kept = 1')
    for code, name in [
            ('string.find(("a"):rep(3e4), ".-.-.-.-b$")', 'a pattern'),
            ('pcall(function() while true do end end)', 'a loop in pcall'),
            ('while true do pcall(error) end', 'a loop of pcall'),
            ('coroutine.wrap(function() while true do end end)()',
             'a coroutine'),
            ('table.concat({}, "") io.read()', 'a wait for input'),
            ('for i = 1, 1e9 do x = ("a"):rep(1e6) end', 'long strings')]:
        s.keys(code + '\r')
        s.expect('\r\n')
        time.sleep(0.3)
        s.keys(CTRL_C)
        s.expect('interrupted')
        s.expect('\r\n> ')
        tap.equal(s.line('kept'), '1', f'Ctrl-C ends {name}')
    s.keys('setmetatable({}, {__tostring = function() while true do end end})\r')
    time.sleep(0.3)
    s.keys(CTRL_C)
    s.expect('interrupted')
    s.expect('\r\n> ')
    tap.equal(s.line('kept'), '1', 'Ctrl-C ends the printing of a result')
    s.keys('x = ("a"):rep(3e8)\r')
    s.expect('\r\n')
    s.keys(CTRL_C)
    s.expect('\r\n> ', 60)
    tap.equal(s.line('kept'), '1', 'Ctrl-C in one long operation')
    for _ in range(20): # at once: before the block runs, or while it does
        s.keys('while true do end\r')
        s.expect('end\r\n')
        s.keys(CTRL_C)
        s.expect('interrupted')
        s.expect('\r\n> ')
    tap.equal(s.line('kept'), '1', 'Ctrl-C right behind Enter')
    os.kill(s.pid, signal.SIGINT)
    s.expect('\n> ')
    os.kill(s.pid, signal.SIGWINCH)
    tap.equal(s.line('kept'), '1', 'signals while nothing runs')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, 'the session that was interrupted ends')


def check_limits():
    s = Session('repl', '--fuel', '2000000', '--mem', '4M', '--stack', '20000',
                ROVE_HISTORY='')
    s.line('kept = 1')
    got = s.line('while true do end')
    tap.ok('out of fuel' in got and '2000000' in got, 'fuel has run out')
    tap.equal(s.line('kept'), '1', 'the next block has its own')
    got = s.line('t = {} for i = 1, 1e6 do t[i] = {} end')
    tap.ok('not enough memory' in got, 'memory has run out')
    tap.equal(s.line('t = nil'), '', 'what held it can be let go')
    tap.equal(s.line('kept'), '1', 'and the session goes on')
    got = s.line('(function() local function f() return 1 + f() end '
                 'return f() end)()')
    tap.ok('stack overflow' in got, 'the stack is full')
    tap.equal(s.line('kept'), '1', 'and is empty again')
    s.keys(CTRL_D)
    tap.equal(s.end(), 0, 'the session with limits ends')


# -- Through a pipe -----------------------------------------------------------

def piped(text, *args, **env):
    r = subprocess.run([*tap.ROVE, *(args or ('-i',))], input=text.encode(),
                       capture_output=True, env={**ENV, **env})
    out = r.stdout.decode().split('\n', 1)
    return r.returncode, out[-1], r.stderr.decode(), out[0]


def check_pipe():
    code, out, err, banner = piped('1+1\nfor i = 1, 2 do\nprint(i)\nend\n'
                                   '=3\nx = 4\nx\n')
    tap.equal((code, out, err), (0, '> 2\n> >> >> 1\n2\n> 3\n> > 4\n> \n', ''),
              'a pipe: prompts and results')
    tap.ok(banner.startswith('Rove ') and 'Lua 5.4' in banner, 'the banner')
    _, out, err, _ = piped('error("oh")\nx = = 1\n(\n')
    tap.equal(out, '> > > >> > \n', 'a pipe: errors do not go to the output')
    tap.ok(err.startswith('stdin:1: oh\nstack traceback:\n') and
           "\nstdin:1: unexpected symbol near '='\n" in err and
           err.endswith(' near <eof>\n'), 'but to the error output')
    _, out, err, _ = piped('{1,\n2}\nlocal _ = io.write(io.read(), "|")\nthe next line\n'
                           '.help\n')
    tap.equal(out, '> > > the next line|> > \n',
              'a pipe: a table is no expression that goes on, io.read gets '
              'the next line')
    tap.equal(err.count('unexpected symbol'), 3, 'a pipe: no dot commands')
    _, out, _, _ = piped('setmetatable({}, {__name = "T"})\n{}\n')
    tap.ok(out.startswith('> T: ') and 'table: ' not in out.split('> ')[1],
           'a pipe: tables as print shows them')
    code, _, _, _ = piped('os.exit(7)\n')
    tap.equal(code, 7, 'a pipe: os.exit')
    before = history()
    piped('1\n')
    tap.equal(history(), before, 'a pipe: no history')


def check_like_lua():
    """Error output, and output lines that are no echo, as lua5.4 has them."""
    if not shutil.which('lua5.4'):
        tap.skip('as lua5.4 -i', 'missing lua5.4')
        return
    text = ('error("oh")\nerror({})\nerror(setmetatable({}, {__tostring = '
            'function() return "obj" end}))\nx = = 1\nx =\nlocal y\nnil + 1\n'
            'print = nil\n1\nprint = function() error("no") end\n1\n'
            'f(\n1)\nfunction f()\nreturn 1 + nil end\nf()\n'
            'goto nowhere\nbreak\nreturn\n')
    ref = subprocess.run(['lua5.4', '-i'], input=text.encode(),
                         capture_output=True, env={**ENV, 'TERM': 'dumb'})
    _, _, err, _ = piped(text)
    tap.equal(err, ref.stderr.decode(), 'error output as lua5.4 -i')


def check_memory():
    """Old lines are let go: no growth over 100,000 of them."""
    p = subprocess.Popen([*tap.ROVE, '-i'], stdin=subprocess.PIPE,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         env=ENV)

    def size_after(first, count):
        lines = [f'x = "line {i}" function f() return x end\n'
                 for i in range(first, first + count)]
        p.stdin.write(''.join(lines).encode() + 
                      b'io.stderr:write("done\\n")\n')
        p.stdin.flush()
        tap.equal(p.stderr.readline(), b'done\n', f'{count} lines')
        with open(f'/proc/{p.pid}/status') as f:
            return int(re.search(r'VmRSS:\s+(\d+)', f.read()).group(1))

    before = size_after(0, 20000)
    after = size_after(20000, 100000)
    p.stdin.close()
    tap.ok(after < before * 1.2 + 2000, f'100,000 lines: {before} kB, then '
           f'{after} kB')
    p.stderr.close()
    p.wait()


def main():
    if tap.MODE.startswith('cross'):
        tap.skip_all('a terminal of this machine')
    if installed('libreadline.so.8'):
        s = check_basics('readline')
        tap.ok(' as ' not in s.text(), 'nothing strange is written')
        check_readline()
        check_history_settings()
        check_completion('readline')
    else:
        tap.skip('readline', 'missing libreadline.so.8')
    if installed('libedit.so.2'):
        check_basics('libedit', ROVE_READLINE='libedit.so.2')
        check_completion('libedit', ROVE_READLINE='libedit.so.2')
    else:
        tap.skip('libedit', 'libedit.so.2 is not installed')
    check_basics('plain', ROVE_READLINE='no')
    check_basics('dumb', TERM='dumb')
    s = check_basics('no library', ROVE_READLINE='libnothing.so')
    tap.ok('nothing' not in s.text(), 'a library that is not there is no matter')
    check_basics('no TERM', TERM='')
    check_tables()
    check_commands()
    check_prompts()
    check_interrupts()
    check_limits()
    check_pipe()
    check_like_lua()
    if tap.MODE == 'release':
        check_memory()


try:
    main()
except Missing as e:
    tap.ok(False, f'the session goes on: {e} did not come')
finally:
    shutil.rmtree(HOME)
tap.done()
