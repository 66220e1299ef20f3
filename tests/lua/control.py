# SPDX-License-Identifier: MIT
# Protected calls and coroutines from Lua: depth is a limit of the machine and
# never the C stack, and a run in pieces is the same run.
# modes: all
import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # noqa: E402

SMALL_STACK = 256 * 1024
LEVELS = 1000000 if tap.MODE in ('release', 'asan') else 20000

DEEP = '''
local levels = tonumber((...))
local function down(n)
  if n == 0 then return 0 end
  local ok, v = pcall(down, n - 1)
  return ok and v + 1
end
print(down(levels))
local function fail(n)
  if n == 0 then error("bottom", 0) end
  local ok, v = pcall(fail, n - 1)
  error(v, 0)
end
print(pcall(fail, levels))
local function handle(n)
  if n == 0 then return 0 end
  return select(2, xpcall(handle, print, n - 1)) + 1
end
print(handle(levels))
-- One protected call of the next, without any function in between.
local list = {}
for i = 1, levels // 4 do list[i] = pcall end
list[#list + 1] = function() return "in", "most" end
print(select("#", pcall(table.unpack(list))))
list[#list] = error
print(select("#", pcall(table.unpack(list))))
local function nest(n)
  if n == 0 then return 0 end
  return coroutine.wrap(nest)(n - 1) + 1
end
print(nest(9000))
'''

PIECES = '''
local yield, wrap = coroutine.yield, coroutine.wrap
local function leaves(t)
  if type(t) ~= "table" then yield(t) return end
  for i = 1, #t do leaves(t[i]) end
end
local sum = 0
for round = 1, 20 do
  for v in wrap(function() leaves {1, {2, 3, {4}}, {{5}}, 6} end) do
    sum = sum + v
  end
  for w in ("some words, and more"):gmatch("%a+") do sum = sum + #w end
end
local function fail(n) if n == 0 then error {n} end return fail(n - 1) + 1 end
local failed = 0
for i = 1, 30 do
  if not pcall(fail, i % 7) then failed = failed + 1 end
  local ok, v = xpcall(error, function(e) return e .. i end, "e")
  sum = sum + #v
end
local echo = coroutine.create(function(...)
  local t = table.pack(pcall(yield, ...))
  while true do t = table.pack(yield(t.n, pcall(yield, t[1], t[2]))) end
end)
for i = 1, 40 do
  local ok, a, b = coroutine.resume(echo, i, i + 1)
  sum = sum + (tonumber(a) or 0)
end
local closing = wrap(function()
  local c <close> = setmetatable({}, {__close = function() sum = sum + 1 end})
  error("closed", 0)
end)
print(pcall(closing))
print(sum, failed, collectgarbage("count") > 0)
'''


def limit_stack():
    resource.setrlimit(resource.RLIMIT_STACK, (SMALL_STACK, SMALL_STACK))


def run(text, flags, *args, **more):
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as f:
        f.write(text)
        f.flush()
        return subprocess.run([*tap.ROVE, 'run', *flags, f.name, *args],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, **more)


def test_depth():
    r = run(DEEP, ['--stack', '60000000'], str(LEVELS), preexec_fn=limit_stack)
    want = [str(LEVELS), 'false\tbottom', str(LEVELS), str(LEVELS // 4 + 3),
            str(LEVELS // 4 + 2), '9000']
    if not tap.equal(r.stdout.splitlines(), want,
                     f'{LEVELS} levels on a C stack of {SMALL_STACK} bytes'):
        tap.diag(f'exit {r.returncode}: {r.stderr[:300]}')


def outcome(switch, n):
    """The flags are values of the program's: all have the same length."""
    r = run(PIECES, ['--stats', switch, f'{n:09}'])
    stats = [s for s in r.stderr.splitlines()
             if s.split(' ')[0] in ('fuel', 'guest-bytes', 'collections')]
    return r.returncode, r.stdout, stats


def test_pieces():
    for switch, numbers in (('--pieces', (1, 2, 3, 7, 100)),
                            ('--drop-caches', (1, 5))):
        whole = outcome(switch, 999999999)
        tap.ok(whole[0] == 0 and len(whole[2]) == 3, 'a run with its figures')
        for n in numbers:
            tap.equal(outcome(switch, n), whole, f'{switch} {n}')


test_depth()
test_pieces()
tap.done()
