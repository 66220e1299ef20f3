# SPDX-License-Identifier: MIT
# `rove [options] [FILE [arguments]]`: as lua5.4 does it. modes: all
import os
import shutil
import subprocess
import tempfile

import tap

LUA = shutil.which('lua5.4')
tmp = tempfile.mkdtemp()
ROVE = [os.path.abspath(w) if os.path.exists(w) else w for w in tap.ROVE]


def write(name, text):
    path = os.path.join(tmp, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)


def run(program, args, stdin='', env=()):
    e = {k: v for k, v in os.environ.items() if not k.startswith('LUA_')}
    e.update(env)
    r = subprocess.run([*program, *args], input=stdin, capture_output=True,
                       cwd=tmp, env=e, text=True)
    return r.returncode, r.stdout, r.stderr


def same_error(name, *args, **more):
    """Message and traceback equal lua5.4's but for the program's name."""
    if not LUA:
        tap.skip(name, 'missing lua5.4')
        return
    code, out, err = rove(*args, **more)
    want = run([LUA], args, **more)
    tap.equal((code, out, err.removeprefix('rove: ')),
              (*want[:2], want[2].removeprefix(LUA + ': ')), name)


def rove(*args, **more):
    return run(ROVE, args, **more)


def same(name, *args, **more):
    """Output equals lua5.4's, and so does success."""
    if not LUA:
        tap.skip(name, 'missing lua5.4')
        return
    code, out, err = rove(*args, **more)
    want = run([LUA], args, **more)
    if not tap.equal((code, out), want[:2], name):
        tap.diag(err)


write('args.lua', '''
local n = 0
for i in pairs(arg) do if i < 0 then n = n + 1 end end
print(#arg, n, select("#", ...), ...)
for i = 0, #arg do print(i, arg[i]) end
for i = -1, 1 - n, -1 do print(i, arg[i]) end
''')
write('mod.lua', 'print("mod", ...) return {name = "mod"}')
write('dir/init.lua', 'print("dir", ...)')
write('v-1.lua', 'return "v one"')
write('bad.lua', 'x = = 1\n')
write('run.lua', '#!/usr/bin/env rove\nprint("line", debug and 2 or 2)\n')
write('run', 'print "a script called run"\n')
write('bom.lua', '\ufeff#comment\nprint "bom"\n')
write('fails.lua', 'print "before"\nerror("no good")\n')
write('closing.lua', '''
local mt = {__close = function() print "closed" end}
local x <close> = setmetatable({}, mt)
print "body"
''')

# -- What runs, with which arguments ------------------------------------------
same('a script', 'args.lua')
same('with arguments', 'args.lua', 'a', '-b', '', 'ä')
same('behind options', '-e', 'x = 1', '-W', 'args.lua', 'a')
same('behind --', '--', 'args.lua', 'a')
same('more than 250 arguments', 'args.lua', *map(str, range(400)))
same('standard input', '-', 'a', stdin='print(arg[0], arg[1], ...)')
same('standard input without arguments', stdin='print(#arg, ...)')
same('a first line with #', 'run.lua')
same('the same on standard input', '-', stdin='#!x\nprint(1)\n')
same('a byte order mark', 'bom.lua')
same('an empty script', '-', stdin='')
same('-e', '-e', 'print(1)')
same('-e without a blank', '-eprint(2)')
same('several -e', '-e', 'x = 1', '-e', 'print(x)')
same('-e leaves the script', '-e', 'print(arg[0])', 'args.lua')
same('only -e does not read standard input', '-e', 'x = 1', stdin='print(1)')
same('-l', '-l', 'mod', '-e', 'print(mod.name)')
same('-lmod', '-lmod', '-e', 'print(mod.name)')
same('-l g=mod', '-l', 'g=mod', '-e', 'print(g.name, mod)')
same('-l of a directory', '-l', 'dir', '-e', 'print(dir)')
same('-l in order', '-e', 'print(1)', '-l', 'mod', '-e', 'print(2)')
same('-l of a library', '-l', 's=string', '-e', 'print(s == string)')
same('-W', '-W', '-e', 'warn("to ", "stderr") print(1)')
same('LUA_INIT', '-e', 'print(2)', env={'LUA_INIT': 'print "init"'})
same('LUA_INIT_5_4 comes first', '-e', 'print(2)',
     env={'LUA_INIT': 'print "init"', 'LUA_INIT_5_4': 'print "five"'})
