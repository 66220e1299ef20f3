# SPDX-License-Identifier: MIT
# compile, link, require: modules in images and in files. modes: all
import json
import os
import shutil
import subprocess
import tempfile

import tap

tmp = tempfile.mkdtemp()
ROVE = [os.path.abspath(w) if os.path.exists(w) else w for w in tap.ROVE]


def rove(*args, cwd=tmp, stdin=b'', env=None):
    r = subprocess.run([*ROVE, *args], input=stdin, capture_output=True,
                       cwd=cwd, env={**os.environ, **(env or {})})
    return r.returncode, r.stdout.decode(), r.stderr.decode()


def write(name, text, top=tmp):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)


def read(name):
    with open(os.path.join(tmp, name), 'rb') as f:
        return f.read()


def modules(name):
    """Names of an image's modules and of its entry."""
    info = json.loads(rove('info', '--json', name)[1])
    return info['modules'], info['entry']


def good(name, *args, **more):
    code, out, err = rove(*args, **more)
    if not tap.equal((code, err), (0, ''), name):
        tap.diag(err)
    return out


def refused(name, want_code, text, *args):
    code, out, err = rove(*args)
    if not tap.ok(code == want_code and text in err, name):
        tap.diag(f'exit code {code}: {err}')


# -- compile -------------------------------------------------------------------
MAIN = '''
local geo, where = require "geo"
print(geo.area(3, 4), where)
print(require "geo.shapes", require "top")
print(require "geo" == geo)
'''


def tree(top):
    write('app/main.lua', MAIN, top)
    write('app/lib/geo/init.lua', '''
      local name, where = ...
      print(name, where)
      return {area = function(a, b) return a * b end}''', top)
    write('app/lib/geo/shapes.lua', 'local s = {"round"} return s[1]', top)
    write('app/lib/top.lua', 'return ("top"):rep(2)', top)
    write('app/lib/.hidden.lua', 'syntax error', top)
    write('app/lib/notes.txt', 'no Lua', top)


tree(tmp)
good('compile', 'compile', '-o', 'app.rove', 'app/main.lua', 'app/lib')
tap.equal(modules('app.rove'),
          (['app.main', 'geo', 'geo.shapes', 'top'], 'app.main'),
          'entry first, the others in the order of their names')
OUT = 'geo\t:image:\n12\t:image:\nround\ttoptop\t:image:\ntrue\n'
tap.equal(good('it runs', 'run', 'app.rove'), OUT, 'out of the image')
tap.equal(good('anywhere', 'run', os.path.join(tmp, 'app.rove'), cwd='/'), OUT,
          'without the files')
good('main within a directory', 'compile', '-o', 'in.rove', 'app/main.lua', 'app')
tap.equal(modules('in.rove')[1], 'main', 'has its name there')
good('single files', 'compile', '-o', 'files.rove', './app/main.lua',
     'app/lib/top.lua')
tap.equal(modules('files.rove')[0], ['app.main', 'app.lib.top'],
          'are named by their paths')
good('by an absolute path', 'compile', '-o', 'abs.rove', tmp + '/app/lib/top.lua')
tap.equal(modules('abs.rove')[0], ['top'], 'a file has its own name alone')
good('without -o', 'compile', 'app/lib/top.lua')
tap.ok(os.path.exists(tmp + '/app/lib/top.rove'), 'a.lua becomes a.rove')

other = os.path.join(tmp, 'elsewhere')
tree(other)
for d in 'app', 'app/lib':   # another order of directory entries
    names = sorted(os.listdir(os.path.join(other, d)))
    for n in names:
        os.rename(os.path.join(other, d, n), os.path.join(other, d, n + '_'))
    for n in reversed(names):
        os.rename(os.path.join(other, d, n + '_'), os.path.join(other, d, n))
good('the same from another directory', 'compile', '-o', tmp + '/other.rove',
     'app/main.lua', 'app/lib', cwd=other)
tap.equal(read('other.rove'), read('app.rove'), 'gives the same bytes')

good('-s', 'compile', '-s', '-o', 'strip.rove', 'app/main.lua', 'app/lib')
tap.ok(len(read('strip.rove')) < len(read('app.rove')), 'makes it smaller')
tap.ok(b'app/main.lua' not in read('strip.rove') and
       b'app/main.lua' in read('app.rove'), 'no names of files are in it')
tap.equal(good('it runs', 'run', 'strip.rove'), OUT, 'as well')

write('bad1.lua', 'x = = 1')
write('bad2.lua', 'print(1)\nfor')
tap.equal(rove('compile', '-p', 'bad1.lua')[::2],
          (1, "rove: bad1.lua:1: unexpected symbol near '='\n"), '-p: the message')
refused('-p: every file is told of', 1, 'rove: bad2.lua:2: <name> expected near <eof>',
        'compile', '-p', 'bad1.lua', 'bad2.lua')
