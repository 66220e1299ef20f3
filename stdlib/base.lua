-- The base library. `@` reaches instructions, builtins and the host
-- (compiler/README.md); all else is plain Lua.

local argerror, typeerror = @"lua.argerror", @"lua.typeerror"
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

local function inext(t, i)
  i = i + 1
  local v = t[i]
  if v ~= nil then return i, v end
end

function ipairs(...)
  if @varargn() == 0 then typeerror(1, "table", nil) end
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
    if @type(piece) == 3 then piece = @tostr(piece)
    elseif @type(piece) ~= 4 then typeerror(i, "string", piece) end
    s = s .. piece
  end
  if n == 1 and @"string.byte"(s) == 64 then
    if s == "@on" then warn_on = true elseif s == "@off" then warn_on = false end
  elseif warn_on then
    @host("console", "error", "(str) int?", "Lua warning: " .. s .. "\n")
  end
end

local generational = false

function collectgarbage(option, ...)
  if option == nil or option == "collect" then
    collect()
    return 0
  elseif option == "count" then
    return count() / 1024
  elseif option == "step" then
    collect()
    return true
  elseif option == "isrunning" then
    return true
  elseif option == "generational" or option == "incremental" then
    local before = generational and "generational" or "incremental"
    generational = option == "generational"
    return before
  elseif option == "stop" or option == "restart" or option == "setpause" or
         option == "setstepmul" then
    return 0
  end
  argerror(1, "invalid option '" .. tostring(option) .. "'")
end

-- The pieces that a reader gives, joined.
local function read_all(reader)
  local pieces, n = {}, 0
  while true do
    local s = reader()
    if s == nil or s == "" then break end
    if @type(s) ~= 4 then @throw("reader function must return a string") end
    n = n + 1
    pieces[n] = s
  end
  return (@"table.concat"(pieces))
end

function load(chunk, name, mode, ...)
  if @type(chunk) == 4 then
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
