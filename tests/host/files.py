# SPDX-License-Identifier: MIT
# io and os of Lua programs: standard input in pieces, what is denied, programs
# started, output in order. modes: all cross
import os
import shutil
import subprocess
import tempfile
import time

import tap

tmp = tempfile.mkdtemp()
inside = os.path.join(tmp, 'in')
outside = os.path.join(tmp, 'out')
os.mkdir(inside)
os.mkdir(outside)
for d in inside, outside:
    with open(os.path.join(d, 'f'), 'w') as f:
        f.write('text\n')


def run(text, *flags, stdin=b'', env=(), both=False):
    """Code, output and error output of a program given as text."""
    path = os.path.join(tmp, 'x.lua')
    with open(path, 'w') as f:
        f.write(text)
    r = subprocess.run([*tap.ROVE, 'run', *flags, path], input=stdin,
                       stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT if both else subprocess.PIPE,
                       env={**os.environ, **dict(env)})
    return r.returncode, r.stdout.decode(), (r.stderr or b'').decode()


def prints(name, text, want, *flags, **more):
    code, out, err = run(text, *flags, **more)
    if (code, out) != (0, want):
        tap.diag(f'exit code {code}, wanted output {want!r}, got {out!r} {err}')
    tap.ok((code, out) == (0, want), name)


# -- Standard input ----------------------------------------------------------

prints('formats on standard input', '''
print(io.read("n", "n", "l", "L", 3, "a"))
print(io.read("a"), io.read("l"), io.read(0), io.read(1), io.read("n"))
print(io.stdin:seek())
print(io.stdout:read("l"), io.stdin:write("x"))
''', '1\t2\t\tline\n\tabc\tdef\n\n\tnil\tnil\tnil\tnil\nnil\tIllegal seek\t29\n'
       'nil\tnil\tBad file descriptor\t9\n',
       '-A', stdin=b'1 2\nline\nabcdef\n')
prints('lines of standard input', '''
for l in io.lines() do io.write("[", l, "]") end
print(io.type(io.stdin))
''', '[a][][b]file\n', stdin=b'a\n\nb')


def in_pieces(name, text, want, pieces):
    """The program gets its input bit by bit."""
    path = os.path.join(tmp, 'x.lua')
    with open(path, 'w') as f:
        f.write(text)
    p = subprocess.Popen([*tap.ROVE, 'run', path], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE)
    for b in pieces:
        p.stdin.write(b)
        p.stdin.flush()
        time.sleep(0.05)
    p.stdin.close()
    tap.equal(p.stdout.read().decode(), want, name)
    p.stdout.close()
    p.wait()


in_pieces('a number that comes in pieces', '''
print(io.read("n", "n", "n")) print(io.read("a"))''',
          '-12.5\t31\t7\n rest\n', [b'  \n ', b'-1', b'2.', b'5 0', b'x1', b'F ',
                                    b'7', b' rest'])
in_pieces('bytes and lines that come in pieces', '''
print(io.read(6), io.read("l"), io.read(3), io.read("a"))''',
          'abcdef\tline\txyz\tend\n', [b'ab', b'cd', b'efli', b'ne\nx', b'y',
                                       b'ze', b'nd'])

# -- Output ------------------------------------------------------------------

code, out, _ = run('''
io.write("1 ") io.stderr:write("2 ") print("3") io.stderr:write("4 ", 5, "\\n")
''', both=True)
tap.equal(out, '1 2 3\n4 5\n', 'output and errors in order')
code, out, _ = run('io.write("kept") os.exit(7)')
tap.equal((code, out), (7, 'kept'), 'os.exit writes out')
code, out, err = run('io.write("kept") error("no")')
tap.equal((code, out), (1, 'kept'), 'an error writes out')
prints('a file that nobody closes is written', f'''
local f = io.open("{inside}/left", "w")
f:write("left open")
''', '', '-A')
with open(os.path.join(inside, 'left')) as f:
    tap.equal(f.read(), 'left open', 'at the end of the program')

# -- Denied ------------------------------------------------------------------

DENIED = f'''
local function show(...)
  local t = table.pack(...)
  print(t[1], type(t[2]), t[3])
end
'''
prints('reading where it is not granted', DENIED + f'''
print(io.open("{inside}/f"):read("l"))
show(io.open("{outside}/f"))
show(io.open("{inside}/f", "w"))
show(io.open("{inside}/f", "r+"))
show(io.open("{inside}/../out/f"))
show(os.remove("{inside}/f"))
show(os.rename("{inside}/f", "{inside}/g"))
show(io.tmpfile())
print(pcall(io.lines, "{outside}/f"))
print(pcall(os.tmpname))
''', 'text\n' + 'nil\tstring\t13\n' * 7 +
       f"false\tcannot open file '{outside}/f' "
       f'(denied (--allow-read=DIR would grant it))\n'
       'false\tunable to generate a unique filename\n',
       f'--allow-read={inside}')