same('LUA_INIT=@FILE', '-e', 'print(2)', env={'LUA_INIT': '@mod.lua'})
same('-E', '-E', '-e', 'print(2)', env={'LUA_INIT': 'print "init"'})
same('a to-be-closed variable of the script', 'closing.lua')
same('an error in LUA_INIT', 'args.lua', env={'LUA_INIT': 'error "x"'})
same('an error in -e ends all', '-e', 'error "x"', 'args.lua')
same('an error in -l ends all', '-l', 'none', 'args.lua')
same('an error in a script', 'fails.lua')
same('a syntax error', 'bad.lua')
same('a script that is not there', 'none.lua')
same('a directory as script', '.')

code, out, err = rove('./run')
tap.equal((code, out), (0, 'a script called run\n'),
          './run is a script, not the command')

# -- The end -------------------------------------------------------------------
write('fin.lua', '''
local function make(n)
  return setmetatable({n = n}, {__gc = function(t)
    print("gc", t.n)
    setmetatable({}, {__gc = function() print "never" end})
  end})
end
global, other = make(1), make(2)
local last = make(3)
setmetatable({}, {__gc = function() error "ignored" end})
if ... == "error" then error "no" end
if ... then os.exit(tonumber((...)), select("#", ...) > 1) end
''')
same('finalizers run at the end', 'fin.lua')
same('after an error, too', 'fin.lua', 'error')
same('os.exit runs none', 'fin.lua', '3')
same('unless it closes the state', 'fin.lua', '4', 'close')
same('those of -e', '-e', 'x = setmetatable({}, {__gc = function() print(1) end})')
code, out, err = rove('run', '--fuel', '100000', '-', stdin='''
x = setmetatable({}, {__gc = function() while true do end end})''')
tap.equal(code, 120, 'within the limits')

# -- Paths ---------------------------------------------------------------------
PRINT = 'print(package.path)'
DEFAULT = rove('-e', PRINT)[1].strip()
tap.equal(rove('-e', PRINT, env={'LUA_PATH': 'a/?'})[1], 'a/?\n', 'LUA_PATH')
tap.equal(rove('-e', PRINT, env={'LUA_PATH': 'a', 'LUA_PATH_5_4': 'b'})[1],
          'b\n', 'LUA_PATH_5_4 comes first')
tap.equal(rove('-e', PRINT, env={'LUA_PATH': 'a;;b'})[1],
          f'a;{DEFAULT};b\n', ';; is the default')
tap.equal(rove('-e', PRINT, env={'LUA_PATH': ';;'})[1], DEFAULT + '\n',
          'alone too')
tap.equal(rove('-E', '-e', PRINT, env={'LUA_PATH': 'a'})[1], DEFAULT + '\n',
          '-E leaves the default')
tap.equal(rove('run', '-', stdin=PRINT, env={'LUA_PATH': 'a'})[1],
          DEFAULT + '\n', 'so does a machine that must not see it')
tap.equal(rove('run', '--allow-env=LUA_PATH', '-', stdin=PRINT,
               env={'LUA_PATH': 'a'})[1], 'a\n', 'unless that is granted')

# -- Messages ------------------------------------------------------------------


def ends(name, args, want_code, *texts, last=None, **more):
    """Exit code, and stderr begins with the first text and has the others."""
    code, out, err = rove(*args, **more)
    good = (code == want_code and err.startswith('rove: ' + texts[0]) and
            all(t in err for t in texts) and
            (last is None or err.endswith(last)))
    if not tap.ok(good, name):
        tap.diag(f'exit code {code}\n{err}')
    return err


write('f.lua', 'local function f() error("in f") end\nlocal t = {f = f}\nt.f()\n')
write('req.lua', 'local function r() require "fails" end\nr()\n')
write('do.lua', 'dofile "fails.lua"\n')
write('main/nope.lua', '')
SHORT = {'LUA_PATH': './?.lua', 'LUA_CPATH': './?.so'}
same_error('an error', 'fails.lua')
same_error('in a function', 'f.lua')
same_error('in -e', '-e', 'local function g() local x = nil + 1 end g()')
same_error('in a module', 'req.lua', env=SHORT)
same_error('in dofile', 'do.lua')
same_error('in -l', '-l', 'fails', env=SHORT)
same_error('in LUA_INIT', '-e', '', env={'LUA_INIT': 'error "init"'})
same_error('on standard input', '-', stdin='\nerror {}')
same_error('of another type', '-e', 'error()')
same_error('a syntax error', 'bad.lua')
same_error('a module that does not compile', '-l', 'bad', env=SHORT)
same_error('no searchers', '-e', 'package.searchers = 1 require "x"')
same_error('no name', '-e', 'require()')
same_error('no path', '-e', 'package.path = nil require "x"')
same_error('a directory', '.')