good('-p: nothing to say', 'compile', '-p', 'app/main.lua')
tap.ok(not os.path.exists(tmp + '/app/main.rove'), '-p: nothing is written')
refused('a text that does not compile', 1, 'bad1.lua:1:', 'compile', 'bad1.lua')
tap.ok(not os.path.exists(tmp + '/bad1.rove'), 'gives no image')
refused('no such file', 66, 'none.lua', 'compile', 'none.lua')
refused('no such directory', 66, 'none', 'compile', '-o', 'x.rove',
        'app/main.lua', 'none')
refused('a directory as entry', 2, 'must be a file', 'compile', 'app')
refused('a flag that is none', 2, 'no such flag: -x', 'compile', '-x', 'a.lua')
refused('no file', 2, 'a file is missing', 'compile')
write('app/two/top.lua', 'return 2')
refused('a module twice', 1, "module 'top' is there twice: app/lib/top.lua and "
        'app/two/top.lua', 'compile', '-o', 'x.rove', 'app/main.lua', 'app/lib',
        'app/two')
good('the same directory twice', 'compile', '-o', 'twice.rove', 'app/main.lua',
     'app/lib', 'app/lib')
tap.equal(read('twice.rove'), read('app.rove'), 'is once')
write('app/two/top/init.lua', 'return 3')
good('a/init.lua beside a.lua', 'compile', '-o', 'init.rove', 'app/main.lua',
     'app/two')
tap.equal(modules('init.rove')[0], ['app.main', 'top', 'top.init'],
          'is another module, as with package.path')
write('app/init.lua', """
local two = require "top.init"
print(require "top", two)
""")
good('main beside a/init.lua', 'compile', '-o', 'init2.rove', 'app/init.lua',
     'app/two', 'app/two', 'app/two/top/init.lua')
tap.equal(modules('init2.rove')[0], ['app', 'app.two.top', 'top', 'top.init'],
          'each file once for each name')
tap.equal(good('it runs', 'run', 'init2.rove'), '2\t3\n',
          'both are found')

# -- link ----------------------------------------------------------------------
write('l1.lua', 'print(require "l2", ...)')
write('l2.lua', 'return "two " .. require "l3"')
write('l3.lua', 'return ("three"):upper()')
write('l4.rasm', '''
.import builtin "core.fuel" 1 as fuel
.import device "console" "write" (str) int? as write
.import builtin "string.upper" 1 as upper
.module "l3" main
.func main
  loadk r0, "assembly\\n"
  hcall r0, write
  import r0, upper
  loadk r1, "three"
  call r0, 1, 1
  ret1 r0
.end
''')
for i in '123':
    good('an image of l' + i, 'compile', f'l{i}.lua')
good('link', 'link', '-o', 'l.rove', 'l1.rove', 'l2.rove', 'l3.rove')
tap.equal(modules('l.rove'), (['l1', 'l2', 'l3'], 'l1'),
          'all modules, the entry of the first')
tap.equal(good('it runs', 'run', 'l.rove', 'arg'), 'two THREE\targ\n',
          'as one program')
good('assembly', 'asm', 'l4.rasm')
good('beside Lua', 'link', '-o', 'mixed.rove', 'l1.rove', 'l2.rove', 'l4.rove')
tap.equal(good('runs', 'run', 'mixed.rove'), 'assembly\ntwo THREE\n',
          'with its imports')
tap.equal(good('verify', 'verify', 'l.rove', 'mixed.rove'),
          'l.rove: ok\nmixed.rove: ok\n', 'both are safe')
info = json.loads(rove('info', '--json', 'mixed.rove')[1])
tap.equal(len(info['imports']), 4, 'imports are shared')
refused('a module twice', 1, "l2.rove: module 'l2' is there already", 'link',
        '-o', 'x.rove', 'l2.rove', 'l1.rove', 'l2.rove')
refused('a text', 65, 'l1.lua: ', 'link', '-o', 'x.rove', 'l1.lua')
refused('no image', 66, 'none.rove', 'link', '-o', 'x.rove', 'none.rove')
refused('no output', 2, '-o is missing', 'link', 'l1.rove')
tap.ok(not os.path.exists(tmp + '/x.rove'), 'none of these wrote anything')

# -- Round trips ---------------------------------------------------------------
for name in 'app', 'strip', 'l', 'mixed', 'files':
    good(name + ': dis', 'dis', '-o', 'r.rasm', name + '.rove')
    good(name + ': asm', 'asm', '-o', 'r.rove', 'r.rasm')
    tap.equal(read('r.rove'), read(name + '.rove'), name + ': the same bytes')

# -- require of files ----------------------------------------------------------


def lua(name, text, want, *flags):
    code, out, err = rove(*flags, '-', stdin=text.encode())
    if not tap.equal(out, want, name):
        tap.diag(err)