prints('reading needs no right to write, writing none to read', f'''
local f = io.open("{inside}/new", "w")
print(f:write("abc") == f, f:seek("set"), f:close())
print(io.open("{inside}/new"))
print(os.rename("{inside}/new", "{inside}/newer"), os.remove("{inside}/newer"))
''', 'true\t0\ttrue\n' + f'nil\t{inside}/new: denied (--allow-read=DIR would '
       'grant it)\t13\ntrue\ttrue\n', f'--allow-write={inside}')
prints('a file for reading can be flushed and closed', f'''
local f = io.open("{inside}/f")
print(f:flush(), f:setvbuf("no"), select(3, f:write("x")), f:close())
''', 'true\ttrue\t9\ttrue\n', f'--allow-read={inside}')
prints('nothing is granted', DENIED + '''
show(io.open("/etc/passwd"))
show(os.execute("true"))
show(io.popen("true"))
print(os.execute(), os.getenv("HOME"))
''', 'nil\tstring\t13\n' * 3 + 'false\tnil\n')
prints('a clock that is denied', '''
print(os.time()) print(os.clock()) print(os.date("%H:%M", 3600))
print(os.time {year = 1970, month = 1, day = 2, hour = 0}, os.date("%z %Z", 0))
''', 'nil\tdenied (--allow-clock would grant it)\t13\n' * 2 +
       '01:00\n86400\t+0000 UTC\n', '--deny-clock', env={'TZ': 'CET-1'})
prints('local time', '''
print(os.date("%H:%M %z %Z", 3600))
print(os.time {year = 1970, month = 1, day = 2, hour = 0})
local t = os.date("*t", 1625097600)
print(t.hour, t.isdst, os.date("%z %Z", 1625097600), os.date("!%H %z %Z", 1625097600))
''', '02:00 +0100 CET\n82800\n2\ttrue\t+0200 CEST\t00 +0000 GMT\n',
       env={'TZ': 'CET-1CEST,M3.5.0,M10.5.0/3'})
prints('variables by name', '''
print(os.getenv("ONE"), os.getenv("TWO"))''', '1\tnil\n', '--allow-env=ONE',
       env={'ONE': '1', 'TWO': '2'})

# -- Programs ----------------------------------------------------------------

prints('the right to run programs alone is enough', '''
local p = io.popen("cat; exit 2", "w")
print("first") -- written before the program starts: it is kept back till then
p:write(1, " piped\\n")
print(p:close())
print(io.popen("echo 5 0x10 rest"):read("n", "n", "l"))
print(os.execute("exit 3"))
print(io.open("/etc/passwd") == nil)
''', '1 piped\nfirst\nnil\texit\t2\n5\t16\t rest\nnil\texit\t3\ntrue\n',
       '--allow-run')
prints('two pipes at a time', '''
local a, b = io.popen("echo a"), io.popen("echo b")
print(b:read("a") .. a:read("a"))
print(a:close(), b:close())
''', 'b\na\n\ntrue\ttrue\texit\t0\n', '--allow-run')
start = time.time()
code, _, _ = run('os.execute("exec sleep 6 >/dev/null 2>&1")', '--allow-run', '--timeout', '0.5')
tap.equal((code, time.time() - start < 5), (124, True),
       'waiting for a program ends with the time')
prints('a program that reads nothing more', '''
local p = io.popen("exec true", "w")
os.execute("sleep 0.2")
local ok, e, c
for i = 1, 100 do
  ok, e, c = p:write(("x"):rep(10000))
  if not ok then break end
end
print(ok, e, c)
print(p:close())
''', 'nil\tBroken pipe\t32\ntrue\texit\t0\n', '--allow-run')

# -- Stopped and resumed -----------------------------------------------------

for n in 501, 504, 506, 507, 511:
    path = [f for f in sorted(os.listdir('tests/diff/library'))
            if f.startswith(str(n))][0]
    path = 'tests/diff/library/' + path
    once = subprocess.run([*tap.ROVE, 'run', '-A', path], capture_output=True)
    many = subprocess.run([*tap.ROVE, 'run', '-A', '--pieces', '50', path],
                          capture_output=True)
    tap.equal(many.stdout, once.stdout, f'{path} in pieces')

shutil.rmtree(tmp)
tap.done()
