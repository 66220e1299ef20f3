-- The base library. `@` reaches instructions, builtins and the host
-- (compiler/README.md); all else is plain Lua.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
local interror = @"lua.interror"
local tostring = @"core.tostring"
local type, load_text = @"core.type", @"lua.load"
local collect, count = @"core.collect", @"core.count"

_G = _ENV
_VERSION = "Lua 5.4"

assert = @"lua.assert"
error = @"lua.error"
getmetatable = @"lua.getmetatable"
setmetatable = @"lua.setmetatable"
next = @"core.next"
pairs = @"lua.pairs"
pcall = @"lua.pcall"
rawequal = @"lua.rawequal"
rawget = @"lua.rawget"
rawlen = @"lua.rawlen"
rawset = @"lua.rawset"
select = @"lua.select"
tonumber = @"lua.tonumber"
xpcall = @"lua.xpcall"
_ENV.tostring = tostring
_ENV.type = type

-- What ipairs gives: element i, which lua.inext did not find at once.
@"lua.setslow"("ipairs", function(t, i)
  local v = t[i]
  if v ~= nil then return i, v end
  return nil
end)

local inext = @"lua.inext"

function ipairs(...)
  if @varargn() == 0 then argerror(1, "value expected") end
  return inext, @varargi(1), 0
end

-- Unlike PUC Lua's this print says when nobody gets to read it: a loop that
-- prints into a closed pipe would never end otherwise.
function print(...)
  local n = @varargn()
  local s = n > 0 and tostring(@varargi(1)) or ""
  for i = 2, n do s = s .. "\t" .. tostring(@varargi(i)) end
  local done, err = @host("console", "write", "(str) (int?, str?, int?)",
                          s .. "\n")
  if done == nil then
    @throw(@"core.where"(1) .. "cannot write to standard output: " .. err)
  end
end

local warn_on = false

function warn(...)
  local n, s = @varargn(), ""
  if n == 0 then argerror(1, "string expected, got no value") end
  for i = 1, n do
    local piece = @varargi(i)
    s = s .. (@tostr(piece) or typeerror(i, "string", piece))
  end
  if n == 1 and @"string.byte"(s) == 64 then
    if s == "@on" then warn_on = true elseif s == "@off" then warn_on = false end
  elseif warn_on then
    @host("console", "error", "(str) int?", "Lua warning: " .. s .. "\n")
  end
end

-- Argument i as an integer, 0 when it is missing.
local function int(i, v)
  return v == nil and 0 or @toint(v) or interror(i, v)
end

-- The collector paces itself by rules that a program cannot change
-- (machine.md, 13), and goes on when it is "stopped": memory is limited. What
-- programs may set they can read again, in the steps that PUC Lua has.
local generational, running = true, true
local pause, stepmul = 200, 100

local function parameter(n)
  if n < 0 and n % 4 ~= 0 then n = n + 4 end -- divided towards zero
  return n // 4 % 256 * 4
end

local gc = {}
local integers = {step = 1, setpause = 1, setstepmul = 1, generational = 2,
                  incremental = 3}

function gc.collect()
  collect()
  return 0
end

function gc.count()
  return count() / 1024
end

function gc.step()
  collect()
  return true
end

function gc.isrunning()
  return running
end

function gc.stop()
  running = false
  return 0
end

function gc.restart()
  running = true
  return 0
end

function gc.setpause(n)
  local before = pause
  pause = parameter(n)
  return before
end

function gc.setstepmul(n)
  local before = stepmul
  stepmul = parameter(n)
  return before
end

local function mode(now)
  local before = generational and "generational" or "incremental"
  generational = now
  return before
end

function gc.generational()
  return mode(true)
end

function gc.incremental(new_pause, new_stepmul)
  if new_pause ~= 0 then pause = parameter(new_pause) end
  if new_stepmul ~= 0 then stepmul = parameter(new_stepmul) end
  return mode(false)
end

function collectgarbage(option, x, y, z)
  if option == nil then option = "collect" end
  local name = @tostr(option) or typeerror(1, "string", option)
  local f = gc[name]
  if f == nil then argerror(1, "invalid option '" .. name .. "'") end
  local n = integers[name] or 0
  if n > 0 then x = int(2, x) end
  if n > 1 then y = int(3, y) end
  if n > 2 then z = int(4, z) end
  return f(x, y)
end

-- The pieces that a reader gives, joined.
local function read_all(reader)
  local pieces, n = {}, 0
  while true do
    local s = reader()
    if s == nil or s == "" then break end
    if @tostr(s) == nil then
      @throw("reader function must return a string")
    end
    n = n + 1
    pieces[n] = s
  end
  return (@"table.concat"(pieces))
end

function load(chunk, name, mode, ...)
  if mode ~= nil then mode = @tostr(mode) or typeerror(3, "string", mode) end
  if name ~= nil then name = @tostr(name) or typeerror(2, "string", name) end
  if @tostr(chunk) then
    chunk = @tostr(chunk)
    name = name == nil and chunk or name
  elseif @type(chunk) == 6 then
    local good, text = @pcall(read_all, chunk)
    if not good then return nil, text end
    chunk, name = text, name == nil and "=(load)" or name
  else
    typeerror(1, "function", chunk)
  end
  if @varargn() > 0 then return load_text(chunk, name, mode, (...)) end
  return load_text(chunk, name, mode)
end