os.mkdir(tmp + '/path')
shutil.copy(tmp + '/l.rove', tmp + '/path/prog.lua')
shutil.copy(tmp + '/mixed.rove', tmp + '/path/l3.rove')
SET = 'package.path = "path/?.lua;path/?.rove" '
lua('an image instead of a text', SET + 'print(require "prog")',
    'two THREE\tprog\tpath/prog.lua\ntrue\tpath/prog.lua\n')
lua('brings its other modules', SET + 'require "prog" print(require "l3")',
    'two THREE\tprog\tpath/prog.lua\nTHREE\n')
lua('the module of the name looked for', SET + 'print(require "l3")',
    'assembly\nTHREE\tpath/l3.rove\n')
lua('load refuses an image with imports',
    'print(loadfile("path/l3.rove"))',
    'nil\tchunk has imports\n')
lua('preload comes before images and files', SET + '''
package.preload.l3 = function(...) print(...) return 3 end
print(require "l3")''', 'l3\t:preload:\n3\t:preload:\n')
with open(tmp + '/path/cut.rove', 'wb') as f:
    f.write(read('l.rove')[:-30])
lua('a damaged image', SET + 'print((select(2, pcall(require, "cut"))))'
    '', "error loading module 'cut' from file 'path/cut.rove':\n\t"
    + rove('verify', 'path/cut.rove')[2].split('cut.rove: ')[1])
lua('a chunk that yields', '''
package.preload.y = function() return coroutine.yield(1) + coroutine.yield(2) end
local co = coroutine.create(function() return require "y" end)
print(coroutine.resume(co))
print(coroutine.resume(co, 10))
print(coroutine.resume(co, 20))
print(package.loaded.y)''', 'true\t1\ntrue\t2\ntrue\t30\t:preload:\n30\n')
lua('a searcher that yields', '''
package.searchers[1] = function(n)
  return function() return n .. coroutine.yield(n) end, "data" end
print(coroutine.wrap(function() local r = require "s"; print(r) end)())
''', 's\n')
lua('loaded is what the chunk put there', '''
package.preload.p = function(n) package.loaded[n] = "mine" end
print(require "p")''', 'mine\t:preload:\n')
lua('false is not loaded', '''
local n = 0
package.preload.p = function() n = n + 1 return false end
print(require "p", require "p", n)''', 'false\tfalse\t2\n')
lua('a loop of requires', '''
package.preload.a = function() return {b = require "b"} end
package.preload.b = function() return {a = package.loaded.a} end
print(require "a".b.a)''', 'nil\n')
lua('searchers must be a table', 'package.searchers = 1 '
    'print(pcall(require, "x"))', "false\t'package.searchers' must be a table\n")
lua('path must be a string', 'package.path = nil print(pcall(require, "x"))',
    "false\t'package.path' must be a string\n")
lua('searchpath', '''
print(package.searchpath("geo.shapes", "?.x;app/lib/?.lua"))
print(package.searchpath("a-b", "?;/?.q", "-", "+"))
print(package.searchpath("a.b", "?", ""))
print(package.searchpath("", ""))''',
    "app/lib/geo/shapes.lua\nnil\tno file 'a+b'\n\tno file '/a+b.q'\n"
    "nil\tno file 'a.b'\nnil\tno file ''\n")
lua('config, loaded, cpath', '''
print(package.config) print(package.loaded.string == string, package.loaded._G == _G)
print(type(package.cpath), package.loadlib("x", "y"))''', '/\n;\n?\n!\n-\n\ntrue\ttrue\nstring\tnil\tdynamic libraries not enabled; '
    'check your Lua installation\tabsent\n')

# -- loadfile, dofile ----------------------------------------------------------
write('two.lua', 'local a, b = ... return x, a, b')
write('head.lua', '\ufeff# head\nreturn 2, debug')
lua('loadfile', 'x = 1 print(loadfile("two.lua")(2, 3))', '1\t2\t3\n')
lua('with an environment', 'print(loadfile("two.lua", "t", {x = 9})(2))',
    '9\t2\tnil\n')
lua('loadfile of nothing', 'print(loadfile("none"))',
    'nil\tcannot open none: No such file or directory\n')
lua('of a directory', 'print(loadfile("path"))',
    'nil\tcannot read path: Is a directory\n')
lua('of another mode', 'print(loadfile("two.lua", "b"))',
    "nil\tattempt to load a text chunk (mode is 'b')\n")
lua('dofile', 'x = 5 print(dofile("two.lua"))', '5\tnil\tnil\n')
lua('dofile of nothing', 'print(pcall(dofile, "none"))',
    'false\tcannot open none: No such file or directory\n')
write('yield.lua', 'return (coroutine.yield(1))')
lua('dofile yields', '''
local f = coroutine.wrap(function() return dofile "yield.lua" end)
print(f()) print(f(4))''', '1\n4\n')

shutil.rmtree(tmp)
tap.done()