TRACE = ('\nstack traceback:\n\t', '\n\t[C]: in ?\n')
err = ends('an error has a traceback', ['fails.lua'], 1, '', 'fails.lua:2: no good',
           *TRACE, last='\n\t[C]: in ?\n')
err = ends('a syntax error has none', ['bad.lua'], 1,
           "bad.lua:1: unexpected symbol near '='\n")
tap.equal(err.count('\n'), 1, 'only its line')
ends('no such file', ['none.lua'], 1,
     'cannot open none.lua: No such file or directory\n')
ends('a directory', ['.'], 1, 'cannot read .: Is a directory\n')
ends('an option that is none', ['-x'], 2, "unrecognized option '-x'\nusage: ")
ends('-e without text', ['-e'], 2, "'-e' needs argument\nusage: ")
ends('-l with an option', ['-l', '-e'], 2, "'-l' needs argument\nusage: ")
ends('a word that is no file', ['frob'], 2, 'no such command: frob ')
ends('an error object', ['-e', 'error({})'], 1,
     '(error object is a table value)\nstack traceback:\n')
ends('nil as error', ['-e', 'error()'], 1, '(error object is a nil value)\n')
ends('a number as error', ['-e', 'error(12)'], 1, '12\nstack traceback:\n')
err = ends('an object with __tostring', ['-e', '''
    error(setmetatable({}, {__tostring = function(t) return "its text" end}))'''],
           1, 'its text\n')
tap.equal(err, 'rove: its text\n', 'has no traceback')
ends('whose __tostring gives no string', ['-e', '''
    error(setmetatable({}, {__tostring = function() return 1 end}))'''],
     1, '(error object is a table value)\n')
ends('whose __tostring fails', ['-e', '''
    error(setmetatable({}, {__tostring = function() error "inner" end}))'''],
     1, '', 'inner')
ends('a long message is whole', ['-e', 'error(("x"):rep(3000) .. "END", 0)'], 1,
     'xxx', 'x' * 2990 + 'END\n')
ends('a module that is not there', ['-l', 'none'], 1,
     "module 'none' not found:\n\tno field package.preload['none']\n"
     "\tno file './none.lua'\n\tno file './none/init.lua'\n")
ends('a module that does not compile', ['-l', 'bad'], 1,
     "error loading module 'bad' from file './bad.lua':\n"
     "\t./bad.lua:1: unexpected symbol near '='\n")
tap.equal(rove('-W', '-e', 'warn("a", "b")')[2], 'Lua warning: ab\n', 'a warning')
tap.equal(rove('-e', 'warn("a") warn("@on", "x") warn("@on") warn("b") '
               'warn("@off") warn("c")')[2], 'Lua warning: b\n',
          'warnings are off at first')
tap.ok(rove('-v')[1].startswith('Rove '), '-v')
tap.equal(rove('-v', stdin='print(1)')[1].count('\n'), 1, 'and no more')

# -- Grants --------------------------------------------------------------------
OPEN = 'print(loadfile("mod.lua"))'
tap.ok(rove('-e', OPEN)[1].startswith('function'), 'all is granted')
write('open.lua', OPEN)
tap.ok('denied' in rove('run', 'open.lua')[1], '`rove run` confines')
tap.ok(rove('run', '--allow-read=.', 'open.lua')[1].startswith('function'),
       'unless one allows it')
tap.equal(rove('compile', 'open.lua')[0], 0, 'an image of it')
tap.ok('denied' in rove('open.rove')[1], 'an image is confined without `run` too')
ends('options before an image', ['-e', 'x = 1', 'open.rove'], 2,
     'open.rove: options are for Lua texts')
with open(tmp + '/open.rove', 'rb') as f:
    image = f.read()
r = subprocess.run([*ROVE, '-'], input=image, capture_output=True)
tap.equal(r.returncode, 65, 'an image on standard input')
r = subprocess.run([*ROVE, 'run', '-'], input=image, capture_output=True, cwd=tmp)
tap.equal((r.returncode, b'denied' in r.stdout), (0, True), 'is for `rove run -`')
with open(tmp + '/script', 'wb') as f:
    f.write(b'#!/usr/bin/env rove\n' + image)
tap.ok('denied' in rove('script')[1], 'an image behind a first line with #')
code, out, err = rove('run', '--fuel', '100000', 'args.lua', 'a')
tap.equal(out, '1\t4\t1\ta\n0\targs.lua\n1\ta\n-1\t100000\n-2\t--fuel\n'
          '-3\trun\n', 'arg has what stands before the file')

shutil.rmtree(tmp)
tap.done()
